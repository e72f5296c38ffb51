"""What became of each ticket: answered, resolved, reopened, put on hold. From its events; without any, its summary."""

from functools import cached_property

import numpy as np

from metrics.columns import NEVER, numbers
from metrics.log import Bools, Codes, Ints, Log, Logged
from metrics.roster import TEAM, codes
from metrics.rows import Rows
from metrics.stations import Stations

# A hold ends when it is lifted, and also when the ticket is resolved, reopened or closed without lifting it.
HOLDS = ("on_hold", "off_hold", "resolved", "reopened", "closed")


class Outcomes:
    """Arrays over the tickets of one partition; instants in microseconds, NEVER where unknown."""

    def __init__(self, tickets: Rows, log: Log, stations: Stations, logged: Logged):
        self._tickets, self._log, self._stations, self._logged = tickets, log, stations, logged

    @property
    def without_events(self) -> Bools:
        return ~self._log.has_events

    @cached_property
    def opened(self) -> Ints:
        return numbers(self._tickets["opened_at"])

    def _instants(self, from_events: Ints, column: str | None) -> Ints:
        if self._log.all_have_events:
            return from_events
        summary = numbers(self._tickets[column]) if column else np.full(len(from_events), NEVER)
        return np.where(self._log.has_events, from_events, summary)

    def _teams(self, from_events: Codes) -> Codes:
        return from_events if self._log.all_have_events else np.where(self._log.has_events, from_events, self.told_team)

    @cached_property
    def told_team(self) -> Codes:
        """The team of the summary."""
        return codes(self._tickets["team_id"], TEAM)

    @cached_property
    def told_stations(self) -> Codes:
        """Team stations of the summary; -1 where it does not say."""
        return self._tickets["team_stations"].fill_null(-1).to_numpy()

    @cached_property
    def told_reopens(self) -> Codes:
        return self._tickets["reopens"].fill_null(-1).to_numpy()

    @cached_property
    def first_team(self) -> Codes:
        return self._teams(self._stations.first_team)

    @cached_property
    def last_team(self) -> Codes:
        return self._teams(self._stations.last_team)

    @cached_property
    def first_reply_place(self) -> Ints:
        """Where in the log the first public reply by an agent is; -1 where there is none."""
        return self._log.first(self._log.replies)

    @cached_property
    def first_replied(self) -> Ints:
        return self._instants(self._log.instant(self.first_reply_place), "first_replied_at")

    @cached_property
    def _first_resolve(self) -> Ints:
        return self._log.first(self._log.resolves)

    @cached_property
    def first_resolved(self) -> Ints:
        return self._instants(self._log.instant(self._first_resolve), "resolved_at")

    @cached_property
    def last_resolved(self) -> Ints:
        return self._instants(self._log.instant(self._log.last(self._log.resolves)), "resolved_at")

    @cached_property
    def resolving_team(self) -> Codes:
        """The team that held the ticket when it was first resolved."""
        place, team = self._first_resolve, np.full(self._log.tickets, -1, dtype=np.int32)
        team[place >= 0] = self._log.team_of(place[place >= 0])
        if self._log.all_have_events:
            return team
        told = np.where(numbers(self._tickets["resolved_at"]) != NEVER, self.told_team, -1)
        return np.where(self._log.has_events, team, told).astype(np.int32)

    @cached_property
    def speaking_team(self) -> Codes:
        """The team at the last public reply by an agent before the first resolve; the resolving team without one."""
        team, place = self.resolving_team.copy(), self._first_resolve
        which = np.flatnonzero(place >= 0)
        replies = self._log.replies
        if not len(replies) or not len(which):
            return team
        last = np.searchsorted(replies, place[which]) - 1
        spoke = replies[np.maximum(last, 0)]
        own = (last >= 0) & (self._log.ticket_of(spoke) == which)
        told = self._log.team_of(spoke)
        known = own & (told >= 0)
        team[which[known]] = told[known]
        return team

    @cached_property
    def closed(self) -> Ints:
        return self._instants(self._log.instant(self._log.last(self._log.of_kind("closed"))), None)

    @cached_property
    def escalated(self) -> Ints:
        return self._instants(self._log.instant(self._log.first(self._log.of_kind("escalated"))), None)

    @cached_property
    def came_back(self) -> Ints:
        """When the ticket was first reopened. Where the log has no reopening, the second resolve tells of one."""
        events = self._log.reopened if self._logged.reopens else self._second_resolves
        return self._instants(self._log.first_at(events), None)

    @cached_property
    def _second_resolves(self) -> Ints:
        events = self._log.resolves
        ticket = self._log.ticket_of(events)
        second: Ints = events[1:][ticket[1:] == ticket[:-1]]
        return second

    @cached_property
    def reopens(self) -> Codes:
        """Reopened events, or resolves - 1 where the log has none; -1 where a summary does not say."""
        events = self._log.count(self._log.reopened if self._logged.reopens else self._second_resolves)
        return events if self._log.all_have_events else np.where(self._log.has_events, events, self.told_reopens)

    @cached_property
    def replies(self) -> Codes:
        """Public replies by agents; -1 where the log writes none down."""
        if not self._logged.replies:
            return np.full(self._log.tickets, -1, dtype=np.int32)
        return np.where(self._log.has_events, self._log.count(self._log.replies), -1)

    @cached_property
    def holds(self) -> tuple[Codes, Ints, Ints]:
        """Each spell on hold: its ticket, from, to. One that has not ended is left out."""
        events = np.sort(np.concatenate([self._log.of_kind(kind) for kind in HOLDS]))
        ticket, at = self._log.ticket_of(events), self._log.at[events]
        held = np.zeros(len(events), dtype=bool)
        held[np.searchsorted(events, self._log.of_kind("on_hold"))] = True
        spell = held[:-1] & (ticket[:-1] == ticket[1:])
        start, ticket, end = at[:-1][spell], ticket[:-1][spell], at[1:][spell]
        # Of a resolved ticket only what lies before its last resolve is part of the wait.
        resolved = self._log.instant(self._log.last(self._log.resolves))[ticket]
        counts = (resolved == NEVER) | (start < resolved)
        return ticket[counts], start[counts], end[counts]

    @cached_property
    def ever_held(self) -> Bools:
        return self._log.count(self._log.of_kind("on_hold")) > 0

    @cached_property
    def station_count(self) -> Codes:
        """Team stations; -1 where no team is known, or the summary does not say."""
        stations = np.where(self._stations.count > 0, self._stations.count, -1)
        return stations if self._log.all_have_events else np.where(self._log.has_events, stations, self.told_stations)

    @cached_property
    def one_touch(self) -> tuple[Bools, Bools]:
        """Resolved, one agent reply at most, never on hold, never reopened; and whether that can be known.

        Where there are no replies in the log, and for summaries: resolved, never reopened, by one team in one station.
        """
        resolved, stations, reopens = self.first_resolved != NEVER, self.station_count, self.reopens
        no = ~resolved | (reopens > 0)
        touched = np.where(self.replies >= 0, (self.replies > 1) | self.ever_held, stations > 1)
        unsure = (reopens < 0) | ((self.replies < 0) & (stations < 0))
        return ~no & ~touched, no | touched | ~unsure
