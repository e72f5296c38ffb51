"""Whether a team can be told apart from the others: the funnel, of one team among all, or of branches' teams unnamed.

Pure, as dashboard/charts.py: frames in, Altair out. No ranking: within the funnel nobody lies before anybody.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import polars as pl

from dashboard.charts import PADDING, Drawn, nice_top
from dashboard.pictures import INK, SHARE_AXIS
from dashboard.theme import GREY
from metrics.funnel import Z95, Z998, share_at, spread_of_shares

# Up to so many groups of teams are told apart by shape; of more none is.
GROUP_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
FOUR_WEEKS = "Tickets in the four weeks"


@dataclass(frozen=True, eq=False)
class Funnel:
    """What is drawn: `placed`, each team at n and at (with chosen, group), and the `lines` by n."""

    placed: pl.DataFrame
    lines: pl.DataFrame
    most: float
    top: float


def laid_out(readings: pl.DataFrame, chosen: str = "") -> Funnel:
    """The funnel as numbers: see `funnel`."""
    known = readings.drop_nulls(["x", "n", "mix_expected"]).filter(pl.col("n") > 0)
    target, tau2 = spread_of_shares(known["x"], known["n"], known["mix_expected"])
    told = known.drop_nulls("compared_z")
    placed = told.with_columns(
        at=pl.Series(share_at(told["compared_z"], told["n"], target, tau2), dtype=pl.Float64),
        chosen=pl.col("team_id") == chosen,
    )
    most = float(told["n"].max() or 100) * 1.08  # type: ignore[arg-type]  # a column of numbers
    lines = _funnel_lines(most, target, tau2)
    top = nice_top(max([0.0, *placed["at"].to_list(), *lines.filter(pl.col("n") >= most / 5)["high"].to_list()]))
    return Funnel(placed, lines, most, top)


def funnel(
    readings: pl.DataFrame,
    chosen: str = "",
    *,
    height: int = 260,
    across: str = FOUR_WEEKS,
    groups: Sequence[str] = (),
    filled: str | None = None,
) -> Drawn:
    """Each team by its tickets and its share at the company's mix; within the funnel they cannot be told apart.

    `readings`: those of one sign that is a share: team_id, name, x, n, mix_expected, compared_z (null: too few). A
    team lies as far from the middle as its reading says in standard errors. The band is what 95 of 100 teams that
    differ as teams do anyway lie within, the dashed lines 998 of 1000. Only the chosen one is named: no ranking.
    `groups`: the values of a column `group`, each of which has its shape; the group `filled` is filled.
    """
    drawn = laid_out(readings, chosen)
    x = alt.Scale(domain=[0, drawn.most], nice=False)
    y = alt.Y("low:Q").title(None).axis(**SHARE_AXIS).scale(domain=[0, drawn.top], nice=False)
    base = alt.Chart(drawn.lines).encode(alt.X("n:Q").title(across).scale(x).axis(format=",d"))
    band = base.mark_area(color=GREY, opacity=0.16, clip=True).encode(y, alt.Y2("high:Q"))
    outer = base.mark_line(color=GREY, strokeWidth=1, strokeDash=[4, 3], clip=True)
    far = [outer.encode(alt.Y(f"{end}:Q")) for end in ("least", "most")]
    middle = base.mark_line(color=GREY, strokeWidth=1.5).encode(alt.Y("middle:Q"))
    teams = alt.Chart(drawn.placed).encode(alt.X("n:Q").scale(x), alt.Y("at:Q"))
    marks = _marks(teams, groups, filled).transform_filter("!datum.chosen")
    mine = teams.transform_filter("datum.chosen")
    mark = mine.mark_point(color=INK, filled=True, size=150, shape="diamond", opacity=1)
    label = mine.mark_text(dy=-14, fontWeight="bold").encode(text="name:N")
    words = _apart(drawn.lines, drawn.most)
    return alt.layer(band, *far, middle, marks, *words, mark, label).properties(
        height=height, width="container", padding=PADDING
    )


def _marks(teams: alt.Chart, groups: Sequence[str], filled: str | None) -> alt.Chart:
    marks: alt.Chart = teams.mark_point(color=GREY, size=44, strokeWidth=1.5)
    if groups:
        shapes = alt.Shape("group:N").scale(domain=list(groups), range=list(GROUP_SHAPES[: len(groups)]))
        marks = marks.encode(shape=shapes)
    if filled is not None:
        own = f"datum.group === {json.dumps(filled)}"  # as JSON, so that no name becomes part of a program
        marks = marks.encode(fill=alt.condition(own, alt.value(INK), alt.value("transparent")))
    return marks


def _funnel_lines(most: float, target: float, tau2: float) -> pl.DataFrame:
    """n; low, high: 95%; least, most: 99.8%; middle. From ten tickets on: with fewer nothing is said of a team."""
    n = np.geomspace(10, max(most, 20), 60 if np.isfinite(target) else 0)
    ends = {"low": -Z95, "high": Z95, "least": -Z998, "most": Z998}
    limits = {name: share_at(z, n, target, tau2) for name, z in ends.items()}
    return pl.DataFrame({"n": n, "middle": np.full(len(n), target)} | limits)


def _apart(lines: pl.DataFrame, most: float) -> list[alt.Chart]:
    """The words in the funnel, where it is still wide and near its edge, where few teams lie."""
    place = (
        lines.filter(pl.col("n") >= most * 0.45).head(1).select("n", at=0.2 * pl.col("middle") + 0.8 * pl.col("high"))
    )
    text = alt.Chart(place).mark_text(baseline="middle", fontStyle="italic")
    return [text.encode(alt.X("n:Q"), alt.Y("at:Q"), text=alt.value("cannot be told apart"))]
