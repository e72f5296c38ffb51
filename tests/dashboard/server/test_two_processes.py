"""Two processes on one home: what one writes, a page of the other shows with its next run, without a restart."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import door
from data import access, clock
from data.database import open_database
from data.derived import derive
from data.home import Home
from data.intake import import_file
from data.scope import local_scope
from data.sign_in import Person, path_of
from tests.dashboard.conftest import text, well
from tests.dashboard.routes import page
from tests.data.conftest import database_home, postgres_socket  # noqa: F401 - fixtures
from tests.data.test_sign_in import WHOLE

ROOT, REPOSITORY = local_scope("root"), Path(__file__).parents[3]
TICKETS = "ticket_id,opened_at,team_id,category\nt1,2024-05-06 09:00,north,damaged\nt2,2024-05-07 09:00,north,damaged\n"
MORE = "ticket_id,opened_at,team_id,category\nt3,2024-05-20 09:00,north,damaged\n"
BO = Person("bo@example.com", "Bo", "a sign-in of Bo's", clock.now() + timedelta(days=1))


@pytest.fixture
def home(database_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:  # noqa: F811
    """Data and sign-in; Bo, who is signed in, was granted the whole company. On SQLite and on PostgreSQL."""
    found, file = database_home, tmp_path / "tickets.csv"
    monkeypatch.setenv("HEARTLINE_HOME", str(found.path))
    monkeypatch.setattr(door, "_person", lambda: BO)
    file.write_text(TICKETS)
    import_file(found, file)
    derive(found)
    with open_database(found) as database:
        access.give(ROOT, database, BO.subject, "manager")
    path_of(found).write_text(WHOLE)
    path_of(found).chmod(0o600)
    yield found
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def another(home: Home) -> Iterator[Callable[[str], None]]:
    """`another("agree Zora")`: the other process has done it."""
    command = [sys.executable, "-m", "tests.dashboard.server.another", str(home.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=REPOSITORY, **pipes) as other:  # type: ignore[call-overload]

        def do(line: str) -> None:
            other.stdin.write(f"{line}\n")
            other.stdin.flush()
            assert other.stdout.readline().strip() == line.partition(" ")[0]

        yield do
        other.stdin.close()
        assert other.wait(30) == 0


def again(app: AppTest) -> str:
    """What the page says when it is run again."""
    return text(well(app.run()))


def test_what_one_process_writes_the_pages_of_another_show_with_their_next_run(
    another: Callable[[str], None], tmp_path: Path
) -> None:
    board = page("coaching")
    assert text(board).startswith("Not yet")
    another("record_purpose")
    assert "Nothing is agreed yet" in again(board)

    another("agree Zora")
    assert "Zora" in again(board)

    action = page("coaching", {"action": "1"})
    another("check_in seen-by-the-other")
    assert "seen-by-the-other" in again(action)

    more = tmp_path / "more.csv"
    more.write_text(MORE)
    another(f"import_ {more}")
    assert "Newer data (version 2) has come in" in again(board)  # nobody waits while it is got ready
    until(lambda: "Newer data" not in again(board))
    assert "Data version 2" in text(page("data"))

    another("withdraw 1")
    for app in (board, action):
        assert again(app).startswith("You are signed in, and nothing is shown to you yet")


def until(true: Callable[[], bool]) -> None:
    """Waits two minutes at most."""
    for _ in range(240):
        if true():
            return
        time.sleep(0.5)
    raise AssertionError("it did not come")
