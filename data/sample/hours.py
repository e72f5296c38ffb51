"""Opening hours of the sample's teams: which second is so many working seconds later.

Kept to what the generator needs, in seconds and in bulk; what is measured is measured by metrics.clock.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from opening_hours import OpeningHours, State

from data.sample.layout import BRANCHES, DAYS, FIRST_DAY, OFFICE, TEAMS, Bools, Ints


@dataclass(frozen=True, eq=False)
class Hours:
    """Opening spans of one calendar: `starts` (epoch second), and open seconds `before` each of them."""

    starts: Ints
    before: Ints
    spans: Ints

    def position(self, at: Ints) -> Ints:
        """Open seconds from the beginning of the calendar to `at`."""
        i = np.searchsorted(self.starts, at, side="right") - 1
        position: Ints = self.before[i] + np.minimum(at - self.starts[i], self.spans[i])
        return position

    def instant(self, position: Ints) -> Ints:
        """The second at which so many open seconds have passed."""
        i = np.searchsorted(self.before, position, side="right") - 1
        instant: Ints = self.starts[i] + (position - self.before[i])
        return instant


@cache
def hours_of(team: int) -> Hours:
    """A team's opening spans from a week before the first day to a year after the last."""
    branch = BRANCHES[TEAMS[team].branch]
    return _hours(TEAMS[team].hours or OFFICE, branch.zone, branch.country)


@cache
def _hours(text: str, zone: str, country: str) -> Hours:
    calendar = OpeningHours(text, country=country, timezone=ZoneInfo(zone))
    first = datetime.combine(FIRST_DAY - timedelta(days=7), time())
    spans = calendar.intervals(first, first + timedelta(days=DAYS + 372))
    opened = [(a.timestamp(), b.timestamp()) for a, b, state, _ in spans if state == State.OPEN]
    edges = np.array(opened, dtype=np.int64)
    length = edges[:, 1] - edges[:, 0]
    return Hours(edges[:, 0], np.concatenate([[0], np.cumsum(length)[:-1]]), length)


def later(team: Ints, at: Ints, seconds: Ints) -> Ints:
    """The instants that lie so many working seconds of each row's team after `at`."""
    result = np.empty_like(at)
    for each in np.unique(team):
        rows = team == each
        hours = hours_of(int(each))
        result[rows] = hours.instant(hours.position(at[rows]) + seconds[rows])
    return result


@cache
def midnights(branch: int) -> Ints:
    """Epoch second at which each day begins in the branch's zone; one more than there are days."""
    zone = ZoneInfo(BRANCHES[branch].zone)
    days = (FIRST_DAY + timedelta(days=d) for d in range(DAYS + 1))
    return np.array([int(datetime.combine(day, time(), zone).timestamp()) for day in days])


def day_of(branch: Ints, at: Ints) -> Ints:
    """The day of the sample, in the branch's zone; instants after the last day count to the last."""
    result = np.empty_like(at)
    for each in np.unique(branch):
        rows = branch == each
        result[rows] = np.searchsorted(midnights(int(each)), at[rows], side="right") - 1
    return np.clip(result, 0, DAYS - 1)


@cache
def holidays(branch: int) -> Bools:
    """Which days of the sample are public holidays in the branch's country."""
    calendar = OpeningHours("PH", country=BRANCHES[branch].country)
    noon = [datetime.combine(FIRST_DAY + timedelta(days=d), time(12)) for d in range(DAYS)]
    return np.array([calendar.is_open(at) for at in noon])
