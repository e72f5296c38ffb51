"""Whole rows of small numbers packed into one int64 each, so that grouping them is sorting one array."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
LIMIT = 2**62


class TooWide(ValueError):
    """The numbers do not fit into one int64 together."""


def pack(columns: list[NDArray[np.int32]]) -> tuple[Ints, list[tuple[int, int]]]:
    """Columns of int32 of one length -> one int64 a row, in the same order as the rows; and how to undo it."""
    how = [(int(column.min(initial=0)), int(column.max(initial=0)) + 1) for column in columns]
    if np.prod([float(above - least) for least, above in how]) >= LIMIT:
        raise TooWide
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, (least, above) in zip(columns, how, strict=True):
        key *= above - least
        key += column
        key -= least
    return key, how


def unpack(key: Ints, how: list[tuple[int, int]]) -> list[NDArray[np.int32]]:
    """The columns that were packed."""
    columns = []
    for least, above in reversed(how):
        key, rest = np.divmod(key, above - least)
        columns.append((rest + least).astype(np.int32))
    return columns[::-1]


def tally(key: Ints, counted: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Of each distinct key: how many are counted, of how many. Returns keys (sorted), x, n."""
    # The lowest bit carries `counted`: what was grouped by hashing is one sort of one array.
    both = np.sort(key * 2 + counted)
    alone = both >> 1
    begins = np.flatnonzero(np.append(True, alone[1:] != alone[:-1])[: len(alone)])
    if not len(begins):
        return alone, alone, alone
    n = np.diff(np.append(begins, len(alone)))
    return alone[begins], np.add.reduceat(both & 1, begins), n


def total(key: Ints, *values: Ints) -> tuple[Ints, ...]:
    """Of each distinct key the sum of each of `values`. Returns keys (in no order) and sums."""
    names = [f"{number}" for number in range(len(values))]
    frame = pl.DataFrame({"key": key, **dict(zip(names, values, strict=True))})
    summed = frame.group_by("key").agg(pl.col(names).sum())
    return tuple(column.to_numpy() for column in summed.get_columns())
