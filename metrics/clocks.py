"""The clocks of many teams at once: each team's calendar applied to long arrays of instants.

The calendars' tables lie one after another in one array, so that a row of any team is one look-up.
Instants here are whole minutes since 1970 (int64 or int32); a calendar is its number.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.clock import DEFAULT_CALENDAR, MINUTE, QUARTER, Calendar, Table, parse_calendar, table_of, years_of

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
MONDAY = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, eq=False)
class Clocks:
    """Which calendar each team keeps. `calendars[0]` is the default, kept by teams that have told none."""

    calendars: tuple[Calendar, ...]
    of_team: dict[str, int]

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(calendar.zone for calendar in self.calendars))

    def calendar(self, team_id: str | None) -> Calendar:
        return self.calendars[self.of_team.get(team_id, 0) if team_id else 0]

    def over(self, earliest: datetime, latest: datetime) -> "Tables":
        """The tables of all calendars for the whole years of this span."""
        return _tables(self.calendars, years_of(earliest, latest))


@lru_cache(maxsize=64)
def _tables(calendars: tuple[Calendar, ...], years: tuple[int, int]) -> "Tables":
    return Tables([table_of(calendar, *years) for calendar in calendars])


def clocks_of(teams: pl.DataFrame) -> Clocks:
    """The teams' calendars, each parsed once. `teams`: team_id, calendar?. ValueError names the team of a bad one."""
    numbers: dict[Calendar, int] = {DEFAULT_CALENDAR: 0}
    of_team = {}
    for team_id, text in teams.select("team_id", "calendar").iter_rows():
        try:
            calendar = parse_calendar(text)
        except ValueError as error:
            raise ValueError(f"Team '{team_id}': {error}") from None
        of_team[team_id] = numbers.setdefault(calendar, len(numbers))
    return Clocks(tuple(numbers), of_team)


class Tables:
    """All calendars of a company by the minute. `calendar` arguments are arrays of calendar numbers, or one number."""

    def __init__(self, tables: list[Table]):
        self._tables = tables
        self.start = tables[0].start
        self._length = len(tables[0].opened)

    @cached_property
    def _opened(self) -> Small:
        return self._tables[0].opened if self.single else np.concatenate([table.opened for table in self._tables])

    @cached_property
    def _nth(self) -> tuple[Small, Ints, Ints]:
        """All tables' n-th open minutes in one array; for each calendar where its own begin and how many they are."""
        counts = np.array([len(table.nth) for table in self._tables])
        return np.concatenate([table.nth for table in self._tables]), np.cumsum(counts) - counts, counts

    @cached_property
    def _mondays(self) -> Small:
        days = np.concatenate([table.days for table in self._tables])
        mondays: Small = days - (days + MONDAY) % 7
        return mondays

    @property
    def single(self) -> bool:
        return len(self._tables) == 1

    def _offset(self, minute: Small | Ints) -> Ints:
        return np.clip(minute.astype(np.int64) - self.start, 0, self._length - 1)

    def open_before(self, calendar: Small, minute: Small | Ints) -> Small:
        """Open minutes from the table's start to each minute: the difference of two is a duration."""
        at = self._offset(minute)
        return self._opened[at if self.single else at + calendar.astype(np.int64) * self._length]

    def between(self, calendar: Small, start: Small | Ints, end: Small | Ints) -> Small:
        """Open minutes from `start` to `end`, never below 0."""
        spent: Small = np.maximum(self.open_before(calendar, end) - self.open_before(calendar, start), 0)
        return spent

    def due(self, calendar: Small, start: Small | Ints, minutes: Ints) -> Ints:
        """The minute at which `minutes` open minutes have passed since `start`; beyond the table: its end."""
        nth, begins, counts = self._nth
        wanted = self.open_before(calendar, start) + minutes
        own, begin = (counts[0], 0) if self.single else (counts[calendar], begins[calendar])
        due = nth[begin + np.clip(wanted - 1, 0, own - 1)].astype(np.int64) + 1 + self.start
        beyond = np.where(wanted > own, self.start + self._length - 1, due)
        return np.where(minutes <= 0, np.asarray(start, dtype=np.int64), beyond)

    def day(self, calendar: Small, minute: Small | Ints) -> Small:
        """The local day (days since 1970) of each minute."""
        days: Small = np.concatenate([table.days for table in self._tables])[self._quarter(calendar, minute)]
        return days

    def monday_at(self, calendar: Small, at: Ints) -> Small:
        """The Monday (days since 1970) of the local week of each instant (microseconds since 1970)."""
        quarter = at // (QUARTER * MINUTE)
        quarter -= self.start // QUARTER
        quarters = len(self._tables[0].days)
        np.clip(quarter, 0, quarters - 1, out=quarter)
        if not self.single:
            quarter += calendar.astype(np.int64) * quarters
        return self._mondays[quarter]

    def _quarter(self, calendar: Small, minute: Small | Ints) -> Ints:
        quarters = len(self._tables[0].days)
        at = self._offset(minute) // QUARTER
        return at if self.single else at + calendar.astype(np.int64) * quarters
