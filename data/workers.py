"""Who works on what: the agents seen by team, channel and category, as numbers that mean nothing elsewhere.

It says on how many people a channel or a category of a team rests; no agent leaves with it.
"""

from datetime import date

import polars as pl

from data.lake import PARTS, Lake
from data.sizes import done_by_people
from data.versions import Version

YEAR_DAYS = 364
CELL = ("team_id", "channel", "category")
WORKERS = {**dict.fromkeys(CELL, pl.String), "year": pl.Int32, "agent": pl.UInt32}


def workers_of(lake: Lake, version: Version) -> pl.DataFrame:
    """team_id, channel, category ("" where a ticket has none), year, agent: one row each that was seen.

    `year` counts back from the last day of the data in steps of 52 weeks, the last step taking in what is left over.
    """
    seen = pl.concat([_seen(lake, version, part) for part in range(PARTS)])
    if seen.is_empty():
        return pl.DataFrame(schema=WORKERS)
    first, last = (day for day in (seen["day"].min(), seen["day"].max()) if isinstance(day, date))
    oldest = max(round((last - first).days / YEAR_DAYS) - 1, 0)
    year = ((pl.lit(last) - pl.col("day")).dt.total_days() // YEAR_DAYS).clip(0, oldest)
    told = seen.select(*CELL, year=year, agent=pl.col("agent_id").rank("dense")).unique()
    return told.cast(WORKERS).sort(list(WORKERS))  # type: ignore[arg-type]  # the kinds of columns, by name


def _seen(lake: Lake, version: Version, part: int) -> pl.DataFrame:
    """*CELL, agent_id, day (the Monday): everybody who did anything to a ticket for a team."""
    own = pl.col("part") == part
    tickets = lake.scan("tickets", version).filter(own)
    log = done_by_people(lake.scan("events", version).filter(own))
    log = log.select("ticket_id", "team_id", "agent_id", _monday("at"))
    told = tickets.select("ticket_id", "team_id", "agent_id", _monday("opened_at"))
    rows = pl.concat([log, told]).drop_nulls().unique()
    named = rows.join(tickets.select("ticket_id", pl.col("channel", "category").fill_null("")), on="ticket_id")
    return named.select(*CELL, "agent_id", "day").unique().collect()


def _monday(name: str) -> pl.Expr:
    return pl.col(name).dt.date().dt.truncate("1w").alias("day")
