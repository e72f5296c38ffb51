"""Is the customer passed on?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import ROW, Sign


def rows(facts: Facts) -> pl.LazyFrame:
    """Tickets that a team handed on or resolved. A summary does not say who passed a ticket on: it takes no part."""
    return (
        facts.let_gos.filter(pl.col("basis") == "events")
        .with_columns(counted=(pl.col("kind") == "without_work").fill_null(False))
        .select(ROW)
    )


SIGN = Sign(
    key="buck_passing",
    asks="is the customer passed on?",
    says="passes customers on",
    counts="tickets passed on without a reply or a note",
    of="tickets that the team held and let go that week",
    dated_by="when the team handed the ticket on, or resolved it",
    clock="calendar",
    rows=rows,
    # Whether the passing agent was away the next day is known a day after the week.
    matures=timedelta(days=1),
    needs=("events.team_id", "events.replied|events.noted"),
    caveat="Sorting a new ticket to the right desk, and handing over before an absence, do not count. Work that the "
    "log does not write down (a call, a chat in the corridor) looks like none.",
    elsewhere="ServiceNow reassignment count; Zendesk group stations",
    plays=("ownership", "role_swap", "reciprocity", "shared_standards"),
)
