"""Discoveries: which of hundreds of team x sign cells moved, when some always look as if they had?

Question asked: how surprising is this window, given the baseline and that the baseline itself is uncertain; and
which of all cells may be called, if at most one in ten of those called may be wrong? Exact in the counts, so that
three events where one was expected are judged as three events.

Shapes: one value per cell (any shape for the tails); x, n tickets; `inflation`: variance over binomial.
Errors: n of 0, a count that cannot be or a missing share gives NaN, and NaN takes no part in the correction.
Sources: beta-binomial predictive, mid-p (Lancaster 1961); Benjamini & Hochberg 1995 by scipy's
false_discovery_control, Benjamini & Yekutieli 2001, Holm 1979.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, ndtr, ndtri
from scipy.stats import false_discovery_control

from metrics.arrays import Floats, finite, floats, possible, ratio

MOST_TERMS = 400  # beyond it both tails hold hundreds of events, and the normal law is as good
SURE = 8.0


def binomial_score(x: npt.ArrayLike, n: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """How unusual x of n is, as a standard normal value: the normal score of its exact mid-p, at most 8 either way."""
    x, n, share = np.broadcast_arrays(*possible(x, n), finite(share))
    there = ~np.isnan(x) & (share >= 0) & (share <= 1)
    a, m, p = np.where(there, x, 0.0), np.where(there, n, 1.0), np.clip(np.where(there, share, 0.5), 1e-12, 1 - 1e-12)
    lower = (_at_most(a, m, p) + _at_most(a - 1, m, p)) / 2
    upper = (_at_most(m - a, m, 1 - p) + _at_most(m - a - 1, m, 1 - p)) / 2
    score = np.where(lower < upper, ndtri(np.maximum(lower, 1e-300)), -ndtri(np.maximum(upper, 1e-300)))
    return np.where(there, np.clip(score, -SURE, SURE), np.nan)


def tails(x: npt.ArrayLike, n: npt.ArrayLike, share: npt.ArrayLike, inflation: npt.ArrayLike) -> tuple[Floats, Floats]:
    """(lower, upper) mid-p of x of n where the variance is `inflation` times the binomial's: beta-binomial above 1.

    Below 1 (a mix of easy and hard tickets varies less than one share would) the binomial score is stretched.
    """
    all_four = np.broadcast_arrays(*possible(x, n), finite(share), finite(inflation))
    x, n, share, grown = (np.atleast_1d(v) for v in all_four)
    lower, upper = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    there = ~np.isnan(x) & (share >= 0) & (share <= 1) & ~np.isnan(grown)
    small = np.minimum(x, n - x) <= MOST_TERMS
    wide = there & small & (grown > 1.0001) & (n > 1)
    plain = there & ~wide
    score = binomial_score(x[plain], n[plain], share[plain]) / np.sqrt(np.maximum(grown[plain], 1e-6))
    lower[plain], upper[plain] = ndtr(score), ndtr(-score)
    lower[wide], upper[wide] = _beta_binomial(x[wide], n[wide], share[wide], grown[wide])
    return lower, upper


def false_discovery_q(p: npt.ArrayLike, *, dependent: bool = False) -> Floats:
    """Each p's q: the smallest share of wrong ones among those called at which it is called too. NaN stays NaN.

    Holds where cells are independent or move together; `dependent` (Benjamini & Yekutieli 2001): whatever they do.
    """
    p = floats(p)
    q = np.full(p.shape, np.nan)
    there = ~np.isnan(p)
    if there.any():
        q[there] = false_discovery_control(np.clip(p[there], 0.0, 1.0), method="by" if dependent else "bh")
    return q


def family_wise_p(p: npt.ArrayLike, *, holm: bool = True) -> Floats:
    """Each p corrected so that even one wrong call among all is seldom: Holm 1979, or plain Bonferroni. Not used in
    readings: in 240 cells it would hardly see anything.
    """
    p = floats(p)
    out = np.full(p.shape, np.nan)
    there = ~np.isnan(p)
    known = p[there]
    if not holm:
        out[there] = np.minimum(1.0, known * known.size)
        return out
    order = np.argsort(known)
    corrected = np.empty(known.shape)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(known[order] * np.arange(known.size, 0, -1)))
    out[there] = corrected
    return out


def two_sided(lower: Floats, upper: Floats) -> Floats:
    """One p for a change either way: twice the smaller tail, at most 1."""
    return floats(np.minimum(1.0, 2 * np.minimum(lower, upper)))


def _at_most(x: Floats, n: Floats, p: Floats) -> Floats:
    """P(X <= x), by the regularised incomplete beta function."""
    inner = (x >= 0) & (x < n)
    value = betainc(np.where(inner, n - x, 1.0), np.where(inner, x + 1, 1.0), 1 - p)
    return np.where(inner, value, np.where(x < 0, 0.0, 1.0))


def _beta_binomial(x: Floats, n: Floats, share: Floats, grown: Floats) -> tuple[Floats, Floats]:
    """Mid-p tails, summed from whichever end of 0..n is nearer to x."""
    rho = np.clip(ratio(grown - 1, n - 1), 1e-9, 0.999)
    p = np.clip(share, 1e-9, 1 - 1e-9)
    flipped = x > n - x
    k, p = np.where(flipped, n - x, x), np.where(flipped, 1 - p, p)
    a, b = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho
    below, mass = np.empty(k.shape), np.empty(k.shape)
    for part in np.array_split(np.argsort(k), max(1, k.size // 256)):
        below[part], mass[part] = _summed(k[part], n[part], a[part], b[part])
    near, far = np.clip(below + mass / 2, 0, 1), np.clip(1 - below - mass / 2, 0, 1)
    return np.where(flipped, far, near), np.where(flipped, near, far)


def _summed(k: Floats, n: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """(P(X < k), P(X = k)) of beta-binomials, each term from the one before it: P(j) / P(j - 1) is a plain fraction."""
    if not k.size:
        return k, k
    j = np.arange(1.0, k.max() + 1)[None, :]
    m, a_, b_ = n[:, None], a[:, None], b[:, None]
    fraction = np.maximum(m - j + 1, 1) * (a_ + j - 1) / (j * (b_ + np.maximum(m - j, 0)))
    logs = np.concatenate([np.zeros((len(k), 1)), np.cumsum(np.log(fraction), axis=1)], axis=1)
    logs += (betaln(a, n + b) - betaln(a, b))[:, None]
    mass = np.exp(np.where(np.arange(k.max() + 1)[None, :] <= k[:, None], logs, -np.inf))
    last = mass[np.arange(len(k)), k.astype(np.int64)]
    return mass.sum(axis=1) - last, last
