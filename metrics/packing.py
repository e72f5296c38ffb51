"""Whole rows of small numbers packed into one int64 each, so that grouping them is sorting one array."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
BITS = 62


class TooWide(ValueError):
    """The numbers do not fit into one int64 together."""


@dataclass(frozen=True)
class Packing:
    """How columns were packed: the least of each, and its bits."""

    least: tuple[int, ...]
    bits: tuple[int, ...]

    def unpack(self, key: Ints) -> list[NDArray[np.int32]]:
        """The columns that were packed."""
        columns, shift = [], sum(self.bits)
        for least, bits in zip(self.least, self.bits, strict=True):
            shift -= bits
            column = ((key >> shift) & ((1 << bits) - 1)).astype(np.int32)
            columns.append(column + np.int32(least) if least else column)
        return columns


def pack(columns: Sequence[NDArray[np.int32]]) -> tuple[Ints, Packing]:
    """Columns of int32 of one length -> one int64 a row, in the same order as the rows; and how to undo it."""
    least = tuple(int(column.min(initial=0)) for column in columns)
    widest = (int(column.max(initial=0)) - low for column, low in zip(columns, least, strict=True))
    packing = Packing(least, tuple(width.bit_length() for width in widest))
    if sum(packing.bits) > BITS:
        raise TooWide(f"{len(columns)} columns of {packing.bits} bits")
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column, low, bits in zip(columns, least, packing.bits, strict=True):
        key <<= bits
        key += column
        if low:
            key -= low
    return key, packing


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
