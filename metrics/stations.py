"""Team stations: the consecutive runs of one team over a ticket's life, and what the path between them tells."""

from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.columns import NEVER
from metrics.log import Bools, Codes, Ints, Log


class Stations:
    """Arrays over the stations of one partition, in the order of the log."""

    def __init__(self, log: Log):
        self._log = log

    @cached_property
    def event(self) -> Ints:
        """The place in the log at which each station begins: the team is new, or the ticket is."""
        held = self._log.held
        new = np.ones(len(held), dtype=bool)
        np.not_equal(held[1:], held[:-1], out=new[1:])
        new[self._log.begins] = True
        new &= held >= 0
        return np.flatnonzero(new)

    @cached_property
    def ticket(self) -> Codes:
        return self._log.ticket[self.event]

    @cached_property
    def team(self) -> Codes:
        return self._log.held[self.event]

    @cached_property
    def since(self) -> Ints:
        return self._log.at[self.event]

    @cached_property
    def is_first(self) -> Bools:
        return np.append(True, self.ticket[1:] != self.ticket[:-1])[: len(self.ticket)]

    @cached_property
    def is_last(self) -> Bools:
        return np.append(self.ticket[1:] != self.ticket[:-1], True)[: len(self.ticket)]

    @cached_property
    def count(self) -> Codes:
        """Team stations of each ticket."""
        return np.bincount(self.ticket, minlength=self._log.tickets).astype(np.int32)

    @cached_property
    def bounced(self) -> Bools:
        """Did this team have the ticket before? Asked only of tickets of three stations or more: else it cannot be."""
        bounced = np.zeros(len(self.ticket), dtype=bool)
        long = np.flatnonzero(self.count[self.ticket] >= 3)
        key = self.ticket[long].astype(np.int64) << 32 | self.team[long]
        bounced[long] = ~pl.Series(key).is_first_distinct().to_numpy()
        return bounced

    @cached_property
    def bounce_backs(self) -> Codes:
        return np.bincount(self.ticket[self.bounced], minlength=self._log.tickets).astype(np.int32)

    @cached_property
    def ping_pong(self) -> Bools:
        """A-B-A-B: three or more uninterrupted alternations of two teams (ServiceNow Process Mining's default)."""
        ticket, team = self.ticket, self.team
        found = np.zeros(self._log.tickets, dtype=bool)
        same = (ticket[3:] == ticket[:-3]) & (team[2:-1] == team[:-3]) & (team[3:] == team[1:-2])
        found[ticket[3:][same]] = True
        return found

    @cached_property
    def first_team(self) -> Codes:
        return self._of_ticket(self.is_first, self.team, -1)

    @cached_property
    def last_team(self) -> Codes:
        return self._of_ticket(self.is_last, self.team, -1)

    def held_at(self, instant_limit: Ints) -> Codes:
        """The team that held each ticket at its own instant (microseconds, inclusive); -1 where none did yet."""
        # A ticket's stations are in order, so the last of those that had begun is the one that overwrites.
        begun = self.since <= instant_limit[self.ticket]
        last = begun & np.append(self.is_last[:-1] | ~begun[1:], True)[: len(begun)]
        return self._of_ticket(last, self.team, -1)

    def nth_since(self, n: int) -> Ints:
        """The instant at which each ticket's n-th station began; NEVER where it has fewer."""
        begins = np.flatnonzero(self.is_first)
        place = begins[self.count[self.ticket[begins]] >= n] + n - 1
        at = np.full(self._log.tickets, NEVER)
        at[self.ticket[place]] = self.since[place]
        return at

    def _of_ticket(self, which: Bools, values: Codes, empty: int) -> Codes:
        result: NDArray[np.int32] = np.full(self._log.tickets, empty, dtype=np.int32)
        result[self.ticket[which]] = values[which]
        return result
