"""What the methods share: series by weeks as 2-D arrays of floats, NaN where a week has nothing.

A ratio with a zero denominator is missing, never 0: nothing was measured, which is not the same as nothing went wrong.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def floats(values: npt.ArrayLike) -> Floats:
    """`values` as an array of floats."""
    return np.asarray(values, dtype=np.float64)


def finite(values: npt.ArrayLike) -> Floats:
    """`values` as floats, NaN where they are not finite."""
    given = floats(values)
    return np.where(np.isfinite(given), given, np.nan)


def possible(x: npt.ArrayLike, n: npt.ArrayLike, *, shares: bool = True) -> tuple[Floats, Floats]:
    """Counts x and what they are of, NaN where that cannot be: x below 0, no n, not finite, x over n (`shares`)."""
    counted, of = np.broadcast_arrays(finite(x), finite(n))
    fine = (of > 0) & (counted >= 0) & ((counted <= of) | (not shares))
    return np.where(fine, counted, np.nan), np.where(fine, of, np.nan)


def ratio(over: npt.ArrayLike, under: npt.ArrayLike) -> Floats:
    """over / under, NaN where `under` is 0 or missing. Shapes broadcast."""
    top, bottom = np.broadcast_arrays(floats(over), floats(under))
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=(bottom != 0) & ~np.isnan(bottom))
    return out


def mean_where(values: Floats, mask: Flags) -> Floats:
    """Mean along the last axis of the values in `mask` that are not missing; NaN where there is none."""
    counted = mask & ~np.isnan(values)
    return ratio(np.where(counted, values, 0.0).sum(axis=-1), counted.sum(axis=-1))


def previous(values: Floats) -> Floats:
    """For each week the last value before it that is not missing, NaN where there is none. Shape as given."""
    weeks = values.shape[-1]
    seen = np.where(np.isnan(values), -1, np.arange(weeks))
    last = np.maximum.accumulate(seen, axis=-1)
    before = np.concatenate([np.full((*values.shape[:-1], 1), -1), last[..., :-1]], axis=-1)
    gathered = np.take_along_axis(values, np.maximum(before, 0), axis=-1)
    return np.where(before < 0, np.nan, gathered)


def everywhere(values: Floats, mask: Flags | None) -> Flags:
    """`mask` with the shape of `values`; everywhere true when there is no mask."""
    return np.ones(values.shape, dtype=bool) if mask is None else np.broadcast_to(mask, values.shape)
