"""Do they hear from us in good time?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.standards import QUANTILE, REFERENCE_WEEKS
from metrics.trait import TRAIT_ROW, Trait

LEAST = 20  # tickets of a category, for a standard of its own
ANSWERED = pl.min_horizontal("first_reply_minutes_business", "first_resolution_minutes_business")


def rows(facts: Facts) -> pl.LazyFrame:
    """Tickets opened, and whether the first answer came within the category's standard.

    The standard for a first answer is the 80th percentile of its category over the first 52 weeks, all teams pooled:
    the same rule by which the standard for resolving is found where the company has set none.
    """
    opened = facts.tickets.with_columns(answered=ANSWERED)
    since = pl.col("opened_at").min() + timedelta(weeks=REFERENCE_WEEKS)
    reference = (
        opened.filter(pl.col("opened_at") < since, pl.col("answered").is_not_null())
        .group_by("category")
        .agg(standard=pl.col("answered").quantile(QUANTILE, "nearest"), tickets=pl.len())
        .filter(pl.col("tickets") >= LEAST)
    )
    judged = opened.join(reference, on="category", how="left", nulls_equal=True)
    in_time = (pl.col("answered") <= pl.col("standard")).fill_null(False)
    counted = pl.when(pl.col("standard").is_not_null()).then(in_time)
    return judged.with_columns(team_id="answering_team_id", at="opened_at", counted=counted).select(TRAIT_ROW)


TRAIT = Trait(
    key="timely_response",
    name="timely response",
    asks="do they hear from us in good time?",
    counts="tickets first answered (replied to, or resolved without a reply) within the standard of their category",
    of="tickets opened that have a standard for the first answer, answered or not",
    dated_by="when the ticket was opened",
    clock="business",
    needs=("events.replied|tickets.first_replied_at", "tickets.opened_at"),
    caveat="The standard for a first answer is the time within which 80% of the category were answered in the first "
    "52 weeks, all teams together: about 80% is the usual level, not a grade. Hours are those of the team that first "
    "held it.",
    stands=2,
    rows=rows,
    matures=timedelta(days=7),
    also=("timeliness", "response time", "responsiveness"),
    elsewhere="Zendesk first reply time against an SLA",
)
