"""What a chart is made of: the points, their shapes and tones, the axis. Not how it looks."""

from datetime import date
from typing import Any

import altair as alt
import polars as pl
import pytest

from dashboard import charts, timelines
from dashboard.charts import Mark
from tests.dashboard.rows import weeks

SPAN = (date(2026, 8, 3), date(2026, 8, 31))


def points(chart: charts.Drawn) -> list[dict[str, Any]]:
    """The data of the chart's weeks."""
    drawn = chart.to_dict()
    return next(rows for rows in drawn["datasets"].values() if "tone" in rows[0])


def marks_of(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


def test_a_point_outside_the_limits_has_a_tone_and_the_words_for_it() -> None:
    drawn = points(charts.p_chart(weeks(0.1, 0.3, 0.01), "lower", span=SPAN))
    assert [row["tone"] for row in drawn] == ["calm", "worse", "better"]
    assert [row["said"] for row in drawn] == [
        "within the limits",
        "outside the limits: a concern",
        "outside the limits: better",
    ]


def test_where_higher_is_better_a_rise_is_better() -> None:
    drawn = points(charts.p_chart(weeks(0.1, 0.3, 0.01), "higher", span=SPAN))
    assert [row["tone"] for row in drawn] == ["calm", "better", "worse"]


def test_a_week_that_is_not_final_is_hollow_and_takes_no_part() -> None:
    drawn = points(charts.p_chart(weeks(0.1, 0.3, mature=[True, False]), "lower", span=SPAN))
    assert [row["tone"] for row in drawn] == ["calm", "calm"]
    assert [row["shown"] for row in drawn] == ["calm", "not final"]
    assert drawn[1]["said"] == "not final yet"


def test_a_week_without_tickets_is_a_gap_and_no_zero() -> None:
    drawn = points(charts.p_chart(weeks(0.1, None, 0.1), "lower", span=SPAN))
    assert [row["share"] for row in drawn] == [0.1, None, 0.1]


def test_shares_start_at_nought() -> None:
    spec = charts.p_chart(weeks(0.1, 0.3), "lower", span=SPAN).to_dict()
    scales = [layer["encoding"]["y"].get("scale") for layer in spec["layer"] if "y" in layer["encoding"]]
    assert [scale["domain"] for scale in scales if scale] == [[0, 0.35], [0, 0.35]]


@pytest.mark.parametrize(
    ("highest", "top"), [(None, 0.05), (0.0, 0.05), (0.3, 0.35), (0.18, 0.2), (0.02, 0.025), (1.0, 1.0), (0.97, 1.0)]
)
def test_the_top_of_the_axis_is_the_next_round_share(highest: float | None, top: float) -> None:
    assert charts.nice_top(highest) == pytest.approx(top)


def test_a_coaching_action_is_an_upright_line_with_its_name() -> None:
    marked = charts.p_chart(weeks(0.1, 0.1), "lower", span=SPAN, marks=[Mark(date(2026, 8, 10), "Role swap")]).to_dict()
    assert "rule" in marks_of(marked)
    assert any(row.get("label") == "Role swap" for rows in marked["datasets"].values() for row in rows)


def test_an_action_outside_the_weeks_shown_is_not_drawn() -> None:
    early = charts.p_chart(weeks(0.1, 0.1), "lower", span=SPAN, marks=[Mark(date(2020, 1, 1), "Long ago")]).to_dict()
    assert "rule" not in marks_of(early)


def test_only_a_high_chart_names_its_lines() -> None:
    assert "text" in marks_of(charts.p_chart(weeks(0.1, 0.1), "lower", span=SPAN, height=200).to_dict())
    assert "text" not in marks_of(charts.p_chart(weeks(0.1, 0.1), "lower", span=SPAN, height=90).to_dict())


def test_a_sparkline_shows_final_weeks_alone() -> None:
    drawn = points(charts.sparkline(weeks(0.1, 0.2, 0.1, mature=[True, True, False]), "lower", weeks=1))
    assert [row["share"] for row in drawn] == [0.2]


def test_a_series_without_any_week_still_draws() -> None:
    assert charts.p_chart(weeks().clear(), "lower", span=SPAN).to_dict()["layer"]


def test_beside_the_others_only_the_chosen_team_is_named() -> None:
    teams = pl.DataFrame(
        {"team_id": ["a", "b", "c"], "name": ["A", "B", "C"], "n": [50, 60, None], "compared_z": [0.5, -6.0, None]}
    )
    spec = charts.beside_others(teams, "b").to_dict()
    text = [layer for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert [layer["transform"] for layer in text] == [[{"filter": "datum.chosen"}]]
    assert next(rows for rows in spec["datasets"].values() if "team_id" in rows[0])[1]["chosen"]


def test_what_surrounds_a_team_lies_in_one_lane_a_measure_with_its_last_value() -> None:
    frame = pl.DataFrame({"week": [SPAN[0], SPAN[1]], "load": [10, 20], "away": [None, 0.1]})
    spec = timelines.context(frame, {"load": ("Load", ".0f"), "away": ("Away", ".0%")}, SPAN).to_dict()
    lanes = next(rows for rows in spec["datasets"].values() if "y" in rows[0])
    assert [(row["lane"], row["y"], row["told"]) for row in lanes] == [
        (1.0, pytest.approx(1.3), "10"),
        (1.0, pytest.approx(1.6), "20"),
        (0.0, None, None),
        (0.0, pytest.approx(0.6), "10%"),
    ]
    assert {row["head"] for row in lanes} == {"Load: 20", "Away: 10%"}


def test_charts_are_made_with_the_one_theme() -> None:
    assert alt.theme.active == "heartline"
    assert charts.p_chart(weeks(0.1), "lower", span=SPAN).to_dict()["config"]["font"].startswith("Inter")


def test_the_line_from_before_a_lasting_change_is_drawn_on_and_named() -> None:
    series = weeks(0.1, 0.3, 0.3, centre=[None, 0.3, 0.3]).with_columns(before=pl.lit(0.1))
    spec = charts.p_chart(series, "lower", span=SPAN).to_dict()
    label = next(rows for rows in spec["datasets"].values() if rows and "label" in rows[0])
    assert [(row["label"], row["before"]) for row in label] == [("expected before 10 Aug", 0.1)]
    small = charts.p_chart(series, "lower", span=SPAN, height=90).to_dict()
    assert (
        marks_of(small).count("line")
        == marks_of(charts.p_chart(weeks(0.1), "lower", span=SPAN).to_dict()).count("line") + 1
    )
    assert "text" not in marks_of(small)
