"""Do we know enough to settle it the first time?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait


def rows(facts: Facts) -> pl.LazyFrame:
    """Resolved tickets, and whether the first contact settled them: one touch, one team, and no return."""
    returned = pl.col("reopened_soon") | pl.col("repeat_at").is_not_null()
    once = facts.resolves.group_by("ticket_id", "team_id").agg(
        pl.col("at").max(), pl.col("category", "channel").first(), returned=returned.any()
    )
    touched = facts.tickets.select("ticket_id", "one_touch", "team_stations")
    settled = pl.col("one_touch") & (pl.col("team_stations") == 1) & ~pl.col("returned")
    return once.join(touched, on="ticket_id", how="left").with_columns(counted=settled).select(TRAIT_ROW)


TRAIT = Trait(
    key="deep_knowledge",
    name="deep knowledge",
    asks="do we know enough to settle it the first time?",
    counts="tickets settled at first contact: one touch, one team, not reopened, and no further ticket of the same "
    "customer and category within 14 days",
    of="tickets that the team resolved",
    dated_by="when the ticket was last resolved by the team",
    clock="calendar",
    needs=("events.resolved|tickets.resolved_at", "events.replied|events.team_id|tickets.team_stations"),
    caveat="A hard ticket is seldom settled at once, however much a team knows: a team with harder tickets shows less.",
    stands=3,
    rows=rows,
    matures=timedelta(days=14),
    also=("knowledge", "expertise"),
    elsewhere="first contact resolution; ServiceNow strict FCR",
)
