"""From counts to standard values: what every reading of change rests on, for many team x sign cells at once.

Question asked: given its mix of tickets and its own baseline level, how unusual is each week, and the last four?

Shapes: `x`, `n`, `share` (expected by mix), `variance` (of x, by mix) and `baseline` are cells x weeks; a cell is a
team and a sign. Units: tickets, shares. A week that is not mature or has no tickets holds n = 0 and gives NaN.
Errors: a cell whose baseline has no tickets has no level: all of it is NaN.
Sources: case mix: metrics.expected; spread over chance and its long run: metrics.charts; normal scores of exact mid-p
instead of (x - E) / sd, because with few expected events the normal law calls too often upward.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from metrics import charts
from metrics.arrays import Flags, Floats, floats, mean_where, ratio
from metrics.discoveries import binomial_score, tails, two_sided

WINDOW = 4


@dataclass(frozen=True)
class Standard:
    """Cells x weeks: `share` expected at the cell's own level, `variance` of x around it, `z` each week's score in
    units of chance; per cell: `chart_spread` for the p' limits, `spread` the long-run spread, `baseline_n` tickets."""

    share: Floats
    variance: Floats
    z: Floats
    chart_spread: Floats
    spread: Floats
    baseline_n: Floats


def standardise(x: Floats, n: Floats, share: Floats, variance: Floats, baseline: Flags) -> Standard:
    """Each cell against its own baseline, at its own mix."""
    mix = np.clip(share, 1e-6, 1 - 1e-6)
    own = own_level(x, n, mix, baseline)
    variance = np.where(variance > 0, variance, n * mix * (1 - mix))
    at_own_level = variance * ratio(own * (1 - own), mix * (1 - mix))
    chance = n * own * (1 - own)
    z = binomial_score(x, n, own) * np.sqrt(ratio(chance, np.where(at_own_level > 0, at_own_level, np.nan)))
    chart_spread = charts.spread_of(z, baseline)
    spread = np.fmax(_deviation(z, baseline), 1.0) * charts.long_run_factor(z, baseline)
    return Standard(own, at_own_level, z, chart_spread, spread, np.where(baseline, n, 0.0).sum(axis=1))


def own_level(x: Floats, n: Floats, mix: Floats, baseline: Flags) -> Floats:
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


def _deviation(z: Floats, baseline: Flags) -> Floats:
    """Standard deviation of the baseline's z."""
    used = baseline & ~np.isnan(z)
    points = used.sum(axis=1)
    middle = mean_where(z, used)
    squares = np.where(used, (z - middle[:, None]) ** 2, 0.0).sum(axis=1)
    return floats(np.sqrt(ratio(squares, points - 1.0)))


def trailing(values: Floats, width: int = WINDOW) -> Floats:
    """Sum of the last `width` weeks at each week, fewer at the start. NaN counts as 0."""
    total: Floats = np.cumsum(np.nan_to_num(values), axis=-1)
    earlier = np.concatenate([np.zeros((*values.shape[:-1], width)), total], axis=-1)[..., : values.shape[-1]]
    return floats(total - earlier)


def window_tails(
    x: Floats, n: Floats, share: Floats, variance: Floats, spread: Floats, baseline_n: Floats
) -> tuple[Floats, Floats]:
    """(lower, upper) mid-p of a window's x of n tickets, the centre's own error included. One value per cell."""
    chance = ratio(variance, n * share * (1 - share))
    return tails(x, n, share, chance * spread**2 * (1 + ratio(n, baseline_n)))


def window_p(standard: Standard, x: Floats, n: Floats, at: slice | int, width: int = WINDOW) -> Floats:
    """Two-sided p of the window that ends at each week of `at`, cells x weeks."""
    total_x, total_n = trailing(x, width), trailing(n, width)
    fair, room = trailing(n * standard.share, width), trailing(standard.variance, width)
    seen, of, usual, varied = (v[:, at] for v in (total_x, total_n, ratio(fair, total_n), room))
    spread, base = standard.spread, standard.baseline_n
    if seen.ndim == 2:
        spread, base = (np.broadcast_to(v[:, None], seen.shape) for v in (spread, base))
    return two_sided(*window_tails(seen, of, usual, varied, spread, base))
