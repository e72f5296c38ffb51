"""Counts without the tickets that an accepted answer takes out of a reading.

Question asked: how many of how many would this sign count for these teams, were some of their tickets not there?

Shapes: `taken` has one row a ticket and span: team_id, ticket_id, since, before (UTC instants, null: without end). A
row of the sign goes out where its team, its ticket and its instant are those of a row of `taken`.
Units: as `metrics.cells.COUNTS`. What is left is counted anew rather than subtracted: where a customer is counted once
for two tickets, one ticket less may leave the count as it was.
"""

from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import or_

import polars as pl

from metrics.cells import COUNTS
from metrics.counts import count
from metrics.facts import Facts
from metrics.sign import Sign

TAKEN: dict[str, pl.DataType | type[pl.DataType]] = {
    "team_id": pl.String,
    "ticket_id": pl.String,
    "since": pl.Datetime("us", "UTC"),
    "before": pl.Datetime("us", "UTC"),
}


def can_be_taken_out(sign: Sign) -> bool:
    """Does the sign count tickets of teams, so that some may be left out? What is counted of the whole does not."""
    return sign.whole is None and sign.unit == "team"


def count_without(sign: Sign, facts: Facts, taken: pl.DataFrame) -> pl.DataFrame:
    """The sign's counts of the teams in `taken`, without what is taken out. Returns `COUNTS`, sorted.

    Raises ValueError for a sign that is not counted of single tickets.
    """
    if not can_be_taken_out(sign):
        raise ValueError(f"{sign.key} is not counted of single tickets: none can be taken out")
    if taken.is_empty():
        return COUNTS.to_frame()
    teams = taken["team_id"].unique().to_list()

    def rows(known: Facts) -> pl.LazyFrame:
        mine = sign.rows(known).filter(pl.col("team_id").cast(pl.String).is_in(teams))
        return mine.filter(~_out(taken))

    return count(replace(sign, rows=rows), facts)


def _out(taken: pl.DataFrame) -> pl.Expr:
    """Is a row of a sign taken out? One test a team and span, so that many tickets of one answer cost one look."""
    groups = taken.group_by("team_id", "since", "before").agg(pl.col("ticket_id").unique())
    return reduce(or_, (_one(**row) for row in groups.iter_rows(named=True)))


def _one(team_id: str, since: datetime | None, before: datetime | None, ticket_id: list[str]) -> pl.Expr:
    found = (pl.col("team_id").cast(pl.String) == team_id) & pl.col("ticket_id").cast(pl.String).is_in(ticket_id)
    if since is not None:
        found &= (pl.col("at") >= since).fill_null(False)
    if before is not None:
        found &= (pl.col("at") < before).fill_null(False)
    return found.fill_null(False)
