"""How long until a change would be seen, at this team's own volume.

Question asked: with 40 tickets a week, after how many weeks does a rise of 10 points show? So that nobody takes calm
for proof that nothing happened.

Shapes: scalars. Units: tickets a week, shares, weeks. `spread`: the team's long-run spread over chance (1: none).
Errors: None where most such changes would not be seen within a year, and where n or the share leave nothing to see.
Source: the chart of metrics.verdict followed week by week on Gauss-Legendre nodes (Crowder 1987); one cell alone.
"""

from math import isfinite, sqrt

import numpy as np
from scipy.stats import binom, norm

from metrics.discoveries import binomial_score
from metrics.verdict import LAMBDA, limits

NODES, LONGEST = 120, 52
USUAL = 1.02  # the spread that is found, on average, where weeks vary by chance alone: it is never under 1


def weeks_to_see(
    n: float, share: float, rise: float, *, spread: float = USUAL, baseline_weeks: int = 52, worse: bool = True
) -> int | None:
    """Median weeks until the chart calls a lasting change of `rise` (below 0: a fall) from `share`."""
    after, of = share + rise, round(n) if isfinite(n) else 0
    if of < 1 or not 0 < share < 1 or not 0 <= after <= 1 or rise == 0 or not (spread > 0 and baseline_weeks > 0):
        return None
    shift, width = _scored(of, share, after)
    limit = limits()[0 if worse else 1] * sqrt(LAMBDA / (2 - LAMBDA) + 1 / baseline_weeks)
    return _median(abs(shift) / spread, max(width / spread, 0.05), limit)


def _scored(n: int, share: float, after: float) -> tuple[float, float]:
    """Mean and standard deviation of a week's score once the share is `after`: with few tickets a rise scores less
    than its distance over chance.
    """
    x = np.arange(n + 1.0)
    chance = binom.pmf(x, n, after)
    score = binomial_score(x, np.full(n + 1, float(n)), np.full(n + 1, share))
    mean = float((chance * score).sum())
    return mean, sqrt(max(float((chance * score**2).sum()) - mean**2, 0.0))


def _median(shift: float, width: float, limit: float) -> int | None:
    """Weeks until half of all EWMAs, steady before, pass `limit`, when weeks are `shift` off and vary by `width`."""
    steady = sqrt(LAMBDA / (2 - LAMBDA))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    low = -6 * steady
    at, weight = low + (limit - low) * (nodes + 1) / 2, (limit - low) / 2 * weights
    still = norm.pdf(at, scale=steady)
    still /= (still * weight).sum()
    move = (
        norm.pdf(at[:, None], loc=(1 - LAMBDA) * at[None, :] + LAMBDA * shift, scale=LAMBDA * width) * weight[None, :]
    )
    for week in range(1, LONGEST + 1):
        still = move @ still
        if (still * weight).sum() <= 0.5:
            return week
    return None
