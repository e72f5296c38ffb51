"""What works here: many ended actions of one play, taken together.

Question asked: what does this play usually do, how much does that vary, and what is the best guess for each action?
Random effects: each action has an effect of its own about the play's; a single lucky action is drawn towards the rest.

Shapes: one value per action: `effect` with its standard `error`, shares. Those without an error (NaN, 0) are left out.
Errors: None where fewer than two actions are left.
Sources: DerSimonian & Laird 1986; interval by Hartung & Knapp 2001 with the factor kept at 1 or more (Roever et al.
2015), so that few actions give a wide one; prediction interval: Higgins et al. 2009.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from metrics.arrays import Floats, finite


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
    ahead = reach * float(np.sqrt(own**2 + tau2))
    shrunk = np.full(effect.shape, np.nan)
    shrunk[used] = mean + tau2 / (tau2 + v) * (y - mean)
    return Pooled(mean, mean - reach * own, mean + reach * own, mean - ahead, mean + ahead, tau2, len(y), shrunk)


def between(effect: Floats, variance: Floats) -> float:
    """DerSimonian and Laird's variance between actions."""
    w = 1 / variance
    mean = (w * effect).sum() / w.sum()
    q = (w * (effect - mean) ** 2).sum()
    return max(0.0, float((q - (len(effect) - 1)) / (w.sum() - (w**2).sum() / w.sum())))
