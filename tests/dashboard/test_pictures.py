"""What the pictures of coaching are made of: which weeks a line holds, what is hollow, where the names stand."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import charts, funnels, pictures
from metrics.pooling import pool

START = date(2026, 8, 17)
EMPTY = pl.DataFrame(
    schema={"week": pl.Date, "final": pl.Boolean}
    | dict.fromkeys(("coached", "compared", "expected", "low", "high"), pl.Float64)
)
ACTIONS = pl.DataFrame(
    {
        "label": ["First", "Second", 'The "third"'],
        "effect": [-0.04, None, 0.01],
        "low": [-0.07, None, -0.03],
        "high": [-0.01, None, 0.05],
        "weeks": [13, 2, 9],
    }
)


def course(final: list[bool]) -> pl.DataFrame:
    """Weeks from 3 August 2026, the coached at 20%, the compared at 15%, 25% expected from START on."""
    weeks = [date(2026, 8, 3) + timedelta(weeks=i) for i in range(len(final))]
    after = [week >= START for week in weeks]
    expected = {"expected": 0.25, "low": 0.2, "high": 0.3}
    return pl.DataFrame(
        {"week": weeks, "coached": [0.2] * len(weeks), "compared": [0.15] * len(weeks), "final": final}
        | {name: [value if there else None for there in after] for name, value in expected.items()},
        schema_overrides=dict.fromkeys(expected, pl.Float64),
    )


def layers(chart: charts.Drawn, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == kind]


def rows(chart: charts.Drawn, column: str) -> list[dict[str, Any]]:
    """The data of the chart that has such a column."""
    return next(rows for rows in chart.to_dict()["datasets"].values() if rows and column in rows[0])


def test_the_lines_hold_final_weeks_alone_and_a_week_that_is_not_final_is_hollow() -> None:
    chart = pictures.action_chart(course([True, True, True, False]), start=START)
    assert [line["transform"] for line in layers(chart, "line")] == [[{"filter": "datum.final"}]] * 3
    fill = layers(chart, "point")[0]["encoding"]["fill"]
    assert (fill["condition"]["test"], fill["value"]) == ("datum.final", "transparent")


def test_reviews_to_come_are_drawn_and_told_by_their_weeks_after_the_start() -> None:
    reviews = [START + timedelta(weeks=weeks) for weeks in (9, 4, 13)]
    chart = pictures.action_chart(course([True] * 4), start=START, reviews=reviews)
    assert [(row["label"], row["begin"]) for row in rows(chart, "begin")] == [
        ("start", True),
        ("4", False),
        ("9", False),
        ("13 weeks", False),
    ]
    domain = layers(chart, "line")[0]["encoding"]["x"]["scale"]["domain"]
    assert domain == [{"year": 2026, "month": 8, "date": 3}, {"year": 2026, "month": 11, "date": 16}]


def test_each_line_is_named_where_it_ends() -> None:
    chart = pictures.action_chart(course([True] * 4), start=START, names=("North", "the others", "expected"))
    told = {layer["encoding"]["text"].get("value"): layer for layer in layers(chart, "text")}
    assert {"North", "the others", "expected"} <= set(told)


def test_a_line_without_any_final_week_has_no_name() -> None:
    chart = pictures.action_chart(course([True, True, False]), start=START)
    assert "expected" not in {layer["encoding"]["text"].get("value") for layer in layers(chart, "text")}


def test_an_action_of_which_no_week_is_known_still_draws() -> None:
    assert pictures.action_chart(EMPTY, start=START, reviews=[START + timedelta(weeks=4)]).to_dict()["layer"]


@pytest.mark.parametrize(
    ("values", "apart", "placed"),
    [
        ([0.2, 0.2], 0.05, [0.2, 0.25]),
        ([0.3, 0.29, 0.1], 0.05, [0.34, 0.29, 0.1]),
        ([1.0, 0.99], 0.1, [1.0, 0.9]),
        ([0.5], 0.1, [0.5]),
    ],
)
def test_names_that_would_lie_over_one_another_are_moved_apart(
    values: list[float], apart: float, placed: list[float]
) -> None:
    assert pictures.spread_out(values, apart, 1.0) == pytest.approx(placed)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0.001, 0.15))
def test_moved_names_keep_their_order_and_their_distance_and_stay_below_the_top(
    values: list[float], apart: float
) -> None:
    placed = pictures.spread_out(values, apart, 1.0)
    in_order = [placed[i] for i in sorted(range(len(values)), key=lambda i: values[i])]
    assert all(b - a >= apart - 1e-9 for a, b in pairwise(in_order))
    assert max(placed) <= 1.0 + 1e-9


def test_each_action_of_a_play_stands_in_the_order_given_in_points() -> None:
    chart = pictures.forest(ACTIONS)
    assert [(row["label"], row["row"], row["effect"]) for row in rows(chart, "weeks")] == [
        ("First", 0.0, pytest.approx(-4.0)),
        ("Second", -1.0, None),
        ('The "third"', -2.0, pytest.approx(1.0)),
    ]


def test_an_action_of_which_nothing_can_be_said_says_so_and_has_no_mark() -> None:
    said = [layer for layer in layers(pictures.forest(ACTIONS), "text") if "transform" in layer]
    assert [(one["encoding"]["text"]["value"], one["transform"]) for one in said] == [
        ("cannot be said", [{"filter": "!isValid(datum.effect)"}])
    ]


def test_all_together_is_a_diamond_over_its_interval_with_where_the_next_would_lie() -> None:
    pooled = pool(np.array([-0.04, -0.02, 0.01]), np.array([0.02, 0.02, 0.02]))
    assert pooled
    chart = pictures.forest(ACTIONS, pooled)
    corners = rows(chart, "above")
    assert [row["x"] for row in corners] == pytest.approx([100 * pooled.low, 100 * pooled.effect, 100 * pooled.high])
    assert [row["above"] - row["below"] for row in corners] == pytest.approx([0.0, 0.6, 0.0])
    assert rows(chart, "from")[0] == pytest.approx(
        {"row": -3.0, "from": 100 * pooled.next_low, "to": 100 * pooled.next_high}
    )
    axis = layers(chart, "rule")[1]["encoding"]["y"]["axis"]
    assert axis["labelExpr"] == '["First", "Second", "The \\"third\\"", "all together"][-datum.value]'


@pytest.mark.parametrize(
    ("better", "left", "right"), [("lower", "← helped", "made it worse →"), ("higher", "← made it worse", "helped →")]
)
def test_the_sides_of_zero_say_what_they_mean(better: charts.Better, left: str, right: str) -> None:
    said = {
        layer["encoding"]["text"]["value"]: layer["encoding"]["x"]["value"]
        for layer in layers(pictures.forest(ACTIONS, better=better), "text")
        if "transform" not in layer
    }
    assert said == {left: 0, right: "width"}


def test_zero_lies_in_the_middle() -> None:
    low, high = layers(pictures.forest(ACTIONS), "point")[0]["encoding"]["x"]["scale"]["domain"]
    assert low == -high
    assert high > 7


def test_a_play_without_any_action_still_draws() -> None:
    assert pictures.forest(ACTIONS.clear()).to_dict()["layer"]


TEAMS = pl.DataFrame(
    {
        "team_id": [f"t{i}" for i in range(6)],
        "name": [f"Team {i}" for i in range(6)],
        "x": [10, 30, 44, 12, 90, None],
        "n": [100, 200, 300, 80, 400, None],
        "mix_expected": [0.12, 0.15, 0.14, 0.16, 0.15, None],
        "compared_z": [-0.5, 0.2, 0.0, None, 4.0, None],
    }
)


def test_in_the_funnel_a_team_lies_where_its_reading_says() -> None:
    chart = funnels.funnel(TEAMS, "t4")
    marks = {row["team_id"]: row for row in rows(chart, "chosen")}
    lines = rows(chart, "least")
    limit = {name: np.interp(400, [line["n"] for line in lines], [line[name] for line in lines]) for name in lines[0]}
    assert set(marks) == {"t0", "t1", "t2", "t4"}
    assert marks["t4"]["at"] > limit["most"]
    assert marks["t2"]["at"] == pytest.approx(limit["middle"])
    assert limit["least"] < limit["low"] < limit["middle"] < limit["high"] < limit["most"]


def test_in_the_funnel_only_the_chosen_team_is_named() -> None:
    named = [
        one for one in layers(funnels.funnel(TEAMS, "t4"), "text") if one["encoding"]["text"].get("field") == "name"
    ]
    assert [one["transform"] for one in named] == [[{"filter": "datum.chosen"}]]
    words = [one["encoding"]["text"].get("value") for one in layers(funnels.funnel(TEAMS, "t4"), "text")]
    assert "cannot be told apart" in words


def test_a_funnel_of_no_team_at_all_still_draws() -> None:
    assert funnels.funnel(TEAMS.clear(), "t4").to_dict()["layer"]
