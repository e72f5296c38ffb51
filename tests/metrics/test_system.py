"""System or staff: many teams, a flood, load and absence are each noticed, and calm weeks are no evidence."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from metrics.system import Evidence, Moves, flooded, pressed, span, together

MONDAY = date(2026, 1, 5)
WEEKS = [MONDAY + timedelta(weeks=k) for k in range(30)]


def moved(*points: float) -> Moves:
    at = np.array(points)
    return Moves(tuple("abcdefghij"[: len(at)]), at * 40, at)


def test_a_quarter_of_the_teams_that_moved_as_much_is_the_system():
    assert together(moved(0.1, 0.1, 0.09, 0.08, 0.08, 0, 0, 0), "a", up=True) == [
        Evidence("together", teams=4, of_teams=7)
    ]


@pytest.mark.parametrize(
    "points",
    [
        (0.1, 0.1, 0.09, 0.08, 0, 0, 0, 0),  # three others are few
        (0.3, 0.1, 0.09, 0.08, 0.08, 0, 0, 0),  # they moved by much less
        (0.1, -0.1, -0.09, -0.08, -0.08, 0, 0, 0),  # they moved the other way
        (0.1, np.nan, np.nan, np.nan, np.nan, 0, 0, 0),  # of them nothing is known
    ],
)
def test_else_it_is_not(points: tuple[float, ...]):
    assert together(moved(*points), "a", up=True) == []


def ticket_rows(late: float) -> pl.DataFrame:
    """100 tickets a week, 10% counted; in the flooded last week `late` of them."""
    told = []
    for number, week in enumerate(WEEKS):
        share = late if week == WEEKS[-1] else 0.1
        opened = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)
        told += [
            {"after": number >= 26, "counted": k < 100 * share, "opened_at": opened, "category": "x"}
            for k in range(100)
        ]
    return pl.DataFrame(told)


def flood(week: date, category: str | None = "x") -> pl.DataFrame:
    schema = {"week": pl.Date, "category": pl.String, "tickets": pl.Int64, "usual": pl.Float64}
    return pl.DataFrame([(week, category, 500, 100.0)], schema=schema, orient="row")


def test_a_flood_explains_what_is_gone_without_its_week():
    expected = [Evidence("flood", week=WEEKS[-1], category="x", tickets=500, usual=100.0)]
    assert flooded(ticket_rows(0.6), flood(WEEKS[-1]), up=True) == expected
    assert flooded(ticket_rows(0.6), flood(WEEKS[-1], None), up=True)[0].category is None


def test_a_flood_of_another_week_or_kind_explains_nothing():
    assert flooded(ticket_rows(0.6), flood(WEEKS[-2]), up=True) == []
    assert flooded(ticket_rows(0.6), flood(WEEKS[3]), up=True) == []
    assert flooded(ticket_rows(0.6), flood(WEEKS[-1], "y"), up=True) == []
    assert flooded(ticket_rows(0.6), flood(WEEKS[-1]), up=False) == []


def context(load: float, absence: float | None) -> pl.DataFrame:
    late = pl.col("week") >= WEEKS[26]
    return pl.DataFrame({"week": WEEKS}).with_columns(
        tickets_per_fte_day=pl.when(late).then(load).otherwise(10.0),
        absence_rate=pl.when(late).then(absence).otherwise(0.05),
    )


def test_load_and_absence_beyond_what_they_were_are_told_with_both_numbers():
    assert pressed(context(15.0, 0.3), WEEKS[:26], WEEKS[26:]) == [
        Evidence("load", before=10.0, after=15.0),
        Evidence("absence", before=pytest.approx(0.05), after=pytest.approx(0.3)),
    ]
    assert [one.kind for one in pressed(context(15.0, 0.3), WEEKS[:26], WEEKS[26:], alike=False)] == ["absence"]


def test_what_is_usual_or_unknown_is_no_evidence():
    assert pressed(context(13.0, 0.12), WEEKS[:26], WEEKS[26:]) == []
    assert pressed(context(13.0, None), WEEKS[:26], WEEKS[26:]) == []
    assert pressed(pl.DataFrame({"week": WEEKS}), WEEKS[:26], WEEKS[26:]) == []


def test_the_weeks_looked_at_begin_with_the_change_within_bounds():
    week = WEEKS[-1]
    assert span(WEEKS[-5], week, 2, 13) == (WEEKS[-5], week)
    assert span(week, week, 2, 13) == (WEEKS[-2], week)
    assert span(WEEKS[0], week, 2, 13) == (WEEKS[-13], week)
    assert span(None, week, 2, 13) == (WEEKS[-2], week)
