"""Runs test: has a series slipped to one side of its centre without any single week standing out?

Question asked: does it stay on one side for longer, or cross over more seldom, than chance would?

Shapes: `y` series x points, `centre` one per series or per point, same unit. Points on the centre are dropped.
Errors: a series with fewer than ten useful points has no verdict (`signal` is 0 and `useful` says why).
Source: Anhoej & Olesen 2014, PLOS ONE 9(11): longest run > round(log2 n) + 3, or crossings < qbinom(.05, n - 1, .5).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from metrics.arrays import Flags, Floats, Places, finite

FEWEST = 10


@dataclass(frozen=True)
class Runs:
    """Per series: useful points, longest run and the longest that chance allows, crossings and the fewest it allows."""

    useful: Places
    longest: Places
    longest_allowed: Places
    crossings: Places
    crossings_expected: Places

    @property
    def signal(self) -> Flags:
        unusual = (self.longest > self.longest_allowed) | (self.crossings < self.crossings_expected)
        return (self.useful >= FEWEST) & unusual


def runs(y: Floats, centre: npt.ArrayLike) -> Runs:
    """Longest run and crossings of each series about its centre."""
    y = np.atleast_2d(finite(y))
    middle = finite(centre)
    side = np.sign(y - (middle[:, None] if middle.ndim == 1 and len(middle) == len(y) else middle))
    useful = np.zeros(len(y), dtype=np.int64)
    longest, crossings, current, last = (np.zeros(len(y), dtype=np.int64) for _ in range(4))
    for week in range(y.shape[1]):
        now = np.nan_to_num(side[:, week]).astype(np.int64)
        counts = now != 0
        crossed = counts & (last != 0) & (now != last)
        current = np.where(counts, np.where(crossed | (last == 0), 1, current + 1), current)
        last = np.where(counts, now, last)
        crossings, useful = crossings + crossed, useful + counts
        longest = np.maximum(longest, current)
    seen = np.maximum(useful, 1)
    allowed = np.round(np.log2(seen) + 3).astype(np.int64)
    expected = np.nan_to_num(binom.ppf(0.05, np.maximum(seen - 1, 1), 0.5)).astype(np.int64)
    return Runs(useful, longest, allowed, crossings, expected)
