"""The pictures of verdicts: how an action went beside the teams it is compared with, what a play does on the whole.

Pure, as dashboard/charts.py: frames in, Altair out. They can be read in black and white: lines differ by weight and
dash and are labelled where they end, what is not final yet is hollow, what is taken together is a diamond.
"""

import json
from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts import PADDING, ROOM, Better, Drawn, nice_top, weeks_axis
from dashboard.theme import GREY, TEXT
from metrics.pooling import Pooled

INK = "currentColor"  # the page's own colour of text, light or dark
LINES = ("coached", "compared", "expected")
NAMES = ("this team", "compared teams", "expected")
ROW = 30  # pixels a row of the forest
_SIGNED = "datum.value === 0 ? '0' : format(datum.value, '+')"
_DASH = {"coached": [1, 0], "compared": [1, 0], "expected": [5, 3]}
_WIDTH = {"coached": 2.2, "compared": 1.2, "expected": 1.5}
_COLOUR = {"coached": INK, "compared": GREY, "expected": GREY}
SHARE_AXIS: dict[str, Any] = {"format": "%", "minExtent": ROOM, "maxExtent": ROOM}


def action_chart(
    frame: pl.DataFrame,
    *,
    start: date,
    reviews: Sequence[date] = (),
    height: int = 260,
    names: tuple[str, str, str] = NAMES,
) -> Drawn:
    """An action, week by week: the coached, those they are compared with, and where the coached would have been.

    `frame`: week, coached, compared, expected, low, high (95% interval of expected), all shares or null, and final.
    `start` and `reviews` are drawn upright, those to come too; `names` label coached, compared and expected. The
    lines hold final weeks alone; the coached share of a week that is not final is hollow.
    """
    drawn = frame.sort("week")
    weeks = [day for day in (drawn["week"].min(), drawn["week"].max(), start, *reviews) if isinstance(day, date)]
    span = min(weeks), max(weeks)
    top = nice_top(drawn.select(pl.max_horizontal(pl.col(*LINES, "high").max())).item() if len(drawn) else None)
    y = alt.Scale(domain=[0, top], nice=False)
    base = alt.Chart(drawn).encode(weeks_axis(span))
    band = base.mark_area(color=GREY, opacity=0.2).encode(
        alt.Y("low:Q").title(None).axis(**SHARE_AXIS).scale(y), alt.Y2("high:Q")
    )
    lines = [
        base.mark_line(strokeWidth=_WIDTH[line], strokeDash=_DASH[line], color=_COLOUR[line])
        .encode(alt.Y(f"{line}:Q").scale(y))
        .transform_filter("datum.final")
        for line in LINES
    ]
    points = base.mark_point(size=34, strokeWidth=1.5, color=INK).encode(
        alt.Y("coached:Q").scale(y),
        fill=alt.condition("datum.final", alt.value(INK), alt.value("transparent")),
        tooltip=_tip(names),
    )
    layers = [band, *lines, points, *_ends(drawn, names, top, height), *_dates(start, reviews)]
    return alt.layer(*layers).properties(height=height, width="container", padding=PADDING)


def forest(frame: pl.DataFrame, pooled: Pooled | None = None, *, better: Better = "lower") -> Drawn:
    """Actions of one play, each effect with its interval, and below them all taken together as a diamond.

    `frame`: label, effect, low, high (shares; null where it cannot be said), weeks (how many it rests on: the more, the
    larger its mark), in the order in which they are to stand: that of time, never that of size. The diamond of
    `pooled` is as wide as the interval of the mean effect; its dashed line is where the next action's would lie.
    """
    rows = frame.with_columns(pl.col("effect", "low", "high") * 100, row=-pl.int_range(pl.len()).cast(pl.Float64))
    labels = [*rows["label"], *(["all together"] if pooled else [])]
    foot = 1.0 - len(labels)
    x = alt.Scale(domain=_about_zero(rows, pooled), nice=False)
    y = alt.Scale(domain=[foot - 0.6, 1.1], nice=False)
    across = (
        alt.X("effect:Q")
        .title("points of the share")
        .axis(tickCount=5, tickMinStep=1, grid=False, labelExpr=_SIGNED)
        .scale(x)
    )
    base = alt.Chart(rows).encode(alt.Y("row:Q").title(None).axis(_row_names(labels)).scale(y))
    interval = base.mark_rule(color=GREY, strokeWidth=1.5).encode(alt.X("low:Q").scale(x), alt.X2("high:Q"))
    size = alt.Size("weeks:Q").scale(domain=[0, 13], range=[30, 110], clamp=True)
    point = base.mark_point(filled=True, shape="square", color=GREY, opacity=1).encode(
        across, size=size, tooltip=_FOREST_TIP
    )
    unsaid = base.transform_filter("!isValid(datum.effect)").mark_text(align="left", dx=8)
    layers = [
        _zero(),
        interval,
        point,
        unsaid.encode(x=alt.datum(0), text=alt.value("cannot be said")),
        *(_together(pooled, foot) if pooled else ()),
        *_directions(better),
    ]
    return alt.layer(*layers).properties(height=round(ROW * (1.7 - foot)), width="container", padding=PADDING)


_FOREST_TIP = [
    alt.Tooltip("label:N", title="Action"),
    alt.Tooltip("effect:Q", title="Points", format="+.1f"),
    alt.Tooltip("low:Q", title="From", format="+.1f"),
    alt.Tooltip("high:Q", title="To", format="+.1f"),
    alt.Tooltip("weeks:Q", title="Weeks"),
]


def _tip(names: tuple[str, str, str]) -> list[alt.Tooltip]:
    shares = [
        alt.Tooltip(f"{line}:Q", title=name.capitalize(), format=".1%") for line, name in zip(LINES, names, strict=True)
    ]
    return [
        alt.Tooltip("week:T", title="Week of", format="%-d %b %Y"),
        *shares,
        alt.Tooltip("low:Q", title="Expected, from", format=".1%"),
        alt.Tooltip("high:Q", title="Expected, to", format=".1%"),
        alt.Tooltip("final:N", title="Final"),
    ]


def _ends(drawn: pl.DataFrame, names: tuple[str, str, str], top: float, height: int) -> list[alt.Chart]:
    """Each line's name beside its last final week, moved apart where two would lie over one another."""
    final = drawn.filter("final")
    known = [(line, name, final[line].drop_nulls()) for line, name in zip(LINES, names, strict=True)]
    there = [(line, name, float(values[-1])) for line, name, values in known if len(values)]
    if not there:
        return []
    at = spread_out([value for _, _, value in there], (TEXT + 3) * top / height, top)
    return [
        alt.Chart(pl.DataFrame({"at": [place]}))
        .mark_text(align="left", dx=6, baseline="middle", fontWeight="bold" if line == "coached" else "normal")
        .encode(alt.Y("at:Q"), x=alt.value("width"), text=alt.value(name))
        for (line, name, _), place in zip(there, at, strict=True)
    ]


def spread_out(values: Sequence[float], apart: float, top: float) -> list[float]:
    """`values` moved until they stand `apart` from one another, in their order and none above `top`.

    Where there is no room for all, they stand as far apart as there is room.
    """
    apart = min(apart, top / max(len(values) - 1, 1))
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = [values[i] for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + apart)
    placed[-1:] = [min(placed[-1], top)] if placed else []
    for i in range(len(placed) - 2, -1, -1):
        placed[i] = min(placed[i], placed[i + 1] - apart)
    return [place for _, place in sorted(zip(order, placed, strict=True))]


def _dates(start: date, reviews: Sequence[date]) -> list[alt.Chart]:
    """Upright lines: the start, and the reviews by how many weeks after it they are."""
    ordered = sorted(reviews)
    labels = [f"{(day - start).days // 7}" for day in ordered]
    labels[-1:] = [f"{labels[-1]} weeks"] if labels else []
    marks = pl.DataFrame(
        {"week": [start, *ordered], "label": ["start", *labels], "begin": [True, *[False] * len(labels)]}
    )
    base = alt.Chart(marks).encode(alt.X("week:T"))
    rule = base.mark_rule(color=GREY).encode(
        strokeDash=alt.condition("datum.begin", alt.value([1, 0]), alt.value([2, 3])),
        strokeWidth=alt.condition("datum.begin", alt.value(1.5), alt.value(1)),
    )
    named = base.encode(y=alt.value(0), text="label:N")
    return [
        rule,
        named.mark_text(align="right", dx=2, dy=-4, baseline="bottom").transform_filter("datum.begin"),
        named.mark_text(align="left", dx=-3, dy=-4, baseline="bottom").transform_filter("!datum.begin"),
    ]


def _about_zero(rows: pl.DataFrame, pooled: Pooled | None) -> list[float]:
    """As far to the left of zero as to the right, so that neither side looks like the usual one."""
    ends = [abs(value) for name in ("effect", "low", "high") for value in rows[name].drop_nulls() if isfinite(value)]
    if pooled:
        known = (pooled.low, pooled.high, pooled.next_low, pooled.next_high)
        ends += [abs(value) * 100 for value in known if isfinite(value)]
    reach = max([1.0, *ends]) * 1.08
    return [-reach, reach]


def _row_names(labels: Sequence[str]) -> alt.Axis:
    """The rows' names, as an axis of numbers: only so can a diamond be drawn between two rows."""
    text = f"{json.dumps(list(labels))}[-datum.value]"
    places = [-float(row) for row in range(len(labels))]
    return alt.Axis(
        values=places, tickCount=len(labels), labelExpr=text, grid=False, labelLimit=150, labelOverlap=False
    )


def _zero() -> alt.Chart:
    zero: alt.Chart = alt.Chart(pl.DataFrame({"zero": [0.0]})).mark_rule(color=INK).encode(alt.X("zero:Q"))
    return zero


def _together(pooled: Pooled, row: float) -> list[alt.Chart]:
    """A diamond over the interval of the mean effect; where the next action's would lie as a dashed line."""
    corners = [(pooled.low, 0.0), (pooled.effect, 0.3), (pooled.high, 0.0)]
    shape = pl.DataFrame([{"x": 100 * x, "above": row + up, "below": row - up} for x, up in corners])
    diamond = (
        alt.Chart(shape).mark_area(color=INK, opacity=0.9).encode(alt.X("x:Q"), alt.Y("above:Q"), alt.Y2("below:Q"))
    )
    ahead = pl.DataFrame({"row": [row], "from": [100 * pooled.next_low], "to": [100 * pooled.next_high]})
    line = (
        alt.Chart(ahead).mark_rule(color=INK, strokeDash=[4, 3]).encode(alt.X("from:Q"), alt.X2("to:Q"), alt.Y("row:Q"))
    )
    return [line, diamond] if isfinite(pooled.next_low) else [diamond]


def _directions(better: Better) -> list[alt.Chart]:
    """What lies to either side of zero, in words."""
    left, right = ("helped", "made it worse") if better == "lower" else ("made it worse", "helped")
    blank = alt.Chart(pl.DataFrame({"none": [0]}))
    at_top = {"y": alt.value(0)}
    return [
        blank.mark_text(align="left", baseline="top").encode(x=alt.value(0), text=alt.value(f"← {left}"), **at_top),
        blank.mark_text(align="right", baseline="top").encode(
            x=alt.value("width"), text=alt.value(f"{right} →"), **at_top
        ),
    ]
