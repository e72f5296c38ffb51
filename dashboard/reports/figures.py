"""The charts of a review: the same that the pages show, kept as their specification, as a drawing, and as numbers.

The drawing is made once, when the review is frozen: a later version of the drawing library changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from dashboard import charts, measures, words
from dashboard.charts import Mark
from dashboard.funnels import GROUP_SHAPES, funnel, laid_out
from dashboard.reports import said
from dashboard.reports.gathered import Gathered
from data.ask import Company
from data.filters import Filters
from data.reviewing.pooled import apart, over_weeks
from metrics.disclosure import may_show
from metrics.panel import Panel
from metrics.sign import Sign, all_signs

FONTS = Path(__file__).parents[1] / "static" / "fonts"
WIDTH, HEIGHT = 400, 180  # pixels of the drawing
HISTORY = 52  # weeks shown before the period's end
FEWEST_TEAMS = 5
Figure = dict[str, Any]


def sign_figure(found: Gathered, key: str, subject: str) -> Figure:
    """One sign of the whole, week by week, with a year of history: where the period begins is marked."""
    sign, row = all_signs()[key], found.over[key]
    series = found.whole.series(key, found.unit)
    last = max(found.weeks)
    known = series.filter(pl.col("n") > 0)["week"].min()
    first = max(last - timedelta(weeks=HISTORY - 1), known if isinstance(known, date) else last)
    first = min(first, found.weeks[0])
    span = (first, last)
    shown = series.filter(pl.col("week").is_between(*span))
    marks = [Mark(found.weeks[0], found.period.key)] if found.weeks[0] > first else []
    spec = charts.p_chart(shown, sign.better, span=span, marks=marks, height=HEIGHT).to_dict()
    told = said.sentence(row, sign, subject, found.period)
    return _figure(f"sign:{key}", words.heading(sign), told, spec, f"sign:{key}") | {
        "native": _lines(shown, sign),
    }


def _lines(series: pl.DataFrame, sign: Sign) -> dict[str, Any]:
    drawn = measures.as_drawn(series).sort("week")
    final = pl.when("mature").then(pl.col("share"))
    levels = drawn.with_columns(share=final)
    return {
        "kind": "line",
        "format": {"share": "0%", "rate": "#,##0", "dispersion": "0.0", "ratio": "0.00"}[sign.measure],
        "weeks": [week.isoformat() for week in drawn["week"]],
        "series": {
            "Measured": levels["share"].to_list(),
            "Expected": drawn["centre"].to_list(),
            "Upper limit": drawn["upper"].to_list(),
            "Lower limit": drawn["lower"].to_list(),
        },
    }


def funnel_figures(found: Gathered, company: Company) -> dict[str, Figure]:
    """A funnel of the period for each sign that is a share of tickets and has teams enough, by sign."""
    counts = company.as_read(Filters(), max(found.weeks))
    made: dict[str, Figure] = {}
    for key, sign in all_signs().items():
        if sign.measure == "share" and sign.unit == "team" and sign.rhythm == "week" and found.over[key]["n"]:
            frame = _placed(found, company, counts, key)
            if frame.drop_nulls("compared_z").height >= FEWEST_TEAMS:
                made[key] = _funnel(found, sign, frame)
    return made


def _placed(found: Gathered, company: Company, counts: Panel, key: str) -> pl.DataFrame:
    """team_id (a mere number), name (none), x, n, mix_expected, compared_z, compared, group: of teams to be shown."""
    units, x, n, expected, _ = over_weeks(counts, key, found.weeks)
    told = {unit: (z, word) for unit, z, word in apart(counts, key, found.weeks)}
    large = _everyone(found, company)
    rows = [
        {
            "team_id": f"{place}", "name": "", "x": int(a), "n": int(b), "mix_expected": float(e / b),
            "compared_z": told[unit][0] if unit in told else None,
            "compared": told[unit][1] if unit in told else None,
            "group": large[unit],
        }
        for place, (unit, a, b, e) in enumerate(zip(units, x, n, expected, strict=True)) if unit in large and b > 0
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_PLACED)


_PLACED: dict[str, Any] = {
    "team_id": pl.String, "name": pl.String, "x": pl.Int64, "n": pl.Int64, "mix_expected": pl.Float64,
    "compared_z": pl.Float64, "compared": pl.String, "group": pl.String,
}  # fmt: skip
OTHERS = "Other branches"


def _everyone(found: Gathered, company: Company) -> dict[str, str]:
    """Each team's group in the funnel: its branch; in a branch's review all other teams are one group."""
    if found.branch is None:
        return {team: branch or "Teams" for team, branch in found.shown.teams.items()}
    large = may_show(company.heads(max(found.weeks)))
    return {team: found.branch if team in found.shown.teams else OTHERS for team in large}


def _funnel(found: Gathered, sign: Sign, frame: pl.DataFrame) -> Figure:
    groups = sorted(frame["group"].unique())
    drawn = funnel(
        frame.drop("compared"), "", height=HEIGHT + 30, across=f"{sign.thing.capitalize()}s in the period",
        groups=groups if len(groups) <= len(GROUP_SHAPES) else (), filled=found.branch,
    )  # fmt: skip
    told = outside(frame, found.branch, sign.thing)
    figure = _figure(f"funnel:{sign.key}", words.heading(sign), told, drawn.to_dict(), f"sign:{sign.key}")
    legend = []
    if 1 < len(groups) <= len(GROUP_SHAPES):
        shapes = zip(groups, GROUP_SHAPES, strict=False)
        legend = [[name, f"filled {shape}" if name == found.branch else shape] for name, shape in shapes]
    return figure | {"native": _cross(frame, groups), "legend": legend}


def outside(frame: pl.DataFrame, branch: str | None, thing: str = "ticket") -> str:
    """How many teams lie outside of the funnel, by branch; no team is named."""
    told = frame.drop_nulls("compared")
    told = told if branch is None else told.filter(pl.col("group") == branch)
    sides = []
    for word, where in (("more than its mix explains", "above"), ("less than its mix explains", "below")):
        names = told.filter(pl.col("compared") == word)["group"]
        if len(names):
            counts = Counter("" if name in ("Teams", branch) else str(name) for name in names)
            sides.append(f"{said.several(counts)} {'lie' if len(names) > 1 else 'lies'} {where}")
    whole = f"Of {words.count(told.height, 'team')} with enough {thing}s "
    return (
        f"{whole}{' and '.join(sides)} what the mix of tickets explains."
        if sides
        else f"{whole}none can be told apart."
    )


def _cross(frame: pl.DataFrame, groups: Sequence[str]) -> dict[str, Any]:
    """The funnel as numbers: its lines, and each group's points."""
    drawn = laid_out(frame)
    placed, lines = drawn.placed, drawn.lines
    ends = {"Middle": "middle", "95% low": "low", "95% high": "high"}
    return {
        "kind": "xy",
        "format": "0%",
        "lines": {
            name: [[float(a), float(b)] for a, b in lines.select("n", end).iter_rows()] for name, end in ends.items()
        },
        "points": {
            name: [
                [float(a), float(b)] for a, b in placed.filter(pl.col("group") == name).select("n", "at").iter_rows()
            ]
            for name in groups
        },
    }


def _figure(key: str, title: str, told: str, spec: dict[str, Any], see: str) -> Figure:
    return {"key": key, "title": title, "said": told, "spec": spec, "svg": drawing(spec), "see": see, "legend": []}


def drawing(spec: dict[str, Any]) -> str:
    """The specification drawn as SVG in the pack's own width and typeface."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    sized = spec | {"width": WIDTH, "background": None}
    drawn: str = vl_convert.vegalite_to_svg(sized, allowed_base_urls=[])
    return drawn
