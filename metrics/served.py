"""Whom a team served, and what its customers bought and when they fell silent: what the signs about customers share.

Question asked: after this customer was served, did they buy again, and did they go?

Shapes: frames of the contract, all of one customer's rows together. Units: instants (UTC).
Errors: an order without a customer, or won without any date, says nothing.
"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import ROW

SPAN = timedelta(days=90)
INTERVALS = 8  # a customer's usual interval is the median of so many of their last ones
FEWEST_INTERVALS = 2
YEAR = timedelta(weeks=52)
SHORTEST = timedelta(days=7)  # who buys twice in a morning is not expected back in the afternoon
SILENT = 2  # usual intervals without a purchase


def served(facts: Facts) -> pl.LazyFrame:
    """Each time a team resolved a ticket of a known customer: ROW without `counted`, and customer_id, by instant."""
    told = facts.resolves.filter(pl.col("customer_id").is_not_null())
    return told.select(*(name for name in ROW if name != "counted"), "customer_id").sort("at", maintain_order=True)


def purchases(orders: pl.LazyFrame) -> pl.LazyFrame:
    """customer_id, at: orders won, dated by when they were won, or else by when they were opened. By instant."""
    won = orders.filter(pl.col("stage") == "won", pl.col("customer_id").is_not_null())
    return won.select("customer_id", at=pl.coalesce("closed_at", "opened_at")).drop_nulls().sort("at", "customer_id")


def intervals(orders: pl.LazyFrame) -> pl.LazyFrame:
    """customer_id, at, silent_at, usual: each purchase, and the usual interval (null where there is none) after it.

    Who has bought three times within a year buys usually; their interval is the median of their last eight.
    `silent_at`: when the customer has been silent for twice that interval; null where they bought again before.
    Both are as known at that purchase, so that nothing that came later, and no longer log, changes them.
    """
    gap = pl.col("at").diff().over("customer_id").dt.total_microseconds()
    lately = (pl.col("at") - pl.col("at").shift(FEWEST_INTERVALS).over("customer_id") <= YEAR).fill_null(False)
    median = gap.rolling_median(INTERVALS, min_samples=FEWEST_INTERVALS).over("customer_id")
    usual = pl.when(lately).then(median).cast(pl.Int64).cast(pl.Duration("us"))
    silent = pl.col("at") + SILENT * pl.max_horizontal("usual", pl.lit(SHORTEST).cast(pl.Duration("us")))
    again = (pl.col("next_at") <= silent).fill_null(False)
    next_at = pl.col("at").shift(-1).over("customer_id")
    bought = purchases(orders).with_columns(usual=usual, next_at=next_at)
    return bought.select(
        "customer_id", "at", "usual", silent_at=pl.when(pl.col("usual").is_not_null() & ~again).then(silent)
    )


def with_usual(rows: pl.LazyFrame, bought: pl.LazyFrame) -> pl.LazyFrame:
    """`rows` with `buys`: had the customer a usual interval at that instant, not yet outlived twice?"""
    last = bought.select("customer_id", "at", "usual", last_at="at").sort("at")
    found = rows.sort("at", maintain_order=True).join_asof(
        last, on="at", by="customer_id", strategy="backward", check_sortedness=False
    )
    fresh = pl.col("at") - pl.col("last_at") <= SILENT * pl.max_horizontal("usual", pl.lit(SHORTEST))
    return found.with_columns(buys=(pl.col("usual").is_not_null() & fresh).fill_null(False)).drop("usual", "last_at")


def within_span(rows: pl.LazyFrame, happened: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """`rows` with `name`: did something of `happened` (customer_id, at) follow within 90 days of the row's instant?"""
    dated = happened.select("customer_id", "at", pl.col("at").alias("happened_at")).sort("at")
    found = rows.sort("at", maintain_order=True).join_asof(
        dated,
        on="at",
        by="customer_id",
        strategy="forward",
        tolerance=SPAN,
        allow_exact_matches=False,
        check_sortedness=False,
    )
    return found.with_columns(pl.col("happened_at").is_not_null().alias(name)).drop("happened_at")
