"""Readings -> Altair charts. No Streamlit, no words but the labels: what a chart says is in dashboard/words.py.

All of them can be read in black and white: what is outside the limits has a shape of its own, what is not final yet
is hollow, what is expected is dashed. Shares start at 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, inf, log10
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboard import measures
from dashboard.theme import COLOURS, GREY, SHAPES, Tone
from metrics.funnel import Z95

Better = Literal["lower", "higher"]
Drawn = alt.LayerChart | alt.FacetChart
DAY = "%-d %b"
# The same room for every chart's labels, so that the weeks of charts below one another stand below one another.
ROOM = 36
PADDING = {"left": 4, "right": 4, "top": 4, "bottom": 4}
WEEK = timedelta(weeks=1)
LABELLED = 150  # pixels of height from which the lines are labelled
_HEADS = {"share": "Share", "centre": "Expected", "lower": "Lower limit", "upper": "Upper limit"}
_FIRST_HEAD = {"rate": "Counted", "dispersion": "Times chance", "ratio": "Level"}


@dataclass(frozen=True)
class Mark:
    """Something that happened to a team and is drawn as an upright line: a coaching action, an outage."""

    at: date
    label: str


def nice_top(highest: float | None, most: float = 1.0) -> float:
    """The top of an axis: the next round number over `highest`, at most `most`; 0.05 where nothing is known."""
    if not highest or highest <= 0:
        return 0.05
    step = 10 ** floor(log10(highest)) / 2
    top: float = round(ceil(highest * 1.02 / step) * step, 6)
    return min(most, top)


def p_chart(
    series: pl.DataFrame, better: Better, *, span: tuple[date, date], marks: Sequence[Mark] = (), height: int = 180
) -> Drawn:
    """One team and one sign by week: share, expected line, limits; hollow where not final; marks of what was done.

    `series` is metrics.reading's Series, `span` the first and last week of the axis: the same for all that stand on
    one page. Only a chart that is high enough has its lines labelled. `before`, where a lasting change was
    acknowledged, is what would have been expected without it: drawn on, thin and dashed.
    """
    drawn = _said(series, better)
    base = alt.Chart(drawn).encode(weeks_axis(span))
    how = measures.measure_of(series)
    y = alt.Y("share:Q").title(None).axis(**_axis(how)).scale(domain=[0, _top(drawn, how)], nice=False)
    layers: list[alt.Chart] = [
        *_limits(base),
        *_before(measures.as_drawn(series), span, named=height >= LABELLED),
        base.mark_line(strokeWidth=1.5, color=GREY).encode(y).transform_filter("datum.mature"),
        _points(base, how).encode(y),
    ]
    if height >= LABELLED:
        layers += _labels(drawn)
    layers += _upright(marks, span)
    return alt.layer(*layers).properties(height=height, width="container", padding=PADDING)


def sparkline(series: pl.DataFrame, better: Better, *, weeks: int = 26) -> Drawn:
    """The last weeks of a sign, small: line, expected, limits, and the points outside them."""
    drawn = _said(series, better).filter(pl.col("mature")).sort("week").tail(weeks)
    base = alt.Chart(drawn).encode(alt.X("week:T").title(None).axis(format=DAY, tickCount=3, labelOverlap=True))
    how = measures.measure_of(series)
    y = alt.Y("share:Q").title(None).axis(**_axis(how), tickCount=2).scale(domain=[0, _top(drawn, how)], nice=False)
    line = base.mark_line(strokeWidth=1.5, color=GREY).encode(y)
    outside = _points(base, how, size=50).transform_filter("datum.tone != 'calm'").encode(y)
    return alt.layer(*_limits(base), line, outside).properties(height=104, width="container", padding=PADDING)


def beside_others(readings: pl.DataFrame, chosen: str) -> Drawn:
    """A funnel laid level: each team by how far it is from what its mix explains, and by its number of tickets.

    `readings`: those of one sign: team_id, name, n, compared_z, compared. The band is where teams cannot be told
    apart. No team is named but the chosen one: this is no ranking.
    """
    told = readings.drop_nulls(["compared_z", "n"]).with_columns(chosen=pl.col("team_id") == chosen)
    reach = max(4.0, *(abs(z) + 0.5 for z in told["compared_z"]))
    x = alt.X("compared_z:Q").title("less than its mix explains ← → more").axis(labels=False, ticks=False)
    x = x.scale(domain=[-reach, reach], nice=False)
    y = alt.Y("n:Q").title("Tickets").scale(zero=True)
    limits = pl.DataFrame({"low": [-Z95], "high": [Z95]})
    apart = alt.Chart(limits).mark_rect(color=GREY, opacity=0.16).encode(alt.X("low:Q"), alt.X2("high:Q"))
    teams = alt.Chart(told).encode(x, y)
    points = teams.mark_point(color=GREY, size=50, strokeWidth=1.5)
    mine = teams.transform_filter("datum.chosen")
    mark = mine.mark_point(color=GREY, filled=True, size=140, shape="diamond", opacity=1)
    label = mine.mark_text(dy=-14).encode(text="name:N")
    return alt.layer(apart, points, mark, label).properties(height=180, width="container", padding=PADDING)


def _said(series: pl.DataFrame, better: Better) -> pl.DataFrame:
    """The series with what a point is (`tone`: worse, better, calm) and how that is said."""
    series = measures.as_drawn(series)
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
    return series.select(*kept, tone.alias("tone"), shown.alias("shown"), said.alias("said"))


def weeks_axis(span: tuple[date, date]) -> alt.X:
    """The time axis of weeks that all charts of a page share."""
    days = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in span]
    return alt.X("week:T").title(None).axis(format=DAY, labelOverlap=True).scale(domain=days)


def _axis(measure: str) -> dict[str, Any]:
    return {"format": measures.FORMATS[measure][0], "minExtent": ROOM, "maxExtent": ROOM}


def _tip(measure: str) -> list[alt.Tooltip]:
    written = measures.FORMATS[measure][1]
    heads = _HEADS | {"share": _FIRST_HEAD.get(measure, "Share")}
    levels = [alt.Tooltip(f"{name}:Q", title=head, format=written) for name, head in heads.items()]
    counts = [alt.Tooltip("x:Q", title="Counted", format=","), alt.Tooltip("n:Q", title="Of", format=",")]
    week = alt.Tooltip("week:T", title="Week of", format="%-d %b %Y")
    return [week, levels[0], *counts, *levels[1:], alt.Tooltip("said:N", title="Status")]


def _top(drawn: pl.DataFrame, measure: str = "share") -> float:
    highest = drawn.select(pl.max_horizontal(pl.col("share").max(), pl.col("upper").max())).item()
    return nice_top(highest, 1.0 if measure == "share" else inf)


def _limits(base: alt.Chart) -> list[alt.Chart]:
    band = base.mark_area(color=GREY, opacity=0.16, interpolate="step").encode(alt.Y("lower:Q"), alt.Y2("upper:Q"))
    upper = base.mark_line(color=GREY, strokeWidth=0.8, opacity=0.8, interpolate="step").encode(alt.Y("upper:Q"))
    expected = base.mark_line(color=GREY, strokeWidth=1.5, strokeDash=[5, 3]).encode(alt.Y("centre:Q"))
    return [band, upper, expected]


def _points(base: alt.Chart, measure: str = "share", size: int = 34) -> alt.Chart:
    tones: list[Tone] = ["worse", "better", "calm"]
    colours = [COLOURS[tone] for tone in tones]
    points: alt.Chart = base.mark_point(strokeWidth=1.5).encode(
        stroke=alt.Stroke("tone:N").scale(domain=tones, range=colours),
        fill=alt.Fill("shown:N").scale(domain=[*tones, "not final"], range=[*colours, "transparent"]),
        shape=alt.Shape("tone:N").scale(domain=tones, range=[SHAPES[tone] for tone in tones]),
        size=alt.condition("datum.tone == 'calm'", alt.value(size / 2), alt.value(size * 2.4)),
        opacity=alt.condition("datum.mature", alt.value(1), alt.value(0.7)),
        tooltip=_tip(measure),
    )
    return points


def _labels(drawn: pl.DataFrame) -> list[alt.Chart]:
    """Direct labels beside the right end of the expected line and of the upper limit."""
    known = drawn.filter(pl.col("centre").is_not_null()).sort("week").tail(1)
    lines = [("centre", "expected"), ("upper", "limit")]
    return [
        alt.Chart(known.select(column))
        .mark_text(align="left", dx=6, baseline="middle")
        .encode(alt.Y(f"{column}:Q"), x=alt.value("width"), text=alt.value(label))
        for column, label in lines
    ]


def _before(series: pl.DataFrame, span: tuple[date, date], *, named: bool) -> list[alt.Chart]:
    """The old expected line where a lasting change was acknowledged, named where the new one begins."""
    if "before" not in series.columns or series["before"].null_count() == series.height:
        return []
    old = series.select("week", "before", "centre").filter(pl.col("week").is_between(*span)).drop_nulls("before")
    line = alt.Chart(old).mark_line(color=GREY, strokeWidth=0.8, strokeDash=[2, 3], interpolate="step")
    drawn = [line.encode(alt.X("week:T"), alt.Y("before:Q"))]
    begun = series.drop_nulls("centre").sort("week").head(1)
    if named and len(old):
        at: date = begun["week"][0] if len(begun) else span[1]
        place = pl.concat([old.filter(pl.col("week") <= at).tail(1), old.head(1)]).head(1)
        late = at > span[0] + (span[1] - span[0]) / 2
        label = place.with_columns(label=pl.lit(f"expected before {at.day} {at:%b}"))
        under = len(begun) > 0 and place["before"][0] < begun["centre"][0]  # on the side away from the new line
        text = alt.Chart(label).mark_text(
            align="right" if late else "left", dy=12 if under else -8, dx=-4 if late else 4
        )
        drawn.append(text.encode(alt.X("week:T"), alt.Y("before:Q"), text="label:N"))
    return drawn


def _upright(marks: Sequence[Mark], span: tuple[date, date]) -> list[alt.Chart]:
    """An upright line where something was done; its label stands on the side that has room."""
    there = [mark for mark in marks if span[0] <= mark.at <= span[1] + WEEK]
    if not there:
        return []
    late = span[0] + (span[1] - span[0]) * 2 / 3
    frame = pl.DataFrame([{"week": mark.at, "label": mark.label, "late": mark.at > late} for mark in there])
    base = alt.Chart(frame).encode(alt.X("week:T"), tooltip=[alt.Tooltip("label:N", title="Coaching")])
    rule = base.mark_rule(strokeDash=[2, 2], color=GREY, strokeWidth=1.5)
    named = base.encode(y=alt.value(0), text="label:N")
    early = named.mark_text(align="left", dx=-2, dy=-4, baseline="bottom").transform_filter("!datum.late")
    at_the_end = named.mark_text(align="right", dx=2, dy=-4, baseline="bottom").transform_filter("datum.late")
    return [rule, early, at_the_end]
