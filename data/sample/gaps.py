"""Where a team and its customers see themselves differently: one planted gap, answers at each step, own ratings."""

from typing import Any

import numpy as np

from data.sample.layout import DAYS, TEAMS, TRAITS, VOLUME, Floats, monday
from data.sample.truth import Truth

STAGES = ("find out", "choose", "buy", "set up", "use", "ask for help", "renew")
# The team thinks that it answers quickly; its customers do not. On the scale of 1 to 5, from the second year on.
GAP_TRAIT = "timely_response"
GAP_ONSET = 52
GAP_SHIFT = {"customer": -0.75, "staff": 0.5, "manager": 0.5}
# At some steps customers are less at ease than at others: buying is easy, being set up is not.
EASE = (0.1, 0.0, 0.3, -0.4, 0.1, -0.1, -0.2)
ASKED_A_STEP = 60  # tickets a week of a team, for one who is asked about a step in a quarter
RATED_EVERY = 3  # of the teams, so many have rated themselves
VOICES = ("the team in a meeting", "the manager on its behalf")


def gap_team(truth: Truth) -> int:
    """The busiest team of the front office of whose speed nothing else is planted: its customers' view is its own."""
    slow = [trouble for trouble in truth.troubles if trouble.sign == "slow_simple" and trouble.where != "flood"]
    taken = {truth.harder_mix, *(team for trouble in slow for team in trouble.teams)}
    taken |= {action.team for action in truth.actions if action.sign == "slow_simple"}
    free = [row for row, team in enumerate(TEAMS) if team.function == "front_office" and row not in taken]
    return max(free, key=lambda row: float(VOLUME[row]))


def seen(truth: Truth, team: int, day: int, asked_of: str) -> Floats:
    """By how much these see each trait of the team differently, because of the planted gap."""
    shift = np.zeros(len(TRAITS))
    if team == gap_team(truth) and day >= 7 * GAP_ONSET:
        shift[TRAITS.index(GAP_TRAIT)] = GAP_SHIFT[asked_of]
    return shift


def journey_questions() -> tuple[str, ...]:
    """What is asked at the steps: "use: timely response", as docs/definitions.md has it."""
    return tuple(f"{stage}: {trait.replace('_', ' ')}" for stage in STAGES for trait in TRAITS)


def journey_mood(mood: Floats) -> Floats:
    """A customer's view of each trait -> of each trait at each step, in the order of `journey_questions`."""
    steps: Floats = (mood[None, :] + np.array(EASE)[:, None]).ravel()
    return steps


def quarters() -> range:
    """The days on which customers are asked about the journey: between the staff's own waves."""
    return range(75, DAYS, 91)


def own_ratings(truth: Truth, seed: int) -> list[dict[str, Any]]:
    """What some teams said of themselves, once in the first year and once in the second: plain fields of a rating."""
    rng = np.random.default_rng([seed, 0x0A7E])
    teams = sorted({*range(0, len(TEAMS), RATED_EVERY), gap_team(truth)})
    rated = []
    for team in teams:
        for week, voice in ((30 + team % 9, VOICES[1]), (82 + team % 9, VOICES[0])):
            scores = 3.9 + rng.normal(0, 0.5, (len(STAGES), len(TRAITS))) + np.array(EASE)[:, None] / 2
            scores += seen(truth, team, 7 * week, "staff")
            rated += [
                {
                    "team_id": TEAMS[team].team_id,
                    "stage": stage,
                    "trait": trait,
                    "score": float(np.clip(round(scores[row, column]), 1, 5)),
                    "asked_on": monday(week).isoformat(),
                    "voice": voice,
                    "owner": TEAMS[team].manager,
                }
                for row, stage in enumerate(STAGES)
                for column, trait in enumerate(TRAITS)
            ]
    return rated


def gap_of(truth: Truth) -> dict[str, Any]:
    """The planted gap, for planted.json. Shifts are in points of a scale of 1 to 5; the gap is team less customers."""
    return {
        "team": TEAMS[gap_team(truth)].team_id,
        "trait": GAP_TRAIT,
        "onset": monday(GAP_ONSET).isoformat(),
        "customers_shift": GAP_SHIFT["customer"],
        "team_shift": GAP_SHIFT["staff"],
        "what": "the team thinks that it answers quickly, and its customers do not",
    }
