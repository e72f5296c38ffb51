"""Intervals for a share and for a count: how far the truth may lie from what was seen.

Question asked: how much of what was seen may be luck?

Shapes: arrays that broadcast; results are (low, high). Shares in [0, 1], counts in events.
Errors: n of 0 or missing, and counts that cannot be, give NaN, never [0, 1]; ValueError for a confidence outside
(0, 1).
Sources: Wilson 1927; Clopper & Pearson 1934; Poisson: Garwood 1936 (chi-square); Byar: Breslow & Day 1987.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, chdtri, ndtri

from metrics.arrays import Floats, finite, possible, ratio


def wilson(x: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share: the default, because its real coverage is near what it says at any n."""
    z = float(ndtri(1 - _tail(confidence)))
    x, seen = possible(x, n)
    share = ratio(x, seen)
    middle = (share + z**2 / (2 * seen)) / (1 + z**2 / seen)
    reach = z / (1 + z**2 / seen) * np.sqrt(share * (1 - share) / seen + z**2 / (4 * seen**2))
    low = np.where(x == 0, seen * 0.0, np.clip(middle - reach, 0, 1))
    high = np.where(x == seen, seen * 0.0 + 1.0, np.clip(middle + reach, 0, 1))
    return low, high


def clopper_pearson(x: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """The exact interval of a share: covers at least what it says, often more."""
    tail = _tail(confidence)
    x, seen = possible(x, n)
    low = np.where(x > 0, betaincinv(np.maximum(x, 1e-9), seen - x + 1, tail), seen * 0.0)
    high = np.where(x < seen, betaincinv(x + 1, np.maximum(seen - x, 1e-9), 1 - tail), seen * 0.0 + 1.0)
    return low, high


def poisson(x: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """The exact interval of an expected count, given `x` seen."""
    tail = _tail(confidence)
    x = _counts(x)
    low = np.where(x > 0, chdtri(2 * np.maximum(x, 1e-9), 1 - tail) / 2, x * 0.0)
    return low, chdtri(2 * (x + 1), tail) / 2


def byar(x: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Byar's approximation of the same; the lower bound of 0 seen is 0."""
    z = float(ndtri(1 - _tail(confidence)))
    x = _counts(x)
    seen = np.maximum(x, 1e-9)
    low = np.where(x > 0, seen * (1 - 1 / (9 * seen) - z / (3 * np.sqrt(seen))) ** 3, x * 0.0)
    more = x + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def observed_over_expected(
    observed: npt.ArrayLike, expected: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """(ratio, low, high) of observed over expected by mix, exact Poisson. NaN where nothing was expected."""
    seen, fair = possible(observed, expected, shares=False)
    low, high = poisson(seen, confidence)
    return ratio(seen, fair), ratio(low, fair), ratio(high, fair)


def _counts(x: npt.ArrayLike) -> Floats:
    given = finite(x)
    return np.where(given >= 0, given, np.nan)


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence} is none: give a share between 0 and 1, as .95")
    return (1 - confidence) / 2
