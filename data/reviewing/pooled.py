"""Signs read of the company as a whole and of each branch as a whole, over a period: for those who see no single team.

The same counts, the same way of reading: only whom they are counted under differs. Teams of fewer than five people are
in none of the sums, so that nothing about them can be found by subtraction. What is told of a period is of its final
weeks alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from data.ask import Company
from data.filters import Filters
from data.reviewing.periods import Period
from data.roles import FEWEST_IN_BRANCH
from data.scope import Scope
from metrics.arrays import Floats, ratio
from metrics.disclosure import may_show
from metrics.measure import measure_of
from metrics.panel import Panel, panel
from metrics.peers import FEWEST_TEAMS, FEWEST_UNITS, told_apart
from metrics.reading import read
from metrics.series import series
from metrics.sign import Sign, all_signs

COMPANY = "company"
OVER: dict[str, Any] = {
    "sign": pl.String, "unit": pl.String, "first": pl.Date, "last": pl.Date, "weeks": pl.Int64, "x": pl.Int64,
    "n": pl.Int64, "measure": pl.String, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "expected": pl.Float64, "mix_expected": pl.Float64, "status": pl.String, "direction": pl.String,
    "since": pl.Date, "p": pl.Float64, "compared": pl.String, "why": pl.String, "matures_on": pl.Date,
    "trial": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Who takes part in a review: the teams by id with their branch (null: none), and those that are withheld."""

    teams: Mapping[str, str | None]
    withheld: int
    lone: tuple[str, ...]

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches that may be told of, by name: those of two teams or more that may be shown."""
        told = [branch for branch in self.teams.values() if branch is not None and branch not in self.lone]
        return tuple(sorted(set(told)))


def shown(company: Company, scope: Scope, period: Period, branch: str | None = None) -> Shown:
    """The teams of five people or more, both at the period's end and now, that the asker may see."""
    mine = company.teams(scope)
    mine = mine if branch is None else mine.filter(pl.col("branch") == branch)
    large = may_show(company.heads(last_week(company, period)))
    teams = {row["team_id"]: row["branch"] for row in mine.iter_rows(named=True) if row["team_id"] in large}
    of = list(teams.values())
    lone = tuple(sorted({one for one in of if one is not None and of.count(one) < FEWEST_IN_BRANCH}))
    return Shown(teams, mine.height - len(teams), lone)


def last_week(company: Company, period: Period) -> date | None:
    """The last week of the period that the data holds."""
    last = company.freshness().week
    there = [week for week in period.weeks if last is not None and week <= last]
    return there[-1] if there else None


class Pooled:
    """All signs of some units: `units` says by team under which name it is counted."""

    def __init__(self, company: Company, period: Period, units: Mapping[str, str], branches: Mapping[str, str]) -> None:
        """`branches`: by branch under which name what is counted of branches goes."""
        self.company, self.period = company, period
        self.units = tuple(sorted(set(units.values())))
        self._of = dict(units), dict(branches)

    @cached_property
    def panel(self) -> Panel:
        """Their counts up to the period's end, laid out."""
        asked, last = self.company, last_week(self.company, self.period)
        return panel(
            self._counts(),
            asked.as_read(Filters(), last).weeks,
            {key: sign.better for key, sign in all_signs().items()},
            teams=self.units,
            maturity=asked.derived.matures,
            horizon=asked.freshness().whole_to,
            until=last,
            how={key: sign.how() for key, sign in all_signs().items()},
        )

    def _counts(self) -> pl.DataFrame:
        teams, branches = self._of
        asked = self.company
        # What was read under another id in earlier weeks belongs to the same sum.
        teams = teams | {past: teams[now] for past in asked.told.members if (now := asked.unit(past)) in teams}
        after = (asked.freshness().week or date.min) + timedelta(weeks=1)
        of_teams = [
            asked.counts_of(key, date.min, after, answered=True)
            for key, sign in all_signs().items()
            if sign.unit == "team"
        ]
        both = [(pl.concat(of_teams), teams), (asked.derived.of_branches, branches)]
        named = [
            rows.with_columns(
                pl.col("sign", "team_id").cast(pl.String),
            ).filter(pl.col("team_id").is_in(list(known)), pl.col("sign").is_in(list(all_signs())))
            .with_columns(pl.col("team_id").replace_strict(known, default=None, return_dtype=pl.String))
            for rows, known in both
        ]  # fmt: skip
        shared = [name for name in named[0].columns if name not in ("x", "n")]
        return (
            pl.concat([rows.select(*shared, "x", "n") for rows in named]).group_by(shared).agg(pl.col("x", "n").sum())
        )

    def series(self, sign: str, unit: str) -> pl.DataFrame:
        """Week by week: the columns of metrics.reading.Series."""
        return series(self.panel, sign, unit)

    def over(self) -> pl.DataFrame:
        """One row a sign and unit, `OVER`: the period's final weeks summed, how that compares, and what has changed.

        `expected` is from the unit's own past at its mix, `mix_expected` from all units at its mix. `status`,
        `direction`, `since` as of the period's last final week. Where no week of the period is final: why, and when.
        """
        lacking = self.company.lacking()
        told = {(row["sign"], row["team_id"]): row for row in read(self.panel, missing=lacking).iter_rows(named=True)}
        rows = [
            self._over(all_signs()[key], unit, told[key, unit]) for key in all_signs() for unit in self.units
            if (key, unit) in told
        ]  # fmt: skip
        return self._compared(pl.DataFrame(rows, schema=OVER))

    def _over(self, sign: Sign, unit: str, reading: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {"sign": sign.key, "unit": unit, "measure": sign.measure}
        if reading["status"] == "not measured":
            return row | {"status": "not measured", "why": reading["why"]}
        weeks = self.series(sign.key, unit).filter(pl.col("week").is_in(list(self.period.weeks)), "mature")
        known = weeks.filter(pl.col("n") > 0)
        if known.is_empty():
            return row | self._unsaid(sign, reading, final=weeks.height > 0)
        x, n = int(known["x"].sum()), int(known["n"].sum())
        low, high = (
            float(end[0]) for end in measure_of(sign.measure).interval(np.array([x * 1.0]), np.array([n * 1.0]))
        )
        said = {name: reading[name] for name in ("status", "direction", "since", "p", "why", "trial")}
        return row | said | {
            "first": known["week"].min(), "last": known["week"].max(), "weeks": known.height, "x": x, "n": n,
            "share": x / n, "low": _known(low), "high": _known(high),
            "expected": _weighted(known, "centre"), "mix_expected": _weighted(known, "expected"),
        }  # fmt: skip

    def _unsaid(self, sign: Sign, reading: Mapping[str, Any], *, final: bool) -> dict[str, Any]:
        if final:
            return {"status": "too few to say", "why": f"there was no {sign.thing} of this kind"}
        last = last_week(self.company, self.period)
        when = self.company.final_on(sign.key, last) if last else None
        return {"status": "not matured", "why": "no week of it is final yet", "matures_on": when}

    def _compared(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Can the units be told apart over the period? Only where there are enough of them."""
        words: dict[tuple[str, str], str] = {}
        for key in all_signs():
            words |= {(key, unit): word for unit, _, word in apart(self.panel, key, self.period.weeks)}
        pairs = zip(rows["sign"], rows["unit"], strict=True)
        return rows.with_columns(compared=pl.Series([words.get(pair) for pair in pairs], dtype=pl.String))


def apart(laid_out: Panel, sign: str, weeks: Sequence[date]) -> list[tuple[str, float, str]]:
    """(unit, z, word) of those with enough tickets in `weeks`: does each differ from what its mix explains?"""
    cells, x, n, expected, variance = over_weeks(laid_out, sign, weeks)
    how = laid_out.how_of(sign)
    fewest = FEWEST_TEAMS if how.measure == "share" and how.rhythm == "week" else FEWEST_UNITS
    usable = np.flatnonzero((n >= 10) & (expected > 0) & ((expected < n) | (how.measure != "share")))
    if len(usable) < fewest:
        return []
    mix = ratio(expected[usable], n[usable])
    z, out = told_apart(x[usable], n[usable], mix, variance[usable], measure_of(how.measure))
    said = [
        "cannot be told apart" if not far else f"{'more' if at > 0 else 'less'} than its mix explains"
        for at, far in zip(z, out, strict=True)
    ]
    return [(cells[int(place)], float(at), word) for place, at, word in zip(usable, z, said, strict=True)]


def over_weeks(laid_out: Panel, sign: str, weeks: Sequence[date]) -> tuple[list[str], Floats, Floats, Floats, Floats]:
    """(units, x, n, expected by mix, variance by mix) of one sign, summed over the final ones of `weeks`."""
    mine = np.flatnonzero((laid_out.cells["sign"] == sign).to_numpy())
    within = np.array([week in set(weeks) for week in laid_out.weeks], dtype=bool)
    n = laid_out.n[mine][:, within]
    fair = np.nansum(np.where(n > 0, n * laid_out.share[mine][:, within], 0.0), axis=1)
    room = np.nansum(np.where(n > 0, laid_out.variance[mine][:, within], 0.0), axis=1)
    units = laid_out.cells["team_id"].gather(mine).to_list()
    return units, laid_out.x[mine][:, within].sum(axis=1), n.sum(axis=1), fair, room


def _weighted(rows: pl.DataFrame, name: str) -> float | None:
    known = rows.drop_nulls(name)
    n = float(known["n"].sum())
    return float((known["n"] * known[name]).sum()) / n if n else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
