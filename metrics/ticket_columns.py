"""The columns of Facts.tickets: each a dtype and how it is worked out from a Walk."""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.blowout import CAUSES
from metrics.columns import INSTANT, NEVER, Recipe, instants, known
from metrics.handoffs import HANDOFF_KINDS
from metrics.log import Bools, Codes, Ints
from metrics.roster import CATEGORY, CHANNEL, PRIORITY, TEAM, named
from metrics.walk import Walk

Columns = dict[str, tuple[pl.DataType | type[pl.DataType], Recipe]]
BASIS = pl.Enum(["events", "summary"])
CAUSE = pl.Enum(CAUSES)


def ticket_columns(walk: Walk, coded: bool) -> Columns:
    """One row a ticket. Durations are Int32 minutes from the opening; `_business` in the hours of the first team."""
    return {
        **_plain(walk, coded),
        **_path(walk),
        **_instants(walk),
        **_teams(walk, coded),
        **_durations(walk),
        **_verdicts(walk),
        **_kinds(walk),
    }


def strata(walk: Walk, coded: bool, rows: Callable[[], NDArray[np.integer]] | None = None) -> Columns:
    """The ticket's names; of the given rows, or of every ticket once. Coded, its id is its number."""

    def told(name: str) -> Recipe:
        return lambda: walk.tickets[name] if rows is None else walk.tickets[name].gather(rows())

    def number() -> pl.Series:
        return pl.Series(np.arange(walk.log.tickets) if rows is None else rows())

    def code(name: str, kind: pl.Categorical) -> Recipe:
        def recipe() -> pl.Series:
            numbers = walk.tickets.codes(name, kind)
            return named(numbers if rows is None else numbers[rows()], kind)

        return recipe

    kinds = {"category": CATEGORY, "channel": CHANNEL, "priority": PRIORITY}
    names: Columns = {name: (kind, code(name, kind)) for name, kind in kinds.items()}
    if not coded:
        names = {name: (pl.String, told(name)) for name in kinds}
    ticket_id: Columns = {"ticket_id": (pl.UInt32, number) if coded else (pl.String, told("ticket_id"))}
    return {**ticket_id, "customer_id": (pl.String, told("customer_id")), **names}


def team(walk_codes: Callable[[], Codes], coded: bool) -> tuple[pl.DataType | type[pl.DataType], Recipe]:
    dtype = TEAM if coded else pl.String
    return dtype, lambda: named(walk_codes(), TEAM).cast(dtype)


def instant(values: Callable[[], Ints]) -> tuple[pl.DataType, Recipe]:
    return INSTANT, lambda: instants(values())


def _plain(walk: Walk, coded: bool) -> Columns:
    told = {"opened_at": INSTANT, "origin": pl.String, "is_complaint": pl.Boolean, "csat": pl.Int8}
    told |= {"promised_by": INSTANT, "promise_kept_at": INSTANT}
    return {
        **strata(walk, coded),
        **{name: (dtype, lambda name=name: walk.tickets[name]) for name, dtype in told.items()},  # type: ignore[misc]
        "basis": (BASIS, lambda: named(1 - walk.log.has_events.astype(np.int32), BASIS)),
    }


def _path(walk: Walk) -> Columns:
    outcomes, stations = walk.outcomes, walk.stations

    def count(values: Callable[[], Codes], least: int = 0) -> tuple[type[pl.DataType], Recipe]:
        def recipe() -> pl.Series:
            told = values()
            return known(told, told >= least)

        return pl.Int32, recipe

    def of_path(values: Callable[[], Codes], told: Callable[[], Codes]) -> tuple[type[pl.DataType], Recipe]:
        """From the events where they name a team; of a summary, only what its number of stations settles."""

        def both() -> Codes:
            led = np.where(stations.count > 0, values(), -1)
            return led if walk.log.all_have_events else np.where(walk.log.has_events, led, told())

        return count(both)

    def few(limit: int, value: Codes | int) -> Codes:
        """What so few stations settle; -1 where there are more, or their number is not told."""
        told = outcomes.told_stations
        return np.where((told >= 1) & (told <= limit), value, -1).astype(np.int32)

    _, to_and_fro = of_path(lambda: stations.ping_pong.astype(np.int32), lambda: few(3, 0))
    return {
        "team_stations": count(lambda: outcomes.station_count, 1),
        "handoffs": count(lambda: outcomes.station_count - 1),
        "unique_teams": of_path(lambda: stations.count - stations.bounce_backs, lambda: few(2, outcomes.told_stations)),
        "bounce_backs": of_path(lambda: stations.bounce_backs, lambda: few(2, 0)),
        "ping_pong": (pl.Boolean, to_and_fro),
        "agent_stations": count(lambda: walk.agent_stations, 1),
        "reopens": count(lambda: outcomes.reopens),
        "replies": count(lambda: outcomes.replies),
    }


def _instants(walk: Walk) -> Columns:
    return {
        "first_replied_at": instant(lambda: walk.outcomes.first_replied),
        "first_resolved_at": instant(lambda: walk.outcomes.first_resolved),
        "last_resolved_at": instant(lambda: walk.outcomes.last_resolved),
        "closed_at": instant(lambda: walk.outcomes.closed),
        "escalated_at": instant(lambda: walk.outcomes.escalated),
        "blow_out_at": instant(lambda: walk.blow_outs[0]),
        "deadline_at": instant(lambda: walk.deadlines.due_at),
    }


def _teams(walk: Walk, coded: bool) -> Columns:
    return {
        "first_team_id": team(lambda: walk.outcomes.first_team, coded),
        "last_team_id": team(lambda: walk.outcomes.last_team, coded),
        "resolving_team_id": team(lambda: walk.outcomes.resolving_team, coded),
        "charged_team_id": team(lambda: walk.deadlines.charged_team, coded),
        "answering_team_id": team(lambda: walk.deadlines.answering_team, coded),
        "blow_out_team_id": team(lambda: walk.blow_out_team, coded),
    }


def _durations(walk: Walk) -> Columns:
    ends: dict[str, Callable[[], Ints]] = {
        "first_reply": lambda: walk.outcomes.first_replied,
        "first_resolution": lambda: walk.outcomes.first_resolved,
        "full_resolution": lambda: walk.outcomes.last_resolved,
    }
    clocks: dict[str, Callable[[Ints], Codes]] = {
        "business": walk.deadlines.business,
        "calendar": walk.deadlines.minutes,
    }

    def lasted(end: Callable[[], Ints], clock: Callable[[Ints], Codes]) -> Recipe:
        def recipe() -> pl.Series:
            until = end()
            return known(clock(until), until != NEVER)

        return recipe

    def waited(clock: str) -> Recipe:
        return lambda: known(
            np.maximum(clocks[clock](walk.outcomes.last_resolved) - walk.held_minutes(clock), 0),
            walk.outcomes.last_resolved != NEVER,
        )

    spans = {f"{name}_minutes_{c}": (pl.Int32, lasted(ends[name], clocks[c])) for name in ends for c in clocks}
    waits = {f"agent_wait_minutes_{c}": (pl.Int32, waited(c)) for c in clocks}
    # A summary does not tell of holds.
    holds = {
        f"on_hold_minutes_{c}": (pl.Int32, lambda c=c: known(walk.held_minutes(c), walk.log.has_events)) for c in clocks
    }
    return {**spans, **waits, **holds}


def _verdicts(walk: Walk) -> Columns:
    deadlines = walk.deadlines

    def verdict(values: Callable[[], Bools], where: Callable[[], Bools]) -> tuple[type[pl.DataType], Recipe]:
        return pl.Boolean, lambda: known(values(), where())

    def cause() -> pl.Series:
        at, number = walk.blow_outs
        return named(np.where(at != NEVER, number, -1), CAUSE)

    return {
        "one_touch": verdict(lambda: walk.outcomes.one_touch[0], lambda: walk.outcomes.one_touch[1]),
        "blow_out_cause": (CAUSE, cause),
        "simple": verdict(lambda: deadlines.simple, lambda: deadlines.judged),
        "standard_minutes": (pl.Int64, lambda: known(deadlines.standard, deadlines.standard >= 0)),
        "in_standard": verdict(lambda: deadlines.in_standard, lambda: deadlines.settled),
    }


def _kinds(walk: Walk) -> Columns:
    def of(kind: int) -> Recipe:
        return lambda: known(walk.handoffs_of_kind(kind), walk.log.has_events & (walk.stations.count > 0))

    kinds: Columns = {f"handoffs_{name}": (pl.Int32, of(number)) for number, name in enumerate(HANDOFF_KINDS)}
    return {**kinds, "routing_corrections": (pl.Int32, lambda: _corrections(walk))}


def _corrections(walk: Walk) -> pl.Series:
    """How often a ticket had to be sorted again: routing, but for the first sorting by a team whose work that is.

    Of a summary it is known only where one team had it all the time.
    """
    sorted_by = walk.roster.dispatch[walk.roster.of(walk.outcomes.first_team)].astype(np.int32)
    of_events = np.maximum(walk.handoffs_of_kind(HANDOFF_KINDS.index("routing")) - sorted_by, 0)
    told = np.where(walk.outcomes.station_count == 1, 0, -1)
    events = walk.log.has_events & (walk.stations.count > 0)
    settled = np.where(events, of_events, told).astype(np.int32)
    return known(settled, settled >= 0)
