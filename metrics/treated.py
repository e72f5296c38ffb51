"""Resolved complaints and who resolved them: for sums within a team, which never leave the counting of a sign."""

from functools import cached_property

import numpy as np
import polars as pl

from metrics.columns import NEVER, NOBODY, known
from metrics.log import Codes
from metrics.roster import AGENT, codes, named
from metrics.ticket_columns import Columns, instant, strata, team
from metrics.walk import Walk

TREATED: dict[str, pl.DataType | type[pl.DataType]] = {
    "ticket_id": pl.String,
    "category": pl.String,
    "team_id": pl.String,
    "agent_id": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "minutes": pl.Int32,
    "at_once": pl.Boolean,
}


def treated_columns(walk: Walk, coded: bool) -> Columns:
    """One row a complaint that was resolved and whose agent is known, dated by its first resolve.

    `agent_id`: who is named at that resolve, or else was named last before it. `minutes`: business minutes from the
    opening to that resolve. `at_once`: by then answered no more than once; null where the log tells of no replies. All
    of it is settled by the resolve.
    """
    found = _Treated(walk)

    def of(values: Codes) -> Codes:
        return values[found.rows]

    def minutes() -> pl.Series:
        return pl.Series(of(walk.deadlines.business(walk.outcomes.first_resolved)))

    def at_once() -> pl.Series:
        return known(found.replies <= 1, walk.log.has_events[found.rows] & walk.logged.replies)

    about = strata(walk, coded, lambda: found.rows)
    return {
        "ticket_id": about["ticket_id"],
        "category": about["category"],
        "team_id": team(lambda: of(walk.outcomes.resolving_team), coded),
        "agent_id": (pl.String, lambda: named(of(found.agent), AGENT).cast(pl.String)),
        "at": instant(lambda: walk.outcomes.first_resolved[found.rows]),
        "minutes": (pl.Int32, minutes),
        "at_once": (pl.Boolean, at_once),
    }


class _Treated:
    """Which tickets, and who resolved each."""

    def __init__(self, walk: Walk):
        self._walk = walk

    @cached_property
    def rows(self) -> Codes:
        complaint = self._walk.tickets["is_complaint"].fill_null(False).to_numpy()
        done = (self._walk.outcomes.first_resolved != NEVER) & (self._walk.outcomes.resolving_team >= 0)
        return np.flatnonzero(complaint & done & (self.agent >= 0)).astype(np.int32)

    @cached_property
    def agent(self) -> Codes:
        """Of every ticket: who was named last up to its first resolve; a summary's own; NOBODY where nobody is."""
        log, agent = self._walk.log, np.full(self._walk.log.tickets, NOBODY, dtype=np.int32)
        resolve = log.first(log.resolves)
        events, who = log.agents
        done = np.flatnonzero(resolve >= 0)
        place = np.searchsorted(events, resolve[done], side="right") - 1
        there = place >= 0
        there[there] = log.ticket_of(events[place[there]]) == done[there]
        agent[done[there]] = who[place[there]]
        if not log.all_have_events:
            told = ~log.has_events
            agent[told] = codes(self._walk.tickets["agent_id"], AGENT)[told]
        return agent

    @cached_property
    def replies(self) -> Codes:
        """How often each was answered before its first resolve."""
        log = self._walk.log
        resolve = log.first(log.resolves)[self.rows]
        upto = np.searchsorted(log.replies, resolve)
        begins = np.zeros(log.tickets, dtype=np.int64)
        begins[log.row] = log.begins
        return (upto - np.searchsorted(log.replies, begins[self.rows])).astype(np.int32)
