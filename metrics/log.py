"""The event log of one partition as plain arrays: one entry an event, in the order (ticket, at, seq).

Because the log is sorted by ticket, what other tools group by hashing is here a run: a count is the difference of two
running sums, a first or a last is the end of a run.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.columns import NEVER
from metrics.frames import EVENT_KINDS
from metrics.roster import AGENT, TEAM, codes

Bools = NDArray[np.bool_]
Codes = NDArray[np.int32]
Ints = NDArray[np.int64]
KINDS = pl.Enum(EVENT_KINDS)


@dataclass(frozen=True)
class Logged:
    """What the log writes down at all: where it never tells of replies, a missing reply says nothing."""

    replies: bool
    notes: bool
    reopens: bool

    def __or__(self, other: "Logged") -> "Logged":
        return Logged(self.replies or other.replies, self.notes or other.notes, self.reopens or other.reopens)


def what_is_logged(events: pl.LazyFrame) -> Logged:
    """Which kinds does this log have? Asked of the whole log, for one partition may have none by chance."""
    kind = pl.col("kind").cast(pl.String)
    seen = events.select(
        replies=(kind == "replied").any(), notes=(kind == "noted").any(), reopens=(kind == "reopened").any()
    )
    return Logged(**seen.collect().row(0, named=True))


class Log:
    """Arrays over the events of one partition. `tickets` is the number of tickets, with or without events."""

    def __init__(self, ticket_ids: pl.Series, events: pl.DataFrame):
        """`ticket_ids`: sorted and unique. `events`: sorted by (ticket_id, at, seq); those of unknown tickets are left out."""
        self.tickets = len(ticket_ids)
        begins, row = _runs(events["ticket_id"], ticket_ids)
        if (row < 0).any():
            events = events.join(ticket_ids.to_frame("ticket_id"), on="ticket_id", how="semi", maintain_order="left")
            begins, row = _runs(events["ticket_id"], ticket_ids)
        if (np.diff(row) <= 0).any():
            raise ValueError("Events must be sorted by ticket_id, at and seq, and tickets by ticket_id.")
        self.begins, self.row = begins, row
        self._events = events.rechunk()

    @cached_property
    def size(self) -> int:
        return len(self._events)

    @cached_property
    def ends(self) -> Ints:
        return np.append(self.begins[1:], self.size)

    @cached_property
    def ticket(self) -> Codes:
        """The ticket's row of each event."""
        return np.repeat(self.row, self.ends - self.begins)

    @cached_property
    def has_events(self) -> Bools:
        has = np.zeros(self.tickets, dtype=bool)
        has[self.row] = True
        return has

    @cached_property
    def at(self) -> Ints:
        return self._events["at"].to_physical().to_numpy()

    @cached_property
    def _kind(self) -> NDArray[np.uint8]:
        return self._events["kind"].cast(KINDS).to_physical().cast(pl.UInt8).to_numpy()

    def of_kind(self, kind: str) -> Ints:
        """Where the events of this kind are."""
        return np.flatnonzero(self._kind == EVENT_KINDS.index(kind))

    def by_agents(self, events: Ints) -> Ints:
        """Those of these events that a person of ours did: not the customer, not a system account or bot."""
        actor = self._events["actor"].gather(events).cast(pl.String)
        return events[(actor.is_null() | (actor == "agent")).to_numpy()]

    @cached_property
    def replies(self) -> Ints:
        return self.by_agents(self.of_kind("replied"))

    @cached_property
    def notes(self) -> Ints:
        return self.by_agents(self.of_kind("noted"))

    @cached_property
    def resolves(self) -> Ints:
        return self.of_kind("resolved")

    @cached_property
    def reopened(self) -> Ints:
        return self.of_kind("reopened")

    @cached_property
    def held(self) -> Codes:
        """The team that holds the ticket after each event: told, or carried forward from the ticket's earlier events."""
        team = codes(self._events["team_id"], TEAM)
        if not (team < 0).any():
            return team
        source = np.where(team >= 0, np.arange(self.size, dtype=np.int32), 0)
        source[self.begins] = self.begins
        return team[np.maximum.accumulate(source)]

    @cached_property
    def agents(self) -> tuple[Ints, Codes]:
        """The events that name an agent of ours, and the agent's code."""
        agent = codes(self._events["agent_id"], AGENT)
        events = self.by_agents(np.flatnonzero(agent >= 0))
        return events, agent[events]

    def before(self, events: Ints) -> Codes:
        """A running sum to read at the ends of runs: how many of `events` lie before each place of the log."""
        marks = np.zeros(self.size + 1, dtype=np.int32)
        marks[events + 1] = 1
        return np.cumsum(marks, dtype=np.int32)

    def count(self, events: Ints) -> Codes:
        """How many of `events` each ticket has."""
        return np.bincount(self.ticket[events], minlength=self.tickets).astype(np.int32)

    def first(self, events: Ints) -> Ints:
        """The place of each ticket's first of `events`; -1 where it has none."""
        ticket = self.ticket[events]
        place = np.full(self.tickets, -1, dtype=np.int64)
        ahead = np.ones(len(events), dtype=bool)
        np.not_equal(ticket[1:], ticket[:-1], out=ahead[1:])
        place[ticket[ahead]] = events[ahead]
        return place

    def last(self, events: Ints) -> Ints:
        """The place of each ticket's last of `events`; -1 where it has none."""
        ticket = self.ticket[events]
        place = np.full(self.tickets, -1, dtype=np.int64)
        behind = np.ones(len(events), dtype=bool)
        np.not_equal(ticket[1:], ticket[:-1], out=behind[:-1])
        place[ticket[behind]] = events[behind]
        return place

    def instant(self, place: Ints) -> Ints:
        """The instant at each place; NEVER where the place is -1."""
        return np.where(place >= 0, self.at[place], NEVER) if self.size else np.full(len(place), NEVER)


def _runs(ids: pl.Series, ticket_ids: pl.Series) -> tuple[Ints, Codes]:
    """Where each ticket's run of events begins, and the ticket's row (-1 unknown)."""
    begins = np.flatnonzero((ids != ids.shift(1)).fill_null(True).to_numpy())
    heads = ids.gather(begins)
    if len(heads) == len(ticket_ids) and (heads == ticket_ids).all():
        return begins, np.arange(len(ticket_ids), dtype=np.int32)
    rows = ticket_ids.to_frame("ticket_id").with_row_index("row")
    found = heads.to_frame("ticket_id").join(rows, on="ticket_id", how="left", maintain_order="left")
    return begins, found["row"].cast(pl.Int32).fill_null(-1).to_numpy()
