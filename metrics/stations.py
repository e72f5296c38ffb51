"""Team stations: the consecutive runs of one team over a ticket's life, and what the path between them tells."""

from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.columns import NEVER
from metrics.log import Bools, Codes, Ints, Log


class Stations:
    """Arrays over the stations of one partition, in the order of the log: the stays that are somebody's."""

    def __init__(self, log: Log):
        self._log = log

    @cached_property
    def stay(self) -> Ints:
        """The number of the station's stay."""
        return np.flatnonzero(self._log.stay_team >= 0)

    def _of_stays(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        return values if len(self.stay) == len(values) else values[self.stay]

    @cached_property
    def event(self) -> Ints:
        """The place in the log at which each station begins."""
        event: Ints = self._of_stays(self._log.stay_begins)  # type: ignore[assignment]
        return event

    @cached_property
    def ticket(self) -> Codes:
        ticket: Codes = self._of_stays(self._log.stay_ticket)  # type: ignore[assignment]
        return ticket

    @cached_property
    def team(self) -> Codes:
        team: Codes = self._of_stays(self._log.stay_team)  # type: ignore[assignment]
        return team

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
        found = np.zeros(self._log.tickets, dtype=bool)
        found[self.ticket[self._to_and_fro]] = True
        return found

    @cached_property
    def _to_and_fro(self) -> Ints:
        """The stations from which on two teams alternate three times."""
        ticket, team = self.ticket, self.team
        same = (ticket[3:] == ticket[:-3]) & (team[2:-1] == team[:-3]) & (team[3:] == team[1:-2])
        return np.flatnonzero(same)

    @cached_property
    def left_in_ping_pong(self) -> Bools:
        """Is leaving this station one of three or more uninterrupted alternations of two teams?"""
        part = np.zeros(len(self.ticket), dtype=bool)
        for step in range(3):
            part[self._to_and_fro + step] = True
        return part

    @cached_property
    def first_team(self) -> Codes:
        return self._of_ticket(self.is_first, self.team)

    @cached_property
    def last_team(self) -> Codes:
        return self._of_ticket(self.is_last, self.team)

    def held_at(self, limit: Ints, asked: Bools) -> Codes:
        """The team that held each ticket asked for at its own instant (microseconds, inclusive); -1 where none did."""
        which = np.flatnonzero(asked[self.ticket])
        ticket = self.ticket[which]
        begun = which[self.since[which] <= limit[ticket]]
        # A ticket's stations are in order: of those that had begun, the last one holds it.
        ticket = self.ticket[begun]
        holds = np.append(ticket[1:] != ticket[:-1], True)[: len(ticket)]
        team = np.full(self._log.tickets, -1, dtype=np.int32)
        team[ticket[holds]] = self.team[begun[holds]]
        return team

    def nth_since(self, n: int) -> Ints:
        """The instant at which each ticket's n-th station began; NEVER where it has fewer."""
        begins = np.flatnonzero(self.is_first)
        place = begins[self.count[self.ticket[begins]] >= n] + n - 1
        at = np.full(self._log.tickets, NEVER)
        at[self.ticket[place]] = self.since[place]
        return at

    def _of_ticket(self, which: Bools, values: Codes) -> Codes:
        result: Codes = np.full(self._log.tickets, -1, dtype=np.int32)
        result[self.ticket[which]] = values[which]
        return result
