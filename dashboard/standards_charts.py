"""How often a standard was kept, as a dot plot: one row a team or category, in alphabetical order, never by size.

Pure, as dashboard/charts.py: frames in, Altair out.
"""

from typing import Any

import altair as alt
import polars as pl

from dashboard.charts import PADDING, Drawn
from dashboard.theme import GREY

ROW, FOOT = 26, 64  # pixels a row, and for the axis below them: the page fits all of it into the height
_TIP = [
    alt.Tooltip("kept:Q", title="In time", format=","),
    alt.Tooltip("n:Q", title="Of", format=","),
    alt.Tooltip("share:Q", title="Share", format=".1%"),
    alt.Tooltip("low:Q", title="From", format=".1%"),
    alt.Tooltip("high:Q", title="To", format=".1%"),
]


def kept(frame: pl.DataFrame) -> Drawn:
    """`frame`: name, kept, n, share, low, high, in the order of the rows. All grey: this is no verdict."""
    order = frame["name"].to_list()
    names: dict[str, Any] = {
        "labelLimit": 168,
        "grid": False,
        "ticks": False,
        "labelPadding": 8,
        "labelBound": False,
        "labelOverlap": False,
    }
    y = alt.Y("name:N").title(None).sort(order).axis(**names)
    scale = alt.Scale(domain=[0, 1], nice=False)
    x = (
        alt.X("share:Q")
        .title("resolved within the standard")
        .axis(format="%", grid=True, gridOpacity=0.35)
        .scale(scale)
    )
    base = alt.Chart(frame).encode(y)
    interval = base.mark_rule(color=GREY, strokeWidth=2).encode(alt.X("low:Q").scale(scale), alt.X2("high:Q"))
    point = base.mark_point(filled=True, color=GREY, size=64, opacity=1).encode(x, tooltip=_TIP)
    drawn: Drawn = alt.layer(interval, point)
    return drawn.properties(height=ROW * max(len(order), 1) + FOOT, width="container", padding=PADDING)
