"""One team coached alone: did it do better than teams like it do by themselves?

Question asked: how far does the coached team lie from what the others' course foretells, and how often does a team that
nobody coached lie as far on that side? Each surprise is told in units of what a team of that many tickets strays by
itself. Some of the others change for reasons of their own: the line through them and their spread are robust, so that
two of thirty that went wrong do not hide all the rest.

Shapes: one value per team; `chance` is the variance that chance alone gives each `post`. Units: shares.
Errors: ValueError, in words, for fewer than five other teams. The smallest p is 1 / (others + 1): with 19 others or
fewer nothing can be called.
Sources: placebo rank (Abadie et al. 2010), here of the side on which the team lies; line: Huber 1964, weights by
chance and spread; spread beyond chance: the value at which the median squared surprise is that of chance (without a
search: half the teams need more than it, half less).
Measured (benchmarks/honesty.py): see docs/methods.md.
"""

import numpy as np
from scipy.special import stdtrit

from metrics.arrays import Flags, Floats, floats
from metrics.effect import Estimate, covariates, enough

HUBER = 1.345
ROUNDS = 30
MEDIAN_SQUARE = 0.4549364  # of a standard normal


def alone(post: Floats, base: Floats, trailing: Floats, coached: Flags, chance: Floats) -> Estimate:
    """The effect on the one coached team, its 95% interval, and p of the side on which it lies."""
    enough(coached, 1)
    design, y, room = covariates(base, trailing, coached), floats(post), floats(chance)
    others, mine = np.flatnonzero(~coached), int(np.flatnonzero(coached)[0])
    line, beyond, weight = robust_line(design[others], y[others], room[others])
    inverse = np.linalg.pinv(design[others].T @ (design[others] * weight[:, None]))
    far = np.einsum("ij,jk,ik->i", design, inverse, design)
    leverage = np.clip(weight * far[others], 0.0, 0.9)
    held_out = (y[others] - design[others] @ line) / (1 - leverage)
    effect = float(y[mine] - design[mine] @ line)
    error = float(np.sqrt(beyond + room[mine] + far[mine]))
    units = np.sqrt(beyond + room[others] + far[others])
    if not (error > 1e-12 and np.ptp(held_out) > 1e-12):  # all others lie on one line: nothing says how far is far
        nan = float("nan")
        return Estimate(effect, nan, nan, nan, "placebo rank")
    reach = float(stdtrit(len(others) - design.shape[1], 0.975)) * error
    p = side_p(effect / error, held_out / np.maximum(units, 1e-12))
    return Estimate(effect, effect - reach, effect + reach, p, "placebo rank", error)


def side_p(own: float, placebos: Floats) -> float:
    """Share of all, the coached one counted, that lie at least as far on its side."""
    side = 1.0 if own >= 0 else -1.0
    return float((1 + (side * placebos >= side * own - 1e-12).sum()) / (1 + len(placebos)))


def robust_line(design: Floats, y: Floats, chance: Floats) -> tuple[Floats, float, Floats]:
    """Coefficients, the teams' spread beyond chance (variance), and each team's weight. One row a team."""
    teams, terms = design.shape
    beyond = float(np.var(y))
    weight, line = floats(1 / np.maximum(beyond + chance, 1e-12)), floats(np.zeros(terms))
    for _ in range(ROUNDS):
        root = np.sqrt(weight)
        new = floats(np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0])
        off = (y - design @ new) * np.sqrt(teams / max(teams - terms, 1))
        beyond = _beyond(off, chance)
        unit = np.sqrt(np.maximum(beyond + chance, 1e-12))
        weight = floats(np.minimum(1.0, HUBER / np.maximum(np.abs(off / unit), 1e-12)) / unit**2)
        done = np.allclose(new, line, rtol=0, atol=1e-10)
        line = new
        if done:
            break
    return line, beyond, weight


def _beyond(off: Floats, chance: Floats) -> float:
    """The variance beyond chance at which half the squared surprises are within the median of chance's; 0: it explains
    them all.
    """
    return max(0.0, float(np.median(off**2 / MEDIAN_SQUARE - chance)))
