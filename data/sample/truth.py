"""What is planted: which team's rate of which sign moves, when, by how much and why; and which coaching helps.

A *shift* is added to the share that a sign counts, in points (0.12 = 12 points), from the Monday of its onset.
A positive one is added to every ticket that its `where` fits; a coaching effect scales the team's share down.
"""

from dataclasses import dataclass, replace

import numpy as np

from data.sample.further import Turn
from data.sample.layout import TEAMS, WEEKS, Floats, Ints

SIGNS = ("slow_simple", "small_complaints", "buck_passing", "repeat_complaints")
OUTAGE_TEAMS = 18
FADES_WEEKS = 13


@dataclass(frozen=True, eq=False)
class Trouble:
    """One planted change. `where` is what it is concentrated on: "category", "channel", "hour", "newcomers" or None.

    `until` is the first week in which it is over (None: it lasts). `points` below 0 is a change for the better.
    """

    key: str
    sign: str
    volume: str
    points: float
    cause: str
    where: str | None = None
    system: bool = False
    weeks: int | None = None
    coached: bool = False
    teams: tuple[int, ...] = ()
    onset: int = 0

    @property
    def until(self) -> int | None:
        return None if self.weeks is None else self.onset + self.weeks

    def weekly(self) -> Floats:
        """The shift in each of the weeks."""
        shift = np.zeros(WEEKS)
        shift[self.onset : self.until] = self.points
        return shift


@dataclass(frozen=True, eq=False)
class Coaching:
    """One coaching action with its true effect in points of the share (below 0: it helped).

    `after` is the key of the trouble that it answers; None: the team was chosen because it looked bad.
    """

    key: str
    play: str
    sign: str
    points: float
    fades: bool
    after: str | None
    why: str
    status: str
    notes: tuple[str, ...] = ()
    team: int = -1
    start: int = 0

    def weekly(self) -> Floats:
        shift = np.zeros(WEEKS)
        since = np.arange(WEEKS) - self.start
        left = np.clip(1 - since / FADES_WEEKS, 0, 1) if self.fades else np.ones(WEEKS)
        shift[since >= 0] = (self.points * left)[since >= 0]
        return shift


TROUBLES = (
    Trouble("t01", "slow_simple", "busy", 0.12, "old hands left, newcomers are slow", "newcomers", coached=True),
    Trouble("t02", "slow_simple", "middle", 0.18, "one way of asking is left for last", "channel"),
    Trouble("t03", "slow_simple", "tiny", 0.15, "slower throughout"),
    Trouble("t04", "slow_simple", "busy", 0.11, "half the team was ill", None, system=True, weeks=9),
    Trouble(
        "t05", "small_complaints", "busy", 0.12, "curt answers to questions of some kinds", "category", coached=True
    ),
    Trouble("t06", "small_complaints", "middle", 0.16, "curt answers throughout"),
    Trouble("t07", "small_complaints", "busy", 0.13, "a stressful quarter that passed by itself", weeks=14),
    Trouble("t08", "buck_passing", "busy", 0.12, "tickets of some kinds are sent on unread", "category", coached=True),
    Trouble("t09", "buck_passing", "back", 0.18, "sent on unread throughout"),
    Trouble("t10", "buck_passing", "busy", 0.08, "sent on unread late in the day", "hour"),
    Trouble("t11", "repeat_complaints", "busy", 0.10, "half answers throughout", coached=True),
    Trouble("t12", "repeat_complaints", "second", 0.15, "half answers to one way of asking", "channel", coached=True),
    Trouble("t13", "repeat_complaints", "back", 0.20, "tickets of some kinds are closed too early", "category"),
    Trouble("b01", "slow_simple", "better", -0.10, "an afternoon with the carriers, every week"),
    Trouble("o01", "slow_simple", "outage", 0.14, "the tracking page was down", "flood", system=True, weeks=1),
)

_SOON = "Looks worse than its own year; nobody has asked the team yet."
ACTIONS = (
    Coaching("a01", "know_enough", "slow_simple", -0.09, False, "t01", "Newcomers wait for answers.", "done",
             ("Paired each newcomer with an old hand.", "Fewer questions in the corridor, more solved at once.")),
    Coaching("a02", "words_of_empathy", "small_complaints", -0.09, False, "t05", "Right answers, cold words.", "done",
             ("Listened to ten calls together.", "The team wrote its own ten sentences.")),
    Coaching("a03", "ownership", "buck_passing", -0.08, False, "t08", "Tickets move on unread.", "done",
             ("Agreed: whoever opens it says one true thing to the customer.", "They now call the next team first.")),
    Coaching("a04", "shared_standards", "repeat_complaints", 0.0, False, "t11", "Customers come back.", "done",
             ("Wrote down what a finished answer is.", "Followed in the first week, then less.")),
    Coaching("a05", "tell_early", "repeat_complaints", -0.12, True, "t12", "Customers ask again.", "done",
             ("Every answer ends with what happens next.", "It was done daily for a month.")),
    Coaching("a06", "fifteen_seconds", "slow_simple", -0.08, True, None, _SOON, "done",
             ("Fifteen seconds to listen before typing.",)),
    Coaching("a07", "praise_passed_on", "small_complaints", 0.0, False, None, _SOON, "done",
             ("Read the praise of the week aloud.", "The team likes it.")),
    Coaching("a08", "relieve_load", "slow_simple", 0.0, False, None, _SOON, "done",
             ("One report a week less.",)),
    Coaching("a09", "role_swap", "buck_passing", -0.05, False, None, "Handoffs to the second line unread.", "done",
             ("Two people sat a day with the second line.", "They know now what is missing when it comes.")),
    Coaching("a10", "reciprocity", "repeat_complaints", 0.0, False, None, _SOON, "done",
             ("Gave first, asked later.",)),
    Coaching("a11", "experiential_training", "small_complaints", -0.04, False, None, "Before the busy season.",
             "under way"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Truth:
    """All that is planted in one sample, and the one team whose tickets grow harder with nothing wrong.

    `turns` are those of the further signs: see further.py.
    """

    troubles: tuple[Trouble, ...]
    actions: tuple[Coaching, ...]
    harder_mix: int
    harder_from: int
    turns: tuple[Turn, ...] = ()


def draw_truth(rng: np.random.Generator, level: dict[str, Floats], noise: dict[str, Floats]) -> Truth:
    """Which team gets which trouble and which coaching.

    `level` is each team's own effect on a sign's rate, `noise` its weekly ups and downs (teams x weeks): coaching
    without a trouble behind it goes where the noise was worst, as in life.
    """
    pools = {name: list(rng.permutation(teams)) for name, teams in _pools().items()}
    slowest = max(pools["busy"], key=lambda team: level["slow_simple"][team])
    pools["better"] = [slowest]  # only a slow team has ten points to lose
    pools["busy"].remove(slowest)
    troubles = [_placed(t, rng, pools) for t in TROUBLES]
    harder = int(pools["busy"].pop())
    quiet = pools["busy"] + pools["middle"] + pools["second"]
    actions = [_started(a, rng, troubles, quiet, level=level, noise=noise) for a in ACTIONS]
    return Truth(tuple(troubles), tuple(actions), harder, int(rng.integers(56, 64)))


def _pools() -> dict[str, Ints]:
    """Teams by how many tickets a week bear on the signs."""
    front = np.array([t.function == "front_office" and t.line == 1 for t in TEAMS])
    second = np.array([t.function == "front_office" and t.line == 2 for t in TEAMS])
    back = np.array([t.function == "back_office" for t in TEAMS])
    volume = np.array([t.volume for t in TEAMS])
    chosen = {
        "busy": front & (volume >= 80),
        "middle": front & (volume < 80),
        "second": second,
        "back": back & (volume >= 40),
        "tiny": back & (volume < 10),
        "outage": front | second,
    }
    return {name: np.flatnonzero(teams) for name, teams in chosen.items()}


def _placed(trouble: Trouble, rng: np.random.Generator, pools: dict[str, list[int]]) -> Trouble:
    last = 74 if trouble.coached else 88
    onset = int(rng.integers(60, last + 1))
    if trouble.volume == "outage":
        return replace(trouble, teams=tuple(sorted(int(t) for t in pools["outage"][:OUTAGE_TEAMS])), onset=onset)
    return replace(trouble, teams=(int(pools[trouble.volume].pop(0)),), onset=onset)


def _started(
    action: Coaching,
    rng: np.random.Generator,
    troubles: list[Trouble],
    quiet: list[int],
    *,
    level: dict[str, Floats],
    noise: dict[str, Floats],
) -> Coaching:
    """Coaching begins some weeks after the trouble that it answers, or after weeks in which chance was unkind."""
    if action.after:
        trouble = next(t for t in troubles if t.key == action.after)
        return replace(action, team=trouble.teams[0], start=trouble.onset + int(rng.integers(9, 13)))
    start = int(rng.integers(66, 86)) if action.status == "done" else WEEKS - 5
    recent = noise[action.sign][:, start - 8 : start].mean(axis=1)
    # A team that is to get better must have something to lose.
    worst = recent + (level[action.sign] if action.points < 0 else 0)
    team = max(quiet, key=lambda t: float(worst[t]))
    quiet.remove(team)
    return replace(action, team=int(team), start=start)
