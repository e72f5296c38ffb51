"""Do they have to come back?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import ROW, Sign


def rows(facts: Facts) -> pl.LazyFrame:
    """Resolves, charged to the team that resolved: the ticket that triggered the return, not the return."""
    returned = pl.col("reopened_soon") | pl.col("repeat_at").is_not_null()
    return facts.resolves.with_columns(counted=returned).select(ROW)


SIGN = Sign(
    key="repeat_complaints",
    asks="do they have to come back?",
    says="sees customers come back",
    counts="tickets followed within 14 days by a reopening, or by another ticket of the same customer and category "
    "(opened 15 minutes to 14 days after)",
    of="tickets that the team resolved that week",
    dated_by="when the ticket was resolved",
    clock="calendar",
    rows=rows,
    matures=timedelta(days=14),
    needs=(
        "events.team_id|tickets.team_id",
        "events.resolved|tickets.resolved_at",
        "tickets.customer_id|events.reopened|tickets.reopens",
    ),
    caveat="Another ticket of the same category may be about something else. A summary does not say when a ticket was "
    "reopened: it counts if it ever was.",
    elsewhere="ServiceNow strict first contact resolution, turned round; Zendesk reopens",
    plays=("know_enough", "shared_standards", "experiential_training", "ownership"),
)
