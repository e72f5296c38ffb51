"""Do they reach the right team the first time?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait


def rows(facts: Facts) -> pl.LazyFrame:
    """Tickets that the team answered, and whether they had come without being sorted a second time."""
    right = pl.col("routing_corrections") == 0
    return facts.tickets.with_columns(team_id="answering_team_id", at="opened_at", counted=right).select(TRAIT_ROW)


TRAIT = Trait(
    key="best_guess",
    name="best guess why they call",
    asks="do they reach the right team the first time?",
    counts="tickets that came to the right team first, with no correction of the routing (passed on within 30 "
    "business minutes before anyone replied, or by a dispatching team a second time)",
    of="tickets that the team answered, or held a week after they were opened",
    dated_by="when the ticket was opened",
    clock="business",
    needs=("events.team_id|tickets.team_stations",),
    caveat="The wrong guess may have been made elsewhere: it is told of the team at which the customer ended, because "
    "that is whom customers rate. One sorting by a dispatching team is its work and no correction.",
    stands=4,
    rows=rows,
    matures=timedelta(days=7),
    also=("best guess", "guess why they call", "right team first time"),
    elsewhere="ServiceNow reassignment count of 0",
)
