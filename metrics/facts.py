"""Tickets and events -> facts: one row a ticket, one row each time a team lets one go, one row a resolve.

Every term is docs/definitions.md's. A ticket with events is read from its events, one without from its summary (`basis`
says which). Unknown is null.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from metrics.clock import EPOCH
from metrics.clocks import Clocks
from metrics.columns import lazy_frame
from metrics.frames import empty
from metrics.letting_go import letting_go_columns, resolve_columns
from metrics.log import Logged, what_is_logged
from metrics.roster import roster_of
from metrics.rows import EVENTS_AT_ONCE, TICKETS_AT_ONCE, Rows
from metrics.strata import Strata
from metrics.ticket_columns import ticket_columns
from metrics.treated import TREATED, treated_columns
from metrics.walk import Walk


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of one partition (or of all). Their columns are worked out when they are asked for.

    With `coded` facts, ticket_id is the ticket's number in its partition and other names are categorical: for counting.
    `strata` then gives each ticket's stratum by that number. `treated` are resolved complaints with the agent who
    resolved them: it is for sums within a team and is never written down. The other tables are as in the contract, and
    empty where they are not given.
    """

    tickets: pl.LazyFrame
    let_gos: pl.LazyFrame
    resolves: pl.LazyFrame
    clocks: Clocks
    horizon: datetime
    coded: bool = False
    strata: Callable[[], Strata] | None = None
    treated: pl.LazyFrame = field(default_factory=lambda: pl.LazyFrame(schema=TREATED))
    customers: pl.LazyFrame = field(default_factory=lambda: empty("customers").lazy())
    orders: pl.LazyFrame = field(default_factory=lambda: empty("orders").lazy())
    surveys: pl.LazyFrame = field(default_factory=lambda: empty("surveys").lazy())
    teams: pl.DataFrame = field(default_factory=lambda: empty("teams"))


def facts(
    tickets: pl.LazyFrame | pl.DataFrame,
    events: pl.LazyFrame | pl.DataFrame,
    teams: pl.DataFrame,
    absences: pl.DataFrame | None = None,
    standards: pl.DataFrame | None = None,
    *,
    horizon: datetime | None = None,
    logged: Logged | None = None,
    in_order: bool = False,
    coded: bool = False,
    customers: pl.LazyFrame | pl.DataFrame | None = None,
    orders: pl.LazyFrame | pl.DataFrame | None = None,
    surveys: pl.LazyFrame | pl.DataFrame | None = None,
) -> Facts:
    """What happened to each ticket? Frames of the contract in, `Facts` out.

    `standards`: as from metrics.standards; without, what rests on them is null. `horizon`: the last instant of the
    company's data (default: of these frames). `logged`: what the whole log writes down (default: what these events do);
    give it when partitions are read apart. `in_order`: tickets are sorted by ticket_id and events by
    (ticket_id, at, seq), as in the lake; else they are sorted here. ValueError when they turn out not to be, or where
    a team's calendar is not understood.
    """
    ticket_rows, event_rows = _rows(tickets.lazy(), events.lazy(), in_order)
    last = horizon or _latest(ticket_rows, event_rows)
    told = logged or what_is_logged(events.lazy())
    roster = roster_of(teams)
    away = empty("absences") if absences is None else absences
    walk = Walk(ticket_rows, event_rows, roster=roster, absences=away, standards=standards, logged=told, horizon=last)
    return Facts(
        tickets=lazy_frame(ticket_columns(walk, coded)),
        let_gos=lazy_frame(letting_go_columns(walk, coded)),
        resolves=lazy_frame(resolve_columns(walk, coded)),
        clocks=roster.clocks,
        horizon=last,
        coded=coded,
        strata=walk.strata if coded else None,
        treated=lazy_frame(treated_columns(walk, coded)),
        customers=_told("customers", customers),
        orders=_told("orders", orders),
        surveys=_told("surveys", surveys),
        teams=teams,
    )


def _told(name: str, frame: pl.LazyFrame | pl.DataFrame | None) -> pl.LazyFrame:
    return (empty(name) if frame is None else frame).lazy()


def _rows(tickets: pl.LazyFrame, events: pl.LazyFrame, in_order: bool) -> tuple[Rows, Rows]:
    if not in_order:
        sorted_events = events.sort("ticket_id", "at", "seq", maintain_order=True)
        tickets, events = (frame.lazy() for frame in pl.collect_all([tickets.sort("ticket_id"), sorted_events]))
    return Rows(tickets, TICKETS_AT_ONCE), Rows(events, EVENTS_AT_ONCE)


def _latest(tickets: Rows, events: Rows) -> datetime:
    known = [at for at in (tickets["opened_at"].max(), events["at"].max()) if isinstance(at, datetime)]
    return max(known, default=EPOCH)
