"""How long tickets stay open, when some are open still.

Question asked: what share is still open after so long? Never the mean or median of closed tickets: the longest ones
are those not closed yet, so it looks better than it is.

Shapes: one series: `time` since opening (any unit), `closed` whether it ended. Errors: a time that
is missing or below 0 is left out; no tickets, no curve (empty);
a share that the data never reaches down to is NaN, and a median not reached is NaN.
Sources: Kaplan & Meier 1958, Greenwood's error, interval on the log scale (R survival's default); logrank: Mantel 1966.
Product limits by scipy's ecdf and CensoredData.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import CensoredData, chi2, ecdf

from metrics.arrays import Flags, Floats, finite, floats, ratio


@dataclass(frozen=True)
class Open:
    """The curve: at each time the share still open just after it, with its interval, and how many were at risk."""

    time: Floats
    share: Floats
    low: Floats
    high: Floats
    error: Floats
    at_risk: Floats


@dataclass(frozen=True)
class Logrank:
    """Chi-square (1 degree of freedom) of two groups' curves being the same, its p, and the first group's counts."""

    chi_square: float
    p: float
    observed: float
    expected: float
    variance: float


def still_open(time: npt.ArrayLike, closed: npt.ArrayLike, confidence: float = 0.95) -> Open:
    """The Kaplan-Meier curve at each time where something ended or was cut off."""
    time, ended = _told(time, closed)
    if not len(time):
        none = np.empty(0)
        return Open(none, none, none, none, none, none)
    curve = ecdf(CensoredData(uncensored=time[ended], right=time[~ended])).sf
    at, share = floats(curve.quantiles), floats(curve.probabilities)
    at_risk = len(time) - np.searchsorted(np.sort(time), at, side="left")
    ends = np.searchsorted(np.sort(time[ended]), at, side="right") - np.searchsorted(
        np.sort(time[ended]), at, side="left"
    )
    greenwood = np.cumsum(ratio(ends, at_risk * (at_risk - ends)))
    relative = np.sqrt(greenwood)
    z = float(ndtri(0.5 + confidence / 2))
    low = np.where(np.isnan(relative), np.nan, share * np.exp(-z * relative))
    high = np.minimum(np.where(np.isnan(relative), np.nan, share * np.exp(z * relative)), 1.0)
    return Open(at, share, low, high, share * relative, floats(at_risk))


def share_open_at(curve: Open, at: float) -> tuple[float, float, float]:
    """(share, low, high) still open after `at`; NaN beyond the longest time seen, unless all had ended by then."""
    if not len(curve.time) or at < 0:
        return float("nan"), float("nan"), float("nan")
    place = int(np.searchsorted(curve.time, at, side="right")) - 1
    if place < 0:
        return 1.0, 1.0, 1.0
    if at > curve.time[-1] and curve.share[-1] > 0:
        return float("nan"), float("nan"), float("nan")
    return float(curve.share[place]), float(curve.low[place]), float(curve.high[place])


def median(curve: Open) -> tuple[float, float, float]:
    """(median, low, high) of the time until closed: where the curve and its limits first fall to a half."""
    return (
        _first_at_half(curve.time, curve.share),
        _first_at_half(curve.time, curve.low),
        _first_at_half(curve.time, curve.high),
    )


def _first_at_half(time: Floats, share: Floats) -> float:
    below = np.flatnonzero(share <= 0.5 + 1e-12)
    if not len(below):
        return float("nan")
    place = below[0]
    on_half = abs(share[place] - 0.5) <= 1e-12
    further = np.flatnonzero(share < 0.5 - 1e-12)
    return float((time[place] + time[further[0]]) / 2) if on_half and len(further) else float(time[place])


def logrank(time: npt.ArrayLike, closed: npt.ArrayLike, first: npt.ArrayLike) -> Logrank:
    """Do the tickets marked `first` close at another pace than the others? NaN where one group is empty."""
    told = finite(time) >= 0
    mine = np.asarray(first, dtype=bool)[told]
    time, ended = _told(time, closed)
    at = np.unique(time[ended])
    risk = _at_risk(time, at)
    risk_mine = _at_risk(time[mine], at)
    ends = _ended(time[ended], at)
    ends_mine = _ended(time[ended & mine], at)
    expected = float(np.nansum(ratio(ends * risk_mine, risk)))
    spread = ratio(ends * risk_mine * (risk - risk_mine) * (risk - ends), risk**2 * (risk - 1))
    variance = float(np.nansum(spread))
    if variance <= 0:
        return Logrank(float("nan"), float("nan"), float(ends_mine.sum()), expected, variance)
    chi_square = (float(ends_mine.sum()) - expected) ** 2 / variance
    return Logrank(chi_square, float(chi2.sf(chi_square, 1)), float(ends_mine.sum()), expected, variance)


def _told(time: npt.ArrayLike, closed: npt.ArrayLike) -> tuple[Floats, Flags]:
    """Times that can be, and whether they ended."""
    given = finite(time)
    return given[given >= 0], np.asarray(closed, dtype=bool)[given >= 0]


def _at_risk(time: Floats, at: Floats) -> Floats:
    return floats(len(time) - np.searchsorted(np.sort(time), at, side="left"))


def _ended(time: Floats, at: Floats) -> Floats:
    ordered = np.sort(time)
    return floats(np.searchsorted(ordered, at, side="right") - np.searchsorted(ordered, at, side="left"))
