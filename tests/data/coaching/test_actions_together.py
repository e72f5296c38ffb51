"""Many at once: nobody overwrites another, and all that was said to be kept is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from data.coaching import actions
from data.coaching.actions import Action, Conflict
from data.coaching.swaps import Swap
from data.database import Database, open_database
from data.home import Home
from data.scope import Scope, local_scope
from tests.data.kills.killing import started


def a_swap(scope: Scope, database: Database, why: str = "x") -> Action:
    """Record an action with a role swap: rows in three tables and the record, in one transaction."""
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
    made = a_swap(everyone, database)
    with ThreadPoolExecutor(6) as threads:
        conflicts = list(threads.map(lambda who: edit_until_kept(database, made, who, 5), "abcdef"))
    after = actions.get(everyone, database, made.id)
    assert sorted(after.why.split()[1:]) == sorted("abcdef" * 5)
    assert after.revision == 31
    assert sum(conflicts) >= 5  # all began with the same reading
    check_history(database, after)


def test_of_many_threads_that_record_and_check_in_all_are_kept(database: Database, everyone: Scope) -> None:
    made = a_swap(everyone, database)
    with ThreadPoolExecutor(6) as threads:
        recorded = list(threads.map(lambda _: a_swap(everyone, database).id, range(24)))
        said = list(threads.map(lambda n: actions.check_in(everyone, database, made.id, str(n)).words, range(24)))
    assert sorted(action.id for action in actions.list_(everyone, database)) == sorted([made.id, *recorded])
    assert sorted(one.words for one in actions.check_ins(everyone, database, made.id)) == sorted(said)


def _edit_in_a_process(home: Path, seen: Action, who: str, rounds: int) -> None:
    with open_database(Home(home)) as database:
        edit_until_kept(database, seen, who, rounds)


def test_of_many_processes_that_edit_one_action_none_overwrites_another(
    database_home: Home,
    database: Database,
    everyone: Scope,
) -> None:
    made = a_swap(everyone, database)
    processes = [started(_edit_in_a_process, database_home.path, made, who, 5) for who in "abcd"]
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4
    after = actions.get(everyone, database, made.id)
    assert sorted(after.why.split()[1:]) == sorted("abcd" * 5)
    check_history(database, after)
