"""The database server crashes while people write: what was confirmed is there, and the process goes on by itself."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from data.coaching import actions
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from tests.data.kills import jobs
from tests.data.kills.test_kills import holds
from tests.postgres import Server, a_server

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
CRASHES, WRITERS = 3, 3

Said = set[tuple[str, int, int]]


@pytest.fixture
def server() -> Iterator[Server]:
    with a_server() as one:
        yield one


def write(database: Database, stop: Event) -> tuple[Said, list[str]]:
    """Record and check in until stopped, going on after each trouble: what was confirmed, what was told."""
    said: Said = set()
    troubles: list[str] = []
    while not stop.is_set():
        try:
            made = jobs.a_swap(jobs.EVERYONE, database, "x")
            said.add(("action", made.id, 1))
            said.add(("check_in", actions.check_in(jobs.EVERYONE, database, made.id, "well").id, 0))
        except Trouble as trouble:
            troubles.append(str(trouble))
            time.sleep(0.05)
    return said, troubles


def test_what_was_confirmed_is_there_and_writing_goes_on(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, stop = Home(tmp_path / "home"), Event()
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", f"postgresql://postgres@/postgres?host={server.folder}")
    with open_database(home) as database, ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(write, database, stop) for _ in range(WRITERS)]
        before = 0
        for _ in range(CRASHES):
            before = grown(database, before)
            server.crash()
            with pytest.raises(Trouble, match="database server at"):
                actions.list_(jobs.EVERYONE, database)
            server.start()
        grown(database, before)
        stop.set()
        done = [writer.result() for writer in writers]
    holds(home, {one for said, _ in done for one in said})
    told = {trouble for _, troubles in done for trouble in troubles}
    assert told
    for sentence in told:
        assert sentence.startswith(("The connection to the database server at", "The database server at"))
        assert "\n" not in sentence
        assert "postgres@" in sentence


def grown(database: Database, before: int) -> int:
    """Wait until more was recorded than before: the first look after a restart already works."""
    deadline = time.monotonic() + 60
    while (now := len(actions.list_(jobs.EVERYONE, database))) <= before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return now
