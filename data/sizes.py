"""How many people a team rests on, week by week: what decides whether its readings may be shown."""

from datetime import timedelta

import polars as pl

from data.lake import PARTS, Lake
from data.versions import Version
from metrics.context import headcount, longest_runs

# Without HR: who was seen at work for a team in a quarter of a year belongs to it.
SEEN_WEEKS = 13
SIZES = {"team_id": pl.String, "week": pl.Date, "people": pl.Int64, "known_from": pl.String}


def sizes_of(lake: Lake, version: Version, counts: pl.DataFrame) -> pl.DataFrame:
    """team_id, week, people, known_from ("HR" or "log"): HR where it lists the team, else the agents in the log.

    A team that neither knows of has no rows: its size is unknown.
    """
    weeks = counts["week"].unique().sort()
    heads = headcount(lake.scan("people", version).drop("part").collect(), weeks)
    known = heads.select("team_id", "week", "people", known_from=pl.lit("HR"))
    if counts.join(known, on="team_id", how="anti").is_empty():
        return known.cast(SIZES)  # type: ignore[arg-type]
    seen = agents(lake, version, weeks).join(known, on="team_id", how="anti")
    return pl.concat([known.cast(SIZES), seen.cast(SIZES)]).sort("team_id", "week")  # type: ignore[arg-type]


def agents(lake: Lake, version: Version, weeks: pl.Series) -> pl.DataFrame:
    """How many agents were seen for each team in the 13 weeks up to each week: team_id, week, people, known_from."""
    log = done_by_people(lake.scan("events", version).sort("part", "ticket_id", "at", "seq"))
    summary = lake.scan("tickets", version).select(pl.col("opened_at").alias("at"), "agent_id", "team_id")
    seen = (
        pl.concat([log.select("at", "agent_id", "team_id"), summary])
        .drop_nulls()
        .select("team_id", "agent_id", seen=pl.col("at").dt.date().dt.truncate("1w"))
        .unique()
        .collect()
    )
    calendar = pl.DataFrame({"week": weeks})
    since = pl.col("week") - timedelta(weeks=SEEN_WEEKS - 1)
    return (
        seen.join_where(calendar, pl.col("seen") >= since, pl.col("seen") <= pl.col("week"))
        .group_by("team_id", "week")
        .agg(people=pl.col("agent_id").n_unique(), known_from=pl.lit("log").first())
        .sort("team_id", "week")
    )


def done_by_people(events: pl.LazyFrame) -> pl.LazyFrame:
    """The events that an agent is behind, each with the team that had the ticket then. `events`: in their order."""
    human = (pl.col("actor") == "agent") | pl.col("actor").is_null()
    return events.with_columns(pl.col("team_id").forward_fill().over("ticket_id")).filter(human)


def runs_of(lake: Lake, version: Version) -> pl.DataFrame:
    """How long agents had nothing but complaints, by team and week: see metrics.context.longest_runs."""
    parts = [_contacts(lake, version, part) for part in range(PARTS)]
    return longest_runs(pl.concat(parts))


def _contacts(lake: Lake, version: Version, part: int) -> pl.DataFrame:
    """Each time an agent answered a customer: replies and resolves; of a summary its resolve."""
    own = pl.col("part") == part
    tickets = lake.scan("tickets", version).filter(own)
    log = (
        done_by_people(lake.scan("events", version).filter(own))
        .filter(pl.col("kind").is_in(["replied", "resolved"]))
        .join(tickets.select("ticket_id", "is_complaint"), on="ticket_id")
        .select("team_id", "agent_id", "ticket_id", "at", "is_complaint")
    )
    told = tickets.select("team_id", "agent_id", "ticket_id", pl.col("resolved_at").alias("at"), "is_complaint")
    return pl.concat([log, told]).drop_nulls().collect()
