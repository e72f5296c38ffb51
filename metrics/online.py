"""Discoveries one after the other: each question is answered when it comes, before the next is known.

Question asked: week after week something is tested; which may be called, so that among all ever called few are wrong?
Readings do not go by it: they correct each week over all its cells (metrics.discoveries), so that what is said of a
team does not depend on how often somebody looked. It is for a series of tests of one thing, such as the reviews of
one play as they come in.

Shapes: `p` in the order in which they came; results are the level that each was held to, and whether it was called.
Errors: NaN is a question that was never asked: its level is NaN, and it is never called. ValueError for alpha outside
(0, 1), and for a p outside [0, 1].
Sources: LOND, LORD: Javanmard & Montanari 2015, 2018, the latter as improved by Ramdas et al. 2017 (LORD++); SAFFRON:
Ramdas et al. 2018; ADDIS: Tian & Ramdas 2019. Sequences and constants as in the R package onlineFDR.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import zeta

from metrics.arrays import Flags, Floats, floats

C = 0.07720838  # makes the sequence of LOND and LORD sum to one


@dataclass(frozen=True)
class Online:
    """The level of each test, known before its p was, and whether it was called."""

    level: Floats
    called: Flags


def lond(p: npt.ArrayLike, alpha: float = 0.05) -> Online:
    """Levels by the number of discoveries so far. Holds for positively dependent p too."""
    there, asked = _checked(p, alpha)
    levels, found = alpha * _by_logarithm(len(asked)), 0
    for place, each in enumerate(asked):
        levels[place] *= found + 1
        found += each <= levels[place]
    return _back(there, asked, levels)


def lord(p: npt.ArrayLike, alpha: float = 0.05, start: float | None = None) -> Online:
    """Levels by when the discoveries were. `start`: what there is to spend at first (alpha / 10)."""
    there, asked = _checked(p, alpha)
    first = alpha / 10 if start is None else start
    gamma, levels, found = _by_logarithm(len(asked)), np.empty(len(asked)), list[int]()
    for place, each in enumerate(asked):
        levels[place] = first * gamma[place]
        for number, earlier in enumerate(found):
            levels[place] += (alpha - first if number == 0 else alpha) * gamma[place - earlier - 1]
        if each <= levels[place]:
            found.append(place)
    return _back(there, asked, levels)


def saffron(p: npt.ArrayLike, alpha: float = 0.05, candidate: float = 0.5, start: float | None = None) -> Online:
    """Spends only on what is not a candidate (p up to `candidate`): more power where much is true."""
    return _adaptive(p, alpha, candidate, 1.0, alpha / 2 if start is None else start)


def addis(
    p: npt.ArrayLike, alpha: float = 0.05, candidate: float = 0.25, discard: float = 0.5, start: float | None = None
) -> Online:
    """SAFFRON that passes over p above `discard`, for p that are larger than chance makes them."""
    return _adaptive(p, alpha, candidate, discard, alpha / 2 if start is None else start)


def _adaptive(p: npt.ArrayLike, alpha: float, candidate: float, discard: float, start: float) -> Online:
    there, asked = _checked(p, alpha)
    gamma, levels = _by_power(len(asked)), np.empty(len(asked))
    selected = candidates = 0
    found: list[tuple[int, int]] = []  # how many were selected, and were candidates, up to each discovery
    for place, each in enumerate(asked):
        total = start * gamma[selected - candidates]
        for number, (chosen, likely) in enumerate(found):
            total += (alpha - start if number == 0 else alpha) * gamma[selected - chosen - (candidates - likely)]
        levels[place] = min(candidate, (discard - candidate) * total)
        selected, candidates = selected + (each <= discard), candidates + (each <= candidate)
        if each <= levels[place]:
            found.append((selected, candidates))
    return _back(there, asked, levels)


def _by_logarithm(count: int) -> Floats:
    j = np.arange(1.0, count + 1)
    return floats(C * np.log(np.maximum(j, 2)) / (j * np.exp(np.sqrt(np.log(j)))))


def _by_power(count: int) -> Floats:
    return floats(np.arange(1.0, count + 1) ** -1.6 / zeta(1.6))


def _checked(p: npt.ArrayLike, alpha: float) -> tuple[Flags, Floats]:
    if not 0 < alpha < 1:
        raise ValueError(f"an alpha of {alpha} is none: give a share between 0 and 1, as .05")
    values = np.atleast_1d(floats(p))
    there = ~np.isnan(values)
    if ((values[there] < 0) | (values[there] > 1)).any():
        raise ValueError("each p must lie between 0 and 1")
    return there, values[there]


def _back(there: Flags, asked: Floats, levels: Floats) -> Online:
    level, called = np.full(len(there), np.nan), np.zeros(len(there), dtype=bool)
    level[there], called[there] = levels, asked <= levels
    return Online(level, called)
