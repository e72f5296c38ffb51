"""Control charts for shares (p, p') and counts per unit (u, u').

Question asked: given how this team has done so far, where would its next weeks lie if nothing had changed?
The primed charts (Laney) let the weeks vary by more than pure chance, as service work always does; plain p and u
flag nearly every week of a large team.

Shapes: `x`, `n` are series x weeks (or weeks alone), counts; `baseline` marks the weeks that the centre and spread
are taken from. Limits are in the unit of x / n.
Errors: a week with n of 0 or missing, or an impossible count, has no limits (NaN) and takes part in nothing; a series
without baseline weeks has none at all.
Sources: Laney 2002, Quality Engineering 14(4); Mohammed et al. 2013, BMJ Quality & Safety 22(4);
autocorrelation: long-run variance of an AR(1), with Kendall's 1954 correction of r for short series.
"""

from dataclasses import dataclass

import numpy as np

from metrics.arrays import Flags, Floats, everywhere, finite, floats, mean_where, possible, previous, ratio

MR_TO_SIGMA = 1.128  # mean moving range of two normal points over their standard deviation, as tabled
MR_LIMIT = 3.267  # a moving range over this many means is itself a signal
MOST_AUTOCORRELATION = 0.8
BEYOND_CHANCE = 1.645


@dataclass(frozen=True)
class Limits:
    """Centre and limits of each week, and each series' spread of z (1: pure chance)."""

    centre: Floats
    lower: Floats
    upper: Floats
    spread: Floats


def moving_range_mean(values: Floats, baseline: Flags | None = None, *, screened: bool = False) -> Floats:
    """Mean distance of successive baseline points. `screened`: ranges over 3.267 times the mean are dropped, once."""
    values = finite(values)
    used = np.where(everywhere(values, baseline), values, np.nan)
    ranges = np.abs(used - previous(used))
    mean = mean_where(ranges, ~np.isnan(ranges))
    if not screened:
        return mean
    return mean_where(ranges, ranges < MR_LIMIT * mean[..., None])


def spread_of(
    z: Floats,
    baseline: Flags | None = None,
    *,
    floor: float = 1.0,
    screened: bool = False,
    constant: float = MR_TO_SIGMA,
) -> Floats:
    """By how much the standardised weeks vary from one to the next, over what chance alone gives. One per series."""
    return np.fmax(moving_range_mean(z, baseline, screened=screened) / constant, floor)


def autocorrelation(z: Floats, baseline: Flags | None = None) -> Floats:
    """Lag-1 autocorrelation of each series' baseline, corrected for its short length, clipped to [0, .8]."""
    z = finite(z)
    used = np.where(everywhere(z, baseline), z, np.nan)
    middle = mean_where(used, ~np.isnan(used))
    off = used - middle[..., None]
    points = (~np.isnan(off)).sum(axis=-1)
    pairs = off * previous(off)
    total = np.nansum(off**2, axis=-1)
    raw = ratio(np.nansum(pairs, axis=-1), np.where(total > 1e-12, total, np.nan))
    corrected = raw + ratio(1 + 3 * raw, points)
    return np.clip(np.nan_to_num(corrected, nan=0.0), 0.0, MOST_AUTOCORRELATION)


def long_run_factor(z: Floats, baseline: Flags | None = None) -> Floats:
    """What the spread is multiplied by where bad weeks come in rows: sqrt((1 + r) / (1 - r)), at least 1.

    r counts only where chance alone would seldom give as much (1.645 / sqrt(weeks)): otherwise every clean
    series would be blunted by its own noise, and a rise of 10 points be seen a week later.
    """
    z = finite(z)
    r = autocorrelation(z, baseline)
    weeks = (everywhere(z, baseline) & ~np.isnan(z)).sum(axis=-1)
    r = np.where(r * np.sqrt(weeks) > BEYOND_CHANCE, r, 0.0)
    return floats(np.sqrt((1 + r) / (1 - r)))


def proportions(
    x: Floats,
    n: Floats,
    baseline: Flags | None = None,
    *,
    prime: bool = True,
    floor: float = 1.0,
    screened: bool = False,
    sigmas: float = 3.0,
) -> Limits:
    """The p' chart of shares x / n (the p chart where `prime` is off), clipped to [0, 1]."""
    x, n = possible(x, n)
    centre = _pooled(x, n, baseline)[..., None]
    sigma = np.sqrt(ratio(centre * (1 - centre), n))
    return _limits(ratio(x, n), centre, sigma, baseline, prime, floor, screened, sigmas, ceiling=1.0)


def rates(
    x: Floats,
    n: Floats,
    baseline: Flags | None = None,
    *,
    prime: bool = True,
    floor: float = 1.0,
    screened: bool = False,
    sigmas: float = 3.0,
) -> Limits:
    """The u' chart of counts per unit x / n (u where `prime` is off; a c chart with n of 1); never below 0."""
    x, n = possible(x, n, shares=False)
    centre = _pooled(x, n, baseline)[..., None]
    sigma = np.sqrt(ratio(centre, n))
    return _limits(ratio(x, n), centre, sigma, baseline, prime, floor, screened, sigmas, ceiling=np.inf)


def _pooled(x: Floats, n: Floats, baseline: Flags | None) -> Floats:
    used = everywhere(x, baseline) & ~np.isnan(x) & (np.nan_to_num(n) > 0)
    return ratio(np.where(used, x, 0.0).sum(axis=-1), np.where(used, n, 0.0).sum(axis=-1))


def _limits(
    y: Floats,
    centre: Floats,
    sigma: Floats,
    baseline: Flags | None,
    prime: bool,
    floor: float,
    screened: bool,
    sigmas: float,
    *,
    ceiling: float,
) -> Limits:
    z = ratio(y - centre, sigma)
    spread = spread_of(z, baseline, floor=floor, screened=screened) if prime else np.ones(y.shape[:-1])
    reach = sigmas * sigma * spread[..., None]
    return Limits(
        centre=np.where(np.isnan(sigma), np.nan, centre),
        lower=np.clip(centre - reach, 0.0, ceiling),
        upper=np.clip(centre + reach, 0.0, ceiling),
        spread=spread,
    )
