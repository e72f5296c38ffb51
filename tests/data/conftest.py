"""A home with an open database, in SQLite and in PostgreSQL alike."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import polars as pl
import pytest

from data import telling
from data.ask import Company
from data.database import Database, open_database
from data.derived import Derived
from data.disclosures import everyone_told
from data.home import Home
from data.scope import Scope, local_scope
from data.sizes import SIZES
from data.told import Told
from tests.data import attacked
from tests.postgres import fresh_database, postgres_server

POSTGRES = pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")])


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    with postgres_server() as socket:
        yield socket


@pytest.fixture(params=["sqlite", POSTGRES])
def database_home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home whose database does not exist yet: in a file, and in a server."""
    made = Home(tmp_path / "home")
    if request.param == "sqlite":
        monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        yield made
        return
    with fresh_database(request.getfixturevalue("postgres_socket"), f"t{uuid4().hex}") as url:
        monkeypatch.setenv("HEARTLINE_DATABASE_URL", url)
        yield made


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database whose tables are made: copying it is quicker than making them for each test."""
    home = Home(tmp_path_factory.mktemp("ready"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        open_database(home).close()
    return home.path / "heartline.db"


@pytest.fixture
def database(database_home: Home, ready_file: Path) -> Iterator[Database]:
    if "HEARTLINE_DATABASE_URL" not in os.environ:
        database_home.path.mkdir()
        shutil.copy(ready_file, database_home.path)
    with open_database(database_home) as opened:
        yield opened


@pytest.fixture
def everyone() -> Scope:
    return local_scope("maria")


@pytest.fixture(scope="session")
def in_two_versions(tmp_path_factory: pytest.TempPathFactory) -> list[Company]:
    """The company that is attacked, as it was first read, and as it was read when more had come in. Only to be read."""
    home = Home(tmp_path_factory.mktemp("attacked") / "home")
    attacked.first_version(home)
    first = Company(home)
    first.teams(local_scope("first to look"))
    attacked.second_version(home)
    second = Company(home)
    second.teams(local_scope("first to look"))
    return [first, second]


@pytest.fixture
def switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suppression is switched off: there is no such switch outside of tests."""

    def everything(_home: Home, _version: object, made: Derived, last: date | None) -> Told:
        teams = frozenset(made.cells["team_id"])
        return Told(((date.min, everyone_told(teams)),), pl.DataFrame(schema=SIZES), last)

    monkeypatch.setattr(telling, "told_of", everything)


@pytest.fixture
def undisclosed(in_two_versions: list[Company], switched_off: None) -> list[Company]:
    """The same company in two versions without suppression."""
    return [Company(one.home, one.version.number) for one in in_two_versions]


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a full home, its database in SQLite, and a backup of it: made once, only to be copied."""
    from data.keeping.backup import backup
    from tests.data.keeping.conftest import fill

    folder = tmp_path_factory.mktemp("packed")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        fill(Home(folder / "full"))
        backup(local_scope("maria"), Home(folder / "full"), folder / "b.zip")
    return folder
