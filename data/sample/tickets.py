"""Tickets as they come in: which team, when, about what, by which channel, from which customer."""

from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np

from data.sample.categories import CATEGORIES, FLOOD_CATEGORY, SIMPLE, team_channels, team_mix
from data.sample.hours import holidays, hours_of, midnights
from data.sample.layout import (
    BRANCHES,
    DAY,
    DAYS,
    FIRST_DAY,
    HOUR,
    TEAM_BRANCH,
    TEAMS,
    VOLUME,
    WEEKS,
    Bools,
    Floats,
    Ints,
)
from data.sample.truth import Truth

PROACTIVE_SHARE = 0.03
WEEKDAY = np.array([1.26, 1.1, 1.02, 1.0, 0.96, 0.36, 0.2]) / 5.9
OWN_SHARE = 0.93  # the rest are tickets that repeat others
FLOOD = 5.0  # the flooded category brings so many times its usual tickets


@dataclass(eq=False)
class Batch:
    """Tickets as columns. `team` is the one that a ticket is for; `customer` is -1 where nobody knows who asked."""

    team: Ints
    category: Ints
    channel: Ints
    priority: Ints
    opened: Ints
    day: Ints
    hour: Ints
    customer: Ints
    proactive: Bools

    def __len__(self) -> int:
        return len(self.team)

    @property
    def week(self) -> Ints:
        return self.day // 7

    def only(self, rows: Bools | Ints) -> "Batch":
        """These rows of it."""
        return Batch(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def join(batches: list[Batch]) -> Batch:
    """One after another."""
    return Batch(**{f.name: np.concatenate([getattr(b, f.name) for b in batches]) for f in fields(Batch)})


def draw_tickets(rng: np.random.Generator, truth: Truth, scale: float) -> tuple[Batch, Floats]:
    """The tickets that come in on their own (those that repeat another come later), and each team-week's load.

    Load is the log of a team-week's tickets over the team's usual.
    """
    expected = OWN_SHARE * scale * VOLUME[:, None] * _season() * _ups_and_downs(rng)
    team, day = _arrive(rng, expected)
    category = _categories(rng, truth, team, day)
    team, day, category = _flood(rng, truth, team, day, category)
    n = len(team)
    channel = _drawn(rng, team_channels()[team])
    opened, channel = _moments(rng, team, day, channel)
    branch_zero = np.stack([midnights(b) for b in range(len(BRANCHES))])[TEAM_BRANCH[team], day]
    batch = Batch(
        team=team,
        category=category,
        channel=channel,
        priority=_drawn(rng, np.array([c.priority for c in CATEGORIES])[category]),
        opened=opened,
        day=day,
        hour=(opened - branch_zero) // HOUR,
        customer=np.full(n, -1),
        proactive=rng.random(n) < PROACTIVE_SHARE,
    )
    came = np.bincount(team * WEEKS + day // 7, minlength=len(TEAMS) * WEEKS).reshape(len(TEAMS), WEEKS)
    return batch, np.log((came + 2) / (scale * VOLUME[:, None] + 2)).clip(-0.8, 0.8)


def _season() -> Floats:
    """How busy each day of the week-year is, by team and day: Christmas parcels, August, weekends, public holidays."""
    day = np.arange(DAYS)
    of_year = np.array([(FIRST_DAY + timedelta(days=int(d))).timetuple().tm_yday for d in day])
    year = 1 + 0.05 * np.cos(2 * np.pi * (of_year - 20) / 365)
    year = year + 0.22 * np.exp(-0.5 * ((of_year - 345) / 14) ** 2) - 0.1 * np.exp(-0.5 * ((of_year - 222) / 18) ** 2)
    growth = 1 + 0.04 * day / DAYS
    by_branch = [np.where(holidays(b), 0.35, 1.0) for b in range(len(BRANCHES))]
    season: Floats = (WEEKDAY[day % 7] * year * growth)[None, :] * np.stack(by_branch)[TEAM_BRANCH]
    return season


def _ups_and_downs(rng: np.random.Generator) -> Floats:
    """Weekly over-dispersion of the volume, by team and day."""
    weekly = rng.gamma(60, 1 / 60, (len(TEAMS), WEEKS))
    return np.repeat(weekly, 7, axis=1)


def _arrive(rng: np.random.Generator, expected: Floats) -> tuple[Ints, Ints]:
    count = rng.poisson(expected)
    cell = np.repeat(np.arange(count.size), count.ravel())
    return cell // DAYS, cell % DAYS


def _drawn(rng: np.random.Generator, weights: Floats) -> Ints:
    """One column drawn for each row of weights."""
    upto = np.cumsum(weights, axis=1)
    at = rng.random(len(weights)) * upto[:, -1]
    drawn: Ints = (at[:, None] > upto[:, :-1]).sum(axis=1)
    return drawn


def _categories(rng: np.random.Generator, truth: Truth, team: Ints, day: Ints) -> Ints:
    """What each ticket is about: the team's mix, a little different each month, parcels before Christmas.

    One team's tickets grow harder from `truth.harder_from` on with nothing wrong in it: its numbers must not show it.
    """
    months = DAYS // 28
    drift = rng.gamma(80, 1 / 80, (len(TEAMS), months, len(CATEGORIES)))
    mix = team_mix()[:, None, :] * drift
    grows = np.clip((np.arange(months) * 4 - truth.harder_from) / 8, 0, 1)
    mix[truth.harder_mix] *= np.where(SIMPLE[None, :], 1.0, 1.0 + 1.8 * grows[:, None])
    flat = mix.reshape(-1, mix.shape[-1])
    upto = np.cumsum(flat / flat.sum(axis=1, keepdims=True), axis=1)
    cell = team * months + day // 28
    drawn: Ints = (rng.random(len(team))[:, None] > upto[cell, :-1]).sum(axis=1)
    return drawn


def _flood(rng: np.random.Generator, truth: Truth, team: Ints, day: Ints, category: Ints) -> tuple[Ints, Ints, Ints]:
    """The outage: many times the usual tickets of one category in many teams during one week."""
    flood = next(c for c, each in enumerate(CATEGORIES) if each.name == FLOOD_CATEGORY)
    for outage in (t for t in truth.troubles if t.where == "flood"):
        hit = np.flatnonzero((day // 7 == outage.onset) & (category == flood) & np.isin(team, outage.teams))
        more = rng.choice(hit, size=int((FLOOD - 1) * len(hit))) if len(hit) else hit
        team, day = np.concatenate([team, team[more]]), np.concatenate([day, day[more]])
        category = np.concatenate([category, category[more]])
    return team, day, category


def _moments(rng: np.random.Generator, team: Ints, day: Ints, channel: Ints) -> tuple[Ints, Ints]:
    """When on its day each ticket comes: calls and chats while the team is open, letters and forms at any hour."""
    zero = np.stack([midnights(b) for b in range(len(BRANCHES))])[TEAM_BRANCH[team], day]
    bell = rng.choice((10.5, 15.5, 20.0), p=(0.45, 0.4, 0.15), size=len(team)) + rng.normal(0, 2.2, len(team))
    opened = zero + (np.clip(bell, 0, 23.99) * HOUR).astype(np.int64)
    spoken = (channel == 0) | (channel == 2)
    for each in range(len(TEAMS)):
        rows = np.flatnonzero(spoken & (team == each))
        hours = hours_of(each)
        begin = hours.position(zero[rows])
        length = hours.position(zero[rows] + DAY) - begin
        shut = length == 0
        place = begin + (_middling(rng, len(rows)) * length).astype(np.int64)
        opened[rows] = np.where(shut, opened[rows], hours.instant(place))
        channel[rows[shut]] += 1  # a call on a closed day becomes an email, a chat a form
    return opened, channel


def _middling(rng: np.random.Generator, size: int) -> Floats:
    """Between 0 and 1, seldom at the very ends of the day."""
    return 0.5 * rng.random(size) + 0.5 * rng.beta(2, 2.4, size)
