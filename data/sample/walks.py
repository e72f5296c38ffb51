"""The way of each ticket from team to team: who holds it, and why they let it go.

The kinds are those of docs/definitions.md. A ticket is held by one team after another until one resolves it.
"""

from dataclasses import dataclass, fields

import numpy as np

from data.sample.categories import SIMPLE
from data.sample.layout import TEAM_BRANCH, TEAM_LINE, TEAMS, Bools, Ints
from data.sample.rates import Rates
from data.sample.staff import Staff
from data.sample.tickets import Batch

RESOLVED, ROUTING, COVER, ESCALATION, AFTER_REPLY, WITHOUT_WORK = range(6)
MOST_STATIONS = 7
MISROUTED, VIA_DISPATCH = 0.045, 0.22
PING_PONG = 0.004
BACK_AGAIN = 0.26  # a ticket passed on goes back to the team that it came from
COVERED = 0.35  # of the tickets whose agent is away the next day
AFTER_REPLY_SHARE, ESCALATED_SHARE = 0.035, 0.045
CANDIDATES = 4


@dataclass(eq=False)
class Holds:
    """One row each time a team holds a ticket, in order. `ticket` is the row of the batch; `kind` how it let go."""

    ticket: Ints
    step: Ints
    team: Ints
    agent: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.ticket)

    def only(self, rows: Bools | Ints) -> "Holds":
        """These rows of it."""
        return Holds(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def join_holds(holds: list[Holds], sizes: list[int]) -> Holds:
    """One after another; tickets are then rows of the joined batches, whose `sizes` these are."""
    parts = [h.only(np.arange(len(h))) for h in holds]
    for part, offset in zip(parts, np.cumsum([0, *sizes[:-1]]), strict=True):
        part.ticket = part.ticket + offset
    return Holds(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Holds)})


def walk(batch: Batch, rates: Rates, staff: Staff, rng: np.random.Generator) -> Holds:
    """Every hold of every ticket, sorted by ticket and step; the last of each is `RESOLVED`."""
    steps: list[Holds] = []
    n = len(batch)
    begun = np.zeros(n, dtype=np.int64)
    before = _enter(batch, staff, rng, begun, steps)
    row, team, previous = np.arange(n), batch.team.copy(), before
    ping_pong = rng.random(n) < PING_PONG
    for step in range(MOST_STATIONS):
        here = batch.only(row)
        agent = staff.pick(team, here.day, rng)
        kind = _let_go(here, team, agent, rates, staff, rng=rng)
        kind[ping_pong[row] & (step < 3)] = AFTER_REPLY
        if step == MOST_STATIONS - 1:
            kind[:] = RESOLVED
        steps.append(Holds(row, begun[row] + step, team, agent, kind))
        on = kind != RESOLVED
        row, kind = row[on], kind[on]
        onward = _next_team(team[on], previous[row], kind, ping_pong[row] & (step > 0), rng)
        previous[row], team = team[on], onward
    holds = Holds(**{f.name: np.concatenate([getattr(s, f.name) for s in steps]) for f in fields(Holds)})
    return holds.only(np.lexsort((holds.step, holds.ticket)))


def _enter(batch: Batch, staff: Staff, rng: np.random.Generator, begun: Ints, steps: list[Holds]) -> Ints:
    """Some tickets reach their team by way of the branch's desk, some by mistake by way of another team.

    Returns the team that each came from (-1: straight), and writes to `begun` how many held it before its team.
    """
    desk = np.flatnonzero(IS_DISPATCH)  # one a branch, in the branches' order
    via = np.full(len(batch), -1)
    lot = rng.random(len(batch))
    written = np.isin(batch.channel, (1, 3))
    to_desk = written & (lot < VIA_DISPATCH) & (batch.team != desk[TEAM_BRANCH[batch.team]])
    via[to_desk] = desk[TEAM_BRANCH[batch.team]][to_desk]
    wrong = ~to_desk & (lot > 1 - MISROUTED)
    via[wrong] = _drawn_from(NEIGHBOURS, batch.team[wrong], rng)
    row = np.flatnonzero(via >= 0)
    agent = staff.pick(via[row], batch.day[row], rng)
    steps.append(Holds(row, np.zeros(len(row), dtype=np.int64), via[row], agent, np.full(len(row), ROUTING)))
    begun[row] = 1
    # What came from the desk does not go back there: bounce-backs begin with the teams that do the work.
    return np.where(to_desk, -1, via)


def _let_go(here: Batch, team: Ints, agent: Ints, rates: Rates, staff: Staff, *, rng: np.random.Generator) -> Ints:
    """Why each ticket leaves the team that holds it now."""
    away = ~staff.is_there(agent, np.minimum(here.day + 1, staff.there.shape[1] - 1))
    unread = rates.chance("buck_passing", here, team, agent)
    harder = np.where(SIMPLE[here.category], 0.55, 1.6)
    cover = np.where(away, COVERED, 0.0)
    upward = ESCALATED_SHARE * harder * (UPPER[team, 0] >= 0)
    after = AFTER_REPLY_SHARE * harder
    dispatch = IS_DISPATCH[team]
    parts = np.stack([unread, cover, upward, after], axis=1)
    parts[dispatch, 1:] = 0
    parts[dispatch, 0] *= 0.5
    # What is passed on unread is drawn first: the other reasons take their part of the rest.
    lot = rng.random(len(team))
    rest = 1 - parts[:, 0]
    edges = np.concatenate([parts[:, :1], parts[:, :1] + np.cumsum(parts[:, 1:] * rest[:, None], axis=1)], axis=1)
    kind = np.full(len(team), RESOLVED)
    for number, code in reversed(list(enumerate((WITHOUT_WORK, COVER, ESCALATION, AFTER_REPLY)))):
        kind[lot < edges[:, number]] = code
    return kind


def _next_team(team: Ints, previous: Ints, kind: Ints, return_now: Bools, rng: np.random.Generator) -> Ints:
    """Who gets it: the next line for an escalation, a sister team for cover, else a neighbour or the one before."""
    onward = _drawn_from(NEIGHBOURS, team, rng)
    onward = np.where(kind == AFTER_REPLY, _drawn_from(LEVEL, team, rng), onward)
    onward = np.where(kind == ESCALATION, _drawn_from(UPPER, team, rng), onward)
    onward = np.where(kind == COVER, _drawn_from(SISTERS, team, rng), onward)
    # Handed back after a reply only where that is not a step up: that would be an escalation.
    may = np.isin(kind, (WITHOUT_WORK, AFTER_REPLY)) & (previous >= 0)
    may &= (kind == WITHOUT_WORK) | (TEAM_LINE[previous] <= TEAM_LINE[team])
    back = may & (rng.random(len(team)) < BACK_AGAIN) | (return_now & (previous >= 0))
    return np.where(back, previous, onward)


def _drawn_from(table: Ints, team: Ints, rng: np.random.Generator) -> Ints:
    """One of each team's candidates, the first ones more often."""
    place = (CANDIDATES * rng.random(len(team)) ** 1.6).astype(np.int64)
    drawn: Ints = table[team, place]
    return drawn


def _candidates(fits: Bools) -> Ints:
    """For each team the four nearest that fit (repeated where there are fewer), -1 where none does."""
    table = np.full((len(TEAMS), CANDIDATES), -1)
    for team in range(len(TEAMS)):
        found = np.flatnonzero(fits[team])
        if len(found):
            turned = np.roll(found, -int(np.searchsorted(found, team)))
            table[team] = np.resize(turned[:CANDIDATES], CANDIDATES)
    return table


def _tables() -> tuple[Ints, Ints, Ints, Ints]:
    index = np.arange(len(TEAMS))
    function = np.array([t.function for t in TEAMS])
    same_branch = TEAM_BRANCH[:, None] == TEAM_BRANCH[None, :]
    other = index[:, None] != index[None, :]
    works = np.broadcast_to(function != "dispatch", other.shape)
    near = same_branch & other & works
    neighbours = _candidates(near)
    # One neighbour in four sits in another branch.
    neighbours[:, 3] = (neighbours[:, 3] + 14) % len(TEAMS)
    neighbours[:, 3] = np.where(IS_DISPATCH[neighbours[:, 3]], neighbours[:, 2], neighbours[:, 3])
    neighbours[:, 3] = np.where(neighbours[:, 3] == index, neighbours[:, 2], neighbours[:, 3])
    mine, theirs = TEAM_LINE[:, None], TEAM_LINE[None, :]
    level = _candidates(near & (theirs <= mine) & (mine * theirs > 0))
    level = np.where(level < 0, neighbours, level)
    upper = _candidates(near & (theirs == mine + 1) & (mine > 0))
    sisters = _candidates(near & (function[None, :] == function[:, None]))
    return neighbours, level, upper, np.where(sisters < 0, neighbours, sisters)


IS_DISPATCH: Bools = np.array([t.function == "dispatch" for t in TEAMS])
NEIGHBOURS, LEVEL, UPPER, SISTERS = _tables()
