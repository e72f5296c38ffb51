"""The groups of tickets in which a change may lie: by category, channel, hour, newcomers or not, routed from where.

Question asked: which are the tickets of each group? A group is a dimension and a value ("channel", "phone"). Hours are
looked at in bands of three and in the halves that they make, because what goes wrong late in the day does not keep to
the clock's thirds.

Shapes: rows have category, channel, routed_from (text, null unknown), hour (of the opening, on the team's clock, 0 to
23, null unknown), newcomer (bool, null unknown). A row whose value is unknown is in no group of that dimension.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.arrays import Flags, Places

DIRECT = "direct"
NEW, LONGER = "newcomers", "longer there"
BANDS = ((0, 9), (9, 12), (12, 15), (15, 18), (18, 24), (0, 12), (12, 24), (15, 24))
MOST_VALUES = 40  # of a dimension, the most common: a group that is seldom seen cannot carry a change


@dataclass(frozen=True)
class Group:
    """One group of tickets, named in words that a person knows."""

    dimension: str
    value: str


def hours(first: int, last: int) -> str:
    """A band of hours in words: "9:00 to 12:00", "before 9:00", "15:00 or later"."""
    if first == 0:
        return f"before {last}:00"
    return f"{first}:00 or later" if last == 24 else f"{first}:00 to {last}:00"


def groups_of(rows: pl.DataFrame) -> tuple[list[Group], Flags]:
    """All groups and, groups x rows, whether each row is in it."""
    named = [(Group("category", str(v)), rows["category"] == v) for v in _values(rows["category"])]
    named += [(Group("channel", str(v)), rows["channel"] == v) for v in _values(rows["channel"])]
    hour = rows["hour"]
    named += [(Group("hour", hours(a, b)), (hour >= a) & (hour < b)) for a, b in BANDS]
    named += [(Group("newcomers", NEW), rows["newcomer"]), (Group("newcomers", LONGER), ~rows["newcomer"])]
    named += [(Group("routed_from", str(v)), rows["routed_from"] == v) for v in _values(rows["routed_from"])]
    masks = [mask.fill_null(False).to_numpy() for _, mask in named]
    return [group for group, _ in named], np.array(masks, dtype=bool).reshape(len(named), rows.height)


def dimensions_of(groups: list[Group]) -> Places:
    """The dimension of each group by number; -1 of those whose groups overlap, or are two."""
    apart = ("category", "channel", "routed_from")
    return np.array([apart.index(one.dimension) if one.dimension in apart else -1 for one in groups], dtype=np.int64)


def _values(column: pl.Series) -> list[object]:
    """The most common values, by how common and then by name."""
    counted = column.drop_nulls().value_counts(name="rows").sort(["rows", column.name], descending=[True, False])
    return counted[column.name].head(MOST_VALUES).to_list()
