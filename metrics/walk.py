"""One partition's tickets and events, and all that is worked out from them, each thing once and only when asked for."""

from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from metrics.blowout import blow_outs
from metrics.clock import EPOCH, MINUTE
from metrics.clocks import Tables
from metrics.columns import NEVER
from metrics.deadlines import Deadlines
from metrics.handoffs import Handoffs
from metrics.log import Codes, Ints, Log, Logged
from metrics.outcomes import Outcomes
from metrics.repeats import Resolves
from metrics.roster import Roster
from metrics.rows import Rows
from metrics.stations import Stations
from metrics.strata import KINDS, Strata, strata_of


class Walk:
    """The walk through one partition: `tickets` sorted by ticket_id, `events` by (ticket_id, at, seq)."""

    def __init__(
        self,
        tickets: Rows,
        events: Rows,
        *,
        roster: Roster,
        absences: pl.DataFrame,
        standards: pl.DataFrame | None,
        logged: Logged,
        horizon: datetime,
    ):
        self.tickets, self.roster, self.logged, self.horizon = tickets, roster, logged, horizon
        self._absences, self._standards = absences, standards
        self.log = Log(tickets["ticket_id"], events)

    @cached_property
    def end(self) -> int:
        """The horizon in microseconds since 1970."""
        return (self.horizon - EPOCH) // timedelta(microseconds=1)

    @cached_property
    def tables(self) -> Tables:
        earliest = self.tickets["opened_at"].min()
        return self.roster.clocks.over(earliest if isinstance(earliest, datetime) else self.horizon, self.horizon)

    @cached_property
    def stations(self) -> Stations:
        return Stations(self.log)

    @cached_property
    def outcomes(self) -> Outcomes:
        return Outcomes(self.tickets, self.log, self.stations, self.logged)

    @cached_property
    def handoffs(self) -> Handoffs:
        return Handoffs(
            self.log,
            self.stations,
            self.outcomes,
            logged=self.logged,
            roster=self.roster,
            tables=self.tables,
            absences=self._absences,
        )

    @cached_property
    def resolves(self) -> Resolves:
        return Resolves(self.tickets, self.log, self.logged, self.outcomes)

    @cached_property
    def deadlines(self) -> Deadlines:
        return Deadlines(
            self.tickets,
            self.outcomes,
            self.stations,
            roster=self.roster,
            tables=self.tables,
            standards=self._standards,
            horizon=self.end,
        )

    @cached_property
    def blow_outs(self) -> tuple[Ints, Ints]:
        return blow_outs(
            self.tickets, self.log, self.stations, self.outcomes, self.resolves, self.deadlines, end=self.end
        )

    @cached_property
    def blow_out_team(self) -> Codes:
        """Who held each ticket when it blew out; of a summary, its team; -1 where it did not."""
        at = self.blow_outs[0]
        blown = at != NEVER
        held = self.stations.held_at(at, blown)
        return (
            held if self.log.all_have_events else np.where(self.log.has_events | ~blown, held, self.outcomes.last_team)
        )

    @cached_property
    def _strata(self) -> Strata:
        return strata_of({name: self.tickets.codes(name, kind) for name, kind in KINDS.items()})

    def strata(self) -> Strata:
        """Each ticket's stratum, by its row."""
        return self._strata

    @cached_property
    def agent_stations(self) -> Codes:
        """Runs of one agent over each ticket's life; -1 where no agent is named."""
        events, agent = self.log.agents
        ticket = self.log.ticket_of(events)
        new = np.ones(len(events), dtype=bool)
        new[1:] = (ticket[1:] != ticket[:-1]) | (agent[1:] != agent[:-1])
        count = self.log.count(events[new])
        return np.where(count > 0, count, -1)

    def handoffs_of_kind(self, kind: int) -> Codes:
        """How many handoffs of this kind each ticket had."""
        return self.log.count(self.handoffs.event[self.handoffs.kind == kind])

    def held_minutes(self, clock: str) -> Codes:
        """Minutes on hold of each ticket, on the business or the calendar clock."""
        ticket, start, end = self.outcomes.holds
        first, last = start // MINUTE, end // MINUTE
        spent = (
            self.tables.between(self.deadlines.calendar[ticket], first, last) if clock == "business" else last - first
        )
        return np.bincount(ticket, weights=spent, minlength=self.log.tickets).astype(np.int32)
