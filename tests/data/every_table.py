"""Rows in every table that a database has, whatever its revision: values made from the columns' types alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData

from data import migrations

ROWS = 3


def value(column: sa.Column[Any], row: int) -> Any:
    """Number `row` (1, 2, ...) of a column. Rows point to those of their own number; every other may lack a value."""
    if column.nullable and not column.foreign_keys and row % 2 == 0:
        return None
    samples: dict[type, Any] = {
        int: row,
        str: f'nörth "{row}" \\ \u2028 \U0001f600',
        float: 90.0 + row,  # whole: a later revision keeps whole minutes
        bool: row % 2 == 1,
        date: date(2026, 10, 12) + timedelta(row),
        datetime: datetime(2026, 10, 12, 9, 30, row, 123456, tzinfo=UTC),
        bytes: bytes(range(row, 256)),
        object: {"sign": "buck_passing", "x": row, "share": None, "much": [0.1, {"ünï": True}]},
    }
    kind = column.type.python_type
    return samples[object if kind is dict else kind]


def filled(connection: Connection, rows: int = ROWS) -> dict[str, list[Any]]:
    """Some rows in every table that there is now; what is in each afterwards."""
    found = MetaData()
    found.reflect(connection)
    ours = [table for table in found.sorted_tables if table.name != migrations.VERSION_TABLE]
    for table in ours:
        for row in range(1, rows + 1):
            connection.execute(table.insert().values({column.name: value(column, row) for column in table.columns}))
    return {table.name: kept(connection, table.name) for table in ours}


def kept(connection: Connection, name: str) -> list[Any]:
    """Every row of a table, in an order of its own."""
    rows = [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}")).mappings()]
    return sorted(rows, key=lambda row: str(sorted(row.items(), key=str)))
