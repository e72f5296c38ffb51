"""Answers to a survey -> the share that is favourable, with its interval; and how far two such shares lie apart.

Question asked: what do customers say, what does the team say of itself, and do the two differ beyond chance?
Units: shares in [0, 1]. An answer is favourable where it lies in the top 40% of its scale: 4 and 5 of 5, 7 to 10 of
10, 5 to 7 of 7. Fewer than five answers are withheld: they are as good as names.
Sources: Wilson 1927; the difference of two shares: Newcombe 1998, Statistics in Medicine 17:873-890, method 10; its
test where answers are few: Agresti & Caffo 2000, American Statistician 54:280-288 (a good and a bad one added to each).
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import ndtr
from scipy.stats import false_discovery_control

from metrics.arrays import Floats
from metrics.intervals import wilson

TOP = 0.4
FEWEST_ANSWERS = 5
# Of the staff the same people answer in wave after wave: so many waves are no more people than one.
SAME_PEOPLE = ("staff", "manager")
FAVOURABLE = pl.col("score") > (1 - TOP) * pl.col("scale_max") + 1e-9


class Gap(NamedTuple):
    """How far two shares lie apart: first less second, with its interval, in shares."""

    gap: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0


def shares(answers: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """One row for each of `by` and asked_of: x favourable of n, in how many waves, first to last; share, low, high.

    `answers`: asked_on, asked_of, score, scale_max and the columns of `by`. A wave of fewer than five answers of one
    group is left out of it, and a group of fewer than five answers has no row. `heads` is on how many people the
    interval rests: all answers of customers; of staff those of one wave, because they are the same people each time.
    """
    waves = (
        answers.group_by(*by, "asked_of", "asked_on")
        .agg(x=FAVOURABLE.sum().cast(pl.Int64), n=pl.len().cast(pl.Int64))
        .filter(~pl.col("asked_of").is_in(SAME_PEOPLE) | (pl.col("n") >= FEWEST_ANSWERS))
    )
    told = (
        waves.group_by(*by, "asked_of")
        .agg(
            pl.col("x", "n").sum(),
            waves=pl.len().cast(pl.Int64),
            first=pl.col("asked_on").min(),
            last=pl.col("asked_on").max(),
        )
        .filter(pl.col("n") >= FEWEST_ANSWERS)
        .with_columns(share=pl.col("x") / pl.col("n"), heads=_heads())
    )
    low, high = wilson((told["share"] * told["heads"]).to_numpy(), told["heads"].to_numpy())
    return told.with_columns(low=pl.Series(low), high=pl.Series(high)).sort(*by, "asked_of")


def gap(ours: tuple[float, float], theirs: tuple[float, float], confidence: float = 0.95) -> Gap:
    """How much higher the first share is than the second, with its interval. Each is (share, on how many it rests).

    Newcombe's method 10: the two Wilson intervals squared and added. ValueError where a share rests on nothing.
    """
    (one, n), (other, m) = ours, theirs
    if not (n > 0 and m > 0):
        raise ValueError("a gap needs two shares that rest on something")
    (low, high), (below, above) = _wilson(one, n, confidence), _wilson(other, m, confidence)
    apart = one - other
    down = float(((one - low) ** 2 + (above - other) ** 2) ** 0.5)
    up = float(((high - one) ** 2 + (other - below) ** 2) ** 0.5)
    return Gap(apart, max(-1.0, apart - down), min(1.0, apart + up))


def unusual(gaps: pl.DataFrame, q: float = 0.10) -> pl.Series:
    """Which gaps lie further from the usual one than chance explains, among all that were looked at together? Bool.

    `gaps`: team_share, team_heads, customers_share, customers_heads, usual (the gap over all teams). Of those called,
    a share of `q` is wrong at most (Benjamini & Hochberg).
    """
    if gaps.is_empty():
        return pl.Series("unusual", [], dtype=pl.Boolean)
    sides = [(gaps[f"{side}_share"].to_numpy(), gaps[f"{side}_heads"].to_numpy()) for side in ("team", "customers")]
    (one, one_error), (other, other_error) = (_padded(share, heads) for share, heads in sides)
    z = (one - other - gaps["usual"].to_numpy()) / np.sqrt(one_error + other_error)
    return pl.Series("unusual", false_discovery_control(2 * ndtr(-np.abs(z))) <= q)


def _padded(share: Floats, heads: Floats) -> tuple[Floats, Floats]:
    """The share with two answers added, and its squared standard error."""
    more = (share * heads + 1) / (heads + 2)
    return more, more * (1 - more) / (heads + 2)


def _wilson(share: float, n: float, confidence: float) -> tuple[float, float]:
    low, high = wilson(share * n, n, confidence)
    return float(low), float(high)


def _heads() -> pl.Expr:
    return (
        pl.when(pl.col("asked_of").is_in(SAME_PEOPLE)).then(pl.col("n") / pl.col("waves")).otherwise(pl.col("n") * 1.0)
    )
