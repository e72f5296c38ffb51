"""Many at once, and killed at any moment: what was said to be kept is kept, whole, and nothing else is."""

import json
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text

from data.coaching import actions
from data.coaching.action import from_content
from data.coaching.actions import Action, Conflict
from data.coaching.swaps import Swap
from data.database import Database, open_database
from data.home import Home
from data.scope import Scope, local_scope
from data.tables import ActionRow, ActionVersionRow

KILLS = 40


def record(scope: Scope, database: Database, why: str = "x") -> Action:
    day = date(2026, 10, 12)
    return actions.create(
        scope,
        database,
        team_id="north",
        play="role swap",
        sign="buck_passing",
        why=why,
        starts_on=day,
        review_on=day,
        owner="Tom",
        swap=Swap(8, "Kim"),
    )


def edit_until_kept(database: Database, seen: Action, who: str, rounds: int) -> int:
    """Add one's mark to the text `rounds` times, on top of the other's after a conflict. Gives how many those were."""
    scope, conflicts, current = local_scope(who), 0, seen
    for _ in range(rounds):
        while True:
            try:
                change = {"why": f"{current.why} {who}"}
                current = actions.edit(scope, database, seen.id, change, expected_revision=current.revision)
                break
            except Conflict as conflict:
                conflicts += conflict.tried == change
                current = conflict.current
    return conflicts


def check_history(database: Database, action: Action) -> None:
    past = actions.history(local_scope("x"), database, action.id)
    assert [change.revision for change in past] == list(range(1, action.revision + 1))
    assert past[-1].action == action


def test_of_many_threads_that_edit_one_action_none_overwrites_another(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    with ThreadPoolExecutor(6) as threads:
        conflicts = list(threads.map(lambda who: edit_until_kept(database, made, who, 5), "abcdef"))
    after = actions.get(everyone, database, made.id)
    assert sorted(after.why.split()[1:]) == sorted("abcdef" * 5)
    assert after.revision == 31
    assert sum(conflicts) >= 5  # all began with the same reading
    check_history(database, after)


def test_of_many_threads_that_record_and_check_in_all_are_kept(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    with ThreadPoolExecutor(6) as threads:
        recorded = list(threads.map(lambda _: record(everyone, database).id, range(24)))
        said = list(threads.map(lambda n: actions.check_in(everyone, database, made.id, str(n)).words, range(24)))
    assert sorted(action.id for action in actions.list_(everyone, database)) == sorted([made.id, *recorded])
    assert sorted(one.words for one in actions.check_ins(everyone, database, made.id)) == sorted(said)


def _edit_in_a_process(home: Path, seen: Action, who: str, rounds: int) -> None:
    with open_database(Home(home)) as database:
        edit_until_kept(database, seen, who, rounds)


@pytest.fixture
def processes() -> multiprocessing.context.ForkServerContext:
    """Processes that share no memory and no open file with this one, yet start quickly."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.data.coaching.test_actions_together", "alembic.command"])
    return context


def test_of_many_processes_that_edit_one_action_none_overwrites_another(
    database_home: Home,
    database: Database,
    everyone: Scope,
    processes: multiprocessing.context.ForkServerContext,
) -> None:
    made = record(everyone, database)
    url = os.environ.get("HEARTLINE_DATABASE_URL", "")
    started = [
        processes.Process(target=_with_url, args=(url, _edit_in_a_process, database_home.path, made, who, 5))
        for who in "abcd"
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
    assert [process.exitcode for process in started] == [0] * 4
    after = actions.get(everyone, database, made.id)
    assert sorted(after.why.split()[1:]) == sorted("abcd" * 5)
    check_history(database, after)


def _with_url(url: str, then: object, *args: object) -> None:
    """Say which database: a process has the environment of when its server was started, not of when it was."""
    if url:
        os.environ["HEARTLINE_DATABASE_URL"] = url
    else:
        os.environ.pop("HEARTLINE_DATABASE_URL", None)
    assert callable(then)
    then(*args)


def _write_until_killed(home: Path, journal: Path, turn: int) -> None:
    """Record, edit and check in without end; say in the journal what the database said is kept."""
    said = os.open(journal, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
    scope = local_scope("x")
    with open_database(Home(home)) as database:
        os.write(said, json.dumps(["ready", turn, 0]).encode() + b"\n")
        while True:
            made = record(scope, database, f"turn {turn}")
            os.write(said, json.dumps(["action", made.id, 1]).encode() + b"\n")
            actions.edit(scope, database, made.id, {"why": "y" * 5000}, expected_revision=1)
            os.write(said, json.dumps(["action", made.id, 2]).encode() + b"\n")
            note = actions.check_in(scope, database, made.id, "z" * 5000)
            os.write(said, json.dumps(["check_in", note.id, 0]).encode() + b"\n")


def _open_and_say(home: Path, journal: Path) -> None:
    journal.write_text("started\n")
    open_database(Home(home)).close()


def lines(journal: Path) -> list[list[object]]:
    whole = journal.read_text().split("\n")[:-1] if journal.exists() else []
    return [json.loads(line) for line in whole]


def has_done(ready: list[object], steps: int, journal: Path) -> bool:
    said = lines(journal)
    return ready in said and len(said) - said.index(ready) > steps


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.slow
@pytest.mark.xdist_group("kills")  # one after the other: each keeps both cores busy
def test_killed_in_the_middle_of_writing_the_database_is_whole_and_holds_all_it_said_it_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: multiprocessing.context.ForkServerContext
) -> None:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    home, journal, chance = Home(tmp_path / "home"), tmp_path / "journal", random.Random(7)
    for turn in range(KILLS):
        writer = processes.Process(target=_with_url, args=("", _write_until_killed, home.path, journal, turn))
        writer.start()
        ready, steps = ["ready", turn, 0], chance.randrange(7)  # of what it says it kept, however slow the machine
        wait_until(partial(has_done, ready, steps, journal))
        time.sleep(chance.uniform(0, 0.012))  # and on into the next
        writer.kill()
        writer.join()
        check_whole(home, lines(journal))
    assert sum(line[0] == "check_in" for line in lines(journal)) >= KILLS // 2  # they did write


@pytest.mark.slow
@pytest.mark.xdist_group("kills")  # one after the other: each keeps both cores busy
def test_killed_in_the_middle_of_making_its_tables_the_next_opening_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: multiprocessing.context.ForkServerContext
) -> None:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    unfinished, chance = 0, random.Random(7)
    for turn in range(KILLS):
        home, journal = Home(tmp_path / str(turn)), tmp_path / f"{turn}.journal"
        opener = processes.Process(target=_with_url, args=("", _open_and_say, home.path, journal))
        opener.start()
        wait_until(journal.exists)
        time.sleep(chance.uniform(0, 0.12))
        opener.kill()
        opener.join()
        unfinished += opener.exitcode != 0
        check_whole(home, [])
    assert unfinished > KILLS // 10  # they were killed before they had ended


def check_whole(home: Home, said: list[list[object]]) -> None:
    with open_database(home) as database, database.reading() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        stand = {row.id: row for row in session.scalars(select(ActionRow))}
        past: dict[int, list[ActionVersionRow]] = {ident: [] for ident in stand}
        for version in session.scalars(select(ActionVersionRow).order_by(ActionVersionRow.revision)):
            past[version.action_id].append(version)
        for ident, row in stand.items():
            assert [version.revision for version in past[ident]] == list(range(1, row.revision + 1))
            assert from_content(past[ident][-1].content).why == row.why
        notes = set(session.scalars(text("SELECT id FROM check_ins")))
    kept = {("action", ident, revision) for ident, row in stand.items() for revision in range(1, row.revision + 1)}
    kept |= {("check_in", ident, 0) for ident in notes}
    assert {tuple(line) for line in said if line[0] != "ready"} <= kept
