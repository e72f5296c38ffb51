"""What is marked beside the signs, and how the strip of what surrounds a team is drawn and said."""

from datetime import date

import polars as pl
import pytest

from dashboard import surrounds, timelines
from dashboard.charts import Mark
from dashboard.timelines import Line
from data.filters import Filters
from metrics.floods import FOUND

SPAN = Filters(since=date(2026, 1, 5), until=date(2026, 3, 30))


def floods(*rows: tuple[date, str | None, int, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FOUND, orient="row")


def test_coaching_and_floods_are_marked_in_order_and_only_within_the_weeks_shown() -> None:
    coached = {"buck_passing": (Mark(date(2026, 3, 2), "Role swap"),), "slow_simple": (Mark(date(2025, 9, 1), "Old"),)}
    found = surrounds.marks(
        coached, floods((date(2026, 2, 2), None, 300, 100.0), (date(2027, 1, 4), None, 300, 100.0)), SPAN, 100
    )
    assert found == (
        Mark(date(2026, 2, 2), "flood of tickets in the whole company, 3.0 times the usual"),
        Mark(date(2026, 3, 2), "coaching: Role swap"),
    )


def test_a_small_categorys_flood_is_not_worth_a_mark() -> None:
    week = date(2026, 2, 2)
    both = floods((week, "rare", 30, 5.0), (week, "Tracking", 200, 50.0))
    assert [mark.label for mark in surrounds.marks({}, both, SPAN, 1000)] == [
        "flood of Tracking in the whole company, 4.0 times the usual"
    ]


def test_the_strip_is_said_by_its_last_known_week() -> None:
    frame = pl.DataFrame(
        {"week": [SPAN.since, SPAN.until], "tickets": [10, 20], "absence_rate": [0.1, None]},
        schema_overrides={"week": pl.Date},
    )
    assert surrounds.described(frame, SPAN) == (
        "In the last week that is known: Tickets a week: 20; Absent, of working days: 10%."
    )


def test_a_lane_with_a_warning_line_reaches_above_it_and_marks_are_numbered() -> None:
    frame = pl.DataFrame({"week": [date(2026, 1, 5), date(2026, 3, 30)], "load": [5.0, 11.0]})
    span = (date(2026, 1, 5), date(2026, 3, 30))
    spec = timelines.context(
        frame,
        {"load": ("Load", ".0f")},
        span,
        lines={"load": Line(50, 60, "too much")},
        marks=(Mark(date(2025, 1, 6), "before"), Mark(date(2026, 2, 2), "then")),
    ).to_dict()
    rows = [row for data in spec["datasets"].values() for row in data]
    assert [row["y"] for row in rows if "y" in row] == pytest.approx([0.6 * 5 / 66, 0.6 * 11 / 66])
    (band,) = [row for row in rows if "high" in row]
    assert (band["lane"], band["high"]) == (pytest.approx(0.6 * 50 / 66), pytest.approx(0.6 * 60 / 66))
    assert {row["number"] for row in rows if "number" in row} == {"2"}
    assert {"value": "too much"} in [layer["encoding"].get("text") for layer in spec["layer"]]


def test_titles_are_short_enough_for_a_phone() -> None:
    longest = max(len(f"{title}: 100.0%") for title, _ in surrounds.SURROUNDS.values())
    assert longest <= 48  # of 13 pixels, on a page of 390
