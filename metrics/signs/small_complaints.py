"""Do small issues turn into complaints?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import STRATUM, Sign

UNHAPPY = 2  # of 5


def rows(facts: Facts) -> pl.LazyFrame:
    """Simple tickets, charged to the team that last spoke to the customer before they were resolved within seven days
    (who resolved, where nobody spoke), or else held them then."""
    unhappy = (pl.col("csat") <= UNHAPPY).fill_null(False)
    return facts.tickets.filter("simple").select(
        "ticket_id",
        pl.col("answering_team_id").alias("team_id"),
        pl.col("opened_at").alias("at"),
        *STRATUM,
        counted=pl.col("is_complaint").fill_null(False) | unhappy,
    )


SIGN = Sign(
    key="small_complaints",
    asks="do small issues turn into complaints?",
    says="sees small issues turn into complaints",
    counts="simple tickets complained about (marked a complaint, or satisfaction 1 or 2 of 5)",
    of="simple tickets opened that week",
    dated_by="when the ticket was opened",
    clock="calendar",
    rows=rows,
    matures=timedelta(days=7),
    needs=(
        "tickets.category",
        "tickets.is_complaint|tickets.csat",
        "events.team_id|tickets.team_id",
        "standards.simple",
    ),
    caveat="Few customers answer a satisfaction question, and a complaint carries no date of its own: one that is "
    "marked more than a week later still counts in the week in which the ticket was opened.",
    elsewhere="Zendesk bad satisfaction ratings",
    plays=("words_of_empathy", "experiential_training", "tell_early", "ownership"),
)
