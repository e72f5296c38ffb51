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
    """customer_id, at, silent_at: each purchase of those who have bought often enough to have a usual interval.

    `silent_at`: when the customer has been silent for twice that interval; null where they bought again before.
    The interval is the one known at that purchase, so that nothing that came later changes it.
    """
    gap = pl.col("at").diff().over("customer_id")
    usual = gap.dt.total_microseconds().rolling_median(INTERVALS, min_samples=FEWEST_INTERVALS).over("customer_id")
    silent = pl.col("at") + SILENT * pl.max_horizontal(
        usual.cast(pl.Int64).cast(pl.Duration("us")), pl.lit(SHORTEST).cast(pl.Duration("us"))
    )
    next_at = pl.col("at").shift(-1).over("customer_id")
    bought = purchases(orders).with_columns(usual=usual, silent_at=silent, next_at=next_at)
    again = (pl.col("next_at") <= pl.col("silent_at")).fill_null(False)
    return bought.filter(pl.col("usual").is_not_null()).select(
        "customer_id", "at", silent_at=pl.when(~again).then("silent_at")
    )


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
