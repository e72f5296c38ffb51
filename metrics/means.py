"""Charts of weekly means (xbar) and of how much the values of a week differ among themselves (s).

Question asked: a survey's mean score, or the mean of any value with many in a week: steady, or not? Never for how long
tickets stay open: the mean of closed tickets looks better than it is (metrics.survival).

Shapes: `mean`, `sd`, `n` are series x weeks (or weeks alone): mean, standard deviation and number of each week's
values. Limits in the unit of the values.
Errors: a week of fewer than two values has no limits (NaN), and takes no part in the spread.
Source: Montgomery, Introduction to Statistical Quality Control, 6.27 to 6.31: the mean of the weeks' deviations where
every week has as many values, else pooled; c4 by the gamma function.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from metrics.arrays import Flags, Floats, everywhere, finite, floats, mean_where, ratio
from metrics.charts import Limits


def means(
    mean: npt.ArrayLike, sd: npt.ArrayLike, n: npt.ArrayLike, baseline: Flags | None = None, *, sigmas: float = 3.0
) -> Limits:
    """The xbar chart: grand mean +- 3 s / (c4 sqrt n). `spread` is s, the deviation within a week."""
    mean, sd, n = _of(mean, sd, n)
    used = everywhere(mean, baseline) & ~np.isnan(mean) & (n > 0)
    values = np.where(used, n * np.nan_to_num(mean), 0.0).sum(axis=-1)
    centre = ratio(values, np.where(used, n, 0.0).sum(axis=-1))[..., None]
    within = spread_within(sd, n, baseline)
    some = np.where(n > 1, n, np.nan)
    reach = sigmas * within[..., None] / (c4(some) * np.sqrt(some))
    return Limits(centre + reach * 0, centre - reach, centre + reach, within)


def deviations(sd: npt.ArrayLike, n: npt.ArrayLike, baseline: Flags | None = None, *, sigmas: float = 3.0) -> Limits:
    """The s chart of the weeks' standard deviations, never below 0."""
    _, sd, n = _of(sd, sd, n)
    within = spread_within(sd, n, baseline)
    known = c4(np.where(n > 1, n, np.nan))
    reach = sigmas * np.sqrt(np.maximum(1 - known**2, 0.0)) / known * within[..., None]
    middle = within[..., None] + reach * 0
    return Limits(middle, np.maximum(middle - reach, 0.0), middle + reach, within)


def spread_within(sd: npt.ArrayLike, n: npt.ArrayLike, baseline: Flags | None = None) -> Floats:
    """The deviation within a week, one per series: the weeks' mean where all are as large, else pooled."""
    _, sd, n = _of(sd, sd, n)
    used = everywhere(sd, baseline) & ~np.isnan(sd) & (n > 1)
    freedom = np.where(used, n - 1, 0.0)
    pooled = np.sqrt(ratio((freedom * np.where(used, sd, 0.0) ** 2).sum(axis=-1), freedom.sum(axis=-1)))
    largest, smallest = np.where(used, n, -np.inf).max(axis=-1), np.where(used, n, np.inf).min(axis=-1)
    return floats(np.where(largest == smallest, mean_where(sd, used), pooled))


def c4(n: npt.ArrayLike) -> Floats:
    """Mean standard deviation of n normal values over the true one. NaN below two."""
    some = np.where(floats(n) > 1, floats(n), np.nan)
    return floats(np.sqrt(2 / (some - 1)) * np.exp(gammaln(some / 2) - gammaln((some - 1) / 2)))


def _of(mean: npt.ArrayLike, sd: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    a, b, c = np.broadcast_arrays(finite(mean), finite(sd), np.nan_to_num(finite(n)))
    return a, np.where(b >= 0, b, np.nan), c
