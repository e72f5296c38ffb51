"""The season of a count: what a week of the year brings in any year, so that a spring is not taken for a change.

Question asked: by which factor does this week of the year lie above or below the year's level, for this unit?

A year's harmonics (two waves) are fitted to the reference window: first of all units pooled, then each unit's own
deviation from that, held back by a prior, so that a small unit leans on the others. Without a whole year of final weeks
there is no season (factor 1), and readings say that they wait for it.

Shapes: `counts` has sign, team_id, week, x, n; `window` the weeks of the reference. Units: factors, 1 is the year's
level. Errors: a unit without events has factor 1. Source: harmonic Poisson regression (Stolwijk 1999), ridge as a
normal prior.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from metrics.arrays import Floats, floats, ratio

YEAR = 365.2425 / 7
WEEKS_NEEDED = 52
POOLED, OWN = 0.4, 0.1  # how far a factor's logarithm may go for all units, and for one unit beside them
SCHEMA = {"sign": pl.String, "team_id": pl.String, "week": pl.Date, "factor": pl.Float64}


def factors(counts: pl.DataFrame, sign: str, window: Sequence[date], weeks: Sequence[date]) -> pl.DataFrame:
    """sign, team_id, week, factor for every week of `weeks`; empty where `window` is no whole year."""
    units = counts.filter(pl.col("sign").cast(pl.String) == sign)["team_id"].cast(pl.String).unique().sort().to_list()
    if len(window) < WEEKS_NEEDED or not units:
        return pl.DataFrame(schema=SCHEMA)
    x, n = (_weekly(counts, sign, units, window, name) for name in ("x", "n"))
    basis, every = _basis(window), _basis(weeks)
    expected = n * np.nan_to_num(ratio(x.sum(axis=1), n.sum(axis=1)))[:, None]
    pooled = fitted(x.sum(axis=0), expected.sum(axis=0), basis, POOLED)
    told = []
    for place, unit in enumerate(units):
        own = pooled + fitted(x[place], expected[place] * np.exp(basis @ pooled), basis, OWN)
        level = ratio((n[place] * np.exp(basis @ own)).sum(), n[place].sum())
        factor = np.exp(every @ own) / level if x[place].sum() else np.ones(len(weeks))
        told.append(pl.DataFrame({"sign": sign, "team_id": unit, "week": list(weeks), "factor": factor}, schema=SCHEMA))
    return pl.concat(told)


def fitted(x: Floats, expected: Floats, basis: Floats, prior: float) -> Floats:
    """Coefficients b of x ~ Poisson(expected * exp(a + basis b)), b normal about 0 with deviation `prior`. Newton."""
    design = np.column_stack([np.ones(len(x)), basis])
    hold = np.diag([1e-9] + [1 / prior**2] * basis.shape[1])
    b = np.zeros(design.shape[1])
    for _ in range(25):
        mean = expected * np.exp(np.clip(design @ b, -10, 10))
        step = np.linalg.solve(design.T @ (mean[:, None] * design) + hold, design.T @ (x - mean) - hold @ b)
        b = b + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-9:
            break
    return floats(b[1:])


def _basis(weeks: Sequence[date]) -> Floats:
    turn = 2 * np.pi * np.array([week.toordinal() / 7 for week in weeks]) / YEAR
    return np.column_stack([np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)])


def _weekly(counts: pl.DataFrame, sign: str, units: list[str], window: Sequence[date], name: str) -> Floats:
    known = counts.filter(pl.col("sign").cast(pl.String) == sign, pl.col("week").is_in(list(window)))
    of = known.group_by(pl.col("team_id").cast(pl.String), "week").agg(pl.col(name).sum())
    place = {unit: row for row, unit in enumerate(units)}, {week: column for column, week in enumerate(window)}
    laid = np.zeros((len(units), len(window)))
    for unit, week, value in of.iter_rows():
        laid[place[0][unit], place[1][week]] = value
    return laid
