"""A lasting change is acknowledged by someone with a reason, and undone; nothing is lost and nothing is deleted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import rebases
from data.database import Database
from data.errors import Trouble
from data.rebases import Rebase
from data.scope import Scope, local_scope, manager_scope

AT = datetime(2026, 10, 14, 9, tzinfo=UTC)
WEEK = date(2026, 8, 3)
WEEKS = (date(2025, 1, 6), date(2026, 10, 5))


def say(scope: Scope, database: Database, **more: Any) -> Rebase:
    told: dict[str, Any] = {"team_id": "north", "sign": "buck_passing", "week": WEEK, "reason": "New tool", "now": AT}
    return rebases.acknowledge(scope, database, **{"known_weeks": WEEKS, **told, **more})


def test_what_was_acknowledged_says_who_when_and_why(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, reason=" New tool ", week=WEEK + timedelta(days=3))
    assert made == Rebase(made.id, "buck_passing", "north", WEEK, "New tool", AT, "maria")
    assert made.stands
    assert rebases.list_(everyone, database) == [made]
    expected = pl.DataFrame({"sign": ["buck_passing"], "team_id": ["north"], "week": [WEEK]})
    assert_frame_equal(rebases.standing(database), expected)


def test_undone_it_stays_on_record_with_who_when_and_why(database: Database, everyone: Scope) -> None:
    made, later = say(everyone, database), AT + timedelta(days=1)
    undone = rebases.undo(local_scope("tom"), database, made.id, "The tool went again", now=later)
    told = {"undone_at": later, "undone_by": "tom", "undone_reason": "The tool went again"}
    assert undone == Rebase(**{**vars(made), **told})
    assert rebases.list_(everyone, database) == [undone]
    assert rebases.list_(everyone, database, standing=True) == []
    assert_frame_equal(rebases.standing(database), pl.DataFrame(schema=rebases.STANDING))


def test_the_same_week_can_be_acknowledged_again_once_it_was_undone(database: Database, everyone: Scope) -> None:
    first = say(everyone, database)
    rebases.undo(everyone, database, first.id, "Too early")
    second = say(everyone, database, reason="Now it is")
    assert [one.id for one in rebases.list_(everyone, database)] == [second.id, first.id]
    assert [one.id for one in rebases.list_(everyone, database, standing=True)] == [second.id]


def test_the_revision_grows_with_every_step(database: Database, everyone: Scope) -> None:
    seen = [rebases.revision(database)]
    made = say(everyone, database)
    seen.append(rebases.revision(database))
    rebases.undo(everyone, database, made.id, "Too early")
    seen.append(rebases.revision(database))
    say(everyone, database)
    assert [*seen, rebases.revision(database)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": " "}, "Please fill in the reason: it is empty."),
        ({"sign": "gloom"}, "There is no sign 'gloom': choose one of"),
        ({"week": date(2026, 10, 12)}, "The week of 2026-10-12 is not in the data yet: the last is that of 2026-10-05"),
        ({"week": date(2026, 10, 19), "known_weeks": None}, "The week of 2026-10-19 is not in the data yet. A change"),
        (
            {"week": date(2024, 1, 1)},
            "The data begins with the week of 2025-01-06, so there is nothing before the week",
        ),
        ({"week": WEEKS[0]}, "so there is nothing before the week of 2025-01-06 to leave behind"),
        ({"known_teams": ["south"]}, "There is no team 'north' in the data: see `heartline teams`."),
    ],
)
def test_what_cannot_be_acknowledged_is_said_and_kept_nowhere(
    database: Database, everyone: Scope, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble, match=sentence):
        say(everyone, database, **given)
    assert rebases.list_(everyone, database) == []


def test_a_second_one_for_the_same_week_names_the_first(database: Database, everyone: Scope) -> None:
    say(everyone, database)
    with pytest.raises(Trouble, match="acknowledged already, by maria on 2026-10-14: undo that one first"):
        say(local_scope("tom"), database)
    say(everyone, database, week=WEEK + timedelta(weeks=4))
    say(everyone, database, team_id="south")
    say(everyone, database, sign="repeat_complaints")
    assert len(rebases.list_(everyone, database)) == 4


def test_undoing_twice_names_who_was_first(database: Database, everyone: Scope) -> None:
    made = say(everyone, database)
    rebases.undo(everyone, database, made.id, "Too early", now=AT)
    with pytest.raises(Trouble, match="was undone already, by maria on 2026-10-14"):
        rebases.undo(local_scope("tom"), database, made.id, "Me too")
    with pytest.raises(Trouble, match=r"Please fill in the reason"):
        rebases.undo(everyone, database, made.id, "")


def test_what_is_not_ones_own_is_neither_seen_nor_changed(database: Database, everyone: Scope) -> None:
    made, south = say(everyone, database), manager_scope("sam", frozenset({"south"}))
    assert rebases.list_(south, database) == []
    assert rebases.list_(Scope("nobody"), database) == []
    for number in (made.id, 10**6):
        with pytest.raises(Trouble, match=f"There is no acknowledged change {number}, or it is not yours to see."):
            rebases.undo(south, database, number, "x")
    with pytest.raises(Trouble, match="'north' is not yours to see, so nothing was acknowledged"):
        say(south, database, week=WEEK + timedelta(weeks=1))
    assert rebases.list_(everyone, database) == [made]


def outcome(work: Any) -> str:
    try:
        work()
    except Trouble:
        return "trouble"
    return "done"


def test_of_many_who_acknowledge_the_same_at_once_one_does(database: Database, everyone: Scope) -> None:
    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(lambda who: outcome(lambda: say(local_scope(who), database)), "abcdef"))
    assert sorted(said) == ["done", *["trouble"] * 5]
    [made] = rebases.list_(everyone, database)
    with ThreadPoolExecutor(6) as threads:
        undone = list(
            threads.map(lambda who: outcome(lambda: rebases.undo(local_scope(who), database, made.id, who)), "abcdef")
        )
    assert sorted(undone) == ["done", *["trouble"] * 5]


def test_of_many_who_acknowledge_different_weeks_at_once_all_are_kept(database: Database, everyone: Scope) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda back: say(everyone, database, week=WEEK - timedelta(weeks=back)), range(18)))
    assert len(rebases.list_(everyone, database, standing=True)) == rebases.revision(database) == 18
