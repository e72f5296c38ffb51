"""The database as text that any database can take: one line of JSON a row, the same from SQLite and PostgreSQL."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, MetaData

from data import migrations
from data.all_tables import Base
from data.database_trouble import told
from data.errors import Trouble

_AT_ONCE = 500  # rows
# A column's kind -> its value as JSON, and back. JSON in the database stays the text that it is.
_OUT: dict[str, Callable[[Any], Any]] = {
    "date": lambda value: value.isoformat(),
    "instant": lambda value: (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat(),
    "bytes": lambda value: b64encode(value).decode(),
}
_IN: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "instant": datetime.fromisoformat,
    "bytes": b64decode,
}
_KINDS: dict[type, str] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "text",
    date: "date",
    datetime: "instant",
    bytes: "bytes",
    object: "json",
    dict: "json",
}
KINDS = frozenset(_KINDS.values())


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One look at the database that stands still while others write, and at which nobody has to wait."""
    postgres = engine.dialect.name != "sqlite"
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if postgres else {}
    with told(engine.url), engine.connect().execution_options(**options) as connection, connection.begin():
        migrations.revision_of(connection)  # from the first look on it stands still
        yield connection


def tables_of(connection: Connection, names: Iterable[str] | None = None) -> list[sa.Table]:
    """Those tables as they are in this database (default: all of Heartline's), those that others point to first."""
    wanted = set(Base.metadata.tables) if names is None else set(names)
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in wanted)
    return [table for table in found.sorted_tables if table.name in wanted]


def columns_of(table: sa.Table) -> tuple[tuple[str, str], ...]:
    """Each column's name and kind."""
    return tuple((column.name, _KINDS[column.type.python_type]) for column in table.columns)


def lines(connection: Connection, table: sa.Table) -> Iterator[bytes]:
    """Every row as a line, ordered by the primary key and the same in any database."""
    kinds = [kind for _, kind in columns_of(table)]
    shown = [sa.cast(one, sa.Text) if kind == "json" else one for one, kind in zip(table.columns, kinds, strict=True)]
    query = sa.select(*shown).order_by(*(_sorted(connection, column) for column in table.primary_key))
    for row in connection.execute(query, execution_options={"yield_per": _AT_ONCE}):
        values = [
            None if value is None else _OUT.get(kind, _same)(value) for value, kind in zip(row, kinds, strict=True)
        ]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _same(value: Any) -> Any:
    return value


def _sorted(connection: Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """By bytes: a server sorts text by the language of its country."""
    is_text = column.type.python_type is str and connection.dialect.name != "sqlite"
    return sa.collate(column, "C") if is_text else column


def insert(connection: Connection, table: sa.Table, columns: tuple[tuple[str, str], ...], rows: Iterable[bytes]) -> int:
    """Put in the rows that `lines` made, into the table as it is in this database. Gives how many those were.

    Trouble where they do not fit the table.
    """
    if set(columns) != set(columns_of(table)):
        raise Trouble(f"The table {table.name} of this backup has other columns than that revision's: it is damaged.")
    names = [name for name, _ in columns]
    naive = connection.dialect.name == "sqlite"
    readers = [_reader(kind, naive) for _, kind in columns]
    statement = sa.insert(table).values({name: _bound(table.c[name], kind, naive) for name, kind in columns})
    count, batch = 0, []
    for line in rows:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(names):
            raise Trouble(f"A row of the table {table.name} of this backup is not whole: it is damaged.")
        made = (None if value is None else read(value) for value, read in zip(values, readers, strict=True))
        batch.append(dict(zip(names, made, strict=True)))
        count += 1
        if len(batch) == _AT_ONCE:
            connection.execute(statement, batch)
            batch = []
    if batch:
        connection.execute(statement, batch)
    return count


def _reader(kind: str, naive: bool) -> Callable[[Any], Any]:
    read = _IN.get(kind, _same)
    return (lambda value: read(value).replace(tzinfo=None)) if kind == "instant" and naive else read


def _bound(column: sa.Column[Any], kind: str, is_sqlite: bool) -> Any:
    """The place for a value. SQLite keeps JSON as text, and would make a number of what is cast to a type it lacks."""
    if kind != "json":
        return sa.bindparam(column.name, type_=column.type)
    text = sa.bindparam(column.name, type_=sa.Text())
    return text if is_sqlite else sa.cast(text, column.type)


def count_on(connection: Connection, table: sa.Table) -> None:
    """Let the numbers that PostgreSQL gives out go on after the highest that is there. SQLite does so by itself."""
    keys = list(table.primary_key)
    if connection.dialect.name == "sqlite" or len(keys) != 1 or keys[0].type.python_type is not int:
        return
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', keys[0].name)))
    highest = connection.scalar(sa.select(sa.func.max(keys[0])))
    if sequence and highest:
        connection.execute(sa.select(sa.func.setval(sequence, highest)))
