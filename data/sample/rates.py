"""How likely each trouble is for one ticket: by what it is about, who has it, the week, and what is planted.

All four signs are drawn the same way: a logit of what the ticket is and who has it, plus the planted shift in points.
"""

import numpy as np
from scipy.special import expit

from data.sample.categories import CATEGORIES, SIMPLE
from data.sample.layout import TEAMS, WEEKS, Bools, Floats, Ints
from data.sample.staff import Staff
from data.sample.tickets import Batch
from data.sample.together import PROGRAMMES
from data.sample.truth import SIGNS, Coaching, Trouble, Truth

# Shares that the company would show over its first year, all teams pooled and nothing planted.
USUAL = {"slow_simple": 0.175, "small_complaints": 0.085, "buck_passing": 0.10, "repeat_complaints": 0.095}
TEAM_SPREAD = {"slow_simple": 0.24, "small_complaints": 0.22, "buck_passing": 0.26, "repeat_complaints": 0.20}
WEEK_SPREAD, WEEK_MEMORY = 0.15, 0.4
COMPANY_SPREAD = 0.04
# What a sign counts at a team is not quite what the team's own tickets draw: some are charged to those who held them
# at the deadline, some only passed through on their way, some come back by chance. Measured over seeds; with this a
# planted point is a point of the share that the sign shows.
PER_POINT = {"slow_simple": 1.15, "small_complaints": 0.97, "buck_passing": 1.08, "repeat_complaints": 0.94}
MOST = 0.92  # no planted shift makes a thing certain
CHANNEL = {
    "slow_simple": (-0.35, 0.35, -0.3, 0.15),
    "small_complaints": (0.15, 0.1, -0.2, -0.05),
    "buck_passing": (-0.25, 0.3, -0.3, 0.15),
    "repeat_complaints": (-0.15, 0.2, 0.05, 0.05),
}
PRIORITY = {
    "slow_simple": (0.3, 0.0, -0.25, -0.4),
    "small_complaints": (-0.2, 0.0, 0.25, 0.4),
    "buck_passing": (0.0, 0.0, 0.0, -0.2),
    "repeat_complaints": (-0.1, 0.0, 0.1, 0.2),
}
CATEGORY = {
    "slow_simple": np.zeros(len(CATEGORIES)),  # a standard is the category's own
    "small_complaints": np.array([c.complaint for c in CATEGORIES]),
    "buck_passing": np.array([c.passed_on for c in CATEGORIES]),
    "repeat_complaints": np.array([c.comes_back for c in CATEGORIES]),
}


def draw_levels(rng: np.random.Generator) -> dict[str, Floats]:
    """Each team's own lasting effect on each sign (logit): teams differ, and stay as they are."""
    return {sign: rng.normal(0, TEAM_SPREAD[sign], len(TEAMS)).clip(-0.5, 0.5) for sign in SIGNS}


def draw_noise(rng: np.random.Generator) -> dict[str, Floats]:
    """Weekly ups and downs (logit), teams x weeks: a little memory, and a little that all teams share."""
    noise = {}
    for sign in SIGNS:
        own = np.zeros((len(TEAMS), WEEKS))
        fresh = rng.normal(0, WEEK_SPREAD * np.sqrt(1 - WEEK_MEMORY**2), own.shape)
        own[:, 0] = fresh[:, 0]
        for week in range(1, WEEKS):
            own[:, week] = WEEK_MEMORY * own[:, week - 1] + fresh[:, week]
        noise[sign] = own + rng.normal(0, COMPANY_SPREAD, WEEKS)
    return noise


class Rates:
    """Chances of the four signs, ticket by ticket. `load` is the log of each team-week's tickets over its usual."""

    def __init__(self, level: dict[str, Floats], noise: dict[str, Floats], load: Floats, truth: Truth, staff: Staff):
        self._level, self._noise, self._load, self._truth, self._staff = level, noise, load, truth, staff
        self._coachings = [*truth.actions, *(each for one in PROGRAMMES for each in one.coachings())]
        self.turns = truth.turns
        self._intercept = {sign: np.zeros(len(CATEGORIES)) for sign in SIGNS}
        self._fit: dict[tuple[str, int], float] = {}
        self._chosen: dict[tuple[str, int], Ints] = {}
        self.usual: dict[tuple[str, int], float] = {}

    def calibrate(self, batch: Batch) -> None:
        """Sets the level of each sign so that the first year shows `USUAL`: slow by category, the others pooled."""
        year = batch.only(batch.week < WEEKS // 2)
        for sign in SIGNS:
            rows = SIMPLE[year.category] if sign == "small_complaints" else np.ones(len(year), dtype=bool)
            group = year.category if sign == "slow_simple" else np.zeros(len(year), dtype=np.int64)
            logit = self._logit(sign, year, year.team)
            found = _intercepts(logit[rows], group[rows], USUAL[sign])
            self._intercept[sign] = found if sign == "slow_simple" else np.full(len(CATEGORIES), found[0])

    def chance(self, sign: str, batch: Batch, team: Ints, agent: Ints, extra: Floats | float = 0.0) -> Floats:
        """The chance of `sign` for each ticket of `batch` while `team` and `agent` (a stay) have it."""
        chance = expit(self._logit(sign, batch, team) + extra)
        for trouble in self._truth.troubles:
            if trouble.sign == sign:
                for each in trouble.teams:
                    self._shift(trouble, each, chance, batch, team=team, agent=agent)
        for action in self._coachings:
            if action.sign == sign:
                self._coach(action, chance, batch, team)
        return chance

    def _logit(self, sign: str, batch: Batch, team: Ints) -> Floats:
        load = (0.22 if sign == "slow_simple" else 0.08) * self._load[team, batch.week]
        what = CATEGORY[sign][batch.category] + np.array(CHANNEL[sign])[batch.channel]
        what = what + np.array(PRIORITY[sign])[batch.priority] + self._intercept[sign][batch.category]
        logit: Floats = what + self._level[sign][team] + self._noise[sign][team, batch.week] + load
        return logit

    def _shift(self, trouble: Trouble, each: int, chance: Floats, batch: Batch, *, team: Ints, agent: Ints) -> None:
        """Adds the planted points, in the mean over the team's tickets, to those of them that `where` fits."""
        weekly = trouble.weekly()
        rows = np.flatnonzero((team == each) & (weekly[batch.week] != 0) & self._counts(trouble.sign, batch))
        if not len(rows):
            return
        key = (trouble.key, each)
        self.usual.setdefault(key, float(chance[rows].mean()))
        points = trouble.points * PER_POINT[trouble.sign]
        if points < 0:
            chance[rows] *= 1 + points / self.usual[key]
            return
        fits = self._fits(trouble, each, batch, agent, rows)
        share = self._fit.setdefault(key, float(fits.mean()))
        chance[rows[fits]] = np.minimum(chance[rows[fits]] + points / share, MOST)

    @staticmethod
    def _counts(sign: str, batch: Batch) -> Bools:
        """Tickets that the sign looks at: hard ones do not make a simple-issue trouble look spread thin."""
        every = np.ones(len(batch), dtype=bool)
        return SIMPLE[batch.category] if sign in ("slow_simple", "small_complaints") else every

    def _fits(self, trouble: Trouble, each: int, batch: Batch, agent: Ints, rows: Ints) -> Bools:
        """Which of the team's rows the trouble is concentrated on, widened until its points have room."""
        if trouble.where == "newcomers":
            return self._staff.hired[agent[rows]] >= trouble.onset * 7 - 14
        if trouble.where == "hour":
            return batch.hour[rows] >= 15
        if trouble.where in ("category", "channel", "flood"):
            values = batch.channel[rows] if trouble.where == "channel" else batch.category[rows]
            return np.isin(values, self.chosen(trouble, each, values))
        return np.ones(len(rows), dtype=bool)

    def chosen(self, trouble: Trouble, each: int, values: Ints | None = None) -> Ints:
        """The categories or channels that a trouble is concentrated on: the most common, until its points have room."""
        remembered = self._chosen.get((trouble.key, each))
        if values is None or remembered is not None:
            return np.zeros(0, dtype=np.int64) if remembered is None else remembered
        count = np.bincount(values)
        order = np.argsort(-count, kind="stable")
        enough = np.searchsorted(np.cumsum(count[order]) / len(values), trouble.points / 0.5) + 1
        self._chosen[(trouble.key, each)] = order[:enough]
        return self._chosen[(trouble.key, each)]

    def _coach(self, action: Coaching, chance: Floats, batch: Batch, team: Ints) -> None:
        weekly = action.weekly()
        rows = np.flatnonzero((team == action.team) & (weekly[batch.week] != 0) & self._counts(action.sign, batch))
        if len(rows):
            usual = self.usual.setdefault((action.key, action.team), float(chance[rows].mean()))
            points = weekly[batch.week[rows]] * PER_POINT[action.sign]
            chance[rows] *= np.maximum(1 + points / usual, 0.05)


def _intercepts(logit: Floats, group: Ints, wanted: float) -> Floats:
    """For each group the number that, added to every logit of it, makes the mean chance `wanted`. By bisection."""
    size = int(group.max()) + 1
    low, high = np.full(size, -8.0), np.full(size, 4.0)
    count = np.maximum(np.bincount(group, minlength=size), 1)
    for _ in range(30):
        middle = (low + high) / 2
        mean = np.bincount(group, weights=expit(logit + middle[group]), minlength=size) / count
        low, high = np.where(mean < wanted, middle, low), np.where(mean < wanted, high, middle)
    found: Floats = (low + high) / 2
    return found
