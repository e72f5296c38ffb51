"""Before an action starts: the smallest effect that could be seen, and when.

Question asked: can this team alone tell us? Could it with two more?

Shapes: scalars. Units: shares; `spread` is how far teams stray by themselves (`own_spread`).
Errors: NaN where there are too few teams for any answer.
Source: noncentral t of the ANCOVA's test; for one coached team the placebo rank's quantile.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import nct, t

from metrics.arrays import Floats
from metrics.effect import FEWEST_CONTROLS
from metrics.helped import REVIEWS, shares

COVARIATES = 3


def own_spread(x: Floats, n: Floats, weeks: int, mix: Floats | None = None) -> float:
    """How far teams' shares of `weeks` weeks strayed from what their past foretold, lately. NaN: too little history."""
    start = x.shape[1] - weeks
    if start < 16:
        return float("nan")
    seen = shares(x, n, start, weeks, mix)
    there = ~(np.isnan(seen.base) | np.isnan(seen.trailing) | np.isnan(seen.post))
    if there.sum() < FEWEST_CONTROLS + COVARIATES:
        return float("nan")
    design = np.column_stack([np.ones(there.sum()), seen.base[there], seen.trailing[there]])
    off = seen.post[there] - design @ np.linalg.lstsq(design, seen.post[there], rcond=None)[0]
    return float(np.sqrt((off**2).sum() / (there.sum() - COVARIATES)))


def power(effect: float, spread: float, coached: int, controls: int) -> float:
    """Chance that an effect of this size is called at p < .05."""
    if coached < 1 or controls < FEWEST_CONTROLS or not spread > 0:
        return float("nan")
    error = spread * np.sqrt(1 / coached + 1 / controls)
    off = abs(effect) / error
    if coached == 1:
        share = np.floor(0.05 * (controls + 1) - 1e-9) / (controls + 1)
        return float(ndtr(off - ndtri(1 - share / 2))) if share > 0 else 0.0
    freedom = coached + controls - COVARIATES - 1
    limit = t.ppf(0.975, freedom)
    other_side = nct.cdf(-limit, freedom, off) if off < 3 else 0.0
    return float(nct.sf(limit, freedom, off) + other_side)


def smallest_effect(spread: float, coached: int, controls: int, wanted: float = 0.8) -> float:
    """The smallest effect called with a chance of `wanted`; NaN where none is (too few teams to compare with)."""
    if coached < 1 or controls < FEWEST_CONTROLS or not spread > 0 or (coached == 1 and controls + 1 < 20):
        return float("nan")
    largest = 12 * spread
    return float(brentq(lambda effect: power(effect, spread, coached, controls) - wanted, 1e-9, largest))


def outlook(x: Floats, n: Floats, coached: int, controls: int, mix: Floats | None = None) -> dict[int, float]:
    """The smallest effect that could be seen at each review (4, 9, 13 weeks), from how teams here strayed lately."""
    return {weeks: smallest_effect(own_spread(x, n, weeks, mix), coached, controls) for weeks in REVIEWS}
