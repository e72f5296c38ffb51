"""Handoffs: each belongs to the team that passed the ticket on, and is of one kind, first match wins."""

from datetime import timedelta
from functools import cached_property

import numpy as np
import polars as pl

from metrics.clock import MINUTE
from metrics.clocks import Tables
from metrics.log import Bools, Codes, Ints, Log, Logged
from metrics.outcomes import Outcomes
from metrics.roster import AGENT, Roster, codes
from metrics.stations import Stations

HANDOFF_KINDS = ("routing", "cover", "escalation", "after_reply", "without_work")
# Sorting a new ticket to the right desk is no passing of the buck.
ROUTING_MINUTES = 30


class Handoffs:
    """Arrays over the handoffs of one partition, in the order of the log.

    A handoff that is of none of the five kinds (the team had noted something, and passed the ticket sideways) has none.
    """

    def __init__(
        self,
        log: Log,
        stations: Stations,
        outcomes: Outcomes,
        *,
        logged: Logged,
        roster: Roster,
        tables: Tables,
        absences: pl.DataFrame,
    ):
        self._log, self._logged, self._stations, self._outcomes = log, logged, stations, outcomes
        self._roster, self._tables, self._absences = roster, tables, absences

    @cached_property
    def station(self) -> Ints:
        """The station that was left; the next one is where the ticket went."""
        return np.flatnonzero(~self._stations.is_last)

    @cached_property
    def event(self) -> Ints:
        return self._stations.event[self.station + 1]

    @cached_property
    def ticket(self) -> Codes:
        return self._stations.ticket[self.station]

    @cached_property
    def team(self) -> Codes:
        return self._stations.team[self.station]

    @cached_property
    def to_team(self) -> Codes:
        return self._stations.team[self.station + 1]

    @cached_property
    def at(self) -> Ints:
        return self._log.at[self.event]

    @cached_property
    def held_from(self) -> Ints:
        return self._stations.since[self.station]

    @cached_property
    def bounce_back(self) -> Bools:
        """The receiver had the ticket before."""
        return self._stations.bounced[self.station + 1]

    @cached_property
    def _stay(self) -> Ints:
        return self._stations.stay[self.station]

    @cached_property
    def replied(self) -> Bools:
        """Had an agent replied while the passing team held the ticket, this time?"""
        return self._log.replied_in[self._stay]

    @cached_property
    def worked(self) -> Bools:
        """Had an agent replied or noted anything while the passing team held the ticket, this time?"""
        return self.replied | self._log.had(self._log.notes)[self._stay]

    @cached_property
    def kind(self) -> Codes:
        """The number of the kind in HANDOFF_KINDS; -1 where it is none of them, or cannot be told."""
        passing, receiving = self._roster.of(self.team), self._roster.of(self.to_team)
        line = self._roster.line
        higher = (line[passing] > 0) & (line[receiving] > line[passing])
        tells = self._logged.replies or self._logged.notes
        kinds = [
            self._roster.dispatch[passing] | self._routing,
            self._covered,
            higher & self.worked,
            self.replied,
            ~self.worked & tells,
        ]
        return np.select(kinds, range(len(HANDOFF_KINDS)), default=-1).astype(np.int32)

    @cached_property
    def _routing(self) -> Bools:
        """The first handoff, before any agent reply, within thirty business minutes of opening."""
        early = self._stations.is_first[self.station] & ~self.replied
        which = np.flatnonzero(early)
        calendar = self._roster.calendar[self._roster.of(self.team[which])]
        opened = self._outcomes.opened[self.ticket[which]]
        spent = self._tables.between(calendar, opened // MINUTE, self.at[which] // MINUTE)
        early[which] = (spent <= ROUTING_MINUTES) & ~self._replied_before_any_team(which)
        return early

    def _replied_before_any_team(self, which: Ints) -> Bools:
        """Had an agent replied while the ticket was still nobody's?"""
        before = np.maximum(self._stay[which] - 1, 0)
        nobodys = (self._log.stay_team[before] < 0) & (self._log.stay_ticket[before] == self.ticket[which])
        replied: Bools = nobodys & self._log.replied_in[before]
        return replied

    @cached_property
    def _covered(self) -> Bools:
        """Was the passing agent (the last of ours in the station) absent that day or the next, where the team is?"""
        covered = np.zeros(len(self.event), dtype=bool)
        events, agents = self._log.agents if len(self._absences) else (np.empty(0, dtype=np.int64),) * 2
        if not len(events):
            return covered
        last = np.searchsorted(events, self.event) - 1
        named = np.flatnonzero((last >= 0) & (events[last] >= self._stations.event[self.station]))
        calendar = self._roster.calendar[self._roster.of(self.team[named])]
        day = self._tables.day(calendar, self.at[named] // MINUTE)
        asked = pl.DataFrame({"which": named, "agent": agents[last[named]], "day": day})
        away = asked.join(_days_away(self._absences), on=["agent", "day"], how="semi")
        covered[away["which"].to_numpy()] = True
        return covered


def _days_away(absences: pl.DataFrame) -> pl.DataFrame:
    """The days on which, or on whose morrow, each person was away: agent (code), day (days since 1970)."""
    days = absences.select(
        agent=pl.Series(codes(absences["person_id"], AGENT)),
        day=pl.date_ranges(pl.col("from_on") - timedelta(days=1), pl.col("to_on")),
    )
    return days.explode("day", empty_as_null=False).unique().with_columns(pl.col("day").to_physical())
