"""A change of a share, split into what other tickets explain (mix) and what the same tickets show (rate).

Question asked: a team's share moved from one span of weeks to another. How much of it would be there had each kind of
ticket kept its own share, and how much had the kinds stayed as frequent as they were?

Shapes: x, n are arrays over groups (kinds of ticket), before and after; a first axis of draws is allowed. Units: points
of the share (0.12 = 12 points). mix + rate is the whole change, exactly; `rate` is given by group, and adds up.
Errors: a group that one of the spans does not have has no change of its own: all of it counts as mix. No tickets at all
in a span: NaN.
Source: Kitagawa 1955, with the two spans' means as weights, so that neither is the standard; intervals by drawing each
span's table of groups anew (multinomial bootstrap), checked by simulation in the tests.
"""

from dataclasses import dataclass

import numpy as np

from metrics.arrays import Floats, floats, ratio

DRAWS = 2000
SEED = 1955


@dataclass(frozen=True, eq=False)
class Counts:
    """x of n by group, in the span before and in the span after."""

    x0: Floats
    n0: Floats
    x1: Floats
    n1: Floats


@dataclass(frozen=True, eq=False)
class Split:
    """The whole change, the part by mix, and the part by rate of each group (last axis)."""

    change: Floats
    mix: Floats
    rates: Floats

    @property
    def rate(self) -> Floats:
        return floats(self.rates.sum(axis=-1))


def split(of: Counts) -> Split:
    """Mix and rate of a change."""
    w0, w1 = (
        n / np.where(n.sum(axis=-1, keepdims=True) > 0, n.sum(axis=-1, keepdims=True), np.nan) for n in (of.n0, of.n1)
    )
    p0, p1 = ratio(of.x0, of.n0), ratio(of.x1, of.n1)
    p0, p1 = np.where(np.isnan(p0), p1, p0), np.where(np.isnan(p1), p0, p1)
    rates = np.nan_to_num((w0 + w1) / 2 * (p1 - p0))
    mix = np.nan_to_num((w1 - w0) * (p0 + p1) / 2)
    known = (of.n0.sum(axis=-1) > 0) & (of.n1.sum(axis=-1) > 0)
    change = np.where(
        known, ratio(of.x1.sum(axis=-1), of.n1.sum(axis=-1)) - ratio(of.x0.sum(axis=-1), of.n0.sum(axis=-1)), np.nan
    )
    return Split(change, np.where(known, mix.sum(axis=-1), np.nan), rates)


def drawn(of: Counts, draws: int = DRAWS, seed: int = SEED) -> Counts:
    """The same counts as they might have come out: each span's table drawn anew, `draws` times (first axis)."""
    rng = np.random.default_rng(seed)
    (x0, n0), (x1, n1) = (_redrawn(rng, x, n, draws) for x, n in ((of.x0, of.n0), (of.x1, of.n1)))
    return Counts(x0, n0, x1, n1)


def _redrawn(rng: np.random.Generator, x: Floats, n: Floats, draws: int) -> tuple[Floats, Floats]:
    table = np.concatenate([x, n - x])
    total = round(float(table.sum()))
    if not total:
        return np.zeros((draws, len(x))), np.zeros((draws, len(n)))
    made = rng.multinomial(total, table / table.sum(), size=draws).astype(np.float64)
    return made[:, : len(x)], made[:, : len(x)] + made[:, len(x) :]


def interval(values: Floats) -> tuple[float, float]:
    """The middle 95% of draws."""
    low, high = np.nanpercentile(values, [2.5, 97.5]) if np.isfinite(values).any() else (np.nan, np.nan)
    return float(low), float(high)
