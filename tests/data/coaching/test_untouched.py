"""An action that nobody touched for as long as its play usually lives asks whether it still lives."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.coaching import actions, playbook, swaps, untouched
from data.coaching.action import Action
from data.coaching.swaps import Swap
from data.coaching.untouched import USUAL_WEEKS
from data.database import Database
from data.home import Home
from data.scope import Scope, manager_scope

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def agreed(scope: Scope, database: Database, **changed: Any) -> Action:
    told: dict[str, Any] = {
        "team_id": "north",
        "play": "our own way",
        "sign": "buck_passing",
        "why": "Passed on.",
        "starts_on": BEGUN.date(),
        "review_on": BEGUN.date() + 13 * WEEK,
        "owner": "Tom",
        "now": BEGUN,
    }
    return actions.create(scope, database, **{**told, **changed})


def found(scope: Scope, database: Database, home: Home, after: int) -> list[tuple[int, int]]:
    """The number and the weeks of each that is untouched so many weeks after the start."""
    today = BEGUN.date() + after * WEEK
    every, touched = actions.list_(scope, database), untouched.last_touched(scope, database)
    return [(one.action.id, one.weeks) for one in untouched.untouched(home, every, touched, today)]


def test_a_play_that_says_nothing_of_its_life_is_asked_about_after_thirteen_weeks(
    database: Database, database_home: Home, everyone: Scope
) -> None:
    made = agreed(everyone, database)
    assert untouched.life(database_home, made.play) == USUAL_WEEKS == 13
    assert found(everyone, database, database_home, 12) == []
    assert found(everyone, database, database_home, 13) == [(made.id, 13)]


def test_a_play_of_the_book_is_asked_about_after_its_own_life(
    database: Database, database_home: Home, everyone: Scope
) -> None:
    lives = playbook.lasts_weeks(database_home, "ownership") or USUAL_WEEKS
    made = agreed(everyone, database, play="ownership")
    assert found(everyone, database, database_home, lives - 1) == []
    assert found(everyone, database, database_home, lives) == [(made.id, lives)]


def test_a_check_in_a_change_and_what_a_swap_taught_are_touches(
    database: Database, database_home: Home, everyone: Scope
) -> None:
    checked, changed = agreed(everyone, database), agreed(everyone, database)
    swapped = agreed(everyone, database, play="role_swap", swap=Swap(8, "Kim"))
    at = BEGUN + 10 * WEEK
    actions.check_in(everyone, database, checked.id, "They swap desks.", now=at)
    actions.edit(everyone, database, changed.id, {"owner": "Ann"}, expected_revision=1, now=at)
    swaps.note(everyone, database, swapped.id, "learnt", "They wait for us.", now=at)
    touched = untouched.last_touched(everyone, database)
    assert touched == {checked.id: at, changed.id: at, swapped.id: at}
    assert found(everyone, database, database_home, 22) == []
    lives = sorted((untouched.life(database_home, one.play), one.id) for one in (checked, changed, swapped))
    late = 10 + max(weeks for weeks, _ in lives)
    assert len(found(everyone, database, database_home, late)) == 3


def test_what_has_ended_or_not_begun_asks_nothing(database: Database, database_home: Home, everyone: Scope) -> None:
    ended = agreed(everyone, database)
    actions.close(everyone, database, ended.id, "It helped.", expected_revision=1, now=BEGUN)
    later = date(2026, 9, 7)
    agreed(everyone, database, starts_on=later, review_on=later)
    assert found(everyone, database, database_home, 26) == []
    assert len(found(everyone, database, database_home, 27 + 13)) == 1


def test_only_actions_of_ones_own_teams_are_told_of(database: Database, everyone: Scope) -> None:
    mine = agreed(everyone, database)
    agreed(everyone, database, team_id="south")
    assert set(untouched.last_touched(manager_scope("nina", frozenset({"north"})), database)) == {mine.id}
