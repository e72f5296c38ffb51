"""Before an action starts: the smallest effect that could be seen, and when.

Question asked: can this team alone tell us? Could it with two more?

Shapes: scalars. Units: shares; `spread` is how far teams stray by themselves (`own_spread`).
Errors: NaN where there are too few teams for any answer.
Source: noncentral t of the ANCOVA's test; for one coached team the rank and the interval of metrics.alone.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import nct, t

from metrics.alone import robust_line
from metrics.arrays import Flags, Floats
from metrics.effect import FEWEST_CONTROLS
from metrics.helped import REVIEWS, Shares, shares

COVARIATES = 3


def own_spread(x: Floats, n: Floats, weeks: int, mix: Floats | None = None, mine: Flags | None = None) -> float:
    """How far teams' shares of `weeks` weeks strayed from what their past foretold, lately. NaN: too little history.

    `mine`: of teams of these teams' size, whose chance may be larger or smaller than the others'; a few teams that went
    their own way do not count, as they do not in the verdict on one team alone.
    """
    start = x.shape[1] - weeks
    if start < 16:
        return float("nan")
    seen = shares(x, n, start, weeks, mix)
    there = ~(np.isnan(seen.base) | np.isnan(seen.trailing) | np.isnan(seen.post))
    if there.sum() < FEWEST_CONTROLS + COVARIATES:
        return float("nan")
    seen, own = seen.only(there), None if mine is None else mine[there]
    if own is None or not own.any():
        return float(np.sqrt(_strayed(seen)))
    beyond = robust_line(_past(seen), seen.post, seen.chance)[1]
    return float(np.sqrt(beyond + seen.chance[own].mean()))


def _strayed(seen: Shares) -> float:
    """The mean square of what the past does not foretell."""
    design = _past(seen)
    off = seen.post - design @ np.linalg.lstsq(design, seen.post, rcond=None)[0]
    return float((off**2).sum() / (len(off) - COVARIATES))


def _past(seen: Shares) -> Floats:
    return np.column_stack([np.ones(len(seen.post)), seen.base, seen.trailing])


def power(effect: float, spread: float, coached: int, controls: int) -> float:
    """Chance that an effect of this size is called at p < .05."""
    if coached < 1 or controls < FEWEST_CONTROLS or not spread > 0:
        return float("nan")
    error = spread * np.sqrt(1 / coached + 1 / controls)
    off = abs(effect) / error
    if coached == 1:
        share = np.floor(0.05 * (controls + 1) - 1e-9) / (controls + 1)  # a rank is a whole number
        limit = max(ndtri(1 - share), t.ppf(0.975, controls - COVARIATES))
        return float(ndtr(off - limit)) if share > 0 else 0.0
    freedom = coached + controls - COVARIATES - 1
    limit = t.ppf(0.975, freedom)
    other_side = nct.cdf(-limit, freedom, off) if off < 3 else 0.0
    return float(nct.sf(limit, freedom, off) + other_side)


def smallest_effect(spread: float, coached: int, controls: int, wanted: float = 0.8) -> float:
    """The smallest effect called with a chance of `wanted`; NaN where none is (too few teams to compare with)."""
    alone = coached == 1 and controls < 20  # with 19 the smallest p there could be is .05 itself
    if coached < 1 or controls < FEWEST_CONTROLS or alone or not spread > 0:
        return float("nan")
    return float(brentq(lambda effect: power(effect, spread, coached, controls) - wanted, 1e-9, 12 * spread))


def outlook(
    x: Floats, n: Floats, coached: int, controls: int, mix: Floats | None = None, mine: Flags | None = None
) -> dict[int, float]:
    """The smallest effect that could be seen at each review (4, 9, 13 weeks), from how teams here strayed lately.

    `mine`: the teams to be coached, one flag per row of x, so that their own size counts.
    """
    found = {}
    for weeks in REVIEWS:
        spread = own_spread(x, n, weeks, mix)
        if mine is not None and coached == 1:  # as the verdict: in units of its own size
            spread = own_spread(x, n, weeks, mix, mine)
        found[weeks] = smallest_effect(spread, coached, controls)
    return found
