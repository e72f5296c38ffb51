"""Periods: how they are written, which weeks belong to one, and a clear sentence for what is none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Trouble
from data.reviewing import periods


@pytest.mark.parametrize(
    ("written", "since", "until", "name"),
    [
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "the third quarter of 2026"),
        (" 2026-q1 ", date(2026, 1, 1), date(2026, 3, 31), "the first quarter of 2026"),
        ("2026-09", date(2026, 9, 1), date(2026, 9, 30), "September 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "the first half of 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "the year 2026"),
    ],
)
def test_a_period_is_read_as_it_is_written(written: str, since: date, until: date, name: str) -> None:
    found = periods.parse(written)
    assert (found.since, found.until, found.name) == (since, until, name)
    assert periods.parse(found.key) == found


@pytest.mark.parametrize(
    "written", ["", "2026-Q5", "2026-13", "2026-0", "Q3", "2026-Q3-1", "0000", "last quarter", "٢٠٢٦"]
)
def test_what_is_no_period_is_told_how_to_write_one(written: str) -> None:
    with pytest.raises(Trouble, match="is no period: write 2026-Q3, 2026-09, 2026-H1 or 2026"):
        periods.parse(written)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from(["month", "quarter", "half-year", "year"]))
def test_each_week_belongs_to_exactly_one_period_of_a_kind(day: date, kind: str) -> None:
    period = periods.containing(day, kind)
    assert period.since <= day <= period.until
    assert period.kind == kind
    monday = day - timedelta(days=day.weekday())
    thursday = monday + timedelta(days=3)
    assert (monday in period.weeks) == (period.since <= thursday <= period.until)
    earlier = periods.before(period)
    assert earlier.until + timedelta(days=1) == period.since
    assert not set(earlier.weeks) & set(period.weeks)
    assert (period.weeks[0] - earlier.weeks[-1]).days == 7


def test_what_one_would_review_is_what_has_ended() -> None:
    assert [one.key for one in periods.ended(date(2026, 10, 12))] == [
        "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2026-09", "2026-08", "2026-07", "2026-H1", "2025-H2", "2025",
    ]  # fmt: skip
