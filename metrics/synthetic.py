"""Synthetic control: the mix of other teams that went the way of the coached one until the start, and where it went on.

Question asked: a second opinion on an action, above all of one team alone: what would its weeks have looked like?
The headline stays metrics.effect's; weeks of few tickets are noise that a mix of teams can follow by luck, which is why
the placebo rank (every other team in the coached one's place) says how sure it is, and why `synthetic_difference`
holds the weights back where the weeks are noisy.

Shapes: `outcome` teams x weeks (a share, or anything else), none missing; `treated` marks the coached teams; `start` is
the place of their first week. Weights are one per other team (or per earlier week), in their order, and sum to one.
Errors: ValueError, in words, for a missing value, no treated team, fewer than two others or two earlier weeks.
Sources: Abadie, Diamond & Hainmueller 2010 (outcomes alone as predictors, rank of the ratio of squared gaps);
Arkhangelsky et al. 2021, AER 111(12) (synthetic difference in differences). Weights on the simplex exactly, as the
point of a polytope nearest to the origin (Wolfe 1976) by non-negative least squares.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from metrics.arrays import Flags, Floats, floats
from metrics.effect import rank_p


@dataclass(frozen=True)
class Synthetic:
    """The mean effect after the start, the gap of each week, the other teams' weights; weeks' weights where used."""

    effect: float
    gap: Floats
    weights: Floats
    week_weights: Floats


def synthetic_control(outcome: Floats, treated: Flags, start: int) -> Synthetic:
    """The treated teams' mean less the weighted others, weights fitted on the weeks before `start`."""
    mine, others = _parts(outcome, treated, start)
    weights = simplex_weights(others[:, :start].T, mine[:start])
    gap = mine - weights @ others
    return Synthetic(float(gap[start:].mean()), gap, weights, np.zeros(start))


def synthetic_difference(outcome: Floats, treated: Flags, start: int) -> Synthetic:
    """Synthetic difference in differences: levels may differ, weeks are weighted too, noise holds the weights back."""
    mine, others = _parts(outcome, treated, start)
    before, after = others[:, :start], others[:, start:].mean(axis=1)
    noise = float(np.std(np.diff(before, axis=1), ddof=1))
    teams, weeks = int(np.sum(treated)), outcome.shape[1] - start
    held_back = (teams * weeks) ** 0.25 * noise
    weights = simplex_weights(before.T, mine[:start], intercept=True, ridge=held_back)
    week_weights = simplex_weights(before, after, intercept=True, ridge=1e-6 * noise)
    gap = mine - weights @ others
    return Synthetic(float(gap[start:].mean() - gap[:start] @ week_weights), gap, weights, week_weights)


def placebo_rank(outcome: Floats, treated: Flags, start: int) -> float:
    """Share of all teams whose gap grew as much as the treated one's (p). One treated.

    Each other team is put in its place in turn, the treated one left out then.
    """
    mine = np.asarray(treated, dtype=bool)
    if mine.sum() != 1:
        raise ValueError("the placebo rank is for one treated team")
    others = floats(outcome)[~mine]
    placebos = [gap_ratio(others, np.arange(len(others)) == team, start) for team in range(len(others))]
    return rank_p(gap_ratio(outcome, mine, start), np.array(placebos))


def gap_ratio(outcome: Floats, treated: Flags, start: int) -> float:
    """Mean squared gap after the start over that before."""
    gap = synthetic_control(outcome, treated, start).gap
    before = float((gap[:start] ** 2).mean())
    return float((gap[start:] ** 2).mean() / before) if before > 1e-18 else float("inf")


def simplex_weights(columns: Floats, target: Floats, *, intercept: bool = False, ridge: float = 0.0) -> Floats:
    """Weights, none below 0 and summing to one, whose mix of `columns` (rows x choices) lies nearest to `target`.

    `ridge` squared times the rows is the price of the squared weights; with `intercept` a constant difference is free.
    """
    a, b = floats(columns), floats(target)
    rows, choices = a.shape
    if intercept:
        a, b = a - a.mean(axis=0), b - b.mean()
    off = np.vstack([a - b[:, None], ridge * np.sqrt(rows) * np.eye(choices)]) if ridge else a - b[:, None]
    scale = float(np.abs(off).max()) or 1.0
    found, _ = nnls(np.vstack([off / scale, np.ones((1, choices))]), np.append(np.zeros(len(off)), 1.0))
    return floats(found / found.sum())


def _parts(outcome: Floats, treated: Flags, start: int) -> tuple[Floats, Floats]:
    values, mine = floats(outcome), np.asarray(treated, dtype=bool)
    if not np.isfinite(values).all():
        raise ValueError("a week of some team is missing: leave the team or the week out")
    if not mine.any() or (~mine).sum() < 2:
        raise ValueError(f"{mine.sum()} treated and {(~mine).sum()} other teams; it takes one and two others")
    if start < 2 or start >= values.shape[1]:
        raise ValueError(f"a start after {start} of {values.shape[1]} weeks: it takes two weeks before and one after")
    return floats(values[mine].mean(axis=0)), values[~mine]
