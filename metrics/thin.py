"""Thin strata: what a ticket of this category, channel and priority would bring, from what each of the three brings.

Question asked: the reference year saw three urgent complaints by post; what share of such tickets is usual? Too few to
count, but urgent tickets, complaints and post are each seen often: a logistic model with the three as terms tells.

Shapes: `strata` is a frame sign, category, channel, priority, x, n, parent (the rate of the level above), one row a
stratum that was seen. Units: rates in [0, 1].
Errors: no model (nothing is changed) for a sign of which fewer than two of the three vary, which has no thin stratum,
or whose x is not a part of n.
Source: logistic regression by iteratively reweighted least squares (metrics.logistic), ridge as a normal prior (le
Cessie & van Houwelingen 1992), so that a level of one ticket says little and what never happened is not impossible.
"""

import numpy as np
import polars as pl

from metrics.arrays import Floats, floats
from metrics.logistic import fit, predict

TERMS = ("category", "channel", "priority")
THIN = 20
HELD = 4.0  # a level moves the odds by about a factor of 1.6 either way
MOST = 5_000  # strata never seen that are told of, a sign


def with_model(strata: pl.DataFrame) -> pl.DataFrame:
    """`strata` with thin ones' `parent` replaced by the model's rate, and rows (n = 0) for those that were not seen."""
    parts = [_one_sign(part) for part in strata.partition_by("sign", maintain_order=True)]
    return pl.concat(parts) if parts else strata


def _one_sign(seen: pl.DataFrame) -> pl.DataFrame:
    vary = [term for term in TERMS if seen[term].n_unique() > 1]
    thin = seen["n"].to_numpy() < THIN
    if len(vary) < 2 or not thin.any() or (seen["x"] > seen["n"]).any():
        return seen
    every = _crossed(seen)
    design = _design(every, seen, vary)
    known = every["n"].is_not_null().to_numpy()
    n = floats(seen["n"].to_numpy())
    try:
        told = predict(design, fit(design[known], floats(seen["x"].to_numpy() / n), n, tolerance=1e-9, ridge=HELD))
    except ValueError:
        return seen
    rare = pl.col("n").fill_null(0) < THIN
    return (
        every.with_columns(pl.when(rare).then(pl.Series(told)).otherwise("parent").alias("parent"))
        .with_columns(pl.col("x", "n").fill_null(0))
        .select(seen.columns)
    )


def _crossed(seen: pl.DataFrame) -> pl.DataFrame:
    """The strata seen, in their order, then every other meeting of the same categories, channels, priorities."""
    levels = [seen.select(term).unique(maintain_order=True) for term in TERMS]
    if np.prod([len(level) for level in levels]) > MOST:
        return seen
    whole = levels[0].join(levels[1], how="cross").join(levels[2], how="cross")
    others = whole.join(seen, on=list(TERMS), how="anti", nulls_equal=True)
    others = others.join(seen.select("sign").head(1), how="cross")
    return pl.concat([seen, others], how="diagonal") if len(others) else seen


def _design(every: pl.DataFrame, seen: pl.DataFrame, vary: list[str]) -> Floats:
    """Ones, and for each term one column a level but for the most frequent."""
    columns = [np.ones((len(every), 1))]
    for term in vary:
        often = (
            seen.group_by(term, maintain_order=True)
            .agg(pl.col("n").sum())
            .sort("n", descending=True, maintain_order=True)
        )
        place = every.select(term).join(
            often.select(term).with_row_index("place"), on=term, how="left", nulls_equal=True, maintain_order="left"
        )["place"]
        columns.append((place.to_numpy()[:, None] == np.arange(1, len(often))[None, :]).astype(np.float64))
    return np.hstack(columns)
