"""Do we call before they have to?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait


def rows(facts: Facts) -> pl.LazyFrame:
    """Tickets whose origin is known, and whether the company began them."""
    ours = pl.col("origin") == "proactive"
    return facts.tickets.with_columns(team_id="answering_team_id", at="opened_at", counted=ours).select(TRAIT_ROW)


TRAIT = Trait(
    key="reaching_out_first",
    name="reaching out first",
    asks="do we call before they have to?",
    counts="tickets of proactive origin",
    of="tickets whose origin is known",
    dated_by="when the ticket was opened",
    clock="calendar",
    needs=("tickets.origin",),
    caveat="There is no right share: it says how often the company came first, not how often it should have. "
    "It is not on the scale of the customers' answers.",
    stands=5,
    rows=rows,
    matures=timedelta(days=7),
    also=("proactive", "proactivity"),
    elsewhere="Zendesk and Intercom proactive tickets, outbound messages",
)
