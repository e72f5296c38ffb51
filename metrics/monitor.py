"""From counts to standard values: what every reading of change rests on, for many team x sign cells at once.

Question asked: given its mix of tickets and its own baseline level, how unusual is each week, and the last four?

Shapes: `x`, `n`, `share` (expected by mix), `variance` (of x, by mix) and `baseline` are cells x weeks; a cell is a
team and a sign. Units: tickets, shares. A week that is not mature or has no tickets holds n = 0 and gives NaN.
Errors: a week with an impossible count is as if it had had no tickets; a cell whose baseline has no tickets has no
level: all of it is NaN.
Sources: case mix: metrics.expected; spread over chance and its long run: metrics.charts, metrics.spread; normal scores
of exact mid-p instead of (x - E) / sd, because with few expected events the normal law calls too often upward.
"""

from dataclasses import dataclass

import numpy as np

from metrics import charts
from metrics.arrays import Flags, Floats, Places, floats, possible, ratio
from metrics.discoveries import two_sided
from metrics.measure import groups
from metrics.spread import long_run_spread

WINDOW = 4


@dataclass(frozen=True)
class Standard:
    """Cells x weeks: `share` expected at the cell's own level, `variance` of x around it, `z` each week's score in
    units of chance; per cell: `chart_spread` for the p' limits, `spread` the long-run spread, `baseline_n` tickets,
    `kinds` the measure (metrics.measure; None: all shares)."""

    share: Floats
    variance: Floats
    z: Floats
    chart_spread: Floats
    spread: Floats
    baseline_n: Floats
    kinds: Places | None = None


def standardise(
    x: Floats,
    n: Floats,
    share: Floats,
    variance: Floats,
    baseline: Flags,
    kinds: Places | None = None,
    peers: Places | None = None,
) -> Standard:
    """Each cell against its own baseline, at its own mix. `kinds`: each cell's measure (default: all shares).

    `peers`: one number a cell, the same for cells of the same sign, whose spread is learnt together (metrics.spread).
    """
    own, at_own_level, z = (np.full(x.shape, np.nan) for _ in range(3))
    n = n.copy()
    for measure, mine in groups(kinds):
        seen, of = (np.nan_to_num(v) for v in possible(x[mine], n[mine], shares=measure.key == "share"))
        n[mine] = of
        mix = measure.near(share[mine])
        level = measure.own_level(seen, of, mix, baseline[mine])
        known = np.where(of > 0, np.where(variance[mine] > 0, variance[mine], of * measure.unit(mix)), 0.0)
        varied = known * ratio(measure.unit(level), measure.unit(mix))
        chance = of * measure.unit(level)
        score = measure.score(seen, of, level) * np.sqrt(ratio(chance, np.where(varied > 0, varied, np.nan)))
        own[mine], at_own_level[mine], z[mine] = level, varied, score
    chart_spread = charts.spread_of(z, baseline)
    spread = long_run_spread(z, baseline, peers)
    return Standard(own, at_own_level, z, chart_spread, spread, np.where(baseline, n, 0.0).sum(axis=1), kinds)


def trailing(values: Floats, width: int = WINDOW) -> Floats:
    """Sum of the last `width` weeks at each week, fewer at the start. NaN counts as 0."""
    total: Floats = np.cumsum(np.nan_to_num(values, posinf=0.0, neginf=0.0), axis=-1)
    earlier = np.concatenate([np.zeros((*values.shape[:-1], width)), total], axis=-1)[..., : values.shape[-1]]
    return floats(total - earlier)


def window_tails(
    x: Floats,
    n: Floats,
    share: Floats,
    variance: Floats,
    spread: Floats,
    baseline_n: Floats,
    kinds: Places | None = None,
) -> tuple[Floats, Floats]:
    """(lower, upper) mid-p of a window's x of n, the centre's own error included. Cells along the first axis."""
    lower, upper = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    for measure, mine in groups(kinds):
        seen, of, level = x[mine], n[mine], share[mine]
        chance = ratio(variance[mine], of * measure.unit(level))
        grown = chance * spread[mine] ** 2 * (1 + ratio(of, baseline_n[mine]))
        lower[mine], upper[mine] = measure.tails(seen, of, level, grown)
    return lower, upper


def window_p(standard: Standard, x: Floats, n: Floats, at: slice | int, width: int = WINDOW) -> Floats:
    """Two-sided p of the window that ends at each week of `at`, cells x weeks."""
    total_x, total_n = trailing(x, width), trailing(n, width)
    fair, room = trailing(n * standard.share, width), trailing(standard.variance, width)
    seen, of, usual, varied = (v[:, at] for v in (total_x, total_n, ratio(fair, total_n), room))
    spread, base = standard.spread, standard.baseline_n
    if seen.ndim == 2:
        spread, base = (np.broadcast_to(v[:, None], seen.shape) for v in (spread, base))
    return two_sided(*window_tails(seen, of, usual, varied, spread, base, standard.kinds))
