"""What works here: many ended actions of one play, taken together.

Question asked: what does this play usually do, how much does that vary, and what is the best guess for each action?
Random effects: each action has an effect of its own about the play's; a single lucky action is drawn towards the rest.

Shapes: one value per action: `effect` with its standard `error`, shares. Those without an error (NaN, 0) are left out.
Errors: None where fewer than two actions are left; where the next one lies is NaN for fewer than three.
Sources: DerSimonian & Laird 1986; interval by Hartung & Knapp 2001 with the factor kept at 1 or more (Roever et al.
2015), so that few actions give a wide one; prediction interval over the confidence distribution of the variance between
actions (Nagashima, Noma & Furukawa 2019).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, stdtrit

from metrics.arrays import Floats, finite, floats

DRAWS = 60
FEWEST_AHEAD = 3  # two actions do not tell where a third would lie


@dataclass(frozen=True)
class Pooled:
    """The play's mean effect with its interval, where the next action's would lie, and each action's shrunk effect."""

    effect: float
    low: float
    high: float
    next_low: float
    next_high: float
    tau2: float
    actions: int
    shrunk: Floats


def pool(effect: Floats, error: Floats, confidence: float = 0.95) -> Pooled | None:
    """Random-effects pooling. `shrunk` has the shape given, NaN for actions left out."""
    effect, error = finite(effect), finite(error)
    used = ~np.isnan(effect) & (error > 0)
    y, v = effect[used], error[used] ** 2
    if len(y) < 2:
        return None
    tau2 = between(y, v)
    w = 1 / (v + tau2)
    mean = float((w * y).sum() / w.sum())
    factor = max(1.0, float((w * (y - mean) ** 2).sum() / (len(y) - 1)))
    own = float(np.sqrt(factor / w.sum()))
    reach = float(stdtrit(len(y) - 1, 0.5 + confidence / 2))
    next_low, next_high = _ahead(y, v, confidence) if len(y) >= FEWEST_AHEAD else (float("nan"), float("nan"))
    shrunk = np.full(effect.shape, np.nan)
    shrunk[used] = mean + tau2 / (tau2 + v) * (y - mean)
    return Pooled(mean, mean - reach * own, mean + reach * own, next_low, next_high, tau2, len(y), shrunk)


def _ahead(effect: Floats, variance: Floats, confidence: float) -> tuple[float, float]:
    """Where the next action's own effect would lie. Few actions hardly tell how much actions vary, so every variance
    between them counts as far as the data allow it: one number for it would make this too narrow by half.
    """
    quantiles = (np.arange(DRAWS) + 0.5) / DRAWS
    wanted = chdtri(len(effect) - 1, quantiles)
    tau2 = _fitting(effect, variance, wanted)
    w = 1 / (variance[None, :] + tau2[:, None])
    mean = (w * effect).sum(axis=1) / w.sum(axis=1)
    scale = np.sqrt(tau2 + 1 / w.sum(axis=1))
    spots = mean[:, None] + scale[:, None] * stdtrit(len(effect) - 1, quantiles)[None, :]
    low, high = np.quantile(spots, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return float(low), float(high)


def _fitting(effect: Floats, variance: Floats, wanted: Floats) -> Floats:
    """The variance between actions at which their squared distances sum to each of `wanted` (by halving); 0 where they
    do at none.
    """

    def total(tau2: Floats) -> Floats:
        w = 1 / (variance[None, :] + tau2[:, None])
        mean = (w * effect).sum(axis=1) / w.sum(axis=1)
        return floats((w * (effect[None, :] - mean[:, None]) ** 2).sum(axis=1))

    low = np.zeros(len(wanted))
    high = ((effect - effect.mean()) ** 2).sum() / np.maximum(wanted, 1e-9) + 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        above = total(middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return floats(np.where(total(np.zeros(len(wanted))) <= wanted, 0.0, low))


def between(effect: Floats, variance: Floats) -> float:
    """DerSimonian and Laird's variance between actions."""
    w = 1 / variance
    mean = (w * effect).sum() / w.sum()
    q = (w * (effect - mean) ** 2).sum()
    return max(0.0, float((q - (len(effect) - 1)) / (w.sum() - (w**2).sum() / w.sum())))
