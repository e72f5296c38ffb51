"""Readings -> Altair charts. No Streamlit, no words but the labels: what a chart says is in dashboard/words.py.

All of them can be read in black and white: what is outside the limits has a shape of its own, what is not final yet
is hollow, what is expected is dashed. Shares start at 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboard.theme import BLUE, COLOURS, GREY, ORANGE, SHAPES, Tone

Better = Literal["lower", "higher"]
Drawn = alt.LayerChart | alt.FacetChart
_DAY = "%-d %b"
_WEEK = alt.X("week:T").title(None).axis(format=_DAY, labelOverlap=True)
_TIP = [
    alt.Tooltip("week:T", title="Week of", format="%-d %b %Y"),
    alt.Tooltip("share:Q", title="Share", format=".1%"),
    alt.Tooltip("x:Q", title="Counted", format=","),
    alt.Tooltip("n:Q", title="Of", format=","),
    alt.Tooltip("centre:Q", title="Expected", format=".1%"),
    alt.Tooltip("lower:Q", title="Lower limit", format=".1%"),
    alt.Tooltip("upper:Q", title="Upper limit", format=".1%"),
    alt.Tooltip("said:N", title="Status"),
]


@dataclass(frozen=True)
class Mark:
    """Something that happened to a team and is drawn as an upright line: a coaching action, an outage."""

    at: date
    label: str


def nice_top(highest: float | None) -> float:
    """The top of a share's axis: the next of 1, 2, 5 steps over `highest`, at most 1; 0.05 where nothing is known."""
    if not highest or highest <= 0:
        return 0.05
    step = 10 ** floor(log10(highest)) / 2
    return float(min(1.0, (floor(highest / step) + 1) * step))


def p_chart(
    series: pl.DataFrame, better: Better, *, top: float = 0.0, marks: Sequence[Mark] = (), height: int = 180
) -> Drawn:
    """One team and one sign by week: share, expected line, limits; hollow where not final; marks of what was done.

    `series` is metrics.reading's Series. `top` is the axis's least top: the same for all teams of a sign.
    """
    drawn = _said(series, better)
    base = alt.Chart(drawn).encode(_WEEK)
    y = alt.Y("share:Q").title(None).axis(format="%").scale(domain=[0, _top(drawn, top)], nice=False)
    layers: list[alt.Chart] = [
        *_limits(base),
        base.mark_line(strokeWidth=1.5, color=GREY).encode(y).transform_filter("datum.mature"),
        _points(base).encode(y),
        *_label_expected(base),
    ]
    if marks:
        layers += _upright(marks)
    return alt.layer(*layers).properties(height=height, width="container")


def sparkline(series: pl.DataFrame, better: Better, *, weeks: int = 26) -> Drawn:
    """The last weeks of a sign, small: line, expected, limits, and the points outside them."""
    drawn = _said(series, better).filter(pl.col("mature")).sort("week").tail(weeks)
    base = alt.Chart(drawn).encode(alt.X("week:T").title(None).axis(format=_DAY, tickCount=3, labelOverlap=True))
    y = alt.Y("share:Q").title(None).axis(format="%", tickCount=2).scale(domain=[0, _top(drawn, 0.0)], nice=False)
    line = base.mark_line(strokeWidth=1.5, color=GREY).encode(y)
    outside = _points(base, size=50).transform_filter("datum.tone != 'calm'").encode(y)
    return alt.layer(*_limits(base), line, outside).properties(height=84, width="container")


def funnel(readings: pl.DataFrame, limits: pl.DataFrame, chosen: str | None = None) -> Drawn:
    """All teams of one sign: observed over expected by number of tickets, with the funnel's limits.

    `readings`: team_id, name, n, ratio, compared. `limits`: n, low, high (95%) and low_outer, high_outer (99.8%).
    """
    outer = _funnel_lines(limits, ("low_outer", "high_outer"), [1, 0])
    inner = _funnel_lines(limits, ("low", "high"), [4, 3])
    told = pl.col("compared").fill_null("cannot be told apart")
    teams = readings.with_columns(told, (pl.col("team_id") == (chosen or "")).alias("chosen"))
    points = (
        alt.Chart(teams)
        .mark_point(filled=True, size=60, color=GREY)
        .encode(
            alt.X("n:Q").title("Tickets in the window").scale(zero=True),
            alt.Y("ratio:Q").title("Counted, over expected by its mix").scale(zero=True),
            shape=alt.Shape("compared:N").scale(
                domain=["cannot be told apart", "more than its mix explains", "less than its mix explains"],
                range=["circle", "triangle-up", "triangle-down"],
            ),
            tooltip=[alt.Tooltip("name:N", title="Team"), "n:Q", alt.Tooltip("ratio:Q", format=".2f"), "compared:N"],
        )
    )
    named = points.transform_filter("datum.chosen")
    label = named.mark_text(align="left", dx=8).encode(text="name:N", shape=alt.value("circle"))
    return alt.layer(*outer, *inner, points, named.mark_point(size=140, color=GREY), label).properties(
        height=260, width="container"
    )


def path(spans: pl.DataFrame, happened: pl.DataFrame) -> Drawn:
    """A ticket's way: who held it when, and what happened on it.

    `spans`: team, start, end. `happened`: at, team, what, label. Times are the team's own clock.
    """
    order = spans["team"].unique(maintain_order=True).to_list()
    lane = alt.Y("team:N").title(None).sort(order).axis(labelLimit=160)
    held = (
        alt.Chart(spans)
        .mark_bar(height=10, color=GREY, opacity=0.45, cornerRadius=3)
        .encode(
            alt.X("start:T").title(None).axis(labelOverlap=True),
            alt.X2("end:T"),
            lane,
            tooltip=[
                "team:N",
                alt.Tooltip("start:T", format="%-d %b %H:%M"),
                alt.Tooltip("end:T", format="%-d %b %H:%M"),
            ],
        )
    )
    points = (
        alt.Chart(happened)
        .mark_point(filled=True, size=90, color=GREY, opacity=1)
        .encode(
            alt.X("at:T"),
            lane,
            shape=alt.Shape("what:N").scale(domain=list(_PATH_SHAPES), range=list(_PATH_SHAPES.values())),
            tooltip=[alt.Tooltip("label:N", title="What"), alt.Tooltip("at:T", title="When", format="%-d %b %Y %H:%M")],
        )
    )
    labels = points.mark_text(dy=-14, align="center").encode(text="label:N", shape=alt.value("circle"))
    shown = labels.transform_filter("datum.named")
    return alt.layer(held, points, shown).properties(height=max(90, 46 * len(order)), width="container")


def context(frame: pl.DataFrame, measures: dict[str, tuple[str, str]], *, since: date, until: date) -> alt.VConcatChart:
    """What surrounds a team's signs, one low panel a measure, all on the one time axis from `since` to `until`.

    `frame`: week and one column a measure. `measures`: column -> (title, number format). Nulls are gaps.
    """
    panels = [
        _panel(frame, column, title, shape, since, until, last=column == list(measures)[-1])
        for column, (title, shape) in measures.items()
    ]
    made: alt.VConcatChart = alt.vconcat(*panels, spacing=8).resolve_scale(x="shared")
    return made


_PATH_SHAPES = {
    "opened": "circle",
    "reply": "square",
    "customer": "triangle-left",
    "passed on": "triangle-right",
    "resolved": "diamond",
    "reopened": "triangle-down",
    "other": "stroke",
}


def _said(series: pl.DataFrame, better: Better) -> pl.DataFrame:
    """The series with what a point is (`tone`: worse, better, calm) and how that is said."""
    rises = pl.col("share") > pl.col("centre")
    worse = rises if better == "lower" else ~rises
    counts = pl.col("outside") & pl.col("mature")
    tone = pl.when(counts & worse).then(pl.lit("worse")).when(counts).then(pl.lit("better")).otherwise(pl.lit("calm"))
    said = (
        pl.when(~pl.col("mature"))
        .then(pl.lit("not final yet"))
        .when(tone == "worse")
        .then(pl.lit("outside the limits: a concern"))
        .when(tone == "better")
        .then(pl.lit("outside the limits: better"))
        .otherwise(pl.lit("within the limits"))
    )
    kept = ("week", "x", "n", "share", "centre", "lower", "upper", "mature")
    shown = pl.when("mature").then(tone).otherwise(pl.lit("not final"))
    drawn = series.filter(pl.col("n") > 0)
    return drawn.select(*kept, tone.alias("tone"), shown.alias("shown"), said.alias("said"))


def _top(drawn: pl.DataFrame, least: float) -> float:
    seen = (
        drawn.select(pl.max_horizontal(pl.col("share").max(), pl.col("upper").max())).item() if drawn.height else None
    )
    return max(least, nice_top(seen))


def _limits(base: alt.Chart) -> list[alt.Chart]:
    band = base.mark_area(color=GREY, opacity=0.16, interpolate="step").encode(alt.Y("lower:Q"), alt.Y2("upper:Q"))
    upper = base.mark_line(color=GREY, strokeWidth=0.8, opacity=0.8, interpolate="step").encode(alt.Y("upper:Q"))
    expected = base.mark_line(color=GREY, strokeWidth=1.5, strokeDash=[5, 3]).encode(alt.Y("centre:Q"))
    return [band, upper, expected]


def _points(base: alt.Chart, size: int = 34) -> alt.Chart:
    tones: list[Tone] = ["worse", "better", "calm"]
    colours = [COLOURS[tone] for tone in tones]
    points: alt.Chart = base.mark_point(strokeWidth=1.5).encode(
        stroke=alt.Stroke("tone:N").scale(domain=tones, range=colours),
        fill=alt.Fill("shown:N").scale(domain=[*tones, "not final"], range=[*colours, "transparent"]),
        shape=alt.Shape("tone:N").scale(domain=tones, range=[SHAPES[tone] for tone in tones]),
        size=alt.condition("datum.tone == 'calm'", alt.value(size / 2), alt.value(size * 2.4)),
        opacity=alt.condition("datum.mature", alt.value(1), alt.value(0.7)),
        tooltip=_TIP,
    )
    return points


def _label_expected(base: alt.Chart) -> list[alt.Chart]:
    """Direct labels at the right end of the expected line and the upper limit."""
    last = base.transform_window(place="rank()", sort=[alt.SortField("week", order="descending")]).transform_filter(
        "datum.place == 1"
    )
    text: dict[str, Any] = {"align": "left", "dx": 8, "baseline": "middle"}
    expected = last.mark_text(**text).encode(alt.Y("centre:Q"), text=alt.value("expected"))
    limit = last.mark_text(**text).encode(alt.Y("upper:Q"), text=alt.value("limit"))
    return [expected, limit]


def _upright(marks: Sequence[Mark]) -> list[alt.Chart]:
    frame = pl.DataFrame({"week": [mark.at for mark in marks], "label": [mark.label for mark in marks]})
    base = alt.Chart(frame).encode(alt.X("week:T"), tooltip=[alt.Tooltip("label:N", title="Coaching")])
    rule = base.mark_rule(strokeDash=[2, 2], color=GREY, strokeWidth=1.5)
    label = base.mark_text(align="left", dx=4, dy=-4, baseline="bottom").encode(y=alt.value(0), text="label:N")
    return [rule, label]


def _funnel_lines(limits: pl.DataFrame, columns: tuple[str, str], dash: list[int]) -> list[alt.Chart]:
    base = alt.Chart(limits).encode(alt.X("n:Q"))
    return [base.mark_line(color=GREY, strokeWidth=1, strokeDash=dash).encode(alt.Y(f"{name}:Q")) for name in columns]


def _panel(frame: pl.DataFrame, column: str, title: str, shape: str, since: date, until: date, *, last: bool) -> Drawn:
    days = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in (since, until)]
    axis = alt.Axis(format=_DAY, labels=last, ticks=last)
    base = alt.Chart(frame.select("week", column)).encode(
        alt.X("week:T").title(None).axis(axis).scale(domain=days),
        alt.Y(f"{column}:Q").title(None).axis(format=shape, tickCount=2).scale(zero=True),
        tooltip=[alt.Tooltip("week:T", format="%-d %b %Y"), alt.Tooltip(f"{column}:Q", title=title, format=shape)],
    )
    line = base.mark_line(color=GREY, strokeWidth=1.5, invalid="break-paths-show-path-domains")
    return alt.layer(line).properties(height=44, title=alt.Title(title, fontWeight="normal"))


def tone_of(direction: str | None) -> Tone:
    """The tone of a reading's direction: worse, better, or calm where there is none."""
    return "worse" if direction == "worse" else "better" if direction == "better" else "calm"


def colour_of(direction: str | None) -> str:
    """The colour that goes with a direction; always shown beside its word."""
    return {"worse": ORANGE, "better": BLUE}.get(direction or "", GREY)
