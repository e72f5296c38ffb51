"""From holds and instants to the event log: every reply, note, pause and handoff with its agent."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.sample.categories import CATEGORIES, SIMPLE
from data.sample.further import Turn, hushed
from data.sample.hours import day_of, later
from data.sample.layout import DAY, HORIZON_SECOND, HOUR, MINUTE, TEAM_BRANCH, Floats, Ints
from data.sample.staff import Staff
from data.sample.tickets import Batch
from data.sample.times import NEVER, STANDARD, Times
from data.sample.walks import AFTER_REPLY, COVER, ESCALATION, RESOLVED, Holds
from metrics.frames import EVENT_KINDS

AGENT, CUSTOMER, SYSTEM = range(3)
ACTORS = ("agent", "customer", "system")
KIND = {kind: number for number, kind in enumerate(EVENT_KINDS)}
ONE_REPLY: Floats = np.array([c.one_reply for c in CATEGORIES])
NOBODY = -1
SILENT = 0.03  # resolved without a word
BOT_ANSWERS = 0.07


@dataclass(eq=False)
class Part:
    """Some events as columns; `agent` is a stay, `team` a team, both -1 where the log names none."""

    ticket: Ints
    at: Ints
    kind: str
    team: Ints
    agent: Ints
    actor: int


def draw_log(
    batch: Batch,
    holds: Holds,
    times: Times,
    staff: Staff,
    number: Ints,
    *,
    turns: tuple[Turn, ...] = (),
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The events up to the last instant: ticket (its `number`), at, kind, seq, team, agent, actor as codes.

    Sorted by ticket, at, seq. `seq` tells apart the events of one ticket at one instant, in the order they came.
    """
    last = np.flatnonzero(holds.kind == RESOLVED)
    parts = [
        *_opening(batch, holds, times, rng),
        *_passing(batch, holds, times, rng),
        *_finishing(batch, holds.only(last), times, times.start[last], rng),
        *_alarms(batch, holds, times, turns, rng),
        *_afterwards(batch, times, rng),
    ]
    frame = pl.concat([_frame(p) for p in parts])
    frame = frame.filter(pl.col("at") <= HORIZON_SECOND)
    frame = frame.with_columns(ticket=pl.Series(number[frame["ticket"].to_numpy()])).sort(
        "ticket", "at", "order", maintain_order=True
    )
    frame = _named(frame, staff, rng)
    return frame.with_columns(seq=pl.Series(_order_within(frame), dtype=pl.Int32))


ORDER = {"opened": 0, "assigned": 1, "on_hold": 4, "off_hold": 2, "reopened": 1, "resolved": 8, "closed": 9}


def _order_within(frame: pl.DataFrame) -> Ints:
    """0, 1, 2, ... among the events of one ticket at one instant. The frame is sorted."""
    ticket, at = frame["ticket"].to_numpy(), frame["at"].to_numpy()
    row = np.arange(len(frame))
    new = np.ones(len(frame), dtype=bool)
    new[1:] = (ticket[1:] != ticket[:-1]) | (at[1:] != at[:-1])
    return row - np.maximum.accumulate(np.where(new, row, 0))


def _frame(part: Part) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "ticket": part.ticket,
            "at": part.at,
            "kind": np.full(len(part.ticket), KIND[part.kind], dtype=np.int8),
            "order": np.full(len(part.ticket), ORDER.get(part.kind, 3), dtype=np.int8),
            "team": part.team,
            "agent": part.agent,
            "actor": np.full(len(part.ticket), part.actor, dtype=np.int8),
        }
    )


def _named(frame: pl.DataFrame, staff: Staff, rng: np.random.Generator) -> pl.DataFrame:
    """Replaces agents who are not there on the day by a colleague of the team who is."""
    agent, team = frame["agent"].to_numpy().copy(), frame["team"].to_numpy()
    acted = np.flatnonzero(agent >= 0)
    day = day_of(TEAM_BRANCH[team[acted]], frame["at"].to_numpy()[acted])
    absent = ~staff.is_there(agent[acted], day) | (staff.team[agent[acted]] != team[acted])
    agent[acted[absent]] = staff.pick(team[acted[absent]], day[absent], rng)
    return frame.with_columns(agent=pl.Series(agent))


def _opening(batch: Batch, holds: Holds, times: Times, rng: np.random.Generator) -> Iterator[Part]:
    """Calls and most chats are opened with the team that takes them; the rest is assigned a moment later by a rule."""
    ticket = np.arange(len(batch))
    first = np.searchsorted(holds.ticket, ticket)
    team = holds.team[first]
    straight = np.where(np.isin(batch.channel, (0, 2)), 0.9, 0.4) > rng.random(len(batch))
    nobody = np.full(len(batch), NOBODY)
    asked = ~batch.proactive
    opened_by = np.where(straight, team, NOBODY)
    yield Part(ticket[asked], batch.opened[asked], "opened", opened_by[asked], nobody[asked], CUSTOMER)
    yield Part(ticket[~asked], batch.opened[~asked], "opened", opened_by[~asked], nobody[~asked], SYSTEM)
    later_on = ~straight
    soon = np.minimum(batch.opened + rng.integers(15, 120, len(batch)), times.end[first] - 5)
    soon = np.maximum(soon, batch.opened)
    yield Part(ticket[later_on], soon[later_on], "assigned", team[later_on], nobody[later_on], SYSTEM)
    bot = np.isin(batch.channel, (1, 3)) & (rng.random(len(batch)) < BOT_ANSWERS)
    yield Part(ticket[bot], batch.opened[bot] + 4, "replied", nobody[bot], nobody[bot], SYSTEM)


def _passing(batch: Batch, holds: Holds, times: Times, rng: np.random.Generator) -> Iterator[Part]:
    """The work before a handoff, and the handoff itself: an assignment to the next team."""
    step = np.flatnonzero(holds.kind != RESOLVED)
    kind, start, end = holds.kind[step], times.start[step], times.end[step]
    ticket, team, agent = holds.ticket[step], holds.team[step], holds.agent[step]
    at = start + ((0.25 + 0.6 * rng.random(len(step))) * (end - start)).astype(np.int64)
    replied = np.isin(kind, (AFTER_REPLY, COVER)) | ((kind == ESCALATION) & (rng.random(len(step)) < 0.4))
    yield Part(ticket[replied], at[replied], "replied", team[replied], agent[replied], AGENT)
    noted = (kind == ESCALATION) & ~replied
    yield Part(ticket[noted], at[noted], "noted", team[noted], agent[noted], AGENT)
    onward = step + 1
    taker = np.where(rng.random(len(step)) < 0.7, holds.agent[onward], NOBODY)
    yield Part(ticket, end, "assigned", holds.team[onward], taker, AGENT)


def _finishing(batch: Batch, holds: Holds, times: Times, start: Ints, rng: np.random.Generator) -> Iterator[Part]:
    """What the team that resolves it does: replies, questions, pauses, notes, and the resolve."""
    ticket, team, agent, n = holds.ticket, holds.team, holds.agent, len(holds)
    done = times.resolved
    span = np.minimum(done, start + 60 * DAY) - start
    category = batch.category[ticket]
    more = (rng.random(n) > ONE_REPLY[category]).astype(np.int64)
    more += more * (rng.random(n) < 0.3) + more * (~SIMPLE[category]) * (rng.random(n) < 0.35)
    paused = (more > 0) & (rng.random(n) < np.where(SIMPLE[category], 0.3, 0.55))
    for number in range(3):
        asks = more > number
        share = (number + 0.3 + 0.4 * rng.random(n)) / (more + 1)
        at = start + (share * span).astype(np.int64)
        back = at + ((0.2 + 0.5 * rng.random(n)) / (more + 1) * span).astype(np.int64)
        yield Part(ticket[asks], at[asks], "replied", team[asks], agent[asks], AGENT)
        answers = asks & (paused | (rng.random(n) < 0.6))
        nobody = np.full(n, NOBODY)
        yield Part(ticket[answers], back[answers], "customer_replied", team[answers], nobody[answers], CUSTOMER)
        holding = paused & (number == 0)
        yield Part(ticket[holding], at[holding] + 2, "on_hold", team[holding], agent[holding], AGENT)
        yield Part(
            ticket[holding], np.maximum(back, at + 3)[holding], "off_hold", team[holding], nobody[holding], SYSTEM
        )
    spoken = rng.random(n) > SILENT
    early = (more == 0) & (rng.random(n) < 0.3)
    said = np.where(early, start + (rng.random(n) * span).astype(np.int64), done - rng.integers(1, 50, n))
    said = np.where(said <= start, np.minimum(start + 5, done), said)
    yield Part(ticket[spoken], said[spoken], "replied", team[spoken], agent[spoken], AGENT)
    noted = rng.random(n) < np.where(SIMPLE[category], 0.06, 0.2)
    at = start + (rng.random(n) * span).astype(np.int64)
    yield Part(ticket[noted], at[noted], "noted", team[noted], agent[noted], AGENT)
    yield Part(ticket, done, "resolved", team, agent, AGENT)


def _holder_at(holds: Holds, times: Times, ticket: Ints, at: Ints) -> Ints:
    """The hold in which each ticket is at an instant."""
    hold = np.searchsorted(holds.ticket, ticket)
    while True:
        onward = np.minimum(hold + 1, len(holds) - 1)
        passed = (holds.ticket[onward] == ticket) & (times.start[onward] < at) & (onward > hold)
        if not passed.any():
            return hold
        hold = np.where(passed, onward, hold)


def _alarms(
    batch: Batch, holds: Holds, times: Times, turns: tuple[Turn, ...], rng: np.random.Generator
) -> Iterator[Part]:
    """Management is told of some tickets, in time or late; some become more urgent."""
    n = len(batch)
    ticket = np.arange(n)
    standard = STANDARD[batch.category]
    overdue = times.resolved > later(times.resolver, batch.opened, 3 * standard)
    heated = ~overdue & ((times.csat == 1) | (np.bincount(holds.ticket, minlength=n) >= 4))
    likely = np.where(overdue, 0.92, np.where(heated, 0.5, np.where(times.complained, 0.2, 0.004)))
    told = rng.random(n) < likely * hushed(turns, times.resolver, batch.week)
    when = np.where(rng.random(n) < 0.8, 0.2 + 0.6 * rng.random(n), 1.05 + 0.9 * rng.random(n))
    at = later(times.resolver, batch.opened, np.where(overdue, when * 3 * standard, HOUR).astype(np.int64))
    early = batch.opened + ((0.1 + 0.25 * rng.random(n)) * (times.resolved - batch.opened)).astype(np.int64)
    at = np.where(heated, early, at)
    told &= at < times.resolved
    hold = _holder_at(holds, times, ticket[told], at[told])
    yield Part(ticket[told], at[told], "escalated", holds.team[hold], holds.agent[hold], AGENT)
    raised = (rng.random(n) < np.where(overdue, 0.2, 0.012)) & (batch.priority > 0)
    at = batch.opened + (rng.random(n) * np.minimum(times.resolved - batch.opened, 20 * DAY)).astype(np.int64)
    hold = _holder_at(holds, times, ticket[raised], at[raised])
    yield Part(ticket[raised], at[raised], "priority_raised", holds.team[hold], holds.agent[hold], AGENT)


def _afterwards(batch: Batch, times: Times, rng: np.random.Generator) -> Iterator[Part]:
    """Reopened by the customer, replied to and resolved again; a rule closes some three days after the last resolve."""
    rows = np.flatnonzero(times.reopened < NEVER)
    team, nobody = times.resolver[rows], np.full(len(rows), NOBODY)
    yield Part(rows, times.reopened[rows], "reopened", team, nobody, CUSTOMER)
    again = times.resolved_again[rows]
    yield Part(rows, again - 20, "replied", team, times.agent[rows], AGENT)
    yield Part(rows, again, "resolved", team, times.agent[rows], AGENT)
    final = times.last_resolved
    closes = np.where(np.isin(batch.channel, (0, 2)), 0.25, 0.5) > rng.random(len(batch))
    rows = np.flatnonzero(closes)
    at = final[rows] + 3 * DAY + rng.integers(0, 10 * MINUTE, len(rows))
    yield Part(rows, at, "closed", times.resolver[rows], np.full(len(rows), NOBODY), SYSTEM)
