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
from metrics.funnel import Z95, against
from metrics.measure import SHARE, Measure, measure_of
from metrics.panel import Panel

FEWEST_TICKETS = 10
FEWEST_TEAMS = 3
FEWEST_UNITS = 6  # of branches, and of teams that are read by wave: their own spread is all that tells them apart


def compare(panel: Panel, x: Floats, n: Floats, expected: Floats, variance: Floats) -> tuple[list[str | None], Floats]:
    """(word, z) of each cell against the other teams of its sign."""
    words: list[str | None] = [None] * len(x)
    z = np.full(len(x), np.nan)
    shares = np.array([panel.how_of(sign).measure == "share" for sign in panel.cells["sign"]], dtype=bool)
    usable = (n >= FEWEST_TICKETS) & (expected > 0) & ((expected < n) | ~shares)
    sign_of = panel.sign_of
    for sign, key in enumerate(panel.signs):
        mine = np.flatnonzero((sign_of == sign) & usable)
        how = panel.how_of(key)
        plain = how.units is None and how.rhythm == "week"
        if len(mine) < (FEWEST_TEAMS if plain else FEWEST_UNITS):
            continue
        mix, measure = ratio(expected[mine], n[mine]), measure_of(how.measure)
        z[mine], apart = told_apart(x[mine], n[mine], mix, variance[mine], measure)
        for cell, is_apart in zip(mine, apart, strict=True):
            more = "more than its mix explains" if z[cell] > 0 else "less than its mix explains"
            words[cell] = more if is_apart else "cannot be told apart"
    return words, z


def told_apart(x: Floats, n: Floats, mix: Floats, variance: Floats, measure: Measure = SHARE) -> tuple[Floats, Flags]:
    """Teams of one sign: z over chance and the teams' own spread, and who lies outside the 95% limits of both tests."""
    row = np.ones((1, len(x)), dtype=bool)
    fair = measure.own_level(x[None], n[None], measure.near(mix)[None], row)[0]
    chance = np.sqrt(ratio(variance, n * measure.unit(mix)))
    off, error = measure.apart(x, n, fair)
    found = against(off, chance * error, 0.0)
    exact = measure.score(x, n, fair) / chance
    return found.z, (np.abs(found.z) > Z95) & (np.abs(exact) > Z95) & (np.sign(exact) == np.sign(found.z))
