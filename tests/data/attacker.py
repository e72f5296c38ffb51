"""Somebody with a laptop and a company's HR list: gathers every number that can be had, and solves for what is hidden.

The attacker knows which people are in which team, what every number is a sum of wherever that is a plain sum of cells
(an oracle tells: stronger than any guess), and which cells are always empty. It knows which weeks got late rows. It
recovers a cell when the cell lies in the row space of what it gathered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data import flows
from data.ask import Company
from data.filters import Filters
from data.reviewing.periods import Period
from data.reviewing.pooled import COMPANY, Pooled, shown
from data.scope import local_scope
from metrics.suppression import WITHHELD, in_span

Row = npt.NDArray[np.float64]
Strata = Iterable[tuple[str | None, str | None]]
EVERYONE = local_scope("an attacker")
KEY = ("team_id", "week", "channel", "category")
NONE = (None,)


@dataclass(frozen=True)
class Told:
    """A number that was told: of these teams, weeks, channel and category (None: all) it is `value`."""

    teams: frozenset[str]
    weeks: frozenset[date]
    channel: str | None
    category: str | None
    value: float
    other: frozenset[str] | None = None


@dataclass
class Cells:
    """The unknowns: what the first version had of each cell, and in weeks that got late rows what came late."""

    frame: pl.DataFrame
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, versions: list[pl.DataFrame], key: Iterable[str], weeks: Iterable[date] | None = None) -> "Cells":
        """`versions`: the true counts of each version, by `key`, n. `weeks`: only the cells of these; None: of all."""
        by = list(key)
        last = versions[-1]
        pairs = last.select(one for one in by if one != "week").unique()
        of = last.select("week").unique() if weeks is None else pl.DataFrame({"week": list(weeks)})
        every = pairs.join(of, how="cross").select(by)
        parts, before = [], None
        for number, version in enumerate(versions):
            now = every.join(version.group_by(by).agg(pl.col("n").sum()), on=by, how="left").with_columns(
                pl.col("n").fill_null(0)
            )
            new = now if before is None else now.with_columns(n=now["n"] - before["n"])
            touched = new.filter(pl.col("n") != 0)["week"].unique().implode()
            parts.append(new.filter(pl.col("week").is_in(touched)).with_columns(since=pl.lit(number)))
            before = now
        return cls(pl.concat(parts).sort(*by, "since", nulls_last=True))

    @cached_property
    def codes(self) -> dict[str, tuple[dict[Any, int], npt.NDArray[np.int64]]]:
        """Of each column of the key the number of each value, and the numbers of the cells."""
        found = {}
        for name in (one for one in self.frame.columns if one not in ("n", "since")):
            number = {value: place for place, value in enumerate(self.frame[name].unique())}
            found[name] = number, np.array([number[value] for value in self.frame[name]])
        return found

    def mask(self, told: Told, version: int) -> Row:
        """The cells that a number of this version would be the sum of."""
        found = self.frame["since"].to_numpy() <= version
        asked: list[tuple[str, Iterable[Any] | None]] = [
            ("team_id", told.teams),
            ("week", told.weeks),
            ("channel", None if told.channel is None else [told.channel]),
            ("category", None if told.category is None else [told.category]),
            ("other", told.other),
        ]
        for name, wanted in asked:
            if wanted is not None:
                number, codes = self.codes[name]
                among = np.zeros(len(number), dtype=bool)
                among[[number[one] for one in wanted if one in number]] = True
                found = found & among[codes]
        return found.astype(np.float64)

    def learn(self, told: Iterable[Told], version: int) -> int:
        """Take in what is a plain sum of cells; how many numbers were."""
        truth, before = self.frame["n"].to_numpy(), len(self.rows)
        for one in told:
            mask = self.mask(one, version)
            if mask.any() and abs(mask @ truth - one.value) < 1e-6:
                self.rows.append(mask)
        return len(self.rows) - before

    def recovered(self, targets: list[tuple[Told, int]]) -> list[tuple[Told, int]]:
        """Those of the targets that can be computed."""
        found = [(one, version, self.mask(one, version)) for one, version in targets]
        found = [triple for triple in found if triple[2].any()]
        if not found or not self.rows:
            return []
        inside = _computed(_distinct(np.array(self.rows)), np.array([mask for *_, mask in found]))
        return [(one, version) for (one, version, _), yes in zip(found, inside, strict=True) if yes]


def _distinct(rows: Row) -> Row:
    """The rows of noughts and ones, each once."""
    _, first = np.unique(np.packbits(rows.astype(bool), axis=1), axis=0, return_index=True)
    found: Row = rows[np.sort(first)]
    return found


def _computed(known: Row, asked: Row) -> npt.NDArray[np.bool_]:
    """Which of `asked` are linear combinations of `known`? As metrics.suppression.in_span, of far fewer unknowns.

    Cells that nothing that is known tells apart are as good as one: what tells them apart cannot be computed. And what
    is told by itself is taken out of all others first.
    """
    columns = np.packbits(known.astype(bool), axis=0).T
    _, first, group = np.unique(columns, axis=0, return_index=True, return_inverse=True)
    even = (asked == asked[:, first[group.ravel()]]).all(axis=1)
    known, asked = known[:, first], asked[:, first]
    unknown = np.ones(len(first), dtype=bool)
    while True:
        left = known[:, unknown] != 0
        alone = left[left.sum(axis=1) == 1].any(axis=0)
        if not alone.any():
            break
        unknown[np.flatnonzero(unknown)[alone]] = False
    rest = _distinct(known[:, unknown])
    inside: npt.NDArray[np.bool_] = even & ~asked[:, unknown].any(axis=1)
    left_over = even & ~inside
    if left_over.any() and rest.any():
        inside[left_over] = in_span(rest, asked[left_over][:, unknown])
    return inside


def strata(company: Company) -> list[tuple[str | None, str | None]]:
    """All pairs of filters of channel and category."""
    offered = company.choices(EVERYONE)
    return list(product([*NONE, *offered.channels], [*NONE, *offered.categories]))


def inside(company: Company, unit: str) -> frozenset[str]:
    """The teams of a unit, as HR's list and the unit's name tell them."""
    return frozenset(company.told.teams_of(unit))


def of_sign(
    company: Company, sign: str, teams: Iterable[str] | None = None, by: Strata | None = None
) -> Iterator[Told]:
    """Every number of a sign: readings of each week, series, and what is told of company and branches together.

    `teams`: whose series are asked for, one by one. `by`: of which pairs of filters. None: of all.
    """
    weeks = company.as_read(Filters()).weeks
    asked = {*company.made.counts["team_id"], *company.told.members} if teams is None else set(teams)
    for channel, category in strata(company) if by is None else by:
        filters = Filters(channel=channel, category=category)
        for unit in asked:
            rows = company.series(EVERYONE, filters, sign, unit).select("team_id", "week", "n").drop_nulls()
            for name, week, n in rows.iter_rows():
                yield Told(inside(company, name), frozenset({week}), channel, category, n)
        for week in weeks[-1:]:
            read = company.readings(EVERYONE, filters, week).filter(pl.col("sign") == sign)
            for row in read.iter_rows(named=True):
                teams = inside(company, row["team_id"])
                assert (row["x"] is None) == (row["n"] is None)  # what counts is told where its total is
                window = frozenset(week - timedelta(weeks=back) for back in range(4))
                if row["n"] is not None:
                    yield Told(teams, window, channel, category, row["n"])
                if row["week_n"] is not None:
                    yield Told(teams, frozenset({week}), channel, category, row["week_n"])
    yield from _pooled(company, sign, weeks)
    yield from _by_category(company, sign, weeks)


def _by_category(company: Company, sign: str, weeks: Iterable[date]) -> Iterator[Told]:
    """What is told of one team's categories beside one another."""
    days = sorted(weeks)
    for unit in company.told.units():
        rows = company.counts_by_category(sign, unit, days[0], days[-1] + timedelta(weeks=1))
        for week, category, n in rows.group_by("week", "category").agg(pl.col("n").sum()).iter_rows():
            if category != WITHHELD:
                yield Told(inside(company, unit), frozenset({week}), None, category, n)


def of_traits(company: Company, trait: str) -> Iterator[Told]:
    """What the tickets show of a trait, by every pair of filters, team and week."""
    for channel, category in strata(company):
        rows = company.traits_of(channel, category).filter(pl.col("trait") == trait)
        for unit, week, n in rows.group_by("team_id", "week").agg(pl.col("n").sum()).iter_rows():
            yield Told(inside(company, unit), frozenset({week}), channel, category, n)


def _pooled(company: Company, sign: str, weeks: Iterable[date]) -> Iterator[Told]:
    days = sorted(weeks)
    period = Period(days[0], days[-1] + timedelta(days=6), "2024-Q1", "the first quarter")
    there = shown(company, EVERYONE, period)
    for units in (dict.fromkeys(there.teams, COMPANY), {one: str(branch) for one, branch in there.teams.items()}):
        pooled = Pooled(company, period, units, {})
        for unit in set(units.values()):
            teams = frozenset().union(*(inside(company, one) for one, name in units.items() if name == unit))
            for week, n in pooled.series(sign, unit).select("week", "n").drop_nulls().iter_rows():
                yield Told(teams, frozenset({week}), None, None, n)


def of_handoffs(company: Company, by: Strata | None = None) -> Iterator[Told]:
    """Who passed how many to whom, each week, of each channel and category; and by what a ticket's row says.

    `by`: of which pairs of filters. None: of all.
    """
    for channel, category in strata(company) if by is None else by:
        rows = flows.handoffs(company, EVERYONE, Filters(channel=channel, category=category))
        ends = ["from_team", "to_team", "week"]
        for source, to, week, n in rows.group_by(ends).len().iter_rows():
            yield Told(inside(company, source), frozenset({week}), channel, category, n, inside(company, to))
    rows = flows.handoffs(company, EVERYONE, Filters())
    for source, to, week, channel, category, n in rows.group_by(*ends, "channel", "category").len().iter_rows():
        if WITHHELD not in (channel, category):
            yield Told(inside(company, source), frozenset({week}), channel, category, n, inside(company, to))
    # All that a team passed on or was passed, and all of the company.
    everybody = frozenset(company.made.shared.teams["team_id"])
    for week, n in rows.group_by("week").len().iter_rows():
        yield Told(everybody, frozenset({week}), None, None, n, everybody)
    for end, teams in (("from_team", False), ("to_team", True)):
        for unit, week, n in rows.group_by(end, "week").len().iter_rows():
            mine = inside(company, unit)
            yield Told(everybody if teams else mine, frozenset({week}), None, None, n, mine if teams else everybody)


def of_tickets(company: Company, column: str) -> Iterator[Told]:
    """The export of one row a ticket, counted by a team, week, channel and category in every combination.

    Of a category it is a plain sum where no row of the team's has it withheld.
    """
    rows = company.tickets(EVERYONE).with_columns(week=pl.col("opened_at").dt.date().dt.truncate("1w"))
    untold = {company.told.names[unit]: points for unit, points in company.told.pattern().untold.items()}
    for names in ([], ["channel"], ["category"], ["channel", "category"]):
        for row in rows.group_by(column, "week", *names).len().iter_rows(named=True):
            unit, channel, category = row[column], row.get("channel"), row.get("category")
            some = names == ["category"] and any(point[1] == category for point in untold.get(unit, ()))
            if unit is not None and WITHHELD not in (channel, category) and not some:
                yield Told(inside(company, unit), frozenset({row["week"]}), channel, category, float(row["len"]))
    everybody, weeks = frozenset(company.made.shared.teams["team_id"]), frozenset(rows["week"])
    yield Told(everybody, weeks, None, None, float(company.freshness().rows["tickets"]))
    yield Told(everybody, weeks, None, None, float(rows.height))
