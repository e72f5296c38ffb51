"""A disk that fills up: import, action and backup say so in one sentence, and what was there is whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, text

from data.coaching import actions
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from tests.data.kills import jobs

MOUNT = 'mount -t tmpfs -o size=24m none "$1" && exec "$2" -m tests.data.kills.full_disk "$1" "$3"'


@pytest.mark.slow
@pytest.mark.xdist_group("kills")
def test_on_a_small_disk_with_ever_more_room(tmp_path: Path) -> None:
    disk, elsewhere = tmp_path / "disk", tmp_path / "elsewhere"
    disk.mkdir()
    elsewhere.mkdir()
    words: list[str | Path] = ["sh", "-c", MOUNT, "sh", disk, sys.executable, elsewhere]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("HEARTLINE_DATABASE_URL", None)
    try:
        done = subprocess.run(
            ["unshare", "-rm", *words], check=False, capture_output=True, text=True, env=environment, timeout=300
        )
    except FileNotFoundError:
        pytest.skip("no unshare on this machine")
    if "full_disk" not in done.stderr and done.returncode and "Traceback" not in done.stderr:
        pytest.skip(f"no small disk can be made here: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr
    told = dict(line.split("\t")[::-1] for line in done.stdout.splitlines())
    for what in ("import", "action", "backup"):
        mine = {words.split(": ", 1)[1]: int(times) for words, times in told.items() if words.startswith(what)}
        assert mine.pop("done") >= 3
        assert sum(mine.values()) >= 3, (what, told)
        for sentence in mine:
            assert "filled up" in sentence or "The disk is full" in sentence, sentence
            assert "make room" in sentence
            assert "\n" not in sentence


def test_a_database_that_has_no_room_says_so_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    with open_database(Home(tmp_path / "home")) as database:
        first = jobs.a_swap(jobs.EVERYONE, database, "first").id
        with database.reading() as session:
            pages = session.scalar(text("PRAGMA page_count"))

        def full(connection: object, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

        database.engine.dispose()
        event.listen(database.engine, "connect", full)
        with pytest.raises(Trouble, match=r"The disk is full, so the database .* could not keep the change: make room"):
            jobs.a_swap(jobs.EVERYONE, database, "x" * 9_000)
        assert [one.id for one in actions.list_(jobs.EVERYONE, database)] == [first]
        event.remove(database.engine, "connect", full)
        database.engine.dispose()
        jobs.a_swap(jobs.EVERYONE, database, "x" * 4000)
