"""What x of n is: a share, a rate, a dispersion or a ratio; and what chance alone does to it.

Question asked: x was counted over n where a level of x for each n is usual: how unusual is that, and how wide is what
we know? Signs differ in this and in nothing else, so that panel, chart, verdict and words are the same for all.

- *share*: x of n things. Binomial.
- *rate*: x events over an exposure n (accounts opened by a branch of n customers in a week). Poisson.
- *dispersion*: x the sum of chi-squares, n the sum of their degrees of freedom; 1 is chance. Chi-square.
- *ratio*: x over n, both amounts (euros). Its weeks have no law of chance, so its own weeks say how much they vary.

x and n add up over strata, weeks and partitions for all of them. Shapes: arrays that broadcast; a level is x / n.
Errors: n of 0 or a missing level gives NaN.
Sources: shares: metrics.discoveries; Poisson with gamma mixing is negative binomial, mid-p as Lancaster 1961; sums of
chi-squares are gamma; intervals Wilson 1927, Garwood 1936, chi-square for a variance; square root and logarithm as
variance-stabilising scales (Anscombe 1948).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
import polars as pl
from scipy.special import betainc, expit, gammainc, gammaincc, gammaincinv, logit, ndtr, ndtri

from metrics import discoveries
from metrics.arrays import Flags, Floats, Places, floats, ratio
from metrics.intervals import poisson, wilson

Key = Literal["share", "rate", "dispersion", "ratio"]
SURE = discoveries.SURE


class Measure(Protocol):
    """The law of one kind of x of n. `ceiling` is the highest x / n that there can be."""

    key: Key
    ceiling: float

    def unit(self, level: Any) -> Any:
        """Variance of x for each n by chance alone, of arrays or of a Polars expression."""

    def near(self, level: Floats) -> Floats:
        """Levels kept off the ends where there is no variance."""

    def own_level(self, x: Floats, n: Floats, mix: Floats, baseline: Flags) -> Floats:
        """Cells x weeks: the level of each week's mix, moved so that the baseline's total fits."""

    def score(self, x: Floats, n: Floats, level: Floats) -> Floats:
        """How unusual x is, as a standard normal value."""

    def tails(self, x: Floats, n: Floats, level: Floats, inflation: Floats) -> tuple[Floats, Floats]:
        """(lower, upper) p of x where its variance is `inflation` times that of chance."""

    def interval(self, x: Floats, n: Floats) -> tuple[Floats, Floats]:
        """95% interval of the level."""

    def apart(self, x: Floats, n: Floats, level: Floats) -> tuple[Floats, Floats]:
        """(distance from the level, its standard error) on a scale on which the error hardly depends on the level."""


class Share:
    key: Key = "share"
    ceiling = 1.0

    def unit(self, level: Any) -> Any:
        return level * (1 - level)

    def near(self, level: Floats) -> Floats:
        return np.clip(level, 1e-6, 1 - 1e-6)

    def own_level(self, x: Floats, n: Floats, mix: Floats, baseline: Flags) -> Floats:
        return own_share(x, n, mix, baseline)

    def score(self, x: Floats, n: Floats, level: Floats) -> Floats:
        return discoveries.binomial_score(x, n, level)

    def tails(self, x: Floats, n: Floats, level: Floats, inflation: Floats) -> tuple[Floats, Floats]:
        return discoveries.tails(x, n, level, inflation)

    def interval(self, x: Floats, n: Floats) -> tuple[Floats, Floats]:
        return wilson(x, n)

    def apart(self, x: Floats, n: Floats, level: Floats) -> tuple[Floats, Floats]:
        off = np.arcsin(np.sqrt(ratio(x, n))) - np.arcsin(np.sqrt(level))
        return off, 1 / (2 * np.sqrt(np.where(n > 0, n, np.nan)))


class _Above:
    """What has no ceiling: the level moves by a factor."""

    ceiling = np.inf

    def near(self, level: Floats) -> Floats:
        return np.maximum(level, 1e-9)

    def own_level(self, x: Floats, n: Floats, mix: Floats, baseline: Flags) -> Floats:
        """Half an event is added to what was seen and expected, so that none in a year is not never."""
        of = np.where(baseline & ~np.isnan(mix), n, 0.0)
        fair = np.nansum(of * mix, axis=1)
        factor = ratio(np.where(of > 0, x, 0.0).sum(axis=1) + 0.5, np.where(fair > 0, fair + 0.5, np.nan))
        return floats(mix * factor[:, None])


class Rate(_Above):
    key: Key = "rate"

    def unit(self, level: Any) -> Any:
        return level

    def score(self, x: Floats, n: Floats, level: Floats) -> Floats:
        mean, there = _mean(x, n, level)
        seen = np.where(there, x, 0.0)
        return _normal(_or_less(seen, mean), _or_more(seen, mean), there)

    def tails(self, x: Floats, n: Floats, level: Floats, inflation: Floats) -> tuple[Floats, Floats]:
        """Poisson; with more variance than that, its mean is taken to vary too (negative binomial)."""
        x, n, level, grown = np.broadcast_arrays(*map(floats, (x, n, level, inflation)))
        mean, there = _mean(x, n, level)
        seen, wide = np.where(there, x, 0.0), there & (grown > 1.0001)
        score = self.score(x, n, level) / np.sqrt(np.maximum(grown, 1e-6))
        size = np.where(wide, mean / np.where(wide, grown - 1, 1.0), 1.0)
        share = np.where(wide, 1 / np.where(wide, grown, 2.0), 0.5)
        below = np.where(seen > 0, betainc(size, np.maximum(seen, 1.0), share), 0.0)
        upto = betainc(size, seen + 1, share)
        lower = np.where(wide, (below + upto) / 2, ndtr(score))
        upper = np.where(wide, 1 - (below + upto) / 2, ndtr(-score))
        return np.where(there, lower, np.nan), np.where(there, upper, np.nan)

    def interval(self, x: Floats, n: Floats) -> tuple[Floats, Floats]:
        low, high = poisson(x)
        return ratio(low, n), ratio(high, n)

    def apart(self, x: Floats, n: Floats, level: Floats) -> tuple[Floats, Floats]:
        return np.sqrt(ratio(x, n)) - np.sqrt(level), 1 / (2 * np.sqrt(np.where(n > 0, n, np.nan)))


class Dispersion(_Above):
    key: Key = "dispersion"

    def unit(self, level: Any) -> Any:
        return 2 * level * level

    def score(self, x: Floats, n: Floats, level: Floats) -> Floats:
        there = (n > 0) & (level > 0) & ~np.isnan(x)
        half = np.where(there, ratio(x, level), 1.0) / 2
        free = np.where(there, n, 1.0) / 2
        return _normal(gammainc(free, half), gammaincc(free, half), there)

    def tails(self, x: Floats, n: Floats, level: Floats, inflation: Floats) -> tuple[Floats, Floats]:
        """Of a variance grown g times: as if there were n / g degrees of freedom."""
        x, n, level, grown = np.broadcast_arrays(*map(floats, (x, n, level, inflation)))
        there = (n > 0) & (level > 0) & ~np.isnan(x) & (grown > 0)
        wide = np.where(there, grown, 1.0)
        free = np.where(there, n, 1.0) / (2 * wide)
        half = np.where(there, ratio(x, level), 1.0) / (2 * wide)
        lower, upper = gammainc(free, half), gammaincc(free, half)
        return np.where(there, lower, np.nan), np.where(there, upper, np.nan)

    def interval(self, x: Floats, n: Floats) -> tuple[Floats, Floats]:
        free = np.where(n > 0, n, np.nan)
        return ratio(x, 2 * gammaincinv(free / 2, 0.975)), ratio(x, 2 * gammaincinv(free / 2, 0.025))

    def apart(self, x: Floats, n: Floats, level: Floats) -> tuple[Floats, Floats]:
        seen = np.maximum(x, 0.5)
        return np.log(ratio(seen, n)) - np.log(level), np.sqrt(2 / np.where(n > 0, n, np.nan))


class Ratio(_Above):
    key: Key = "ratio"

    def unit(self, level: Any) -> Any:
        return level

    def score(self, x: Floats, n: Floats, level: Floats) -> Floats:
        """Without a limit: the series' own spread, which may be any, is divided out after this."""
        return ratio(x - n * level, np.sqrt(np.where(n * level > 0, n * level, np.nan)))

    def tails(self, x: Floats, n: Floats, level: Floats, inflation: Floats) -> tuple[Floats, Floats]:
        score = self.score(x, n, level) / np.sqrt(np.maximum(inflation, 1e-9))
        return floats(ndtr(score)), floats(ndtr(-score))

    def interval(self, x: Floats, n: Floats) -> tuple[Floats, Floats]:
        """None is known: amounts have no law of chance."""
        nothing = np.full(np.shape(x), np.nan)
        return nothing, nothing.copy()

    def apart(self, x: Floats, n: Floats, level: Floats) -> tuple[Floats, Floats]:
        return np.log(ratio(np.maximum(x, 1.0), n)) - np.log(level), np.where(n > 0, 1e-6, np.nan)


SHARE: Measure = Share()
MEASURES: tuple[Measure, ...] = (SHARE, Rate(), Dispersion(), Ratio())
_PLACE: Mapping[Key, int] = {measure.key: place for place, measure in enumerate(MEASURES)}


def measure_of(key: Key) -> Measure:
    """The law of this kind of x of n."""
    return MEASURES[_PLACE[key]]


def kinds_of(keys: Sequence[Key]) -> Places:
    """The places in MEASURES: one a cell, so that cells of all measures lie in one array."""
    return np.array([_PLACE[key] for key in keys], dtype=np.int64)


def groups(kinds: Places | None) -> Iterator[tuple[Measure, Flags | slice]]:
    """Each measure among the cells and which rows are its own; without kinds all are shares."""
    if kinds is None:
        yield SHARE, slice(None)
        return
    there = np.unique(kinds)
    for place in there:
        yield MEASURES[int(place)], slice(None) if len(there) == 1 else kinds == place


def variance_of(n: pl.Expr, rate: pl.Expr, keys: Mapping[str, Key]) -> pl.Expr:
    """Variance of x by chance, of rows that name their `sign`."""
    variance: pl.Expr = n * SHARE.unit(rate)
    sign = pl.col("sign").cast(pl.String)
    for measure in MEASURES[1:]:
        mine = [name for name, key in keys.items() if key == measure.key]
        if mine:
            variance = pl.when(sign.is_in(mine)).then(n * measure.unit(rate)).otherwise(variance)
    return variance


def own_share(x: Floats, n: Floats, mix: Floats, baseline: Flags) -> Floats:
    """The share expected of each week's mix once the odds are moved to where the baseline's total fits.

    The baseline's total has half a ticket added either way (Jeffreys), so that none in a hundred is not never.
    """
    of = np.where(baseline & ~np.isnan(mix), n, 0.0)
    total = of.sum(axis=1)
    seen = (np.where(of > 0, x, 0.0).sum(axis=1) + 0.5) * ratio(total, total + 1)
    odds = logit(np.where(np.isnan(mix), 0.5, mix))
    shift = logit(np.clip(ratio(seen, total), 1e-9, 1 - 1e-9)) - logit(
        np.clip(ratio((of * expit(odds)).sum(axis=1), total), 1e-9, 1 - 1e-9)
    )
    for _ in range(6):
        p = expit(odds + shift[:, None])
        slope = (of * p * (1 - p)).sum(axis=1)
        shift = shift + np.clip(ratio(seen - (of * p).sum(axis=1), slope), -2, 2)
    return floats(np.where(np.isnan(mix), np.nan, expit(odds + shift[:, None])))


def _mean(x: Floats, n: Floats, level: Floats) -> tuple[Floats, Flags]:
    there = (n > 0) & (level >= 0) & ~np.isnan(x)
    return np.where(there, np.maximum(n * level, 1e-12), 1.0), there


def _or_less(x: Floats, mean: Floats) -> Floats:
    """Mid-p of so many or fewer Poisson events."""
    below = np.where(x > 0, gammaincc(np.maximum(x, 1.0), mean), 0.0)
    return floats((gammaincc(x + 1, mean) + below) / 2)


def _or_more(x: Floats, mean: Floats) -> Floats:
    so_many = np.where(x > 0, gammainc(np.maximum(x, 1.0), mean), 1.0)
    return floats((gammainc(x + 1, mean) + so_many) / 2)


def _normal(lower: Floats, upper: Floats, there: Flags) -> Floats:
    """The normal score of two tails, from whichever is the smaller; at most 8 either way."""
    score = np.where(lower < upper, ndtri(np.maximum(lower, 1e-300)), -ndtri(np.maximum(upper, 1e-300)))
    return np.where(there, np.clip(score, -SURE, SURE), np.nan)
