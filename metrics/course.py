"""The course of an action, week by week: the coached, those compared, and where the coached would have been.

Question asked: what does one see when one looks, beside the verdict? Each week the compared teams' course is foretold
from where each came from (the older weeks and the eight before the start); the same line foretells the coached. The
band is how far a team of that many tickets strays from such a line.

Shapes: x, n, `mix` (share expected by mix, NaN unknown) teams x weeks; `coached` one per team; `start` the place of the
first coached week. Units: shares. Errors: `expected` and its band are null where fewer than five teams are compared
with, or history is too short.
Source: as the verdict (metrics.effect), a week at a time.
"""

import numpy as np
import polars as pl

from metrics.arrays import Flags, Floats, ratio
from metrics.effect import FEWEST_CONTROLS, TRAILING
from metrics.helped import FEWEST_BASE, Shares, shares


def course(x: Floats, n: Floats, coached: Flags, start: int, mix: Floats | None = None) -> pl.DataFrame:
    """One row a week: week (its place), coached, compared (shares pooled), expected, low, high, n (of the coached)."""
    fair = np.zeros(x.shape) if mix is None else np.nan_to_num(mix)
    mine = n[coached].sum(axis=0)
    foretold, low, high = _foretold(x, n, coached, start, fair)
    floor = np.nan_to_num(ratio((fair * n)[coached].sum(axis=0), mine))
    told = {
        "coached": ratio(x[coached].sum(axis=0), mine),
        "compared": ratio(x[~coached].sum(axis=0), n[~coached].sum(axis=0)),
        "expected": foretold + floor,
        "low": np.maximum(low + floor, 0),
        "high": high + floor,
    }
    frame = pl.DataFrame({"week": np.arange(x.shape[1]), **told, "n": mine.astype(np.int64)})
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def _foretold(x: Floats, n: Floats, coached: Flags, start: int, fair: Floats) -> tuple[Floats, Floats, Floats]:
    """Where the coached would have been and the band around it, each week, as differences from what mix explains."""
    weeks = x.shape[1]
    nothing = np.full(weeks, np.nan)
    if start < FEWEST_BASE + TRAILING or start > weeks:
        return nothing, nothing, nothing
    past = shares(x, n, start, max(weeks - start, 1), fair)
    off = ratio(x - fair * n, n)
    rows = [_week(off[:, week], x, n, past, coached, week) for week in range(weeks)]
    middle, reach = np.array(rows).T
    return middle, middle - reach, middle + reach


def _week(off: Floats, x: Floats, n: Floats, past: Shares, coached: Flags, week: int) -> tuple[float, float]:
    there = ~(np.isnan(past.base) | np.isnan(past.trailing))
    used = there & ~coached & ~np.isnan(off)
    mine = there & coached & (n[:, week] > 0)
    if used.sum() < FEWEST_CONTROLS or not mine.any():
        return float("nan"), float("nan")
    design = np.column_stack([np.ones(len(off)), past.base, past.trailing])
    weight = np.sqrt(n[used, week])
    line = np.linalg.lstsq(design[used] * weight[:, None], off[used] * weight, rcond=None)[0]
    of = n[mine, week]
    middle = float((design[mine] @ line * of).sum() / of.sum())
    level = np.clip((x.sum(axis=1) + 0.5) / (n.sum(axis=1) + 1), 1e-9, None)
    chance = np.where(level < 1, level * (1 - level), level) / np.maximum(n[:, week], 1)
    stray = off[used] - design[used] @ line
    beyond = max(0.0, float((stray**2 - chance[used]).mean()))
    own = ((beyond + chance[mine]) * of**2).sum() / of.sum() ** 2
    return middle, float(1.96 * np.sqrt(own))
