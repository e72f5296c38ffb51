"""CUSUM: adds up, week by week, by how much a team is off its own level, and forgets small change.

Question asked: has a lasting change built up, and since when? A sum rises with each week that is more than `k`
spreads off, falls back with each that is not, and never goes below zero.

Shapes: `z` is series x weeks in units of the series' own spread; NaN weeks are passed over. `h`, `k` in the same unit.
`arl`, run lengths, are weeks until the sum first passes `h`.
Errors: ValueError where a limit is asked for a run length of one week or less.
Sources: Page 1954; run lengths by the integral equation that Brook & Evans 1972 approximate with a Markov chain,
solved on Gauss-Legendre nodes (Vance 1986); both sides together and head start: Lucas & Crosier 1982; weights of a
risk-adjusted CUSUM: Steiner et al. 2000, Biostatistics 1(4); its run length: Knoth, Wittenberg & Gan 2019.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_toeplitz
from scipy.optimize import brentq
from scipy.stats import norm

from metrics.arrays import Floats, Places, finite, floats

NODES = 80


@dataclass(frozen=True)
class Cusum:
    """Both sums by week, and the place of the first week since which each has been above zero (-1: it is not)."""

    up: Floats
    down: Floats
    up_since: Places
    down_since: Places


def cusum(z: Floats, k: float = 0.5, head_start: float = 0.0) -> Cusum:
    """Two-sided CUSUM of each series, starting from `head_start` (h / 2 is the usual fast initial response)."""
    z = np.atleast_2d(finite(z))
    up, up_since = _one_sided(z - k, head_start)
    down, down_since = _one_sided(-z - k, head_start)
    return Cusum(up, down, up_since, down_since)


def accumulate(weights: Floats, start: float = 0.0) -> Floats:
    """The sum of given weights that never falls below zero, series x events: a risk-adjusted CUSUM of its weights."""
    return _one_sided(np.atleast_2d(floats(weights)), start)[0]


def _one_sided(steps: Floats, start: float) -> tuple[Floats, Places]:
    total = np.full(steps.shape[0], start)
    since = np.where(total > 0, 0, -1)
    totals, sinces = np.empty(steps.shape), np.empty(steps.shape, dtype=np.int64)
    for week in range(steps.shape[1]):
        total = np.maximum(0.0, total + np.nan_to_num(steps[:, week]))
        since = np.where(total > 0, np.where(since < 0, week, since), -1)
        totals[:, week], sinces[:, week] = total, since
    return totals, sinces


def run_length(h: float, k: float = 0.5, mean: float = 0.0, head_start: float = 0.0) -> float:
    """Average run length of the one-sided CUSUM of normal weeks whose mean is `mean` spreads off."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    at = h * (nodes + 1) / 2
    kernel = (h / 2) * weights * norm.pdf(at[None, :] + k - mean - at[:, None])
    to_zero = norm.cdf(k - mean - at)
    system = np.eye(NODES + 1)
    system[1:, 1:] -= kernel
    system[1:, 0] -= to_zero
    system[0, 0] -= norm.cdf(k - mean)
    system[0, 1:] -= (h / 2) * weights * norm.pdf(at + k - mean)
    solved = np.linalg.solve(system, np.ones(NODES + 1))
    onward = (h / 2) * weights * norm.pdf(at + k - mean - head_start)
    return float(1 + solved[0] * norm.cdf(k - mean - head_start) + onward @ solved[1:])


def run_length_two_sided(h: float, k: float = 0.5, mean: float = 0.0, head_start: float = 0.0) -> float:
    """Average run length of both sums together, from zero or from a head start on both sides."""
    up, down = run_length(h, k, mean), run_length(h, k, -mean)
    up_ahead, down_ahead = run_length(h, k, mean, head_start), run_length(h, k, -mean, head_start)
    return (up_ahead * down + down_ahead * up - up * down) / (up + down)


@lru_cache(maxsize=64)
def limit_for(wanted: float, k: float = 0.5, *, two_sided: bool = True) -> float:
    """The limit h that gives a steady team the `wanted` average number of weeks between false alarms."""
    if wanted <= 1.5:
        raise ValueError(f"a run length of {wanted} weeks is no warning: ask for more than 1.5")
    length = run_length_two_sided if two_sided else run_length
    high = 1.0
    while length(high, k) < wanted:
        high *= 1.5
    return float(brentq(lambda h: np.log(length(h, k) / wanted), 1e-6, high, xtol=1e-9))


def risk_weights(y: npt.ArrayLike, risk: npt.ArrayLike, odds_ratio: float = 2.0) -> Floats:
    """Weight of each ticket's outcome: log likelihood ratio of the odds being `odds_ratio` times what its risk says."""
    y, risk = floats(y), floats(risk)
    return floats(y * np.log(odds_ratio) - np.log1p((odds_ratio - 1) * risk))


def risk_run_length(
    h: float,
    risks: npt.ArrayLike,
    shares: npt.ArrayLike,
    odds_ratio: float = 2.0,
    true_ratio: float = 1.0,
    steps: int = 600,
) -> float:
    """Average number of tickets until a risk-adjusted CUSUM passes `h`, by Markov chain on `steps` states a unit.

    `risks` with their `shares` are the mix of tickets; `true_ratio` is what the odds really are times. Each weight is
    split between its two neighbouring states, so that the chain drifts exactly as the sum does; at 600 states a unit
    it is within .2% of what ever more states tend to.
    """
    risk, share = floats(risks), floats(shares) / floats(shares).sum()
    if not h * steps >= 2 or not ((risk > 0) & (risk < 1)).all():
        raise ValueError("it takes a limit above 0 and risks between 0 and 1")
    truth = true_ratio * risk / (1 - risk + true_ratio * risk)
    weights = np.concatenate([risk_weights(1, risk, odds_ratio), risk_weights(0, risk, odds_ratio)]) * steps
    chance = np.concatenate([share * truth, share * (1 - truth)])
    low = np.floor(weights)
    moves = np.concatenate([low, low + 1]).astype(np.int64)
    return _chain(round(h * steps), moves, np.concatenate([chance * (low + 1 - weights), chance * (weights - low)]))


def _chain(states: int, moves: Places, chance: Floats) -> float:
    """Mean time from state 0 until past the last, falling no lower than 0: two Toeplitz systems (Knoth et al. 2019)."""
    by_move = np.zeros(2 * states - 1)  # the chance to move by -(states - 1) to states - 1
    inside = np.abs(moves) < states
    np.add.at(by_move, moves[inside] + states - 1, chance[inside])
    first = np.zeros(states)
    first[0] = 1.0
    system = first - by_move[states - 1 :: -1], first - by_move[states - 1 :]
    order = np.argsort(moves)
    below = np.concatenate([[0.0], np.cumsum(chance[order])])
    to_zero = below[np.searchsorted(moves[order], -np.arange(states), side="left")]
    still, back = solve_toeplitz(system, np.column_stack([np.ones(states), to_zero])).T
    return float(still[0] / (1 - back[0]))
