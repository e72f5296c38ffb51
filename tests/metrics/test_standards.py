from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from metrics.clocks import clocks_of
from metrics.facts import facts
from metrics.standards import STANDARDS, derive, is_complete, overrule, reference_window
from tests.builders import START, table, teams

ROME = "Mo-Fr 09:00-13:00 @ Europe/Rome"
CLOCKS = clocks_of(teams("A", Rome={"calendar": ROME}))


def resolved(
    category: str, minutes: list[int | None], one_touch: bool | None = True, team: str = "A", **more: object
) -> pl.DataFrame:
    return pl.DataFrame(
        {"category": category, "opened_at": more.get("opened_at", START), "first_team_id": team, "one_touch": one_touch,
         "full_resolution_minutes_business": minutes},
        schema_overrides={"full_resolution_minutes_business": pl.Int32, "one_touch": pl.Boolean},
    )  # fmt: skip


def judged(*parts: pl.DataFrame) -> pl.DataFrame:
    return derive(pl.concat(parts).lazy(), CLOCKS)


def test_simple_is_mostly_one_touch_and_mostly_within_a_business_day():
    touched = pl.concat([resolved("edge", [480] * 120), resolved("edge", [480] * 80, one_touch=False)])
    found = judged(
        touched,
        resolved("few", [10] * 199),
        resolved("slow", [481] * 200),
        resolved("untouched", [10] * 119),
        resolved("untouched", [10] * 81, one_touch=False),
        resolved("untold", [10] * 200, one_touch=None),
    )
    assert found.select("category", "simple", "n", "standard_minutes", "reason").rows() == [
        ("edge", True, 200, 480, "at least 60% resolved in one touch, half of them within a business day"),
        ("few", False, 199, 10, "fewer than 200 tickets"),
        ("slow", False, 200, 481, "half of them take more than a business day"),
        ("untold", False, 200, 10, "the data does not say how many touches a ticket took"),
        ("untouched", False, 200, 10, "under 60% resolved in one touch"),
    ]
    assert found.schema == STANDARDS


def test_the_standard_is_the_eightieth_percentile_of_all_teams_together():
    found = judged(resolved("x", list(range(1, 101))), resolved("x", list(range(101, 201)), team="Rome"))
    assert found["standard_minutes"].to_list() == [161]


def test_a_business_day_is_as_long_as_the_team_s_own():
    # Rome's day has four hours: five are more than a day there, and less than one elsewhere.
    assert judged(resolved("x", [300] * 200, team="Rome"))["simple"].to_list() == [False]
    assert judged(resolved("x", [300] * 200, team="A"))["simple"].to_list() == [True]


def test_what_is_not_resolved_counts_as_slower_than_all_that_is():
    found = judged(resolved("x", [10] * 150 + [None] * 50), resolved("y", [10] * 80 + [None] * 120))
    assert found.select("category", "median_minutes", "standard_minutes").rows() == [
        ("x", 10.0, None),
        ("y", None, None),
    ]
    assert found["simple"].to_list() == [True, False]


def test_only_the_first_52_weeks_count():
    later = START + timedelta(weeks=52)
    found = judged(resolved("x", [10] * 200), resolved("x", [9000] * 800, one_touch=False, opened_at=later))
    assert found.select("n", "simple").row(0) == (200, True)


def test_the_window_is_over_after_52_weeks_from_the_first_monday():
    wednesday = datetime(2024, 1, 3, 12, tzinfo=UTC)
    assert reference_window(wednesday) == (date(2024, 1, 1), date(2024, 12, 30))
    assert [is_complete(wednesday, datetime(2024, 12, day, tzinfo=UTC)) for day in (29, 30)] == [False, True]


def test_people_overrule_a_category_with_a_reason_and_what_they_leave_open_stays():
    derived = judged(resolved("x", [10] * 200), resolved("y", [9000] * 200))
    changes = pl.DataFrame(
        {"category": ["x", "y", "y", "new"], "simple": [None, True, False, None],
         "standard_minutes": [60, None, None, 5],
         "reason": ["agreed", "first thought", "second thought", "to come"], "author": "Ann", "version": [2, 2, 3, 3]}
    )  # fmt: skip
    found = overrule(derived, changes).select(
        "category", "simple", "standard_minutes", "n", "source", "reason", "version"
    )
    assert found.rows() == [
        ("new", False, 5, 0, "set", "to come", 3),
        ("x", True, 60, 200, "set", "agreed", 2),
        ("y", False, 9000, 200, "set", "second thought", 3),
    ]
    assert overrule(derived, changes.clear()).equals(derived)


@pytest.mark.parametrize("hours", [1, 30])
def test_no_tickets_have_no_standards(hours: int):
    horizon = START + timedelta(hours=hours)
    known = facts(table("tickets", []), table("events", []), teams("A"), horizon=horizon)
    assert derive(known.tickets, known.clocks).height == 0
