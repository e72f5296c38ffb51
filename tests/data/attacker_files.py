"""What the attacker takes from files and lists: the review's workbook and charts, the tickets behind a sign, what was
kept of the standards, what lies behind a change. Each number as a sum of cells, where it may be one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import polars as pl

from dashboard.reports.figures import funnel_figures
from dashboard.reports.frozen import silent
from dashboard.reports.gathered import gather
from dashboard.reports.passports import passports
from dashboard.reports.sheets import sheets
from data import adherence, causes
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.filters import Filters
from data.reviewing.periods import Period, parse
from data.reviewing.pooled import COMPANY
from metrics.suppression import WITHHELD
from tests.data.attacker import EVERYONE, Strata, Told, inside, strata

PERIODS = ("2024-01", "2024-02", "2024-Q1")
WHOLE = "2024-Q1"


@dataclass(frozen=True)
class Reviewed:
    """A review's numbers: the sheets of its workbook, of which its pages and slides tell a part, and its funnels.

    `branches`: by team whose number is in it, its branch.
    """

    period: Period
    branches: dict[str, str | None]
    sheets: dict[str, list[dict[str, Any]]]
    funnels: dict[str, dict[str, Any]]

    def teams_of(self, company: Company, name: str) -> frozenset[str]:
        """The teams of which a branch, or the whole, is a sum."""
        whole = name == COMPANY or name not in self.branches.values()
        units = [unit for unit, branch in self.branches.items() if whole or branch == name]
        return frozenset().union(*(inside(company, unit) for unit in units))


def reviews_of(company: Company, periods: Iterable[str] = PERIODS) -> list[Reviewed]:
    """Every review that can be had of this version: of each period the company's, and each branch's."""
    branches = company.teams(EVERYONE)["branch"].drop_nulls().unique().sort()
    made = []
    with open_database(company.home) as database:
        for name, branch in product(periods, [None, *branches]):
            try:
                found = gather(company, EVERYONE, database, parse(name), branch, silent)
            except Trouble:  # nothing may be told of that branch in that period
                continue
            told = {one["name"]: _rows(one) for one in sheets(found, passports(found))}
            drawn = funnel_figures(found, company) if (name, branch) == (WHOLE, None) else {}
            made.append(Reviewed(found.period, dict(found.shown.teams), told, drawn))
    return made


def _rows(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    names = [column for column, _ in sheet["columns"]]
    return [dict(zip(names, row, strict=True)) for row in sheet["rows"]]


def of_reviews(company: Company, sign: str, reviews: Sequence[Reviewed]) -> Iterator[Told]:
    """Every count of a sign in the reviews: of the whole and its branches over the period, of each week, of the
    funnels' nameless dots (the attacker tries which team each may be)."""
    for one in reviews:
        for row in [*one.sheets["Signs"], *one.sheets["Branches"], *one.sheets["Weeks"]]:
            assert (row["x"] is None) == (row["n"] is None)
            if row["sign"] == sign and row["n"] is not None:
                week = row.get("week")
                weeks = (date.fromisoformat(week),) if week else one.period.weeks
                yield from _over(weeks, one.teams_of(company, row["of"]), row["n"])
        drawn = one.funnels[sign]["native"]["points"] if sign in one.funnels else {}
        for points, unit in product(drawn.values(), company.told.members):
            for n, _ in points:
                yield from _over(one.period.weeks, inside(company, unit), n)


def _over(weeks: Sequence[date], teams: frozenset[str], n: float) -> Iterator[Told]:
    """Of a period's weeks those are counted that are final: the first ones."""
    for many in range(1, len(weeks) + 1):
        yield Told(teams, frozenset(weeks[:many]), None, None, n)


def of_lists(
    company: Company, sign: str, teams: Iterable[str] | None = None, by: Strata | None = None
) -> Iterator[Told]:
    """How many tickets are listed behind a sign: of each team and week, by what was filtered for and by what the rows
    say of channel and category. `teams`: whose lists are asked for; `by`: of which filters. None: of all."""
    weeks = company.as_read(Filters()).weeks
    asked = [one for one in strata(company) if None in one] if by is None else by
    for unit, (channel, category) in product(company.told.units() if teams is None else teams, asked):
        filters = Filters(channel=channel, category=category)
        rows = company.tickets_behind(EVERYONE, filters, sign, unit, weeks[0], weeks[-1])
        dated = rows.with_columns(week=pl.col("at").dt.date().dt.truncate("1w"))
        for names in ([], ["channel"], ["category"], ["channel", "category"]):
            for row in dated.group_by("week", *names).len().iter_rows(named=True):
                said = row.get("channel", channel), row.get("category", category)
                if WITHHELD not in said:
                    yield Told(inside(company, unit), frozenset({row["week"]}), *said, row["len"])


def of_kept(company: Company) -> Iterator[Told]:
    """How many simple tickets a team had, of each category: what is told of the standards that were kept."""
    for unit in company.told.units():
        for week in company.as_read(Filters()).weeks:
            span = [week - timedelta(weeks=back) for back in range(adherence.CATEGORY_WEEKS)]
            for row in adherence.by_team(company, EVERYONE, Filters(team=unit), week).iter_rows(named=True):
                yield Told(inside(company, unit), frozenset(span[:4]), None, None, row["n"])
            for row in adherence.by_category(company, EVERYONE, unit, week).iter_rows(named=True):
                if row["category"] != WITHHELD:
                    yield Told(inside(company, unit), frozenset(span), None, row["category"], row["n"])


def of_causes(company: Company, sign: str) -> Iterator[Told]:
    """On how many tickets rests what is told of a change."""
    for week in company.as_read(Filters()).weeks:
        for (key, unit), found in causes.causes(EVERYONE, company, Filters(), week).items():
            if key == sign:
                days = (found.last - found.first).days // 7 + 1
                span = frozenset(found.first + timedelta(weeks=one) for one in range(days))
                yield Told(inside(company, unit), span, None, None, found.cause.n_after or 0)
