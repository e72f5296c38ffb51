"""Shrinkage: what a small team's share probably is, given what teams here are like.

Question asked: 2 of 5 is 40%, but is this team's share 40%? The fewer its tickets, the nearer its estimate lies to the
company's middle. Fitted by maximum likelihood: the method of moments under-shrinks badly.

Shapes: one value per team; x, n counts, expected in events. Prior: Beta for shares, Gamma(shape, rate) for
ratios.
Errors: None where there are fewer than three teams with tickets, or where the teams do not differ (then each is the
pooled share, and no prior can be fitted); a team with n of 0 gets the middle of the prior.
Sources: beta-binomial: Skellam 1948; Robinson's ebbr; gamma-Poisson: Clayton & Kaldor 1987.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaincc, betainccinv, betaincinv, betaln, expit, gammainccinv, gammaincinv, gammaln, logit

from metrics.arrays import Floats, finite, floats, possible

WIDEST = 12.0  # log of the largest alpha + beta: beyond it teams do not differ


@dataclass(frozen=True)
class Prior:
    """What teams here are like, and how unlikely the data is under it."""

    alpha: float
    beta: float
    negative_loglik: float


@dataclass(frozen=True)
class Estimates:
    """Each team's estimate with its 95% interval."""

    middle: Floats
    low: Floats
    high: Floats


def beta_binomial(x: npt.ArrayLike, n: npt.ArrayLike) -> Prior | None:
    """The Beta prior of the teams' shares, by maximum likelihood."""
    x, n = _there(x, n, shares=True)
    if len(n) < 3 or x.sum() in (0, n.sum()):
        return None

    def loss(at: Floats) -> float:
        a, b = _of_mean_and_size(at)
        choose = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
        return float(-(choose + betaln(x + a, n - x + b) - betaln(a, b)).sum())

    return _fitted(loss, np.array([logit(x.sum() / n.sum()), np.log(50.0)]), _of_mean_and_size)


def gamma_poisson(x: npt.ArrayLike, expected: npt.ArrayLike) -> Prior | None:
    """The Gamma prior (shape alpha, rate beta) of the teams' observed / expected, by maximum likelihood."""
    x, fair = _there(x, expected, shares=False)
    if len(fair) < 3 or x.sum() == 0:
        return None

    def pair(at: Floats) -> tuple[float, float]:
        shape = float(np.exp(at[1]))
        return shape, shape / float(np.exp(at[0]))

    def loss(at: Floats) -> float:
        a, b = pair(at)
        each = gammaln(x + a) - gammaln(a) - gammaln(x + 1) + a * np.log(b / (b + fair)) + x * np.log(fair / (b + fair))
        return float(-each.sum())

    return _fitted(loss, np.array([np.log(x.sum() / fair.sum()), np.log(10.0)]), pair)


def shrunk_shares(x: npt.ArrayLike, n: npt.ArrayLike, prior: Prior, confidence: float = 0.95) -> Estimates:
    """Posterior Beta(alpha + x, beta + n - x) of each team's share."""
    counts, of = _seen(x, n)
    counts = np.where(counts <= of, counts, np.nan)
    a, b = prior.alpha + counts, prior.beta + of - counts
    tail = (1 - confidence) / 2
    return Estimates(a / (a + b), floats(betaincinv(a, b, tail)), floats(betainccinv(a, b, tail)))


def chance_above(x: npt.ArrayLike, n: npt.ArrayLike, prior: Prior, share: float) -> Floats:
    """How likely it is that each team's true share lies above `share`, given what teams here are like."""
    counts, of = _seen(x, n)
    counts = np.where(counts <= of, counts, np.nan)
    return floats(betaincc(prior.alpha + counts, prior.beta + of - counts, share))


def shrunk_ratios(x: npt.ArrayLike, expected: npt.ArrayLike, prior: Prior, confidence: float = 0.95) -> Estimates:
    """Posterior Gamma(alpha + x, beta + expected) of each team's observed / expected."""
    counts, fair = _seen(x, expected)
    a, b = prior.alpha + counts, prior.beta + fair
    tail = (1 - confidence) / 2
    return Estimates(a / b, floats(gammaincinv(a, tail)) / b, floats(gammainccinv(a, tail)) / b)


def _seen(x: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Counts that can be; none of none is a count too."""
    counts, of = np.broadcast_arrays(finite(x), finite(n))
    fine = (counts >= 0) & (of >= 0)
    return np.where(fine, counts, np.nan), np.where(fine, of, np.nan)


def _there(x: npt.ArrayLike, n: npt.ArrayLike, *, shares: bool) -> tuple[Floats, Floats]:
    counts, of = possible(x, n, shares=shares)
    used = ~np.isnan(of)
    return counts[used], of[used]


def _of_mean_and_size(at: Floats) -> tuple[float, float]:
    size = float(np.exp(at[1]))
    return float(expit(at[0])) * size, float(expit(-at[0])) * size


def _fitted(
    loss: Callable[[Floats], float], start: Floats, pair: Callable[[Floats], tuple[float, float]]
) -> Prior | None:
    bounds = [(start[0] - 8, start[0] + 8), (-6.0, WIDEST)]
    rough = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    best = minimize(
        loss, rough.x, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}
    )
    if best.x[1] > WIDEST - 0.5:
        return None
    alpha, beta = pair(best.x)
    return Prior(alpha, beta, float(best.fun))
