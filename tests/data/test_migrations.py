"""The revisions lead from nothing to what data/tables.py says, keep what is there, and lead back."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

import data
from data import migrations
from data.all_tables import MODULES, Base
from data.database import migrating, open_database, parse_url, plain_engine
from data.home import Home
from tests.data.every_table import ROWS, filled, kept

UPGRADE = migrations.upgrade  # as it is before tests put their shorter way in its place


@pytest.fixture(autouse=True)
def _all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "upgrade", UPGRADE)


@pytest.fixture
def engine(database_home: Home) -> Iterator[Engine]:
    database_home.path.mkdir(exist_ok=True)
    made = plain_engine(parse_url(database_home.database_url))
    yield made
    made.dispose()


@contextmanager
def moved(engine: Engine, to: str, *, down: bool = False) -> Iterator[Connection]:
    with migrating(engine) as connection:
        (migrations.downgrade if down else migrations.upgrade)(connection, to)
        yield connection


def test_the_files_names_tell_the_newest_revision(engine: Engine) -> None:
    with migrating(engine) as connection:
        script = ScriptDirectory.from_config(migrations.config(connection))
        told = [revision.revision for revision in script.walk_revisions()][::-1]
    assert migrations.known() == told == sorted(told)
    assert script.get_heads() == [migrations.known()[-1]]


def test_from_nothing_the_tables_become_what_the_models_say(engine: Engine) -> None:
    with moved(engine, "head") as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrations.VERSION_TABLE})
        assert compare_metadata(context, Base.metadata) == []
        assert migrations.revision_of(connection) == migrations.known()[-1]


def test_every_module_that_says_tables_is_known_in_one_place() -> None:
    saying = {path for path in Path(data.__path__[0]).rglob("*.py") if "(Base):" in path.read_text(encoding="utf-8")}
    assert saying == {Path(str(module.__file__)) for module in MODULES}


def test_models_that_differ_from_the_tables_would_be_noticed(engine: Engine) -> None:
    with moved(engine, "head") as connection:
        connection.execute(sa.text("ALTER TABLE check_ins ADD COLUMN mood TEXT"))
        context = MigrationContext.configure(connection, opts={"version_table": migrations.VERSION_TABLE})
        assert [step[0] for step in compare_metadata(context, Base.metadata)] == ["remove_column"]


@pytest.mark.parametrize("revision", migrations.known())
def test_what_an_earlier_revision_held_is_there_after_opening(
    engine: Engine, database_home: Home, revision: str
) -> None:
    with moved(engine, revision) as connection:
        before = filled(connection)
    with open_database(database_home) as database, database.reading() as session:
        for name, rows in before.items():
            after = kept(session.connection(), name)
            assert len(rows) == ROWS
            assert by_text({column: row[column] for column in rows[0]} for row in after) == by_text(rows)


def by_text(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(sorted(row.items())))


@pytest.mark.parametrize("revision", migrations.known())
def test_each_revision_leads_back_to_the_one_before_and_up_again(engine: Engine, revision: str) -> None:
    position = migrations.known().index(revision)
    below = migrations.known()[position - 1] if position else "base"
    with moved(engine, below if position else revision) as connection:
        if not position:
            migrations.downgrade(connection, "base")
        before = shape(connection)
    with moved(engine, revision):
        pass
    with moved(engine, below, down=True) as connection:
        assert shape(connection) == before
    with moved(engine, revision) as connection:
        assert migrations.revision_of(connection) == revision


def shape(connection: Connection) -> dict[str, set[str]]:
    seen = inspect(connection)
    names = set(seen.get_table_names()) - {migrations.VERSION_TABLE}
    return {name: {column["name"] for column in seen.get_columns(name)} for name in names}


def test_a_migration_that_fails_is_taken_back_whole(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), moved(engine, "head"):
        _ = 1 / 0
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
        assert migrations.revision_of(connection) is None
