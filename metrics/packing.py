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


def pack_with(columns: Sequence[NDArray[np.int32]], rest: Ints, packed: Packing) -> tuple[Ints, Packing]:
    """Columns of int32 before numbers that are packed already."""
    key, packing = pack(columns)
    together = Packing(packing.least + packed.least, packing.bits + packed.bits)
    if sum(together.bits) > BITS:
        raise TooWide(f"{len(together.bits)} columns of {together.bits} bits")
    key <<= sum(packed.bits)
    key += rest
    return key, together


def tally(key: Ints, counted: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Of each distinct key: how many are counted, of how many. Returns keys (sorted), x, n."""
    # The lowest bit carries `counted`: what was grouped by hashing is one sort of one array.
    both = (key << 1) + counted
    both.sort()
    begins = _begins(both, 1)
    if not len(begins):
        return both, both, both
    n = np.diff(begins, append=len(both))
    return both[begins] >> 1, np.add.reduceat(both & 1, begins), n


def total(key: Ints, x: Ints, n: Ints) -> tuple[Ints, Ints, Ints]:
    """Of each distinct key the sums of x and of n, neither below 0. Returns keys (sorted), x, n."""
    wide, deep = int(n.max(initial=0)).bit_length(), int(x.max(initial=0)).bit_length()
    if int(key.max(initial=0)).bit_length() + wide + deep > BITS:
        return _total_by_hash(key, x, n)
    word = (((key << wide) + n) << deep) + x
    word.sort()
    begins = _begins(word, wide + deep)
    if not len(begins):
        return word, word, word
    sums = [np.add.reduceat(part, begins) for part in (word & ((1 << deep) - 1), (word >> deep) & ((1 << wide) - 1))]
    return word[begins] >> (wide + deep), sums[0], sums[1]


def _begins(word: Ints, low: int) -> Ints:
    """Where each run of equal words begins, their `low` lowest bits left aside."""
    new = np.ones(len(word), dtype=bool)
    np.greater((word[1:] ^ word[:-1]) >> low, 0, out=new[1:])
    return np.flatnonzero(new)


def _total_by_hash(key: Ints, x: Ints, n: Ints) -> tuple[Ints, Ints, Ints]:
    summed = pl.DataFrame({"key": key, "x": x, "n": n}).group_by("key").agg(pl.col("x", "n").sum()).sort("key")
    return summed["key"].to_numpy(), summed["x"].to_numpy(), summed["n"].to_numpy()
