"""Interrupted series: one team's counts before and after a start, its trend and season taken off.

Question asked: by how much did the rate step (and bend) at the start, if nothing else happened then? It has nobody to
compare with, so whatever else changed that week is blamed on the action, and teams coached for their worst weeks look
better by themselves: for a company too small to compare with anyone, as a second opinion, never a headline.

Shapes: `x` events by week (NaN weeks are left out), `n` what they are of (tickets, hours; the offset), `after` true
from the start on. Units: `ratio` is the rate after over what it would have been.
Errors: ValueError, in words, where weeks are too few for the terms, or all are on one side, or nothing was counted.
Sources: Bernal, Cummins & Gasparrini 2017, Int. J. Epidemiology 46(1): Poisson regression on time, step and harmonics;
the spread over chance by Pearson's chi-square; interval by the normal law, p by t; Newey & West 1987 for weeks that
hang together.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from metrics.arrays import Flags, Floats, finite, floats

Z = 1.959963984540054


@dataclass(frozen=True)
class Interrupted:
    """The step as a ratio of rates with its interval and p, the spread over chance (1: none), and all coefficients.

    Coefficients, errors are logs of rates: constant, step, time (per week), [slope,] harmonics (sines, then cosines).
    """

    ratio: float
    low: float
    high: float
    p: float
    dispersion: float
    coefficients: Floats
    errors: Floats
    long_run_errors: Floats


def interrupted(
    x: npt.ArrayLike,
    n: npt.ArrayLike,
    after: npt.ArrayLike,
    *,
    harmonics: int = 0,
    period: float = 52.0,
    phase: npt.ArrayLike | None = None,
    slope: bool = False,
    lag: int = 3,
    chance_only: bool = False,
) -> Interrupted:
    """The step at the start. `phase`: each week's place in the year (its number); `slope`: the trend may bend too.

    `chance_only`: errors as if counts varied by chance alone (Poisson); else they grow with the spread that is seen.
    """
    counts, of, late = np.broadcast_arrays(finite(x), finite(n), np.asarray(after, dtype=bool))
    time = np.arange(1.0, len(counts) + 1)
    year = time if phase is None else floats(phase)
    there = ~np.isnan(counts) & (counts >= 0) & (np.nan_to_num(of) > 0)
    design = _design(time, late, year, harmonics, period, slope)[there]
    _possible(counts[there], late[there], design)
    beta, rate = _poisson(design, counts[there], np.log(of[there]))
    return _result(design, counts[there], rate, beta, lag, chance_only)


def _design(time: Floats, late: Flags, year: Floats, harmonics: int, period: float, slope: bool) -> Floats:
    columns = [np.ones(len(time)), late.astype(np.float64), time]
    if slope:
        columns.append(np.where(late, time - time[np.argmax(late)] + 1, 0.0))
    angles = [2 * np.pi * year * (k + 1) / period for k in range(harmonics)]
    return np.column_stack([*columns, *map(np.sin, angles), *map(np.cos, angles)])


def _possible(counts: Floats, late: Flags, design: Floats) -> None:
    if not late.any() or late.all():
        raise ValueError("it takes weeks before the start and after it")
    if len(counts) <= design.shape[1] + 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        raise ValueError(f"{len(counts)} weeks are too few for {design.shape[1]} terms")
    if not counts[late].sum() or not counts[~late].sum():
        raise ValueError("nothing was counted on one side of the start")


def _poisson(design: Floats, counts: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Coefficients and fitted counts, by iteratively reweighted least squares."""
    eta = np.log(counts + 0.5)
    beta = np.zeros(design.shape[1])
    for _ in range(100):
        rate = np.exp(eta)
        working = eta - offset + (counts - rate) / rate
        found = np.linalg.solve((design * rate[:, None]).T @ design, design.T @ (rate * working))
        eta = np.clip(design @ found + offset, -30.0, 30.0)
        if np.abs(found - beta).max() < 1e-12:
            return floats(found), floats(np.exp(eta))
        beta = floats(found)
    raise ValueError("no coefficients settle: too little was counted")


def _result(design: Floats, counts: Floats, rate: Floats, beta: Floats, lag: int, chance_only: bool) -> Interrupted:
    freedom = len(counts) - design.shape[1]
    spread = 1.0 if chance_only else float(((counts - rate) ** 2 / rate).sum() / freedom)
    bread = np.linalg.inv((design * rate[:, None]).T @ design)
    errors = np.sqrt(np.diag(bread) * spread)
    t = beta[1] / errors[1]
    p = float(2 * (ndtr(-abs(t)) if chance_only else stdtr(freedom, -abs(t))))
    low, high = np.exp(beta[1] - Z * errors[1]), np.exp(beta[1] + Z * errors[1])
    scores = design * (counts - rate)[:, None]
    long_run = np.sqrt(np.diag(bread @ _newey_west(scores, lag) @ bread))
    return Interrupted(float(np.exp(beta[1])), float(low), float(high), p, spread, beta, errors, long_run)


def _newey_west(scores: Floats, lag: int) -> Floats:
    total = scores.T @ scores
    for back in range(1, min(lag, len(scores) - 1) + 1):
        joint = scores[back:].T @ scores[:-back]
        total = total + (1 - back / (lag + 1)) * (joint + joint.T)
    return floats(total)
