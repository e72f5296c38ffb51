"""What is drawn along time beside the signs: a ticket's way through the teams, and what surrounds a team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import altair as alt
import polars as pl

from dashboard.charts import DAY, PADDING, ROOM, WEEK, Drawn, Mark, weeks_axis
from dashboard.theme import GREY

HOUR, DAYS = f"{DAY} %H:%M", timedelta(days=3)
LANE = 0.6  # of a lane's height, for its line: above it stands its title
_PATH_SHAPES = {
    "opened": "circle",
    "reply": "square",
    "customer": "triangle-left",
    "passed on": "triangle-right",
    "resolved": "diamond",
    "reopened": "triangle-down",
    "other": "stroke",
}


def path(spans: pl.DataFrame, happened: pl.DataFrame) -> Drawn:
    """A ticket's way: who held it when, and what happened on it.

    `spans`: team, start, end. `happened`: at, team, what, label, place. Times are the team's own clock.
    """
    order = spans["team"].unique(maintain_order=True).to_list()
    short = (spans["end"].max() - spans["start"].min()) < DAYS if spans.height else False  # type: ignore[operator]
    lane = alt.Y("team:N").title(None).sort(order).axis(labelLimit=160)
    held = (
        alt.Chart(spans)
        .mark_bar(height=10, color=GREY, opacity=0.45, cornerRadius=3)
        .encode(
            alt.X("start:T").title(None).axis(format=HOUR if short else DAY, tickCount=5, labelOverlap=True),
            alt.X2("end:T"),
            lane,
            tooltip=[
                "team:N",
                alt.Tooltip("start:T", format="%-d %b %H:%M"),
                alt.Tooltip("end:T", format="%-d %b %H:%M"),
            ],
        )
    )
    base = alt.Chart(happened).encode(alt.X("at:T"), lane)
    points = base.mark_point(filled=True, size=90, color=GREY, opacity=1).encode(
        shape=alt.Shape("what:N").scale(domain=list(_PATH_SHAPES), range=list(_PATH_SHAPES.values())),
        tooltip=[alt.Tooltip("label:N", title="What"), alt.Tooltip("at:T", title="When", format="%-d %b %Y %H:%M")],
    )
    first = base.mark_text(dy=-14, align="left").encode(text="label:N").transform_filter("datum.place == 'first'")
    last = base.mark_text(dy=-14, align="right").encode(text="label:N").transform_filter("datum.place == 'last'")
    return alt.layer(held, points, first, last).properties(
        height=max(90, 46 * len(order)), width="container", padding=PADDING
    )


@dataclass(frozen=True)
class Line:
    """A band that a lane is held against, and its name."""

    low: float
    high: float
    name: str


def context(
    frame: pl.DataFrame,
    measures: dict[str, tuple[str, str]],
    span: tuple[date, date],
    *,
    lines: Mapping[str, Line] | None = None,
    marks: Sequence[Mark] = (),
) -> Drawn:
    """What surrounds a team's signs, one low lane a measure, all on the weeks of `span`, as the signs' charts.

    `frame`: week and one column a measure. `measures`: column -> (title, format of Python). Each lane goes from 0 to
    its highest, or above its `lines` where it has one; what its last week was is written beside its title. Nulls are
    gaps. `marks` are upright lines through all lanes, numbered from 1 in their order: what they are is told beside.
    """
    held = lines or {}
    count = len(measures)
    lanes = pl.concat(
        _lane(
            frame.select("week", pl.col(column).cast(pl.Float64).alias("value")),
            *told,
            count - 1 - place,
            held.get(column),
        )
        for place, (column, told) in enumerate(measures.items())
    )
    hidden = alt.Axis(labels=False, ticks=False, grid=False, title=None, minExtent=ROOM, maxExtent=ROOM)
    y = alt.Y("y:Q").axis(hidden).scale(domain=[0, count], nice=False)
    base = alt.Chart(lanes).encode(weeks_axis(span), y, detail="lane:N")
    line = base.mark_line(color=GREY, strokeWidth=1.5, invalid="break-paths-filter-domains").encode(
        tooltip=[alt.Tooltip("title:N", title="What"), alt.Tooltip("week:T", format=DAY), alt.Tooltip("told:N")]
    )
    heads = lanes.group_by("lane", maintain_order=True).agg(pl.col("head").first())
    floor_at = alt.Y("lane:Q").scale(domain=[0, count])
    floors = alt.Chart(heads).mark_rule(color=GREY, opacity=0.35).encode(floor_at)
    named = alt.Chart(heads.with_columns(pl.col("lane") + 0.8)).mark_text(align="left", dx=2)
    # Titles begin at the chart's edge: on a phone they need the room that the lanes leave for the signs' labels.
    title = named.encode(floor_at, x=alt.value(2 - ROOM), text="head:N")
    places = {column: count - 1 - place for place, column in enumerate(measures)}
    bands = [
        layer for column, band in held.items() if column in places for layer in _band(places[column], band, floor_at)
    ]
    room = PADDING | ({"top": 20} if marks else {})
    return alt.layer(floors, *bands, line, title, *_numbered(marks, span)).properties(
        height=46 * count + 40 + (20 if marks else 0), width="container", padding=room
    )


def _band(lane: int, band: Line, scale: alt.Y) -> list[alt.Chart]:
    """The band in its lane, named above its right end."""
    top = _top_of(None, band)
    frame = pl.DataFrame({"lane": [lane + LANE * band.low / top], "high": [lane + LANE * band.high / top]})
    drawn = alt.Chart(frame)
    area = drawn.mark_rect(color=GREY, opacity=0.3).encode(scale, alt.Y2("high:Q"))
    name = drawn.mark_text(align="right", baseline="top", dy=2).encode(
        scale, x=alt.value("width"), text=alt.value(band.name)
    )
    return [area, name]


def _numbered(marks: Sequence[Mark], span: tuple[date, date]) -> list[alt.Chart]:
    there = [(mark, number) for number, mark in enumerate(marks, start=1) if span[0] <= mark.at <= span[1] + WEEK]
    if not there:
        return []
    frame = pl.DataFrame([{"week": mark.at, "label": mark.label, "number": str(number)} for mark, number in there])
    base = alt.Chart(frame).encode(alt.X("week:T"), tooltip=[alt.Tooltip("label:N", title="What happened")])
    rule = base.mark_rule(strokeDash=[2, 2], color=GREY, strokeWidth=1.5)
    return [rule, base.mark_text(baseline="bottom", dy=-4).encode(y=alt.value(0), text="number:N")]


def _top_of(highest: float | None, band: Line | None) -> float:
    """What the top of a lane stands for: its highest value, or somewhat more than the band."""
    return max(highest or 0.0, band.high * 1.1 if band else 0.0)


def _lane(values: pl.DataFrame, title: str, how: str, lane: int, band: Line | None) -> pl.DataFrame:
    known = values["value"].drop_nulls()
    last = format(known[-1], how) if len(known) else "unknown"
    top = _top_of(known.max(), band)  # type: ignore[arg-type]  # a column of numbers
    scaled = pl.col("value") / top * LANE if top > 0 else pl.col("value") * 0.0
    return values.sort("week").with_columns(
        y=lane + scaled,
        lane=pl.lit(float(lane)),
        title=pl.lit(title),
        told=pl.col("value").map_elements(lambda value: format(value, how), return_dtype=pl.String),
        head=pl.lit(f"{title}: {last}"),
    )
