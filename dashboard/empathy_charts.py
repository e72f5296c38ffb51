"""How the traits are drawn: three marks and their intervals a trait; the journey as a grid of numbers. No Streamlit.

All of it reads in black and white: each side has a shape and its word, each cell its number.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts import Drawn
from dashboard.theme import GREY

# Side -> the word at its lane, and its shape. Customers are the filled one: theirs is the verdict.
SIDES = {"customers": ("Customers", "diamond"), "team": ("The team", "square"), "tickets": ("Tickets", "circle")}
SEVERAL = {"team": "The teams"}
LANE = 24
BELOW = 30  # pixels for the scale and the padding: the height that is asked for holds them too
SMALL = 11  # of the grid's labels: seven steps beside a trait's name must stand on a phone
_WORDS = 68  # pixels for the word at each lane, the same in every trait, so that all scales stand below one another


def three_views(row: Mapping[str, Any], several: bool) -> Drawn | None:
    """One trait: what customers say, what the team says of itself, what the tickets show; 0 to 100%. None: no mark."""
    told = [
        {
            "side": _word(side, several),
            "share": row[f"{side}_share"],
            "low": row[f"{side}_low"],
            "high": row[f"{side}_high"],
        }
        for side in SIDES
    ]
    frame = pl.DataFrame(
        told, schema={"side": pl.String, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    ).with_columns(said=pl.col("share").map_elements(lambda share: f"{100 * share:.0f}%", return_dtype=pl.String))
    if not frame["share"].count():
        return None
    names = [_word(side, several) for side in SIDES]
    lane = alt.Y("side:N").title(None).sort(names).scale(domain=names)
    lane = lane.axis(
        minExtent=_WORDS, maxExtent=_WORDS, grid=False, labelOverlap=False, labelFlush=False, labelBound=False
    )
    base = alt.Chart(frame.drop_nulls("share")).encode(lane)
    percents = alt.Axis(format="%", values=[0, 0.5, 1], grid=True, gridOpacity=0.35, title=None)
    scale = alt.Scale(domain=[0, 1], nice=False)
    tip = [
        alt.Tooltip("side:N", title="Who"),
        alt.Tooltip("share:Q", title="Share", format=".0%"),
        alt.Tooltip("low:Q", title="At least", format=".0%"),
        alt.Tooltip("high:Q", title="At most", format=".0%"),
    ]
    reach = base.mark_rule(color=GREY, strokeWidth=2).encode(
        alt.X("low:Q", scale=scale, axis=percents), alt.X2("high:Q"), tooltip=tip
    )
    mark = base.mark_point(size=110, strokeWidth=2, stroke=GREY, opacity=1).encode(
        alt.X("share:Q", scale=scale),
        shape=alt.Shape("side:N").scale(domain=names, range=[shape for _, shape in SIDES.values()]),
        fill=alt.condition(alt.datum.side == names[0], alt.value(GREY), alt.value("transparent")),
        tooltip=tip,
    )
    number = base.mark_text(align="left", dx=8).encode(x=alt.value("width"), text="said:N")
    made = alt.layer(reach, mark, number).properties(height=LANE * len(SIDES) + BELOW, width="container")
    return made.properties(padding={"left": 0, "right": 40, "top": 4, "bottom": 4})


def grid(cells: pl.DataFrame, stages: Sequence[str], traits: Mapping[str, str]) -> Drawn:
    """The journey: a cell for each step and trait, with the customers' share above and the team's own rating below.

    `cells`: stage, trait, share, own_score, null where unknown; `traits`: key -> name, in their order.
    """
    rows = ["|".join(wrap(name.split(",")[0], 15)) for name in traits.values()]
    columns = ["|".join(wrap(stage, 7)) for stage in stages]
    named, steps_named = dict(zip(traits, rows, strict=True)), dict(zip(stages, columns, strict=True))
    frame = cells.select(
        "share",
        pl.col("stage").replace_strict(steps_named, return_dtype=pl.String).alias("step"),
        pl.col("trait").replace_strict(named, return_dtype=pl.String).alias("row"),
        said=pl.col("share").map_elements(lambda share: f"{100 * share:.0f}%", return_dtype=pl.String),
        own=pl.col("own_score").map_elements(lambda score: f"{score:.1f}", return_dtype=pl.String),
    )
    lines = alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelOverlap=False,
        labelLimit=200,
        labelFontSize=SMALL,
        ticks=False,
        grid=False,
    )
    # Of two lines the second hangs below the first: so much room is left for it above the cells.
    steps = alt.Axis(
        labelExpr="split(datum.label, '|')",
        labelAngle=0,
        orient="top",
        ticks=False,
        labelOverlap=False,
        labelFlush=False,
        labelFontSize=SMALL,
        labelPadding=18,
    )
    base = alt.Chart(frame).encode(
        alt.X("step:N", axis=steps).title(None).sort(columns).scale(domain=columns),
        alt.Y("row:N", axis=lines).title(None).sort(rows).scale(domain=rows),
    )
    shade = base.mark_rect(color=GREY, stroke="transparent").encode(
        opacity=alt.condition(
            "isValid(datum.share)", alt.Opacity("share:Q").scale(domain=[0, 1], range=[0, 0.5]), alt.value(0)
        )
    )
    said = base.mark_text(dy=-8).encode(text="said:N")
    own = base.mark_text(dy=9).encode(text="own:N", opacity=alt.value(0.85))
    return alt.layer(shade, said, own).properties(
        height=46 * len(rows), width="container", padding={"left": 0, "right": 0, "top": 0, "bottom": 4}
    )


def _word(side: str, several: bool) -> str:
    return SEVERAL.get(side, SIDES[side][0]) if several else SIDES[side][0]
