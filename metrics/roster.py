"""The teams of a company by number, so that long arrays carry small codes and not names."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.clocks import Clocks, clocks_of

# Named category sets: one code a name for the whole process, dense, whichever partition saw it first.
TEAM = pl.Categorical(pl.Categories("heartline.team"))
CATEGORY = pl.Categorical(pl.Categories("heartline.category"))
CHANNEL = pl.Categorical(pl.Categories("heartline.channel"))
PRIORITY = pl.Categorical(pl.Categories("heartline.priority"))
AGENT = pl.Categorical(pl.Categories("heartline.agent"))
# Polars forgets a set's codes with the last Series that uses them; these keep them for the life of the process.
_KEPT = tuple(pl.Series([], dtype=kind) for kind in (TEAM, CATEGORY, CHANNEL, PRIORITY, AGENT))
NONE = np.uint32(0xFFFFFFFF)  # as int32: -1


def codes(series: pl.Series, categories: pl.Categorical) -> NDArray[np.int32]:
    """Names -> int32 codes, -1 where null."""
    coded = series if series.dtype == categories else series.cast(pl.String).cast(categories)
    physical = coded.to_physical()
    return (physical.fill_null(NONE) if physical.null_count() else physical).to_numpy().view(np.int32)


def names_of(categories: pl.Categorical, count: int) -> list[str]:
    """The names of the first `count` codes."""
    names: list[str] = named(np.arange(count, dtype=np.int32), categories).cast(pl.String).to_list()
    return names


def named(values: NDArray[np.integer], categories: pl.Categorical | pl.Enum) -> pl.Series:
    """Codes -> Series of names, null where -1."""
    physical = np.uint8 if isinstance(categories, pl.Enum) else np.uint32
    if values.min(initial=0) >= 0:
        return pl.Series(values.astype(physical)).cat.to(categories)
    there = values >= 0
    if not there.any():
        return pl.Series([None] * len(values), dtype=categories)
    # A code under a null is still checked: let it be one that exists.
    coded = pl.Series(np.where(there, values, values.max()).astype(physical)).cat.to(categories)
    return pl.select(pl.when(pl.Series(there)).then(coded)).to_series()


@dataclass(frozen=True, eq=False)
class Roster:
    """What is known of each team, by code; the last entry of each array is for -1, nobody, and for unlisted teams."""

    clocks: Clocks
    dispatch: NDArray[np.bool_]
    line: NDArray[np.int8]
    calendar: NDArray[np.int32]

    def of(self, team: NDArray[np.int32]) -> NDArray[np.int64]:
        """Where a code's entry is: teams that nobody listed share the last one."""
        last = len(self.line) - 1
        return np.where((team < 0) | (team >= last), last, team)


def roster_of(teams: pl.DataFrame) -> Roster:
    """`teams`: the contract's teams; function, line and calendar may be missing or null."""
    for name in ("function", "line", "calendar"):
        if name not in teams.columns:
            teams = teams.with_columns(pl.lit(None).alias(name))
    clocks = clocks_of(teams)
    code = codes(teams["team_id"], TEAM)
    size = int(code.max(initial=-1)) + 2
    dispatch, line, calendar = np.zeros(size, bool), np.zeros(size, np.int8), np.zeros(size, np.int32)
    dispatch[code] = (teams["function"] == "dispatch").fill_null(False).to_numpy()
    line[code] = teams["line"].cast(pl.Int8).fill_null(0).to_numpy()
    calendar[code] = [clocks.of_team[team_id] for team_id in teams["team_id"]]
    return Roster(clocks, dispatch, line, calendar)
