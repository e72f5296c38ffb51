"""Was a ticket resolved within its category's standard, and which team answers for it?

All of it is settled once the deadline has passed: what happens later changes nothing.
"""

from datetime import timedelta
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.clock import MINUTE
from metrics.clocks import Tables
from metrics.columns import NEVER
from metrics.log import Bools, Codes, Ints
from metrics.outcomes import Outcomes
from metrics.roster import CATEGORY, Roster, codes
from metrics.rows import Rows
from metrics.stations import Stations

WEEK = 7 * 24 * 60  # minutes
END_OF_MINUTE = MINUTE - 1
# A ticket that is reopened within two days of its first resolve was not done in time: else resolving it would stop
# the clock.
STOPPED = timedelta(days=2)
STOPPED_MINUTES = STOPPED // timedelta(minutes=1)


class Deadlines:
    """Arrays over the tickets of one partition. A ticket keeps the hours of the team that first held it."""

    def __init__(
        self,
        tickets: Rows,
        outcomes: Outcomes,
        stations: Stations,
        *,
        roster: Roster,
        tables: Tables,
        standards: pl.DataFrame | None,
        horizon: int,
    ):
        self._tickets, self._outcomes, self._stations = tickets, outcomes, stations
        self._roster, self._tables, self._standards, self._horizon = roster, tables, standards, horizon

    @cached_property
    def calendar(self) -> Codes:
        if self._tables.single:
            return np.zeros(len(self._outcomes.opened), dtype=np.int32)
        return self._roster.calendar[self._roster.of(self._outcomes.first_team)]

    @cached_property
    def opened(self) -> Ints:
        """Minutes since 1970."""
        return self._outcomes.opened // MINUTE

    @cached_property
    def _opened_open(self) -> Codes:
        return self._tables.open_before(self.calendar, self.opened)

    def business(self, until: Ints) -> Codes:
        """Open minutes from the opening until each ticket's own instant; 0 where that is NEVER or earlier."""
        minutes: Codes = np.maximum(self._tables.open_before(self.calendar, until // MINUTE) - self._opened_open, 0)
        return minutes

    def minutes(self, until: Ints) -> Codes:
        """Minutes from the opening until each ticket's own instant; 0 where that is NEVER, or before the opening."""
        minutes: Codes = np.maximum(until // MINUTE - self.opened, 0).astype(np.int32)
        return minutes

    @cached_property
    def _of_category(self) -> tuple[NDArray[np.int64], Bools, Bools]:
        """Of each ticket's category: standard minutes (-1 none), simple, and whether it is in the list at all."""
        category = self._tickets.codes("category", CATEGORY)
        told = self._standards
        of = np.empty(0, dtype=np.int32) if told is None else codes(told["category"], CATEGORY)
        # The last entry is for -1, a ticket without a category.
        size = max(int(of.max(initial=-1)), int(category.max(initial=-1))) + 2
        minutes, simple, listed = np.full(size, -1, dtype=np.int64), np.zeros(size, bool), np.zeros(size, bool)
        if told is not None:
            minutes[of] = told["standard_minutes"].cast(pl.Int64).fill_null(-1).to_numpy()
            simple[of] = told["simple"].fill_null(False).to_numpy()
            listed[of] = True
        return minutes[category], simple[category], listed[category]

    @property
    def standard(self) -> NDArray[np.int64]:
        return self._of_category[0]

    @property
    def simple(self) -> Bools:
        return self._of_category[1]

    @property
    def judged(self) -> Bools:
        """Does the list of standards say anything of the ticket's category?"""
        return self._of_category[2]

    @cached_property
    def due(self) -> Ints:
        """The deadline in minutes since 1970; 0 where there is no standard."""
        return self._due(1)

    def _due(self, times: int) -> Ints:
        due = np.zeros(len(self.standard), dtype=np.int64)
        which = self.standard >= 0
        due[which] = self._tables.due(self.calendar[which], self.opened[which], times * self.standard[which])
        return due

    @cached_property
    def due_at(self) -> Ints:
        return np.where(self.standard >= 0, self.due * MINUTE, NEVER)

    @cached_property
    def over_age_at(self) -> Ints:
        """When the age crosses three times the standard; NEVER where there is no standard."""
        return np.where(self.standard >= 0, self._due(3) * MINUTE, NEVER)

    @cached_property
    def _resolved_in_time(self) -> Bools:
        resolved = self._outcomes.first_resolved
        in_time: Bools = (self.standard >= 0) & (resolved != NEVER) & (resolved // MINUTE <= self.due)
        return in_time

    @cached_property
    def in_standard(self) -> Bools:
        """First resolved by the deadline, not reopened before it, and not merely to stop the clock."""
        good: Bools = self._resolved_in_time & ~self._undone
        return good

    @cached_property
    def _undone(self) -> Bools:
        """Reopened so that the first resolve was none: before the deadline, or within two days of it."""
        back = self._outcomes.came_back
        soon = self._could_be_undone & (back // MINUTE <= self._sure)
        undone: Bools = (back != NEVER) & ((back // MINUTE < self.due) | soon)
        return undone

    @cached_property
    def _could_be_undone(self) -> Bools:
        """Resolved in time; of a summary, which does not say when it was reopened, never."""
        could: Bools = self._resolved_in_time & ~self._outcomes.without_events
        return could

    @cached_property
    def _sure(self) -> Ints:
        """The last minute in which a reopening says that the first resolve was none."""
        return self._outcomes.first_resolved // MINUTE + STOPPED_MINUTES

    @cached_property
    def settled(self) -> Bools:
        """Can `in_standard` be known by now?"""
        known = np.where(self._could_be_undone & ~self._undone, np.maximum(self._sure, self.due), self.due)
        over: Bools = (self.standard >= 0) & (known * MINUTE + END_OF_MINUTE <= self._horizon)
        return over

    @cached_property
    def charged_team(self) -> Codes:
        """The team at the first resolve if that was by the deadline, else the one that held it at the deadline."""
        return self._answers(self._resolved_in_time, self.due, self._outcomes.resolving_team, self.standard >= 0)

    @cached_property
    def answering_team(self) -> Codes:
        """Who answers for what became of it in its first week: who last spoke to the customer before it was resolved,
        or resolved it where nobody spoke; else who held it then. Having it closed elsewhere changes nothing.
        """
        resolved, week = self._outcomes.first_resolved, self.opened + WEEK
        in_week = (resolved != NEVER) & (resolved // MINUTE <= week)
        return self._answers(in_week, week, self._outcomes.speaking_team, np.ones(len(week), bool))

    def _answers(self, resolved: Bools, limit: Ints, by: Codes, asked: Bools) -> Codes:
        held = self._stations.held_at(limit * MINUTE + END_OF_MINUTE, asked & ~resolved)
        if self._outcomes.without_events.any():
            held = np.where(self._outcomes.without_events & asked, self._outcomes.last_team, held)
        return np.where(asked & resolved, by, held)
