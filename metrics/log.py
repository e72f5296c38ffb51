"""The event log of one partition as plain arrays: one entry an event, in the order (ticket, at, seq).

Because the log is sorted by ticket, what other tools group by hashing is here a run: a ticket is a run of its id, a
team's stay a run of its name within it, a first or a last is the end of a run. Names become codes only at the ends of
runs.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.columns import NEVER
from metrics.frames import EVENT_KINDS
from metrics.roster import AGENT, TEAM, codes
from metrics.rows import Rows

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
    kind = pl.col("kind")
    wanted = {"replies": "replied", "notes": "noted", "reopens": "reopened"}
    seen = events.select(**{name: (kind == value).any() for name, value in wanted.items()})
    return Logged(**seen.collect().row(0, named=True))


class Log:
    """Arrays over the events of one partition. `tickets` is the number of tickets, with or without events."""

    def __init__(self, ticket_ids: pl.Series, events: Rows):
        """`ticket_ids` are sorted; events sorted by (ticket_id, at, seq); those of unknown tickets are left out."""
        self.tickets = len(ticket_ids)
        begins, row = _runs(events["ticket_id"], ticket_ids)
        if (row < 0).any():
            events = events.only(ticket_ids)
            begins, row = _runs(events["ticket_id"], ticket_ids)
        if (row[1:] <= row[:-1]).any():
            raise ValueError("Events must be sorted by ticket_id, at and seq, and tickets by ticket_id.")
        self.begins, self.row = begins, row
        self._events = events
        self.size = len(events["ticket_id"])

    @cached_property
    def has_events(self) -> Bools:
        has = np.zeros(self.tickets, dtype=bool)
        has[self.row] = True
        return has

    @cached_property
    def all_have_events(self) -> bool:
        return len(self.row) == self.tickets

    @cached_property
    def at(self) -> Ints:
        at: Ints = self._events["at"].to_physical().to_numpy()
        return at

    @cached_property
    def _ours(self) -> pl.Series:
        """Was it a person of ours: not the customer, not a system account or bot?."""
        actor = self._events["actor"]
        ours = actor == "agent"
        return ours | actor.is_null() if actor.null_count() else ours

    def _is(self, kind: str) -> pl.Series:
        return self._events["kind"] == kind

    def of_kind(self, kind: str) -> Ints:
        """Where the events of this kind are."""
        return np.flatnonzero(self._is(kind).to_numpy())

    @cached_property
    def replies(self) -> Ints:
        """Where the public replies by agents are."""
        return np.flatnonzero((self._is("replied") & self._ours).to_numpy())

    @cached_property
    def notes(self) -> Ints:
        return np.flatnonzero((self._is("noted") & self._ours).to_numpy())

    @cached_property
    def resolves(self) -> Ints:
        return self.of_kind("resolved")

    @cached_property
    def reopened(self) -> Ints:
        return self.of_kind("reopened")

    @cached_property
    def _stays(self) -> tuple[Ints, pl.Series]:
        """Where each stay begins, and whose it is: the team is new, or the ticket is. Nobody's, until a team is told.

        An event that tells no team leaves the ticket where it was.
        """
        team = self._events["team_id"].rechunk()
        if not team.null_count():
            new = _changes(team)
            new[self.begins] = True
            begins = np.flatnonzero(new)
            return begins, team.gather(begins)
        tells = team.is_not_null().to_numpy().copy()
        tells[self.begins] = True
        told = np.flatnonzero(tells)
        team = team.gather(told)
        new = np.ones(len(team), dtype=bool)
        new[1:] = team.ne_missing(team.shift(1)).to_numpy()[1:]
        new[np.searchsorted(told, self.begins)] = True
        return told[new], team.filter(pl.Series(new))

    @property
    def stay_begins(self) -> Ints:
        return self._stays[0]

    @cached_property
    def stay_team(self) -> Codes:
        return codes(self._stays[1], TEAM)

    @cached_property
    def stay_ticket(self) -> Codes:
        """The ticket's row of each stay."""
        is_first = np.zeros(self.size, dtype=bool)
        is_first[self.begins] = True
        run = np.cumsum(is_first[self.stay_begins], dtype=np.int32) - 1
        return run if self.all_have_events else self.row[run]

    @cached_property
    def _stay(self) -> Codes:
        """The stay in which each event happened."""
        lengths = np.diff(np.append(self.stay_begins, self.size))
        return np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)

    def stay_of(self, events: Ints) -> Codes:
        return self._stay[events]

    def ticket_of(self, events: Ints) -> Codes:
        """The ticket's row of each of these events."""
        return self.stay_ticket[self._stay[events]]

    def team_of(self, events: Ints) -> Codes:
        """The team that held the ticket at each of these events; -1 nobody."""
        return self.stay_team[self._stay[events]]

    def had(self, events: Ints) -> Bools:
        """Did any of `events` happen during each stay?"""
        had = np.zeros(len(self.stay_begins), dtype=bool)
        had[self._stay[events]] = True
        return had

    @cached_property
    def replied_in(self) -> Bools:
        return self.had(self.replies)

    @cached_property
    def agents(self) -> tuple[Ints, Codes]:
        """The events that name an agent of ours, and the agent's code."""
        agent = self._events["agent_id"]
        events = np.flatnonzero((agent.is_not_null() & self._ours).to_numpy())
        return events, codes(agent.gather(events), AGENT)

    def count(self, events: Ints) -> Codes:
        """How many of `events` each ticket has."""
        return np.bincount(self.ticket_of(events), minlength=self.tickets).astype(np.int32)

    def first(self, events: Ints) -> Ints:
        """The place of each ticket's first of `events`; -1 where it has none."""
        ticket = self.ticket_of(events)
        ahead = np.ones(len(events), dtype=bool)
        np.not_equal(ticket[1:], ticket[:-1], out=ahead[1:])
        return self._placed(ticket, events, ahead)

    def first_at(self, events: Ints) -> Ints:
        """The instant of each ticket's first of `events`, for kinds that are rare; NEVER where it has none."""
        at = np.full(self.tickets, NEVER)
        at[self.ticket_of(events)[::-1]] = self.at[events[::-1]]  # the first is written last
        return at

    def last(self, events: Ints) -> Ints:
        """The place of each ticket's last of `events`; -1 where it has none."""
        ticket = self.ticket_of(events)
        behind = np.ones(len(events), dtype=bool)
        np.not_equal(ticket[1:], ticket[:-1], out=behind[:-1])
        return self._placed(ticket, events, behind)

    def _placed(self, ticket: Codes, events: Ints, which: Bools) -> Ints:
        place = np.full(self.tickets, -1, dtype=np.int64)
        if which.all():
            place[ticket] = events
        else:
            place[ticket[which]] = events[which]
        return place

    def instant(self, place: Ints) -> Ints:
        """The instant at each place; NEVER where the place is -1."""
        return np.where(place >= 0, self.at[place], NEVER) if self.size else np.full(len(place), NEVER)


def _changes(values: pl.Series) -> Bools:
    """Where a Series without nulls differs from the entry before; the first always does."""
    new = np.ones(len(values), dtype=bool)
    new[1:] = (values[1:] != values[:-1]).to_numpy()
    return new


def _runs(ids: pl.Series, ticket_ids: pl.Series) -> tuple[Ints, Codes]:
    """Where each ticket's run of events begins, and the ticket's row (-1 unknown)."""
    ids = ids.rechunk()
    begins = np.flatnonzero(_changes(ids))
    heads = ids.gather(begins)
    if len(heads) == len(ticket_ids) and (heads == ticket_ids).all():
        return begins, np.arange(len(ticket_ids), dtype=np.int32)
    rows = ticket_ids.to_frame("ticket_id").with_row_index("row")
    found = heads.to_frame("ticket_id").join(rows, on="ticket_id", how="left", maintain_order="left")
    return begins, found["row"].cast(pl.Int32).fill_null(-1).to_numpy()
