"""EWMA: an average of the weeks that forgets, so that small lasting change shows and old change fades.

Question asked: is this team off its own level now? It comes back by itself when the team does.

Shapes: `z` is series x weeks in units of the series' own spread (any unit with `centre`); NaN weeks are passed over.
Errors: ValueError where a limit is asked for a run length of one week or less.
Sources: Roberts 1959; Lucas & Saccucci 1990; run lengths by Crowder's 1987 integral equation on Gauss-Legendre nodes.
"""

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from metrics.arrays import Floats, finite, floats

LAMBDA = 0.2
NODES = 80


def ewma(z: Floats, lam: float = LAMBDA, start: float = 0.0) -> Floats:
    """The average after each week, from `start`; NaN before the first week that is there."""
    z = np.atleast_2d(finite(z))
    level = np.full(z.shape[0], start)
    levels = np.empty(z.shape)
    for week in range(z.shape[1]):
        now = z[:, week]
        level = np.where(np.isnan(now), level, (1 - lam) * level + lam * np.nan_to_num(now))
        levels[:, week] = level
    begun = np.cumsum(~np.isnan(z), axis=1) > 0
    return np.where(begun, levels, np.nan)


def spread_after(weeks: Floats, lam: float = LAMBDA) -> Floats:
    """Standard deviation of the average after so many weeks of mean 0, spread 1: grows to sqrt(lam / (2 - lam))."""
    return floats(np.sqrt(lam / (2 - lam) * -np.expm1(2 * floats(weeks) * np.log1p(-lam))))


def run_length(L: float, lam: float = LAMBDA, mean: float = 0.0) -> float:
    """Average run length of a two-sided EWMA of normal weeks, with limits of L times its lasting spread, from zero."""
    reach = L * np.sqrt(lam / (2 - lam))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    at = reach * nodes

    def onward(origin: Floats) -> Floats:
        moved = (at[None, :] - (1 - lam) * origin[:, None]) / lam - mean
        return floats(reach * weights * norm.pdf(moved) / lam)

    solved = np.linalg.solve(np.eye(NODES) - onward(at), np.ones(NODES))
    return float(1 + (onward(np.zeros(1)) @ solved)[0])


@lru_cache(maxsize=64)
def limit_for(wanted: float, lam: float = LAMBDA) -> float:
    """The L that gives a steady team the `wanted` average number of weeks between false alarms."""
    if wanted <= 1.5:
        raise ValueError(f"a run length of {wanted} weeks is no warning: ask for more than 1.5")
    return float(brentq(lambda L: np.log(run_length(L, lam) / wanted), 0.05, 6.0, xtol=1e-9))
