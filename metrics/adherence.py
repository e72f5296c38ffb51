"""How often a service standard was kept: the share of simple tickets resolved within it.

Question asked: of how many simple tickets, by category (or whatever else stands in the counts), was the standard kept?

Shapes: `counts` as `metrics.cells.COUNTS` of slow_simple, where x are those that were late. Returns `by`, kept, n,
share, low, high, sorted by `by`. Units: tickets; shares in [0, 1], 95% Wilson interval.
Errors: what has no ticket has no row: a share of nothing is missing, never 0.
"""

import polars as pl

from metrics.intervals import wilson

KEPT = ("kept", "n", "share", "low", "high")


def adherence(counts: pl.DataFrame, by: str) -> pl.DataFrame:
    """Tickets in time, of how many, with share and interval, one row a value of the column `by`."""
    summed = counts.group_by(by).agg(pl.col("x", "n").sum()).filter(pl.col("n") > 0).sort(by)
    kept = (summed["n"] - summed["x"]).alias("kept")
    low, high = wilson(kept.to_numpy(), summed["n"].to_numpy())
    return summed.select(
        by, kept, "n", (kept / summed["n"]).alias("share"), pl.Series("low", low), pl.Series("high", high)
    )
