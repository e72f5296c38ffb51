"""Does management hear too late?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import STRATUM, Sign


def rows(facts: Facts) -> pl.LazyFrame:
    """Tickets that blew out, charged to the team that held them then."""
    told = (pl.col("escalated_at") < pl.col("blow_out_at")).fill_null(False)
    return facts.tickets.filter(pl.col("blow_out_at").is_not_null()).select(
        "ticket_id",
        pl.col("blow_out_team_id").alias("team_id"),
        pl.col("blow_out_at").alias("at"),
        *STRATUM,
        counted=~told,
    )


SIGN = Sign(
    key="late_escalation",
    asks="does management hear too late?",
    says="lets tickets blow out before management is told",
    counts="tickets not escalated before they blew out",
    of="tickets that blew out that week: older than three times their standard, held by a fourth team, raised to the "
    "top priority, back for the second time, or rated 1 of 5",
    dated_by="when the ticket blew out",
    clock="business",
    rows=rows,
    matures=timedelta(0),
    needs=("events.escalated", "events.team_id|tickets.team_id"),
    caveat="A satisfaction answer carries no date: it counts from the first resolve. What management was told on the "
    "phone or in the corridor is not in the log.",
    elsewhere="ServiceNow escalations; Zendesk SLA breach alerts",
    plays=("tell_early", "shared_standards", "ownership"),
)
