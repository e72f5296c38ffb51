"""Against its peers: does a team differ from what its mix of tickets explains, by more than teams differ anyway?

Question asked: not "has it changed?" but "can it be told apart from the others, in these four weeks?". Each sign's
reference is moved to the company's present level first, so that a company that changed as one is not called so.

Shapes: one value per cell (team x sign): x of n, expected events and variance by mix. z has no unit.
Errors: None and NaN for a cell of under 10 tickets, or where fewer than three teams have as many.
Source: funnel with additive over-dispersion on the arcsine-root scale (metrics.funnel); a team must also be unusual by
the exact binomial, because with few expected events the arcsine scale exaggerates.
"""

import numpy as np

from metrics.arrays import Flags, Floats, ratio
from metrics.discoveries import binomial_score
from metrics.funnel import Z95, against
from metrics.monitor import own_level
from metrics.panel import Panel

FEWEST_TICKETS = 10
FEWEST_TEAMS = 3


def compare(panel: Panel, x: Floats, n: Floats, expected: Floats, variance: Floats) -> tuple[list[str | None], Floats]:
    """(word, z) of each cell against the other teams of its sign."""
    words: list[str | None] = [None] * len(x)
    z = np.full(len(x), np.nan)
    usable = (n >= FEWEST_TICKETS) & (expected > 0) & (expected < n)
    for sign in range(len(panel.signs)):
        mine = np.flatnonzero((panel.sign_of == sign) & usable)
        if len(mine) < FEWEST_TEAMS:
            continue
        z[mine], apart = told_apart(x[mine], n[mine], ratio(expected[mine], n[mine]), variance[mine])
        for cell, is_apart in zip(mine, apart, strict=True):
            more = "more than its mix explains" if z[cell] > 0 else "less than its mix explains"
            words[cell] = more if is_apart else "cannot be told apart"
    return words, z


def told_apart(x: Floats, n: Floats, mix: Floats, variance: Floats) -> tuple[Floats, Flags]:
    """Teams of one sign: z over chance and the teams' own spread, and who lies outside the 95% limits of both tests."""
    row = np.ones((1, len(x)), dtype=bool)
    fair = own_level(x[None], n[None], np.clip(mix, 1e-6, 1 - 1e-6)[None], row)[0]
    chance = np.sqrt(ratio(variance, n * mix * (1 - mix)))
    off = np.arcsin(np.sqrt(x / n)) - np.arcsin(np.sqrt(fair))
    found = against(off, chance / (2 * np.sqrt(n)), 0.0)
    exact = binomial_score(x, n, fair) / chance
    return found.z, (np.abs(found.z) > Z95) & (np.abs(exact) > Z95) & (np.sign(exact) == np.sign(found.z))
