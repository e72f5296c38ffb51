"""Handoffs -> Altair charts: who passes to whom as a flow and as a matrix, and of what kind. No Streamlit.

All in grey: a wide band is much, not bad. What a band or a field is of stands in words beside it, so that it can be
read in black and white.
"""

from collections.abc import Mapping

import altair as alt
import polars as pl

from dashboard.charts import PADDING, Drawn
from dashboard.flow_words import KINDS, name
from dashboard.theme import GREY
from metrics.flows import GROUPS

ROUTES = 12  # bands of a flow that an eye can follow
TEAMS = 10  # rows of a matrix
_STEPS = 24  # points of a band's curve
_LABEL = 32  # pixels that a team's two lines take


def flow(pairs: pl.DataFrame, names: Mapping[str, str]) -> Drawn:
    """The largest routes as bands from the team that passed on (left) to the one that received (right).

    `pairs`: from_team, to_team, handoffs, the largest first.
    """
    drawn = pairs.head(ROUTES)
    bands, left, right = laid_out(drawn)
    depth = max(*left["bottom"], *right["bottom"])
    points = pl.concat(_band(row) for row in bands.iter_rows(named=True))
    area = (
        alt.Chart(points)
        .mark_area(color=GREY, opacity=0.5, stroke="currentColor", strokeWidth=0.5)
        .encode(
            alt.X("x:Q").axis(None).scale(domain=[-0.7, 1.7], nice=False),
            alt.Y("top:Q", stack=None).axis(None).scale(domain=[0, depth], nice=False, reverse=True),
            alt.Y2("bottom:Q"),
            alt.Detail("route:Q"),
        )
    )
    layers = [area]
    for side, x in ((left, 0.0), (right, 1.0)):
        ends = side.with_columns(x=pl.lit(x), said=_named(side, names), middle=(pl.col("top") + pl.col("bottom")) / 2)
        base = alt.Chart(ends).encode(alt.X("x:Q"))
        layers.append(base.mark_rule(strokeWidth=4, color=GREY).encode(alt.Y("top:Q"), alt.Y2("bottom:Q")))
        beside = base.mark_text(align="left" if x else "right", dx=8 if x else -8, baseline="middle", lineBreak="\n")
        layers.append(beside.encode(alt.Y("middle:Q"), text="said:N"))
    height = _pixels(max(left.height, right.height))
    return alt.layer(*layers).properties(height=height, width="container", padding=PADDING)


def _named(side: pl.DataFrame, names: Mapping[str, str]) -> pl.Series:
    return pl.Series([f"{name(row['team'], names)}\n{row['handoffs']:,}" for row in side.iter_rows(named=True)])


def laid_out(drawn: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The bands (route, and where each begins and ends), and the teams of either side (team, handoffs, top, bottom).

    Teams stand from the one with most handoffs down, a band beside the bands of its team in the other side's order.
    """
    every = sum(drawn["handoffs"].to_list())
    gap = _gap(drawn)
    sides = {end: _side(drawn, end, every, gap) for end in ("from_team", "to_team")}
    bands = drawn.with_row_index("route")
    for end, other in (("from_team", "to_team"), ("to_team", "from_team")):
        mine = sides[end].select(pl.col("team").alias(end), pl.col("top").alias("_top"))
        theirs = sides[other].select(pl.col("team").alias(other), pl.col("top").alias("_order"))
        placed = bands.join(mine, on=end).join(theirs, on=other).sort("_top", "_order")
        share = pl.col("handoffs") / every
        begins = pl.col("_top") + share.cum_sum().over(end) - share
        bands = placed.with_columns(begins.alias(f"{end}_top"), (begins + share).alias(f"{end}_bottom"))
        bands = bands.drop("_top", "_order")
    return bands.sort("route"), sides["from_team"], sides["to_team"]


def _gap(drawn: pl.DataFrame) -> float:
    """The room between two teams, as a share of all bands' height: enough for the label of the smallest."""
    sides = [
        drawn.group_by(end).agg(pl.col("handoffs").sum())["handoffs"].to_list() for end in ("from_team", "to_team")
    ]
    teams, smallest = max(map(len, sides)), min(map(min, sides)) / sum(sides[0])
    room = _pixels(teams) - _LABEL * (teams - 1)
    return float(max(0.03, (_LABEL - smallest * _pixels(teams)) / room))


def _pixels(teams: int) -> int:
    return 80 + 36 * teams


def _side(drawn: pl.DataFrame, end: str, every: int, gap: float) -> pl.DataFrame:
    teams = drawn.group_by(team=end).agg(pl.col("handoffs").sum()).sort("handoffs", "team", descending=[True, False])
    size = pl.col("handoffs") / every
    gaps = pl.int_range(pl.len()) * gap
    return teams.with_columns(top=size.cum_sum() - size + gaps).with_columns(bottom=pl.col("top") + size)


def _band(row: dict[str, float]) -> pl.DataFrame:
    """The upper and lower edge of one band, level at both ends."""
    x = pl.Series("x", [step / _STEPS for step in range(_STEPS + 1)])
    bent = x * x * (3 - 2 * x)
    edges = {
        edge: row[f"from_team_{edge}"] + (row[f"to_team_{edge}"] - row[f"from_team_{edge}"]) * bent
        for edge in ("top", "bottom")
    }
    return pl.DataFrame({"route": [row["route"]] * len(x), "x": x, **edges})


def matrix(found: pl.DataFrame, names: Mapping[str, str]) -> Drawn:
    """Who passed how many to whom: a field a pair, the darker the more, its number in it.

    `found`: metrics.flows.folded. Both sides are in one order: most handoffs first, groups of teams last.
    """
    order = _order(found)
    told = {team: name(team, names) for team in order}
    fields = found.with_columns(
        pl.col(end).replace_strict(told, return_dtype=pl.String) for end in ("from_team", "to_team")
    )
    labels = list(told.values())
    x = (
        alt.X("to_team:N")
        .sort(labels)
        .title("to")
        .axis(orient="top", labelAngle=-40, labelLimit=120, labelOverlap=False, ticks=False)
    )
    y = alt.Y("from_team:N").sort(labels).title("from").axis(labelLimit=140, labelOverlap=False, grid=False)
    shade = alt.Opacity("handoffs:Q").scale(domain=[0, max(found["handoffs"])], range=[0.08, 0.75])
    base = alt.Chart(fields).encode(x, y)
    tip = [
        alt.Tooltip("from_team:N", title="From"),
        alt.Tooltip("to_team:N", title="To"),
        alt.Tooltip("handoffs:Q", title="Handoffs", format=","),
    ]
    squares = base.mark_rect(color=GREY).encode(shade, tooltip=tip)
    numbers = base.mark_text(fontSize=12).encode(text=alt.Text("handoffs:Q", format=","))
    height = 40 + 30 * len(set(fields["from_team"]))
    return alt.layer(squares, numbers).properties(height=height, width="container", padding=PADDING)


def _order(found: pl.DataFrame) -> list[str]:
    ends = pl.concat([found.select(team=end, n="handoffs") for end in ("from_team", "to_team")])
    by_size = ends.group_by("team").agg(pl.col("n").sum()).sort("n", "team", descending=[True, False])["team"].to_list()
    return [team for team in by_size if team not in GROUPS] + [team for team in GROUPS if team in by_size]


def kinds(found: pl.DataFrame) -> Drawn:
    """Of what kind the handoffs were: a bar a kind, in the order in which the first that fits counts."""
    told = found.with_columns(
        what=pl.Series([KINDS[kind][0] for kind in found["kind"]]),
        said=pl.Series([f"{n:,} ({share:.0%})" for n, share in found.select("handoffs", "share").rows()]),
    )
    lane = alt.Y("what:N").sort(told["what"].to_list()).title(None).axis(labelLimit=220, grid=False)
    top = max(1, *found["handoffs"])
    x = alt.X("handoffs:Q").axis(None).scale(domain=[0, top * 1.75], nice=False)
    base = alt.Chart(told).encode(lane, x)
    bars = base.mark_bar(color=GREY, height=14)
    numbers = base.mark_text(align="left", dx=6).encode(text="said:N")
    return alt.layer(bars, numbers).properties(height=26 * found.height, width="container", padding=PADDING)
