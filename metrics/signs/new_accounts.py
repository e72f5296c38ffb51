"""Do new ones come?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import Sign, Whole


def rows(facts: Facts) -> pl.LazyFrame:
    """Accounts opened and closed, by branch and week."""
    known = facts.customers.drop_nulls("branch")
    came = known.select("branch", day="opened_on", opened=1, closed=0)
    went = known.drop_nulls("closed_on").select("branch", day="closed_on", opened=0, closed=1)
    both = pl.concat([came, went])
    return both.group_by("branch", week=pl.col("day").dt.truncate("1w")).agg(pl.col("opened", "closed").sum())


def by_branch(gathered: pl.DataFrame, whole: Whole) -> pl.DataFrame:
    """x: accounts opened in the week; n: the accounts that the branch had when the week began."""
    weeks = _weeks(whole)
    moved = gathered.group_by("branch", "week").agg(pl.col("opened", "closed").sum())
    every = moved.select("branch").unique().join(weeks, how="cross")
    both = every.join(moved, on=["branch", "week"], how="full", coalesce=True).sort("branch", "week")
    had = (pl.col("opened") - pl.col("closed")).cum_sum().shift(1, fill_value=0).over("branch")
    told = both.with_columns(pl.col("opened", "closed").cast(pl.Int64).fill_null(0)).with_columns(had=had)
    return (
        told.join(weeks, on="week", how="semi")
        .filter(pl.col("had") > 0)
        .select(pl.col("branch").alias("team_id"), "week", x="opened", n="had")
    )


def _weeks(whole: Whole) -> pl.DataFrame:
    last = whole.horizon.date()
    first = whole.since or last
    return pl.DataFrame({"week": pl.date_range(first, last, "1w", eager=True)})


SIGN = Sign(
    key="new_accounts",
    asks="do new ones come?",
    says="opens accounts",
    counts="accounts opened",
    of="accounts that the branch had when the week began",
    dated_by="when the account was opened",
    clock="calendar",
    rows=rows,
    whole=by_branch,
    matures=timedelta(0),
    needs=("customers.branch", "teams.branch"),
    caveat="Read of a branch, because a new customer belongs to no team yet. What is expected follows the branch's own "
    "season, learned from its first year, and its size; a campaign or a new competitor shows like anything else.",
    elsewhere="new customer acquisition; gross adds",
    plays=("reciprocity", "praise_passed_on"),
    better="higher",
    measure="rate",
    seasonal=True,
    unit="branch",
    thing="account",
)
