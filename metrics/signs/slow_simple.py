"""Do simple issues take long?"""

import polars as pl

from metrics.facts import Facts
from metrics.sign import Sign


def rows(facts: Facts) -> pl.LazyFrame:
    """Simple tickets, charged to the team that resolved them by the deadline or else held them then.

    Without their priority: it can be lowered by who has the ticket, and must not move what is expected of it.
    """
    return facts.tickets.filter("simple", pl.col("standard_minutes").is_not_null()).select(
        "ticket_id",
        pl.col("charged_team_id").alias("team_id"),
        pl.col("opened_at").alias("at"),
        "category",
        "channel",
        pl.lit(None, dtype=pl.String).alias("priority"),
        counted=~pl.col("in_standard").fill_null(True),
    )


SIGN = Sign(
    key="slow_simple",
    asks="do simple issues take long?",
    says="sees simple issues take longer than their standard",
    counts="simple tickets not resolved within their standard",
    of="simple tickets opened that week",
    dated_by="when the ticket was opened",
    clock="business",
    rows=rows,
    matures="standard",
    own_strata=True,
    needs=(
        "tickets.category",
        "events.team_id|tickets.team_id",
        "events.resolved|tickets.resolved_at",
        "standards.simple",
    ),
    caveat="The deadline runs in the opening hours of the team that first held the ticket, on hold or not, whatever "
    "its priority. A ticket that was reopened within two days was not done in time.",
    elsewhere="Zendesk full resolution time against an SLA; ServiceNow made_sla",
    plays=("know_enough", "role_swap", "relieve_load", "fifteen_seconds"),
)
