"""The columns of Facts.let_gos (each time a team lets a ticket go) and of Facts.resolves."""

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.clock import MINUTE
from metrics.columns import NEVER, Recipe, known
from metrics.handoffs import HANDOFF_KINDS
from metrics.log import Bools, Codes, Ints
from metrics.roster import named
from metrics.ticket_columns import BASIS, Columns, instant, strata, team
from metrics.waits import UNKNOWN, lost_minutes
from metrics.walk import Walk

HOW = pl.Enum(["handoff", "resolved"])
KIND = pl.Enum(HANDOFF_KINDS)


class LettingGo:
    """Handoffs and resolves in the order of the log, then the resolves that only a summary tells of.

    `order` sorts the handoffs, which come first, and the resolves, which follow them, into one.
    """

    def __init__(self, walk: Walk, in_order: bool):
        self._walk, self._in_order = walk, in_order

    @cached_property
    def order(self) -> Ints:
        resolves = self._walk.resolves.event
        place = np.where(resolves < 0, self._walk.log.size, resolves)
        return np.argsort(np.concatenate([self._walk.handoffs.event, place]), kind="stable")

    @cached_property
    def _resolve_stay(self) -> Codes:
        """The stay in which each resolve of the log happened."""
        return self._walk.log.stay_of(self._walk.log.resolves)

    def _both(self, handoffs: NDArray[Any], resolves: NDArray[Any]) -> NDArray[Any]:
        both = np.concatenate([handoffs, resolves])
        return both[self.order] if self._in_order else both

    @cached_property
    def ticket(self) -> Codes:
        return self._both(self._walk.handoffs.ticket, self._walk.resolves.ticket)

    @cached_property
    def team(self) -> Codes:
        return self._both(self._walk.handoffs.team, self._walk.resolves.team)

    @cached_property
    def at(self) -> Ints:
        return self._both(self._walk.handoffs.at, self._walk.resolves.at)

    @cached_property
    def is_handoff(self) -> Bools:
        return self._both(self._ones, np.zeros(len(self._walk.resolves.event), bool))

    @property
    def _ones(self) -> Bools:
        return np.ones(len(self._walk.handoffs.event), bool)

    @cached_property
    def kind(self) -> Codes:
        return self._both(self._walk.handoffs.kind, np.full(len(self._walk.resolves.event), -1, dtype=np.int32))

    @cached_property
    def to_team(self) -> Codes:
        return self._both(self._walk.handoffs.to_team, np.full(len(self._walk.resolves.event), -1, dtype=np.int32))

    @cached_property
    def bounce_back(self) -> Bools:
        return self._both(self._walk.handoffs.bounce_back, np.zeros(len(self._walk.resolves.event), bool))

    @cached_property
    def ping_pong(self) -> Bools:
        of_handoffs = self._walk.stations.left_in_ping_pong[self._walk.handoffs.station]
        return self._both(of_handoffs, np.zeros(len(self._walk.resolves.event), bool))

    @cached_property
    def lost(self) -> Ints:
        """What the customer lost by each handoff; UNKNOWN of resolves, and where no log of work is kept."""
        walk = self._walk
        nothing = np.full(len(walk.resolves.event), UNKNOWN)
        if not (walk.logged.replies or walk.logged.notes):
            return self._both(np.full(len(walk.handoffs.event), UNKNOWN), nothing)
        return self._both(lost_minutes(walk.log, walk.stations, walk.outcomes.holds, walk.handoffs.station), nothing)

    @cached_property
    def held_from(self) -> Ints:
        log, stay = self._walk.log, self._resolve_stay
        since = np.full(len(self._walk.resolves.event), NEVER)
        since[: len(stay)] = np.where(log.stay_team[stay] >= 0, log.at[log.stay_begins[stay]], NEVER)
        return self._both(self._walk.handoffs.held_from, since)

    @cached_property
    def replied(self) -> Bools:
        """Had an agent replied while this team held the ticket, this time?"""
        log, stay = self._walk.log, self._resolve_stay
        replied = np.zeros(len(self._walk.resolves.event), bool)
        # A reply may follow the resolve within its stay: then it is a reply, but not before.
        first = np.full(len(log.stay_begins), log.size)
        first[log.stay_of(log.replies)[::-1]] = log.replies[::-1]
        replied[: len(stay)] = first[stay] < log.resolves
        return self._both(self._walk.handoffs.replied, replied)

    @cached_property
    def from_events(self) -> Bools:
        return self._both(self._ones, self._walk.resolves.event >= 0)


def letting_go_columns(walk: Walk, coded: bool) -> Columns:
    """One row each time a team let a ticket go: handed it on, or resolved it."""
    rows = LettingGo(walk, in_order=not coded)  # counting needs no order

    def held() -> pl.Series:
        spent = np.maximum(rows.at // MINUTE - rows.held_from // MINUTE, 0)
        return known(spent.astype(np.int32), rows.held_from != NEVER)

    flow: dict[str, tuple[pl.DataType | type[pl.DataType], Recipe]] = {
        "how": (HOW, lambda: named(1 - rows.is_handoff.astype(np.int32), HOW)),
        "kind": (KIND, lambda: named(rows.kind, KIND)),
        "to_team_id": team(lambda: rows.to_team, coded),
        "bounce_back": (pl.Boolean, lambda: pl.Series(rows.bounce_back)),
        "ping_pong": (pl.Boolean, lambda: pl.Series(rows.ping_pong)),
        "lost_minutes_calendar": (pl.Int32, lambda: known(rows.lost.astype(np.int32), rows.lost != UNKNOWN)),
        "held_from": instant(lambda: rows.held_from),
        "held_minutes_calendar": (pl.Int32, held),
        "replied_before": (pl.Boolean, lambda: known(rows.replied, rows.from_events & walk.logged.replies)),
        "basis": (BASIS, lambda: named(1 - rows.from_events.astype(np.int32), BASIS)),
    }
    return {
        **strata(walk, coded, lambda: rows.ticket),
        "team_id": team(lambda: rows.team, coded),
        "at": instant(lambda: rows.at),
        **flow,
    }


def resolve_columns(walk: Walk, coded: bool) -> Columns:
    """One row a resolve, and whether the customer had to come back."""
    resolves = walk.resolves
    return {
        **strata(walk, coded, lambda: resolves.ticket),
        "team_id": team(lambda: resolves.team, coded),
        "at": instant(lambda: resolves.at),
        "reopened_at": instant(lambda: resolves.reopened),
        "reopened_soon": (pl.Boolean, lambda: pl.Series(resolves.reopened_soon)),
        "repeat_at": instant(lambda: resolves.repeat),
    }
