"""What the page asks about empathy, kept: under the version of the data, and of the teams' own ratings."""

from typing import Any

import polars as pl

from dashboard import empathy_charts
from dashboard.cached import ReadFrom, Reads, company_of, database, kept
from dashboard.specs import Spec, spec_of
from data import empathy, ratings
from data.filters import Filters
from metrics.questions import STAGES
from metrics.trait import all_traits


def traits(reads: Reads, filters: Filters) -> pl.DataFrame:
    """Each trait from its three sides: see data.empathy."""
    return _traits(reads.read_from, filters)


def apart(reads: Reads, filters: Filters) -> pl.DataFrame:
    """The teams and traits where customers and team part beyond chance, more than everywhere."""
    return _apart(reads.read_from, filters)


def three_views(row: dict[str, Any], several: bool) -> Spec | None:
    """The marks of one row of `traits`."""
    return _three_views(tuple(row.items()), several)


def journey(reads: Reads, filters: Filters) -> pl.DataFrame:
    """Each step of the journey and each trait: what customers say, and the teams' own ratings."""
    return _journey(reads.read_from, filters, ratings.stamp(reads.scope, reads.database))


def journey_grid(reads: Reads, filters: Filters) -> Spec:
    """The same as a picture."""
    return _journey_grid(reads.read_from, filters, ratings.stamp(reads.scope, reads.database))


def who_rated(reads: Reads, filters: Filters) -> pl.DataFrame:
    """Whose answers these are, and of which days."""
    return _who_rated(reads.read_from, filters)


def may_rate(reads: Reads, filters: Filters) -> bool:
    """Is it a team of which something may be said?"""
    return bool(empathy.teams_shown(reads.company, reads.scope, filters))


@kept(max_entries=200)
def _traits(read_from: ReadFrom, filters: Filters) -> pl.DataFrame:
    return empathy.traits(company_of(read_from), read_from.scope, filters)


@kept(max_entries=50)
def _apart(read_from: ReadFrom, filters: Filters) -> pl.DataFrame:
    return empathy.apart(company_of(read_from), read_from.scope, filters)


@kept(max_entries=200)
def _who_rated(read_from: ReadFrom, filters: Filters) -> pl.DataFrame:
    return empathy.who_rated(company_of(read_from), read_from.scope, filters)


@kept(max_entries=2000)
def _three_views(row: tuple[tuple[str, Any], ...], several: bool) -> Spec | None:
    drawn = empathy_charts.three_views(dict(row), several)
    return None if drawn is None else spec_of(drawn)


@kept(max_entries=200)
def _journey(read_from: ReadFrom, filters: Filters, stamp: str) -> pl.DataFrame:
    """`stamp` is part of the question: ratings belong to no version of the data."""
    return empathy.journey(company_of(read_from), read_from.scope, database(read_from.home), filters)


@kept(max_entries=200)
def _journey_grid(read_from: ReadFrom, filters: Filters, stamp: str) -> Spec:
    names = {key: trait.name for key, trait in all_traits().items()}
    return spec_of(empathy_charts.grid(_journey(read_from, filters, stamp), STAGES, names))
