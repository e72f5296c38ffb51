"""Do we keep what we promise?"""

import polars as pl

from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait


def rows(facts: Facts) -> pl.LazyFrame:
    """Promises that have fallen due, and whether they were kept by then."""
    kept = (pl.col("promise_kept_at") <= pl.col("promised_by")).fill_null(False)
    promised = facts.tickets.filter(pl.col("promised_by").is_not_null())
    return promised.with_columns(team_id="answering_team_id", at="promised_by", counted=kept).select(TRAIT_ROW)


TRAIT = Trait(
    key="honesty",
    name="honesty",
    asks="do we keep what we promise?",
    counts="promises kept by the time that was promised",
    of="promises that fell due",
    dated_by="when the promise fell due",
    clock="calendar",
    needs=("tickets.promised_by", "tickets.promise_kept_at"),
    caveat="Only promises that somebody wrote down count; a team that promises nothing breaks nothing.",
    stands=8,
    rows=rows,
    also=("promises kept", "truthfulness"),
    elsewhere="promise to pay or deliver kept; follow-up compliance",
)
