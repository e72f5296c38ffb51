"""What is planted beside the four signs of tickets: one or two changes of each of the six further signs.

Each is a `Turn` of one team or branch, with a size in the unit of what it changes; planted.json lists them under
`further`. They are drawn from a stream of their own, so that all else of the sample stays as it is.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from data.sample.layout import BRANCHES, TEAMS, VOLUME, Floats, Ints, monday

GOLDEN = 0.6180339887


@dataclass(frozen=True)
class Turn:
    """One planted change: `size` is told by `unit`. `place` is the team's row, or the branch's where `pool` says so."""

    key: str
    sign: str
    pool: str
    size: float
    unit: str
    cause: str
    first: int
    last: int
    place: int = -1
    onset: int = 0

    @property
    def of_branch(self) -> bool:
        return self.pool == "branch"

    def since(self, week: Ints) -> Floats:
        """1 from the onset on, 0 before."""
        return (week >= self.onset).astype(np.float64)


TURNS = (
    Turn("e01", "late_escalation", "busy", 0.75, "share of escalations no longer made",
         "a new rule: nobody is to trouble the manager", 72, 88),
    Turn("e02", "lost_customers", "busy", 0.08, "more of the customers served close their account within 90 days",
         "a promise that was made to many and kept to few", 64, 74),
    Turn("e03", "lost_customers", "middle", 0.12, "more of the customers served close their account within 90 days",
         "accounts are closed where they could be mended", 64, 74),
    Turn("e04", "repeat_business", "busy", 0.65, "share of further purchases that do not happen",
         "nobody asks any more whether there is something else", 62, 72),
    Turn("e05", "repeat_business.referral", "branch", 0.6, "share of referrals that come by no referral",
         "the thank-you for a referral was cut", 72, 84),
    Turn("e06", "new_accounts", "branch", 0.3, "share of new accounts that are not opened",
         "a competitor opened next door", 74, 88),
    Turn("e07", "staff_discontent", "sales", 1.3, "points of five by which answers about one's own work fall",
         "its leads go to another branch: the pipeline runs dry, and its people with it", 88, 89),
    Turn("e08", "staff_discontent", "sales alone", 1.3, "points of five by which answers about one's own work fall",
         "targets were raised; the pipeline is as full as ever", 80, 81),
    Turn("e09", "uneven_treatment", "back", 1.8, "spread between agents of the log of time on hard tickets",
         "no common standard: each agent has their own", 70, 84),
)  # fmt: skip
DRIES = 0.14  # a week: by so much fewer opportunities come to it than in the week before


def draw_turns(rng: np.random.Generator) -> tuple[Turn, ...]:
    """Which team or branch each change befalls, and when. No team has two."""
    front = np.array([t.function == "front_office" and t.line == 1 for t in TEAMS])
    sales = np.array([t.function == "sales" and t.volume >= 18 for t in TEAMS])
    back = np.array([t.function == "back_office" for t in TEAMS])
    pools = {
        "busy": front & (VOLUME >= 120),
        "middle": front & (VOLUME >= 60) & (VOLUME < 90),
        "sales": sales,
        "back": back & (VOLUME >= 40),
        "branch": np.arange(len(BRANCHES)) >= 0,
    }
    drawn = {name: list(rng.permutation(np.flatnonzero(of))) for name, of in pools.items()}
    drawn["sales alone"] = drawn["sales"]
    turns = []
    for turn in TURNS:
        onset = int(rng.integers(turn.first, turn.last + 1))
        turns.append(replace(turn, place=int(drawn[turn.pool].pop()), onset=onset))
    return tuple(turns)


def of_sign(turns: tuple[Turn, ...], sign: str) -> list[Turn]:
    return [turn for turn in turns if turn.sign == sign]


def hushed(turns: tuple[Turn, ...], team: Ints, week: Ints) -> Floats:
    """What is left of the chance that management is told of each ticket."""
    left = np.ones(len(team))
    for turn in of_sign(turns, "late_escalation"):
        left *= 1 - turn.size * (team == turn.place) * turn.since(week)
    return left


def agents_differ(turns: tuple[Turn, ...], team: Ints, agent: Ints, week: Ints) -> Floats:
    """By how much the log of each ticket's time moves because of who has it: steady for an agent, normal over them."""
    moved = np.zeros(len(team))
    for turn in of_sign(turns, "uneven_treatment"):
        own = turn.size * ndtri(np.clip((agent * GOLDEN) % 1, 0.02, 0.98))
        moved += own * (team == turn.place) * turn.since(week)
    return moved


def mood_of_staff(turns: tuple[Turn, ...], team: int, day: int) -> float:
    """By how much answers about one's own work have fallen."""
    return -sum(
        turn.size for turn in of_sign(turns, "staff_discontent") if turn.place == team and day // 7 >= turn.onset
    )


def dried_up(turns: tuple[Turn, ...], team: Ints, day: Ints) -> Floats:
    """What is left of the chance that an opportunity comes up at all."""
    left = np.ones(len(team))
    for turn in of_sign(turns, "staff_discontent"):
        if turn.pool == "sales":
            weeks = np.maximum(day / 7 - turn.onset, 0)
            left = np.where(team == turn.place, left * np.exp(-DRIES * weeks), left)
    return left


def told_of(turns: tuple[Turn, ...]) -> list[dict[str, Any]]:
    """What is planted, ready for JSON: sign, team or branch (the other is null), onset, size and its unit, cause."""
    return [
        {
            "key": turn.key,
            "sign": turn.sign,
            "team": None if turn.of_branch else TEAMS[turn.place].team_id,
            "branch": BRANCHES[turn.place].name if turn.of_branch else None,
            "direction": "worse",
            "onset": monday(turn.onset).isoformat(),
            "size": turn.size,
            "unit": turn.unit,
            "cause": turn.cause,
        }
        for turn in turns
    ]
