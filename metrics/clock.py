"""Business time: when a team is at work, how long a customer waited of it, and by when an answer was due.

A calendar is an OpenStreetMap `opening_hours` text with a zone and a country for its public holidays, for example
`Mo-Fr 09:00-18:00; PH off @ Europe/Rome IT`. Instants are read to the minute. Each calendar becomes a table of how many
open minutes lie before each minute: a duration is one subtraction, and a deadline one look-up the other way.
Syntax and holidays: the library opening-hours-py.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import polars as pl
from numpy.typing import NDArray
from opening_hours import (  # type: ignore[attr-defined]  # its stubs leave out the errors
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

Ints = NDArray[np.int64]
Minutes = NDArray[np.int32]

DEFAULT_HOURS = "Mo-Fr 09:00-17:00; PH off"
MINUTE = 60_000_000  # microseconds
DAY = 24 * 60
# Zones differ from UTC by whole quarters of an hour: a table of local days needs no finer step.
QUARTER = 15
# A stray date (1970, 2099) must not make tables of a century: what lies further back is read at the table's start.
MAX_YEARS = 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Calendar:
    """When a team is at work: opening hours in local time, an IANA zone, a country whose public holidays hold."""

    hours: str
    zone: str = "UTC"
    country: str | None = None

    @property
    def text(self) -> str:
        return f"{self.hours} @ {self.zone}" + (f" {self.country}" if self.country else "")

    @property
    def day_minutes(self) -> int:
        """One business day in minutes: the median of its open days (480 for nine to five)."""
        table = table_of(self, 2024, 2024)
        per_day = np.diff(table.opened[::DAY])
        return int(np.median(per_day[per_day > 0]))


@dataclass(frozen=True, eq=False)
class Table:
    """One calendar over whole years, by the minute from `start` (minutes since 1970).

    `opened[m]`: open minutes before minute m. `nth[k]`: the minute at which the open minute number k begins.
    `days[q]`: the local day (days since 1970) of quarter-hour q.
    """

    start: int
    opened: Minutes
    nth: Minutes
    days: Minutes


@lru_cache(maxsize=1024)
def parse_calendar(text: str | None) -> Calendar:
    """What does this calendar text say? None is the default calendar. ValueError in one sentence when it is none."""
    if text is None or not text.strip():
        return DEFAULT_CALENDAR
    hours, _, place = text.strip().partition(" @ ")
    zone, country = [*place.split(), None, None][:2]
    calendar = Calendar(hours.strip(), zone or "UTC", country)
    _check(calendar, text)
    return calendar


def _check(calendar: Calendar, text: str) -> None:
    try:
        ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"The calendar '{text}' names the time zone '{calendar.zone}', which does not exist: "
            "write it like Europe/Rome."
        ) from None
    try:
        _opening_hours(calendar)
    except UnknownCountryError:
        raise ValueError(
            f"The calendar '{text}' names the country '{calendar.country}', whose holidays are not known: "
            "use two letters like IT."
        ) from None
    except ParserError:
        raise ValueError(
            f"The calendar '{text}' is not understood: write it like 'Mo-Fr 09:00-17:00; PH off @ Europe/Rome IT'."
        ) from None
    if not len(table_of(calendar, 2024, 2024).nth):
        raise ValueError(f"The calendar '{text}' never opens: give it at least one open hour.")


def _opening_hours(calendar: Calendar) -> OpeningHours:
    return OpeningHours(calendar.hours, timezone=ZoneInfo(calendar.zone), country=calendar.country)


@lru_cache(maxsize=256)
def table_of(calendar: Calendar, first_year: int, last_year: int) -> Table:
    """The calendar's table from 1 January of `first_year` to 31 December of `last_year`, UTC."""
    start, end = (
        _epoch_minute(datetime(first_year, 1, 1, tzinfo=UTC)),
        _epoch_minute(datetime(last_year + 1, 1, 1, tzinfo=UTC)),
    )
    is_open = np.zeros(end - start, dtype=bool)
    # A day on each side: local midnight is not UTC's.
    local = (datetime(first_year, 1, 1) - timedelta(days=1), datetime(last_year + 1, 1, 2))  # noqa: DTZ001
    for begins, ends, state, _ in _opening_hours(calendar).intervals(*local):
        if state == State.OPEN:
            a, b = (min(max(_epoch_minute(t) - start, 0), end - start) for t in (begins, ends))
            is_open[a:b] = True
    opened = np.zeros(end - start + 1, dtype=np.int32)
    np.cumsum(is_open, out=opened[1:])
    return Table(start, opened, np.flatnonzero(is_open).astype(np.int32), _local_days(calendar.zone, start, end))


def _epoch_minute(at: datetime) -> int:
    return (at - EPOCH) // timedelta(minutes=1)


def _local_days(zone: str, start: int, end: int) -> Minutes:
    instants = np.arange(start, end + 1, QUARTER, dtype=np.int64) * MINUTE
    local = pl.Series(instants).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    return local.dt.date().to_physical().to_numpy()


def years_of(earliest: datetime, latest: datetime) -> tuple[int, int]:
    """The whole years that a table must span for these instants, with a year to spare for deadlines."""
    return max(earliest.year, latest.year - MAX_YEARS), latest.year + 1


def business_minutes(calendar: Calendar, start: pl.Series, end: pl.Series) -> pl.Series:
    """How many open minutes lie between two Series of UTC instants? Int32; null where either is; never below 0."""
    table = _table_for(calendar, start, end)
    minutes = table.opened[_offsets(end, table)] - table.opened[_offsets(start, table)]
    return _nulled(pl.Series(start.name, np.maximum(minutes, 0)), start, end)


def is_open(calendar: Calendar, at: pl.Series) -> pl.Series:
    """Was the team at work in the minute of each UTC instant? Bool; null where it is null."""
    return (business_minutes(calendar, at, at + timedelta(minutes=1)) > 0).alias(at.name)


def deadline(calendar: Calendar, start: pl.Series, minutes: pl.Series) -> pl.Series:
    """The first instant at which `minutes` open minutes have passed since `start`. UTC; null where either is."""
    table = _table_for(calendar, start)
    due = due_offsets(table, _offsets(start, table), minutes.fill_null(0).to_numpy().astype(np.int64))
    return _nulled(pl.Series(start.name, (due + table.start) * MINUTE).cast(pl.Datetime("us", "UTC")), start, minutes)


def due_offsets(table: Table, start: Ints, minutes: Ints) -> Ints:
    """As `deadline`, in minutes of the table. What is due after the table's end is put at its end."""
    wanted = table.opened[start].astype(np.int64) + minutes
    beyond = wanted > len(table.nth)
    due = table.nth[np.clip(wanted - 1, 0, len(table.nth) - 1)].astype(np.int64) + 1
    return np.where(minutes <= 0, start, np.where(beyond, len(table.opened) - 1, due))


def local_day(zone: str, at: pl.Series) -> pl.Series:
    """The day in `zone` of each UTC instant."""
    return at.dt.convert_time_zone(zone).dt.date()


def week(zone: str, at: pl.Series) -> pl.Series:
    """The Monday, in `zone`, of the week of each UTC instant."""
    return local_day(zone, at).dt.truncate("1w")


def end_of_week(zone: str, monday: date) -> datetime:
    """The UTC instant at which the week of `monday` ends in `zone`."""
    after = monday + timedelta(days=7)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _table_for(calendar: Calendar, *series: pl.Series) -> Table:
    known = [limit for s in series for limit in (s.min(), s.max()) if isinstance(limit, datetime)]
    return table_of(calendar, *years_of(min(known, default=EPOCH), max(known, default=EPOCH)))


def _offsets(at: pl.Series, table: Table) -> Ints:
    minutes = at.to_physical().fill_null(table.start * MINUTE).to_numpy() // MINUTE
    return np.asarray(np.clip(minutes - table.start, 0, len(table.opened) - 1), dtype=np.int64)


def _nulled(values: pl.Series, *by: pl.Series) -> pl.Series:
    known = pl.Series(np.logical_and.reduce([s.is_not_null().to_numpy() for s in by]))
    return pl.select(pl.when(known).then(values).alias(values.name)).to_series()


DEFAULT_CALENDAR = Calendar(DEFAULT_HOURS)
