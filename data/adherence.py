"""How well standards are kept, as far as the asker may see it: by team, and by category for one team.

It is the sign slow_simple told the other way round, so that the two can never disagree.
"""

from datetime import date, timedelta

import polars as pl

from data.ask import Company
from data.filters import Filters
from data.scope import Scope
from metrics.adherence import adherence

SIGN = "slow_simple"
CATEGORY_WEEKS = 13
TEAM: dict[str, pl.DataType | type[pl.DataType]] = {
    "team_id": pl.String,
    "week": pl.Date,
    "kept": pl.Int64,
    "n": pl.Int64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "taken_out": pl.Int64,
}


def by_team(company: Company, scope: Scope, filters: Filters, week: date | None = None) -> pl.DataFrame:
    """The columns of `TEAM`, one row a team whose reading may be shown and has a ticket, in the order of their ids.

    Of the weeks of the reading: up to four that end with `week`. Teams that are withheld are not there.
    """
    read = company.readings(scope, filters, week).filter(pl.col("sign") == SIGN, pl.col("n") > 0)
    told = read.sort("team_id").select(
        "team_id",
        "week",
        (pl.col("n") - pl.col("x")).alias("kept"),
        "n",
        (1 - pl.col("share")).alias("share"),
        (1 - pl.col("high")).alias("low"),
        (1 - pl.col("low")).alias("high"),
        "taken_out",
    )
    return told.cast(dict(TEAM))  # type: ignore[arg-type]  # the kinds of columns, by name


def by_category(company: Company, scope: Scope, team_id: str, week: date | None = None) -> pl.DataFrame:
    """category, kept, n, share, low, high of one team: the 13 weeks that end with its last final one (or `week`).

    No rows where the team is withheld or has no simple ticket there.
    """
    own = by_team(company, scope, Filters(team=team_id), week)
    if own.is_empty():
        return adherence(company.counts_of(SIGN, date.min, date.min), "category")
    until = own["week"][0] + timedelta(weeks=1)
    counts = company.counts_by_category(SIGN, team_id, until - timedelta(weeks=CATEGORY_WEEKS), until)
    return adherence(counts, "category")
