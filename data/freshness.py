"""How far a log goes: which weeks of it are whole, so that they can be read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

# A week with less than this of the usual volume is the thin end of a log, not a calm week.
THIN = 1 / 3


@dataclass(frozen=True)
class Freshness:
    """How far the data goes and what it holds. `week`: the last complete one. `rows`: by table; of tickets those told.

    `thinned`: the log thins out after `whole_to`, and what came later is not read.
    """

    version: int
    at: datetime | None
    horizon: datetime | None
    rows: dict[str, int]
    standards_version: int
    provisional: bool
    week: date | None
    whole_to: datetime | None
    thinned: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Weeks:
    """The complete weeks that can be read, and the instant up to which the log is whole."""

    calendar: tuple[date, ...]
    whole_to: datetime | None
    thinned: bool

    @property
    def last(self) -> date | None:
        return self.calendar[-1] if self.calendar else None


def weeks_of(opened: pl.DataFrame, horizon: datetime | None) -> Weeks:
    """All complete weeks from the first ticket on, without gaps, up to where the log thins out.

    `opened`: week, tickets. Logs are often cut by when a ticket was opened; what came after the cut is a few old
    tickets, and reading it would find that customers no longer come back. So the log ends for us with the last week
    that has a third of the usual volume (that of the week in which the median ticket was opened).
    """
    if horizon is None or opened.is_empty():
        return Weeks((), horizon, thinned=False)
    volume = dict(opened.iter_rows())
    complete, day = [], min(volume)
    while day + timedelta(weeks=1) <= horizon.date():
        complete.append(day)
        day += timedelta(weeks=1)
    full = [week for week in complete if volume.get(week, 0) >= THIN * _usual(opened)]
    kept = complete[: complete.index(full[-1]) + 1] if full else complete
    if kept == complete:
        return Weeks(tuple(complete), horizon, thinned=False)
    end = kept[-1] + timedelta(weeks=1)
    return Weeks(tuple(kept), datetime(end.year, end.month, end.day, tzinfo=UTC), thinned=True)


def _usual(opened: pl.DataFrame) -> int:
    """The volume of the week in which the median ticket was opened."""
    by_size = opened.sort("tickets").with_columns(running=pl.col("tickets").cum_sum())
    return int(by_size.filter(pl.col("running") * 2 >= by_size["tickets"].sum())["tickets"][0])
