"""A home with something in every table and two versions of data, and empty places to restore it to."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import polars as pl
import pytest

from data.database import open_database
from data.home import Home
from data.keeping import dump
from data.lake import Lake
from data.pseudonym import key_of_home
from tests.builders import ticket, tickets
from tests.data.every_table import filled
from tests.data.importing import NOW
from tests.postgres import fresh_database

Use = Callable[[str], None]


@pytest.fixture
def use(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """`use("sqlite")`, `use("postgres")`: from now on homes keep their database there, in a new and empty one."""
    made = []

    def choose(kind: str) -> None:
        monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        if kind == "postgres":
            made.append(fresh_database(request.getfixturevalue("postgres_socket"), f"k{uuid4().hex}"))
            monkeypatch.setenv("HEARTLINE_DATABASE_URL", made[-1].__enter__())

    yield choose
    for one in made:
        one.__exit__(None, None, None)


def fill(home: Home) -> Home:
    """Put data into a home: every table of the database, two versions of the lake, the settings and what is secret."""
    lake = Lake(home)
    with lake.writing():
        key_of_home(home)
    with open_database(home) as database, database.engine.execution_options(writes=True).begin() as connection:
        filled(connection)
    for category in ("first", "second"):
        lake.write({"tickets": tickets(*(ticket(f"t{n}", category=category) for n in range(20)))}, category, NOW)
    (home.path / "profiles").mkdir()
    (home.path / "profiles" / "più.toml").write_text("# ours")
    (home.path / "digest.toml").write_text("# mailtos://user:password@mail")
    (home.path / "secrets.toml").write_text("secret = 'of the provider'")
    return home


def dumped(home: Home) -> dict[str, list[bytes]]:
    """Every row of the database, by table."""
    with open_database(home) as database, dump.snapshot(database.engine) as connection:
        return {table.name: list(dump.lines(connection, table)) for table in dump.tables_of(connection)}


def shown(home: Home) -> list[pl.DataFrame]:
    """The tickets as of each version."""
    lake = Lake(home)
    return [lake.scan("tickets", version.number).sort("ticket_id").collect() for version in lake.history()]


@pytest.fixture
def full(tmp_path: Path, packed: Path, use: Use) -> Home:
    """A full home of one's own."""
    use("sqlite")
    shutil.copytree(packed / "full", tmp_path / "full")
    return Home(tmp_path / "full")


@pytest.fixture
def file(tmp_path: Path, packed: Path, use: Use) -> Path:
    """A backup of `full`."""
    use("sqlite")
    return Path(shutil.copy(packed / "b.zip", tmp_path))


def files(folder: Path) -> list[str]:
    """All that lies under a folder, but for locks."""
    found = (Path(where, name).relative_to(folder).as_posix() for where, _, names in os.walk(folder) for name in names)
    return sorted(name for name in found if not name.endswith(".lock"))
