"""What is drawn along time beside the signs: a ticket's way through the teams, and what surrounds a team."""

from datetime import date, timedelta

import altair as alt
import polars as pl

from dashboard.charts import DAY, PADDING, ROOM, Drawn, weeks_axis
from dashboard.theme import GREY

HOUR, DAYS = f"{DAY} %H:%M", timedelta(days=3)
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


def context(frame: pl.DataFrame, measures: dict[str, tuple[str, str]], span: tuple[date, date]) -> Drawn:
    """What surrounds a team's signs, one low lane a measure, all on the weeks of `span`, as the signs' charts.

    `frame`: week and one column a measure. `measures`: column -> (title, format of Python). Each lane goes from 0 to
    its highest; what its last week was is written beside its title. Nulls are gaps.
    """
    lanes = pl.concat(
        _lane(
            frame.select("week", pl.col(column).cast(pl.Float64).alias("value")), title, how, len(measures) - 1 - place
        )
        for place, (column, (title, how)) in enumerate(measures.items())
    )
    hidden = alt.Axis(labels=False, ticks=False, grid=False, title=None, minExtent=ROOM, maxExtent=ROOM)
    y = alt.Y("y:Q").axis(hidden).scale(domain=[0, len(measures)], nice=False)
    base = alt.Chart(lanes).encode(weeks_axis(span), y, detail="lane:N")
    line = base.mark_line(color=GREY, strokeWidth=1.5, invalid="break-paths-filter-domains").encode(
        tooltip=[alt.Tooltip("title:N", title="What"), alt.Tooltip("week:T", format=DAY), alt.Tooltip("told:N")]
    )
    heads = lanes.group_by("lane", maintain_order=True).agg(pl.col("head").first())
    floor_at = alt.Y("lane:Q").scale(domain=[0, len(measures)])
    floors = alt.Chart(heads).mark_rule(color=GREY, opacity=0.35).encode(floor_at)
    named = alt.Chart(heads.with_columns(pl.col("lane") + 0.8)).mark_text(align="left", dx=2)
    title = named.encode(floor_at, x=alt.value(0), text="head:N")
    return alt.layer(floors, line, title).properties(height=46 * len(measures) + 24, width="container", padding=PADDING)


def _lane(values: pl.DataFrame, title: str, how: str, lane: int) -> pl.DataFrame:
    known = values["value"].drop_nulls()
    last = format(known[-1], how) if len(known) else "unknown"
    top = pl.col("value").max()
    scaled = pl.when(top > 0).then(pl.col("value") / top * 0.6).otherwise(pl.col("value") * 0.0)
    return values.sort("week").with_columns(
        y=lane + scaled,
        lane=pl.lit(float(lane)),
        title=pl.lit(title),
        told=pl.col("value").map_elements(lambda value: format(value, how), return_dtype=pl.String),
        head=pl.lit(f"{title}: {last}"),
    )
