"""Are we helpful and friendly, and do we care?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait

PLEASED = 4  # of 5


def rows(facts: Facts) -> pl.LazyFrame:
    """All tickets; of those that were rated, whether the customer was pleased."""
    pleased = pl.col("csat") >= PLEASED
    return facts.tickets.with_columns(team_id="answering_team_id", at="opened_at", counted=pleased).select(TRAIT_ROW)


TRAIT = Trait(
    key="helpfulness",
    name="helpfulness, friendliness and care",
    asks="are we helpful and friendly, and do we care?",
    counts="tickets that the customer rated 4 or 5 of 5",
    of="tickets that the customer rated",
    dated_by="when the ticket was opened",
    clock="calendar",
    needs=("tickets.csat",),
    caveat="Few customers answer, and those who do are often the pleased and the angry.",
    stands=6,
    rows=rows,
    matures=timedelta(days=7),
    also=("helpfulness", "friendliness", "care", "helpfulness friendliness care"),
    elsewhere="CSAT: Zendesk satisfaction score, top two boxes",
)
