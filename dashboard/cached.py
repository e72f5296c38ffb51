"""The only caches of the pages: every answer is kept under the version of the data and of the standards behind it.

Frames that come out are the reader's own copies. Of charts their specifications are kept: see dashboard.specs.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import polars as pl
import streamlit as st

from dashboard import charts, funnels, journey, timelines, words
from dashboard.charts import Mark
from dashboard.passing import Passing, passing
from dashboard.selection import Choices
from dashboard.shown import Basis, Shown
from dashboard.specs import Spec, spec_of
from data import access, bringing, causes, flows, praise, rebases, replies, standards_store, versions
from data.ask import Company
from data.check import Finding
from data.database import Database, open_database
from data.derived import derive
from data.erasing import versions as erasing
from data.filters import Filters
from data.freshness import Freshness
from data.home import Home
from data.lake import Lake
from data.scope import Scope, local_scope
from data.versions import Version
from metrics.monitor import WINDOW
from metrics.sign import all_signs
from metrics.suppression import WITHHELD


class ReadFrom(NamedTuple):
    """What an answer hangs on besides its question: home, data, standards, acknowledged changes, answers, asker."""

    home: Path
    version: int
    standards: int
    rebases: int
    replies: int
    scope: Scope


P = ParamSpec("P")
R = TypeVar("R")


def kept(max_entries: int, ttl: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep an answer. The frozen values in its question are told apart by their text: to look into each takes 4 ms."""
    by_text: dict[str | type[Any], Callable[[Any], Any]] = {ReadFrom: repr, Filters: repr, Scope: repr}

    def keep(make: Callable[P, R]) -> Callable[P, R]:
        return st.cache_data(show_spinner=False, max_entries=max_entries, ttl=ttl, hash_funcs=by_text)(make)

    return keep


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, after the imports: what is there stays there, so the collector need not look at it after every run.

    Without this an empty page's rerun takes 120 ms, with it 13.
    """
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False, max_entries=4)
def database(home: Path) -> Database:
    """The database of what people decided and wrote down."""
    return open_database(Home(home))


class Reads:
    """All that a page reads of one version of one home, for one asker."""

    def __init__(self, home: Home, scope: Scope, basis: Basis) -> None:
        self.home, self.scope, self.version = home, scope, basis.version
        self.database = database(home.path)
        rebased, replied = rebases.revision(self.database), replies.revision(self.database)
        self.read_from = ReadFrom(home.path, basis.version, basis.standards, rebased, replied, scope)

    @cached_property
    def company(self) -> Company:
        return company_of(self.read_from)

    def widen(self) -> None:
        """From here on the asker's scope holds the units in which small teams are read, beside their teams."""
        self.scope = self.company.wide(self.scope)

    def freshness(self) -> Freshness:
        return _freshness(self.read_from)

    def standards(self) -> pl.DataFrame:
        return _standards(self.read_from)

    def lacking(self) -> dict[str, str]:
        return self.company.lacking()

    def in_the_making(self) -> int | None:
        """The number of a newer version that is not shown yet, because it is being got ready."""
        newest = versions.numbers(self.home)[-1]
        return newest if newest > self.version else None

    def findings(self) -> list[Finding]:
        return _findings(self.read_from)

    def history(self) -> list[Version]:
        return bringing.history(self.scope, self.home)

    def choices(self) -> Choices:
        return _choices(self.read_from)

    def teams(self) -> pl.DataFrame:
        return teams_of(self.read_from)

    def readings(self, filters: Filters, week: date | None) -> pl.DataFrame:
        return _readings(self.read_from, filters, week)

    def beside(self, filters: Filters, week: date | None, row: words.Row) -> str:
        """What is read beside a sign, in words; nothing where it has no companions."""
        sign = all_signs()[row["sign"]]
        if not sign.companions:
            return ""
        read = _companions(self.read_from, filters, week).filter(pl.col("team_id") == row["team_id"])
        return words.beside(row, sign, read.iter_rows(named=True))

    def worse_beside(self, filters: Filters, week: date | None) -> list[words.Row]:
        """What is read beside the signs and changed for the worse, of the teams that are asked about."""
        read = _companions(self.read_from, filters, week).filter(status="signal", direction="worse")
        asked = self.readings(filters, week).select("team_id").unique()
        return list(read.join(asked, on="team_id", how="semi", maintain_order="left").iter_rows(named=True))

    def series(self, filters: Filters, team_id: str) -> pl.DataFrame:
        return _series(self.read_from, filters, team_id)

    def tickets(self, filters: Filters, sign: str, team_id: str, first: date, last: date) -> pl.DataFrame:
        return _tickets(self.read_from, filters, sign, team_id, first, last)

    def mostly(self, filters: Filters, row: words.Row) -> str:
        """Where most of what a reading counted comes from, in words."""
        return _mostly(self.behind(filters, row))

    def behind(self, filters: Filters, row: words.Row) -> pl.DataFrame:
        """The tickets behind a reading: those of its window of weeks."""
        if row["week"] is None:
            return pl.DataFrame()
        first = row["week"] - timedelta(weeks=WINDOW - 1)
        return self.tickets(filters, row["sign"], row["team_id"], first, row["week"])

    def journey(self, ticket_id: str, zone: str) -> tuple[pl.DataFrame, Spec]:
        """A ticket's steps by the clock of `zone`, and their chart."""
        return _journey(self.read_from, ticket_id, zone)

    def passing(self, filters: Filters) -> Passing:
        """Who passed how much to whom."""
        return _passing(self.read_from, filters)

    def tickets_between(self, filters: Filters, from_team: str, to_team: str) -> pl.DataFrame:
        return _tickets_between(self.read_from, filters, from_team, to_team)

    def context(self, team_id: str) -> pl.DataFrame:
        return _context(self.read_from, team_id)

    def praise(self, team_id: str | None, weeks: int) -> pl.DataFrame:
        """Customers' kind words, imported or typed, newest first: see data.praise."""
        return _praise(self.read_from, praise.stamp(self.database), team_id, weeks)

    def p_chart(
        self,
        filters: Filters,
        team_id: str,
        sign: str,
        *,
        marks: Sequence[Mark] = (),
        height: int = 180,
    ) -> Spec:
        return _p_chart(self.read_from, filters, team_id, sign, tuple(marks), height)

    def beside_others(self, filters: Filters, team_id: str, sign: str, week: date | None) -> Spec:
        return _beside_others(self.read_from, filters, team_id, sign, week)

    def sparkline(self, filters: Filters, team_id: str, sign: str) -> Spec:
        return _sparkline(self.read_from, filters, team_id, sign)


def _mostly(tickets: pl.DataFrame) -> str:
    if tickets.is_empty():
        return ""
    counted = tickets.filter("counted", ~pl.col("taken_out"))
    told = {name: counted.filter(pl.col(name) != WITHHELD) for name in ("category", "channel")}
    tally = {name: dict(rows.group_by(name).len().iter_rows()) for name, rows in told.items()}
    return words.mostly(tally["category"], tally["channel"], counted.height)


def scope_of(home: Home, subject: str, on: date) -> Scope:
    """What somebody who signed in may see and do on this day, by their grants as they are now: see data.access."""
    basis = _basis(home)
    branches = _branches(home.path, basis.version if basis else 0)
    return access.scope_for(database(home.path), subject, on, branches=branches, people=lambda: _people(home, basis))


@st.cache_data(show_spinner=False, max_entries=4)
def _branches(home: Path, version: int) -> dict[str, str | None]:
    return access.branches_of(Home(home), version)


def _people(home: Home, basis: Basis | None) -> dict[str, int]:
    if not basis:
        return {}
    everyone = local_scope("the door")  # asks for nothing of a team but how many people it has
    return access.people_of(Reads(home, everyone, basis).company)


def reads(home: Home, scope: Scope) -> Reads | None:
    """The reads of the home's last version that is ready; None while nothing was imported."""
    basis = _basis(home)
    return Reads(home, scope, basis) if basis else None


def _basis(home: Home) -> Basis | None:
    """What is shown of this home now; None while nothing was imported."""
    numbers = versions.numbers(home)
    return shown(home.path).basis(_with_standards(home, numbers[-1])) if numbers else None


def _with_standards(home: Home, version: int) -> Basis:
    return Basis(version, standards_store.latest_version(local_scope("heartline"), database(home.path)))


@st.cache_resource(show_spinner=False, max_entries=4)
def shown(home: Path) -> Shown:
    """Which version of this home is shown. See dashboard.shown."""
    return Shown(
        lambda version: _get_ready(Home(home), version),
        lambda known, newest: erasing.made_any(Home(home), known, newest),
        forget_all,
    )


def forget_all() -> None:
    """Keep nothing that was read before: somebody was forgotten, and may be in it."""
    st.cache_data.clear()
    _opened.clear()
    gc.collect()


def _get_ready(home: Home, version: int) -> Basis:
    """Work out what the first page of anybody asks of this version: the readings, and what moved those that changed."""
    scope, nothing = local_scope("heartline"), Filters()
    derive(home, Lake(home).at(version))  # which may make standards of its own
    basis = _with_standards(home, version)
    company = Reads(home, scope, basis).company
    readings = company.readings(scope, nothing)
    causes.causes(scope, company, nothing)
    for team in readings["team_id"].unique(maintain_order=True):
        company.series_of_team(scope, nothing, team)
    return basis


@st.cache_resource(show_spinner=False, max_entries=2)
def _opened(home: Path, version: int, standards: int, rebased: int, replied: int) -> Company:
    return Company(Home(home), version)


def company_of(read_from: ReadFrom) -> Company:
    """One for all askers: it takes a Scope with every question."""
    return _opened(read_from.home, read_from.version, read_from.standards, read_from.rebases, read_from.replies)


@kept(max_entries=8)
def _freshness(read_from: ReadFrom) -> Freshness:
    return company_of(read_from).freshness()


@kept(max_entries=8)
def _choices(read_from: ReadFrom) -> Choices:
    asked = company_of(read_from)
    teams = asked.teams(read_from.scope)
    offered = asked.choices(read_from.scope)
    return Choices(
        branches=tuple(sorted(teams["branch"].drop_nulls().unique())),
        teams={
            row["team_id"]: (words.first_up(words.called("team", row["name"])), row["branch"])
            for row in teams.iter_rows(named=True)
        },
        channels=offered.channels,
        categories=offered.categories,
        first_week=offered.first_week,
        last_week=asked.freshness().week,
        signs=tuple(all_signs()),
        now=asked.now(),
    )


@kept(max_entries=8)
def _standards(read_from: ReadFrom) -> pl.DataFrame:
    return company_of(read_from).standards()


@kept(max_entries=8, ttl="1h")
def _findings(read_from: ReadFrom) -> list[Finding]:
    """With an hour's life: they also look at what no version tells, such as the key's file and the day."""
    return bringing.to_mend(read_from.scope, Home(read_from.home))


@kept(max_entries=8)
def rejects_of(home: Path, version: int, scope: Scope) -> pl.DataFrame:
    """What was set aside and is not mended yet, as of the version."""
    return bringing.set_aside(scope, Home(home))


@kept(max_entries=8)
def teams_of(read_from: ReadFrom) -> pl.DataFrame:
    return company_of(read_from).teams(read_from.scope)


@kept(max_entries=200)
def _readings(read_from: ReadFrom, filters: Filters, week: date | None) -> pl.DataFrame:
    return company_of(read_from).readings(read_from.scope, filters, week)


@kept(max_entries=200)
def _companions(read_from: ReadFrom, filters: Filters, week: date | None) -> pl.DataFrame:
    return company_of(read_from).companions(read_from.scope, replace(filters, team=None, branch=None), week)


@kept(max_entries=500)
def _series(read_from: ReadFrom, filters: Filters, team_id: str) -> pl.DataFrame:
    return company_of(read_from).series_of_team(read_from.scope, filters, team_id)


@kept(max_entries=200)
def _tickets(read_from: ReadFrom, filters: Filters, sign: str, team_id: str, first: date, last: date) -> pl.DataFrame:
    return company_of(read_from).tickets_behind(read_from.scope, filters, sign, team_id, first, last)


@kept(max_entries=500)
def _journey(read_from: ReadFrom, ticket_id: str, zone: str) -> tuple[pl.DataFrame, Spec]:
    names = {team: name for team, (name, _) in _choices(read_from).teams.items()}
    named = flows.named_teams(company_of(read_from))
    path = company_of(read_from).path(read_from.scope, ticket_id)
    unnamed = dict.fromkeys(set(path["team_id"].drop_nulls()) - named, journey.UNNAMED)
    steps = journey.steps(path, {**names, **unnamed}, zone)
    made = spec_of(timelines.path(journey.spans(steps), journey.marks(steps)))
    return steps, made


@kept(max_entries=100)
def _passing(read_from: ReadFrom, filters: Filters) -> Passing:
    names = {team: name for team, (name, _) in _choices(read_from).teams.items()}
    return passing(company_of(read_from), read_from.scope, filters, names)


@kept(max_entries=200)
def _tickets_between(read_from: ReadFrom, filters: Filters, from_team: str, to_team: str) -> pl.DataFrame:
    return flows.tickets_between(company_of(read_from), read_from.scope, filters, from_team, to_team)


@kept(max_entries=500)
def _context(read_from: ReadFrom, team_id: str) -> pl.DataFrame:
    return company_of(read_from).context(read_from.scope, team_id)


@kept(max_entries=500)
def _praise(read_from: ReadFrom, stamp: str, team_id: str | None, weeks: int) -> pl.DataFrame:
    """`stamp` is part of the question: what was typed or passed on since."""
    return company_of(read_from).praise(read_from.scope, team_id, weeks)


@kept(max_entries=2000)
def _p_chart(
    read_from: ReadFrom, filters: Filters, team_id: str, sign: str, marks: tuple[Mark, ...], height: int
) -> Spec:
    series = _series(read_from, filters, team_id).filter(pl.col("sign") == sign)
    span = _span(filters) or (series["week"][0], series["week"][-1])
    return spec_of(charts.p_chart(series, all_signs()[sign].better, span=span, marks=marks, height=height))


@kept(max_entries=2000)
def _sparkline(read_from: ReadFrom, filters: Filters, team_id: str, sign: str) -> Spec:
    series = company_of(read_from).series(read_from.scope, filters, sign, team_id)
    return spec_of(charts.sparkline(series, all_signs()[sign].better))


@kept(max_entries=500)
def _beside_others(read_from: ReadFrom, filters: Filters, team_id: str, sign: str, week: date | None) -> Spec:
    everyone = _readings(read_from, replace(filters, team=None, branch=None), week).filter(pl.col("sign") == sign)
    named = everyone.join(teams_of(read_from).select("team_id", "name"), on="team_id")
    drawn = funnels.funnel if all_signs()[sign].measure == "share" else charts.beside_others
    return spec_of(drawn(named, team_id))


def _span(filters: Filters) -> tuple[date, date] | None:
    return (filters.since, filters.until) if filters.since and filters.until else None
