"""How much a team's weeks vary besides chance, and whether bad weeks come in rows: the unit that a change is told in.

Question asked: by how much must this team's score be divided so that a steady team alarms no more often than promised?
A year of one team's weeks tells its spread within 10%, and hardly whether its weeks hang together. All teams' weeks of
the same sign tell both well; so each team's own spread is drawn towards what is usual (the more, the more alike teams
are), and weeks that hang together in the whole company count for every team.

Shapes: `z` cells x weeks, in units of chance; `baseline` marks the weeks to learn from; `peers` one number a cell, the
same for cells that are read alike (a sign). Result: one a cell, at least 1. Without `peers`, or where fewer than five
cells have enough weeks, each cell stands on its own weeks alone.
Errors: a cell without baseline weeks has 1.
Sources: moderated variances: Smyth 2004 (here by moments); own weeks: metrics.charts.long_run_factor; the variance of
an EWMA of weeks that hang together, 1 + 2 sum (1 - lambda)^k r_k, by the teams' mean autocorrelations, corrected for
short series. Measured: docs/methods.md.
"""

import numpy as np

from metrics import charts
from metrics.arrays import Flags, Floats, Places, floats, mean_where, ratio

FEWEST_CELLS, FEWEST_WEEKS = 5, 20
LAGS = 12
FORGETS = 0.7  # what the chart of metrics.verdict keeps from one week to the next (1 - its lambda)
TRIMMED = 0.1
BEYOND_CHANCE = 1.645


def long_run_spread(z: Floats, baseline: Flags, peers: Places | None = None) -> Floats:
    """Each cell's standard deviation of `z`, at least 1, times what weeks that hang together add."""
    used = np.where(baseline, z, np.nan)
    freedom = np.maximum((~np.isnan(used)).sum(axis=1) - 1.0, 0.0)
    squares, together = _variance(used), charts.long_run_factor(z, baseline)
    for group in [] if peers is None else np.unique(peers):
        mine = np.flatnonzero((peers == group) & (freedom >= FEWEST_WEEKS - 1))
        if len(mine) >= FEWEST_CELLS:
            squares[mine] = moderated(squares[mine], freedom[mine])
            everybody = peers == group
            together[everybody] = np.maximum(together[everybody], hanging_together(used[mine]))
    return floats(np.fmax(np.sqrt(squares), 1.0) * together)


def moderated(variance: Floats, freedom: Floats) -> Floats:
    """Variances drawn towards their mean: as far as they differ by no more than so many weeks of chance explain."""
    middle = float((variance * freedom).sum() / freedom.sum())
    if not middle > 0:
        return variance
    differ = float((((variance / middle - 1) ** 2) * freedom).sum() / freedom.sum())
    by_chance = float((2 / freedom * freedom).sum() / freedom.sum())
    beyond = max(differ - by_chance, 1e-9)
    usual = 2 / beyond
    return floats((usual * middle + freedom * variance) / (usual + freedom))


def hanging_together(used: Floats) -> float:
    """By how much the spread of an EWMA grows because weeks hang together, from many cells' weeks; at least 1."""
    cells, weeks = used.shape[0], float((~np.isnan(used)).sum(axis=1).mean())
    off = np.nan_to_num(used - mean_where(used, ~np.isnan(used))[:, None])
    total = (off**2).sum(axis=1)
    lags = np.arange(1, min(LAGS, used.shape[1] - 1) + 1)
    r = np.array([_trimmed_mean(ratio((off[:, k:] * off[:, :-k]).sum(axis=1), total)) for k in lags])
    # a series' own mean takes a little of what hangs together: each r is too low by the long-run variance over weeks
    fading = np.maximum(1 - lags / 9, 0.0)
    long_run = max(1 + 2 * float((fading * r).sum()), 0.0) / (1 - 2 * fading.sum() / weeks)
    kept = FORGETS**lags
    grown = 2 * float((kept * (r + long_run / weeks)).sum())
    error = 2 * np.sqrt(float((kept**2).sum()) / (weeks * cells))
    return float(np.sqrt(1 + grown)) if grown > BEYOND_CHANCE * error else 1.0


def _variance(used: Floats) -> Floats:
    there = ~np.isnan(used)
    middle = mean_where(used, there)
    squares = np.where(there, (used - middle[:, None]) ** 2, 0.0).sum(axis=1)
    return np.nan_to_num(ratio(squares, there.sum(axis=1) - 1.0), nan=1.0)


def _trimmed_mean(values: Floats) -> float:
    known = np.sort(values[~np.isnan(values)])
    cut = int(len(known) * TRIMMED)
    kept = known[cut : len(known) - cut]
    return float(kept.mean()) if len(kept) else 0.0
