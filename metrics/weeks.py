"""Which week is it where the team is? As a number, that it packs beside codes; as a Monday where it is told."""

from datetime import date, datetime

import numpy as np
import polars as pl

from metrics.clocks import Clocks
from metrics.log import Codes
from metrics.roster import TEAM, codes

THURSDAY = 3  # 1 January 1970 was one: days + 3 are whole weeks from a Monday


def week_numbers(team: Codes, at: pl.Series, clocks: Clocks) -> Codes:
    """The number of each row's week, by the clock of its team (a code of TEAM)."""
    earliest, latest = at.min(), at.max()
    if not isinstance(earliest, datetime) or not isinstance(latest, datetime):
        return np.empty(0, dtype=np.int32)
    calendar = np.zeros(int(team.max()) + 1, dtype=np.int32)
    listed = codes(pl.Series(list(clocks.of_team), dtype=pl.String), TEAM)
    here = listed < len(calendar)
    calendar[listed[here]] = np.fromiter(clocks.of_team.values(), dtype=np.int32)[here]
    tables = clocks.over(earliest, latest)
    monday = tables.monday_at(calendar[:1] if tables.single else calendar[team], at.to_physical().to_numpy())
    return (monday + THURSDAY) // 7


def mondays(number: Codes) -> pl.Series:
    """Numbers of weeks -> their Mondays."""
    return pl.Series(number * 7 - THURSDAY).cast(pl.Date)


def with_week(rows: pl.DataFrame, clocks: Clocks) -> pl.DataFrame:
    """`rows` (team_id and at, neither null) with `week`, the Monday of each row's week."""
    return rows.with_columns(mondays(week_numbers(codes(rows["team_id"], TEAM), rows["at"], clocks)).alias("week"))


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return date.fromordinal(day.toordinal() - day.weekday())
