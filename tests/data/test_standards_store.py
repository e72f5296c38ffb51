"""The table of standards: derived, overruled with a reason, undone, and any version asked for again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import standards_store as standards
from data.database import Database
from data.errors import Trouble
from data.scope import Scope, local_scope, manager_scope
from data.standards_store import StandardChange
from metrics.standards import STANDARDS

MONDAY = datetime(2026, 10, 12, 9, tzinfo=UTC)


def derived(password_minutes: int = 90) -> pl.DataFrame:
    rows = [
        ("password", True, password_minutes, 800, 0.75, 30.0, "quick"),
        ("outage", False, 2400, 300, 0.1, 900.0, "slow"),
        ("rare", False, None, 3, None, None, "fewer than 200 tickets"),
    ]
    return pl.DataFrame(rows, schema=standards.DERIVED, orient="row")


def table(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=STANDARDS, orient="row")


@pytest.fixture
def kept(database: Database, everyone: Scope) -> Database:
    standards.save_derived(everyone, database, derived(), data_version=1, provisional=True, now=MONDAY)
    return database


def test_nothing_is_standard_before_anything_was_derived(database: Database, everyone: Scope) -> None:
    assert_frame_equal(standards.current(everyone, database), table([]))
    assert standards.latest_version(everyone, database) == 0
    assert standards.is_provisional(everyone, database)
    with pytest.raises(Trouble, match="There are no standards yet: import tickets first"):
        standards.overrule(everyone, database, "password", simple=True, reason="x")


def test_what_was_derived_is_kept_and_given_back(kept: Database, everyone: Scope) -> None:
    expected = table(
        [
            ("outage", False, 2400, 300, 0.1, 900.0, 1, "derived", "slow", None),
            ("password", True, 90, 800, 0.75, 30.0, 1, "derived", "quick", None),
            ("rare", False, None, 3, None, None, 1, "derived", "fewer than 200 tickets", None),
        ]
    )
    assert_frame_equal(standards.current(everyone, kept), expected)


def test_deriving_the_same_again_makes_no_version(kept: Database, everyone: Scope) -> None:
    again = derived().sort("n")
    assert standards.save_derived(everyone, kept, again, data_version=2, provisional=True) == 1
    assert [step.data_version for step in standards.history(everyone, kept)] == [2]
    assert standards.save_derived(everyone, kept, derived(91), data_version=2, provisional=True) == 2
    assert standards.save_derived(everyone, kept, derived(91), data_version=3, provisional=False) == 3
    assert [standards.is_provisional(everyone, kept, version) for version in (1, 2, 3)] == [True, True, False]


def test_what_is_set_holds_until_it_is_undone_and_the_past_stays_as_it_was(kept: Database, everyone: Scope) -> None:
    tom = local_scope("tom")
    at = [MONDAY + timedelta(hours=hour) for hour in range(4)]
    assert standards.overrule(everyone, kept, "outage", simple=True, reason="Now scripted", now=at[1]) == 2
    assert standards.overrule(tom, kept, "outage", standard_minutes=60, reason="Promised", now=at[2]) == 3
    assert standards.undo(tom, kept, "outage", now=at[3]) == 4
    outage = [
        standards.current(everyone, kept, version)
        .filter(pl.col("category") == "outage")
        .select("simple", "standard_minutes", "version", "source", "reason", "author")
        .row(0)
        for version in (1, 2, 3, 4)
    ]
    assert outage == [
        (False, 2400, 1, "derived", "slow", None),
        (True, 2400, 2, "set", "Now scripted", "maria"),
        (True, 60, 3, "set", "Promised", "tom"),
        (True, 2400, 4, "set", "Now scripted", "maria"),
    ]
    assert standards.history(everyone, kept) == [
        StandardChange(1, MONDAY, "maria", "derived", data_version=1, provisional=True),
        StandardChange(2, at[1], "maria", "set", category="outage", simple=True, reason="Now scripted"),
        StandardChange(3, at[2], "tom", "set", category="outage", standard_minutes=60, reason="Promised"),
        StandardChange(4, at[3], "tom", "undone", category="outage", standard_minutes=60, reason="Promised"),
    ]


def test_what_was_set_outlives_a_new_derivation_even_of_a_vanished_category(kept: Database, everyone: Scope) -> None:
    standards.overrule(everyone, kept, "outage", standard_minutes=60, reason="Promised")
    only_password = derived().filter(pl.col("category") == "password")
    standards.save_derived(everyone, kept, only_password, data_version=2, provisional=False)
    expected = table(
        [
            ("outage", False, 60, 0, None, None, 3, "set", "Promised", "maria"),
            ("password", True, 90, 800, 0.75, 30.0, 3, "derived", "quick", None),
        ]
    )
    assert_frame_equal(standards.current(everyone, kept), expected)


@pytest.mark.parametrize(
    ("category", "given", "sentence"),
    [
        ("pasword", {"simple": True}, "There is no category 'pasword' in the data: did you mean 'password'?"),
        ("zzz", {"simple": True}, "There is no category 'zzz' in the data: `heartline standards` lists those that "),
        ("password", {}, "Nothing was set: say whether the category is simple"),
        ("password", {"simple": True, "reason": " "}, "Please fill in the reason: it is empty."),
        ("password", {"standard_minutes": 0}, "A standard is more than 0 and at most 527,040 minutes, not 0."),
        ("password", {"standard_minutes": 10**9}, "A standard is more than 0 and at most 527,040 minutes, not 1,000,"),
    ],
)
def test_what_cannot_be_set_is_said_and_changes_nothing(
    kept: Database, everyone: Scope, category: str, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        standards.overrule(everyone, kept, category, **{"reason": "x", **given})
    assert str(trouble.value).startswith(sentence)
    assert standards.latest_version(everyone, kept) == 1


def test_what_is_not_there_cannot_be_undone_or_asked_for(kept: Database, everyone: Scope) -> None:
    with pytest.raises(Trouble, match="Nothing was set for the category 'outage', so there is nothing to undo"):
        standards.undo(everyone, kept, "outage")
    for missing in (0, 2, -1):
        with pytest.raises(Trouble, match=f"There is no version {missing} of the standards; the last is 1"):
            standards.current(everyone, kept, missing)


def test_standards_are_read_by_who_sees_a_team_and_changed_by_who_sees_all(kept: Database) -> None:
    nobody, north = Scope("eve"), manager_scope("nora", frozenset({"north"}))
    assert standards.current(north, kept).height == 3
    for scope in (nobody, north):
        with pytest.raises(Trouble, match="only who may see every team may change them"):
            standards.overrule(scope, kept, "outage", simple=True, reason="x")
        with pytest.raises(Trouble, match="only who may see every team may change them"):
            standards.undo(scope, kept, "outage")
        with pytest.raises(Trouble, match="only who may see every team may change them"):
            standards.save_derived(scope, kept, derived(), data_version=1, provisional=True)
    for refused in (standards.current, standards.history, standards.latest_version, standards.is_provisional):
        with pytest.raises(Trouble, match="The standards are not yours to see"):
            refused(nobody, kept)


def test_of_two_who_set_the_same_category_the_second_is_told(kept: Database, everyone: Scope) -> None:
    tom = local_scope("tom")
    standards.overrule(tom, kept, "outage", standard_minutes=60, reason="Promised", seen=1, now=MONDAY)
    with pytest.raises(standards.Conflict) as told:
        standards.overrule(everyone, kept, "outage", standard_minutes=90, reason="Mine", seen=1)
    assert "tom set the category 'outage' while you were looking (2026-10-12 09:00 UTC)" in str(told.value)
    with pytest.raises(standards.Conflict, match="tom set the category 'outage'"):
        standards.undo(everyone, kept, "outage", seen=1)
    assert standards.latest_version(everyone, kept) == 2
    assert standards.overrule(everyone, kept, "password", simple=False, reason="Another category", seen=1) == 3
    assert standards.undo(tom, kept, "outage", seen=2) == 4
    with pytest.raises(standards.Conflict, match="tom undid what was set for the category 'outage'"):
        standards.overrule(everyone, kept, "outage", standard_minutes=90, reason="Mine", seen=3)
    assert standards.overrule(everyone, kept, "outage", standard_minutes=90, reason="Mine", seen=4) == 5
