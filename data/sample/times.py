"""How long each ticket takes, whether it comes back, and what its customer says of it."""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import ndtri

from data.sample.categories import CATEGORIES, SIMPLE
from data.sample.further import agents_differ
from data.sample.hours import day_of, later, midnights
from data.sample.layout import BRANCHES, DAY, DAYS, HORIZON_SECOND, HOUR, MINUTE, TEAM_BRANCH, Bools, Floats, Ints
from data.sample.rates import Rates
from data.sample.tickets import Batch
from data.sample.walks import ROUTING, Holds

STANDARD: Ints = np.array([int(c.standard * MINUTE) for c in CATEGORIES])
SPREAD: Floats = np.array([c.spread for c in CATEGORIES])
# A handoff before any reply within 30 business minutes would be routing: who passes on unread takes longer.
LEAST_HOLD = 33 * MINUTE
NEVER_RESOLVED = 0.004
REOPENED_SHARE = 0.42  # of those that come back: the same ticket again; the others come as a new one
ANSWERS = 0.235
COMPLAINT_OF_HARD = 0.14
NEVER = HORIZON_SECOND + 400 * DAY


@dataclass(eq=False)
class Times:
    """Instants (epoch seconds) of a batch, by row of the batch; of its holds, by row of the holds."""

    start: Ints  # of each hold
    end: Ints
    resolved: Ints
    reopened: Ints  # NEVER where it was not
    resolved_again: Ints
    slow: Bools
    resolver: Ints
    agent: Ints
    complained: Bools
    csat: Ints  # 0: not answered

    @property
    def last_resolved(self) -> Ints:
        return np.where(self.reopened < NEVER, self.resolved_again, self.resolved)


def join_times(times: list[Times]) -> Times:
    """One after another."""
    return Times(**{f.name: np.concatenate([getattr(t, f.name) for t in times]) for f in fields(Times)})


def time_holds(batch: Batch, holds: Holds, rates: Rates, rng: np.random.Generator) -> Times:
    """From the way of each ticket to its instants; slow or not is drawn for the team that resolves it."""
    count = np.bincount(holds.ticket, minlength=len(batch))
    last = np.cumsum(count) - 1
    resolver, agent = holds.team[last], holds.agent[last]
    chance = rates.chance("slow_simple", batch, resolver, agent)
    moved = agents_differ(rates.turns, resolver, agent, batch.week) * ~SIMPLE[batch.category]
    total, entry = _durations(batch, holds, count, chance, moved, rng)
    start, end = _hold_spans(batch, holds, total, entry, rng)
    resolved = end[last].copy()
    resolved[rng.random(len(batch)) < NEVER_RESOLVED] = NEVER
    end[last] = resolved
    slow = total > STANDARD[batch.category]
    complained, csat = _verdicts(batch, rates, resolver, agent, slow=slow, resolved=resolved, rng=rng)
    nothing = np.full(len(batch), NEVER)
    return Times(start, end, resolved, nothing, nothing.copy(), slow, resolver, agent, complained, csat)


def _durations(
    batch: Batch, holds: Holds, count: Ints, chance: Floats, moved: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Working seconds to the first resolve, and those before the ticket reaches its own team.

    The time is log-normal about the standard, placed so that it is longer than the standard with just `chance`; then
    its logarithm is `moved`.
    """
    normal = ndtri(chance) + rng.standard_normal(len(batch))
    factor = np.exp(SPREAD[batch.category] * normal + moved)
    factor = np.where(factor > 7, 7 + rng.random(len(batch)) * 2, factor)
    total = (STANDARD[batch.category] * factor).astype(np.int64)
    routed = np.zeros(len(batch), dtype=bool)
    routed[holds.ticket[(holds.kind == ROUTING)]] = True
    entry = np.where(routed, (4 + rng.random(len(batch)) * 22) * MINUTE, 0).astype(np.int64)
    least = entry + 3 * MINUTE + np.where(count - routed > 1, (count - routed) * (LEAST_HOLD + 5 * MINUTE), 0)
    return np.maximum(total, least), entry


def _hold_spans(batch: Batch, holds: Holds, total: Ints, entry: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When each hold begins and ends: the ticket's time, shared out by lot among its holds."""
    ticket = holds.ticket
    own = holds.kind != ROUTING
    owned = np.bincount(ticket, weights=own, minlength=len(batch))
    floor = np.where(owned > 1, LEAST_HOLD, 0)
    weight = (0.4 + rng.random(len(holds))) * own
    part = weight / np.bincount(ticket, weights=weight, minlength=len(batch))[ticket]
    length = floor[ticket] + part * (total - entry - floor * owned)[ticket]
    length = np.where(own, length, entry[ticket])
    return _one_after_another(batch, holds, length.astype(np.int64))


def _one_after_another(batch: Batch, holds: Holds, length: Ints) -> tuple[Ints, Ints]:
    """Each hold lasts its working seconds by the calendar of the team that holds; the next begins where it ends."""
    start, end = np.empty_like(length), np.empty_like(length)
    now = batch.opened.copy()
    for step in range(int(holds.step.max(initial=0)) + 1):
        rows = np.flatnonzero(holds.step == step)
        ticket = holds.ticket[rows]
        start[rows] = now[ticket]
        end[rows] = now[ticket] = later(holds.team[rows], now[ticket], length[rows])
    return start, end


def _verdicts(
    batch: Batch, rates: Rates, team: Ints, agent: Ints, *, slow: Bools, resolved: Ints, rng: np.random.Generator
) -> tuple[Bools, Ints]:
    """Who complained, and who answered the one question of the survey with what.

    A complaint is made within days of the opening, an answer after the resolve: what lies after the last day is
    not known yet.
    """
    n = len(batch)
    chance = rates.chance("small_complaints", batch, team, agent, extra=0.45 * slow.astype(np.float64) - 0.08)
    chance = np.where(SIMPLE[batch.category], chance, COMPLAINT_OF_HARD * (1 + 0.4 * slow))
    unhappy = rng.random(n) < chance
    way = rng.random(n)
    complained = unhappy & (way < 0.74) & (batch.opened + rng.exponential(1.2 * DAY, n) < HORIZON_SECOND)
    answered = np.where(unhappy & (way > 0.62), 1.0, np.where(unhappy, 0.0, ANSWERS)) > rng.random(n)
    known = resolved + rng.exponential(0.6 * DAY, n) < HORIZON_SECOND
    low = 1 + (rng.random(n) < 0.45)
    high = 3 + (rng.random(n) < 0.86).astype(np.int64) + (rng.random(n) < 0.5)
    return complained, np.where(answered & known, np.where(unhappy, low, high), 0)


def come_back(batch: Batch, times: Times, rates: Rates, rng: np.random.Generator) -> Batch:
    """Reopens tickets, in `times`, and gives the tickets that customers open because the answer did not hold."""
    row = np.arange(len(batch))
    again = _comes_back(batch, times.resolved, times, row, rates, rng=rng)
    reopen = again & (rng.random(len(batch)) < REOPENED_SHARE)
    rows = np.flatnonzero(reopen)
    gap = np.minimum(30 * MINUTE + rng.exponential(2.5 * DAY, len(rows)), 13 * DAY).astype(np.int64)
    times.reopened[rows] = times.resolved[rows] + gap
    work = (np.exp(rng.normal(0, 0.8, len(rows))) * 0.5 * STANDARD[batch.category[rows]]).astype(np.int64)
    times.resolved_again[rows] = later(batch.team[rows], times.reopened[rows], work + 5 * MINUTE)
    # A second resolve may fail as the first did; then a new ticket comes.
    second = _comes_back(batch.only(rows), times.resolved_again[rows], times, rows, rates, rng=rng)
    parents = np.concatenate([np.flatnonzero(again & ~reopen), rows[second]])
    return _children(batch, parents, times, rng)


def _comes_back(
    batch: Batch, resolved: Ints, times: Times, rows: Ints, rates: Rates, *, rng: np.random.Generator
) -> Bools:
    """Drawn at the rate of the week of the resolve, not of the opening."""
    team, agent = times.resolver[rows], times.agent[rows]
    then = batch.only(np.arange(len(batch)))
    then.day = day_of(TEAM_BRANCH[team], resolved)
    chance = rates.chance("repeat_complaints", then, team, agent)
    return (rng.random(len(batch)) < chance) & (resolved < HORIZON_SECOND)


def _children(batch: Batch, parents: Ints, times: Times, rng: np.random.Generator) -> Batch:
    """The new tickets: same customer, same category, an hour to thirteen days after the resolve."""
    child = batch.only(parents)
    n = len(child)
    gap = np.minimum(HOUR + rng.exponential(3.6 * DAY, n), 13 * DAY).astype(np.int64)
    child.opened = times.last_resolved[parents] + gap
    child.proactive = np.zeros(n, dtype=bool)
    child.channel = np.where(rng.random(n) < 0.6, child.channel, rng.choice(4, n, p=(0.4, 0.3, 0.12, 0.18)))
    child.priority = np.minimum(child.priority + (rng.random(n) < 0.35), 3)
    child.day = day_of(TEAM_BRANCH[child.team], child.opened)
    zero = np.stack([midnights(b) for b in range(len(BRANCHES))])[TEAM_BRANCH[child.team], child.day]
    child.hour = np.clip((child.opened - zero) // HOUR, 0, 23)
    return child.only((child.opened < HORIZON_SECOND) & (child.day < DAYS))
