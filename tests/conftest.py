"""What all tests share."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Connection, inspect
from streamlit.components.v2 import manifest_scanner

from data import migrations
from data.home import Home
from data.settings import PREFIX
from tests.sample_home import sample_home

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("heartline", deadline=None)
hypothesis.settings.load_profile("heartline")


MEMORY, ROOM = Path("/dev/shm"), 8 * 2**30  # bytes
MAIN = sys.modules["__main__"]  # as it is before any page was run


def pytest_configure(config: pytest.Config) -> None:
    """Files of tests lie in memory where there is room: what is written safely to a slow disk makes all wait."""
    asked = config.option.basetemp or "PYTEST_DEBUG_TEMPROOT" in os.environ
    if not asked and MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


@pytest.fixture(autouse=True)
def _no_home_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test may read or write the home of whoever runs it."""
    for name in [one for one in os.environ if one.startswith(PREFIX)]:  # what an earlier test served with is there, too
        monkeypatch.delenv(name)
    monkeypatch.setenv("HEARTLINE_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _main_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is run puts itself in the place of `__main__`: processes started later would run it again.

    By a fixture of a whole file, too, or by a page that still runs when its test is over.
    """
    monkeypatch.setitem(sys.modules, "__main__", MAIN)


@pytest.fixture(autouse=True, scope="session")
def _packages_read_once() -> Iterator[None]:
    """Each page that a test runs reads what all installed packages say of themselves: once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True, scope="session")
def _migrated_once() -> Iterator[None]:
    """An empty SQLite database becomes at once what the migrations made of the first one.

    tests/data/test_migrations.py runs them all, each time.
    """
    made: list[str] = []

    def upgrade(connection: Connection, to: str = "head") -> None:
        empty = connection.dialect.name == "sqlite" and not inspect(connection).get_table_names()
        if not (empty and to == "head" and made):
            migrated(connection, to)
        if not (empty and to == "head"):
            return
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        if not made:
            made.extend(line for line in driver.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;"))
        else:
            for statement in made:
                driver.execute(statement)

    migrated = migrations.upgrade
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "upgrade", upgrade)
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample company at a fifth of its size. Read it only."""
    base = tmp_path_factory.getbasetemp()
    return sample_home(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was killed, and at which step of its work (tests/data/kills)."""
    told = [
        (report.nodeid.rsplit("::", 1)[1], dict(value))
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "kills"
    ]
    if not told:
        return
    terminalreporter.section(f"{sum(sum(steps.values()) for _, steps in told)} processes killed")
    for name, steps in told:
        often = ", ".join(f"{step} {n}" for step, n in sorted(steps.items(), key=lambda one: -one[1]))
        terminalreporter.write_line(f"{sum(steps.values()):4} {name}: {often}")
