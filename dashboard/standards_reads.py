"""What the page Standards asks, kept under the version of the data and of the standards."""

from datetime import date

import polars as pl

from dashboard import standards_charts, words
from dashboard.cached import ReadFrom, Reads, company_of, kept
from dashboard.selection import Choices
from dashboard.specs import Spec, spec_of
from data import adherence
from data.filters import Filters


def by_team(reads: Reads, choices: Choices, filters: Filters, week: date | None) -> pl.DataFrame:
    """How often each team keeps the standard (data.adherence), by name in the order in which people read names."""
    found = _by_team(reads.read_from, filters, week)
    order = [team for team in choices.teams_of(None) if team in set(found["team_id"])]
    names = pl.DataFrame({"team_id": order, "name": [choices.teams[team][0] for team in order]}, schema=_NAMES)
    return names.join(found, on="team_id", how="inner", maintain_order="left")


def by_category(reads: Reads, team_id: str, week: date | None) -> pl.DataFrame:
    """The same of one team by category, alphabetical."""
    found = _by_category(reads.read_from, team_id, week).drop_nulls("category")
    return found.with_columns(name=pl.col("category").map_elements(_category, pl.String)).sort("name")


def picture(frame: pl.DataFrame) -> Spec:
    """The dot plot of one of the above."""
    return spec_of(standards_charts.kept(frame.select("name", "kept", "n", "share", "low", "high")))


_NAMES: dict[str, type[pl.DataType]] = {"team_id": pl.String, "name": pl.String}


def _category(name: str) -> str:
    return words.first_up(words.called("category", name))


@kept(max_entries=100)
def _by_team(read_from: ReadFrom, filters: Filters, week: date | None) -> pl.DataFrame:
    return adherence.by_team(company_of(read_from), read_from.scope, filters, week)


@kept(max_entries=200)
def _by_category(read_from: ReadFrom, team_id: str, week: date | None) -> pl.DataFrame:
    return adherence.by_category(company_of(read_from), read_from.scope, team_id, week)
