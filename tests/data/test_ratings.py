"""A team's own rating: kept whole, taken back, and never of a team that is not the asker's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data import ratings
from data.database import Database
from data.errors import Trouble
from data.ratings import VOICES, rate, standing, undo
from data.scope import Scope, manager_scope

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
DAY = NOW.date()


def rated(
    scope: Scope,
    database: Database,
    team: str = "north",
    stage: str = "use",
    scores: dict[str, float] | None = None,
    *,
    on: date = DAY,
    voice: str = VOICES[0],
    known: list[str] | None = None,
) -> list[int]:
    told = {"honesty": 4.0} if scores is None else scores
    return rate(scope, database, team, stage, told, asked_on=on, voice=voice, known_teams=known, now=NOW)


def held(scope: Scope, database: Database, until: date | None = None) -> list[tuple[object, ...]]:
    return (
        standing(scope, database, until).select("team_id", "stage", "trait", "score", "asked_on").sort("trait").rows()
    )


def test_a_rating_is_kept_with_who_spoke_and_who_entered_it(everyone: Scope, database: Database) -> None:
    rated(everyone, database, scores={"honesty": 4, "fairness": 3})
    assert held(everyone, database) == [
        ("north", "use", "fairness", 3.0, DAY),
        ("north", "use", "honesty", 4.0, DAY),
    ]
    (first, _) = ratings.list_(everyone, database, "north")
    assert (first.by, first.at, first.scale_max) == ("the team in a meeting, entered by maria", NOW, 5.0)


def test_a_later_rating_takes_its_place_and_undoing_it_brings_the_earlier_one_back(
    everyone: Scope, database: Database
) -> None:
    rated(everyone, database, on=DAY - timedelta(days=90))
    later = rated(everyone, database, scores={"honesty": 2.0})
    assert [row[3] for row in held(everyone, database)] == [2.0]
    assert [row[3] for row in held(everyone, database, until=DAY - timedelta(days=1))] == [4.0]
    undo(everyone, database, later, now=NOW)
    assert [row[3] for row in held(everyone, database)] == [4.0]
    assert [one.undone_by for one in ratings.list_(everyone, database)] == [None, "maria"]


def test_what_was_taken_back_cannot_be_taken_back_again_and_then_nothing_is(
    everyone: Scope, database: Database
) -> None:
    first, second = rated(everyone, database), rated(everyone, database, stage="buy")
    undo(everyone, database, first, now=NOW)
    with pytest.raises(Trouble, match="maria took this rating back already, on 2026-10-12"):
        undo(everyone, database, [*second, *first], now=NOW)
    assert [row[1] for row in held(everyone, database)] == ["buy"]


def test_a_rating_of_another_team_is_neither_written_nor_read_nor_undone(everyone: Scope, database: Database) -> None:
    ids = rated(everyone, database)
    south = manager_scope("sam", frozenset({"south"}))
    assert held(south, database) == []
    with pytest.raises(Trouble, match="not yours to see"):
        rated(south, database)
    with pytest.raises(Trouble, match="no rating"):
        undo(south, database, ids)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stage": "complain"}, "no step 'complain'"),
        ({"scores": {}}, "Nothing was rated"),
        ({"scores": {"honesty": 6}}, "between 1 and 5"),
        ({"scores": {"honesty": float("nan")}}, "between 1 and 5"),
        ({"scores": {"charm": 3}}, "no trait 'charm'"),
        ({"voice": "somebody"}, "is given by"),
        ({"on": DAY + timedelta(days=1)}, "yet to come"),
        ({"known": ["south"]}, "no team 'north'"),
    ],
)
def test_what_is_no_rating_is_refused_in_a_sentence(
    everyone: Scope, database: Database, given: dict[str, object], said: str
) -> None:
    with pytest.raises(Trouble, match=said):
        rated(everyone, database, **given)  # type: ignore[arg-type]
    assert ratings.list_(everyone, database) == []


def test_the_stamp_changes_with_each_rating_and_each_undoing(everyone: Scope, database: Database) -> None:
    stamps = [ratings.stamp(everyone, database)]
    ids = rated(everyone, database)
    stamps.append(ratings.stamp(everyone, database))
    undo(everyone, database, ids, now=NOW)
    stamps.append(ratings.stamp(everyone, database))
    assert len(set(stamps)) == 3
