"""Can they stay in the channel that they chose?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait

SOONEST, LATEST = timedelta(minutes=15), timedelta(days=14)  # as for repeats


def rows(facts: Facts) -> pl.LazyFrame:
    """Resolves of known customers, and whether the customer's next ticket about it came another way."""
    known = pl.col("customer_id").is_not_null() & pl.col("channel").is_not_null()
    resolves = facts.resolves.filter(known).with_columns(from_at=pl.col("at") + SOONEST)
    next_one = facts.tickets.filter(known).select(
        "customer_id", "category", next_at="opened_at", next_channel="channel"
    )
    # Only the first that follows is looked at: a customer with many tickets would pair with all of them.
    paired = resolves.sort("from_at").join_asof(
        next_one.sort("next_at"),
        left_on="from_at",
        right_on="next_at",
        by=["customer_id", "category"],
        strategy="forward",
        tolerance=LATEST - SOONEST,
        check_sortedness=False,
    )
    switched = (pl.col("next_channel") != pl.col("channel")).fill_null(False)
    return paired.with_columns(counted=~switched).select(TRAIT_ROW)


TRAIT = Trait(
    key="channel_convenience",
    name="channel convenience",
    asks="can they stay in the channel that they chose?",
    counts="tickets after which the customer did not come back another way within 14 days (next ticket of the same "
    "customer and category, by another channel)",
    of="tickets of known customers that the team resolved",
    dated_by="when the ticket was resolved",
    clock="calendar",
    needs=("tickets.channel", "tickets.customer_id", "events.resolved|tickets.resolved_at"),
    caveat="A helpdesk writes down the channel by which a ticket came, not every channel by which it was answered: "
    "having to come back another way is the trace that a switch leaves.",
    stands=1,
    rows=rows,
    matures=LATEST,
    also=("channel", "convenience"),
    elsewhere="channel switching; Gartner's channel containment",
)
