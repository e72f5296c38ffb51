"""The truth about a sample in plain words and numbers, as it is written to planted.json."""

from datetime import date
from typing import Any

import numpy as np

from data.sample.categories import CATEGORIES
from data.sample.further import told_of
from data.sample.gaps import gap_of, own_ratings
from data.sample.layout import CHANNELS, FIRST_DAY, HORIZON, LAST_DAY, TEAMS, WEEKS, monday
from data.sample.rates import Rates
from data.sample.together import PROGRAMMES
from data.sample.truth import FADES_WEEKS, Coaching, Trouble, Truth

REVIEW_WEEKS = 13


def planted_of(truth: Truth, rates: Rates, seed: int, scale: float) -> dict[str, Any]:
    """What is planted, ready for JSON: `troubles` (one row a team and sign), `actions`, `programmes`,
    `innocent`, `further`, `gaps`, `ratings`.

    Points are percentage points of the share that the sign counts: positive is worse, negative better.
    """
    return {
        "seed": seed,
        "scale": scale,
        "first_day": FIRST_DAY.isoformat(),
        "last_day": LAST_DAY.isoformat(),
        "horizon": HORIZON.isoformat(),
        "troubles": [_trouble(t, team, rates) for t in truth.troubles for team in t.teams],
        "actions": [_action(a) for a in truth.actions],
        "programmes": [one.told() for one in PROGRAMMES],
        "further": told_of(truth.turns),
        "gaps": [gap_of(truth)],
        "ratings": own_ratings(truth, seed),
        "innocent": [
            {
                "team": TEAMS[truth.harder_mix].team_id,
                "what": "its tickets become harder, simple ones rarer; the team itself does not change",
                "onset": monday(truth.harder_from).isoformat(),
            }
        ],
    }


def _day(week: int | None) -> str | None:
    return None if week is None or week > WEEKS else monday(week).isoformat()


def _trouble(trouble: Trouble, team: int, rates: Rates) -> dict[str, Any]:
    """`until` is the first Monday on which it is over; null where it lasts. `usual` is the share without it."""
    usual = rates.usual.get((trouble.key, team))
    return {
        "key": trouble.key,
        "sign": trouble.sign,
        "team": TEAMS[team].team_id,
        "direction": "worse" if trouble.points > 0 else "better",
        "onset": _day(trouble.onset),
        "until": _day(trouble.until),
        "points": round(100 * trouble.points, 1),
        "usual": None if usual is None else round(100 * usual, 1),
        "cause": trouble.cause,
        "concentrated_on": _where(trouble, team, rates),
        "kind": "system" if trouble.system else "people",
        "gaming": None,
        "outage": trouble.where == "flood",
        "too_small_to_see": trouble.volume == "tiny",
    }


def _where(trouble: Trouble, team: int, rates: Rates) -> dict[str, Any] | None:
    """The dimension and its values, in the words of the tickets; null where it is spread evenly."""
    if trouble.where is None:
        return None
    if trouble.where == "newcomers":
        return {"dimension": "newcomers", "values": ["newcomers"]}
    if trouble.where == "hour":
        return {"dimension": "hour", "values": ["15:00 or later"]}
    dimension = "channel" if trouble.where == "channel" else "category"
    words = CHANNELS if dimension == "channel" else [c.name for c in CATEGORIES]
    return {"dimension": dimension, "values": [words[int(v)] for v in rates.chosen(trouble, team)]}


def _action(action: Coaching) -> dict[str, Any]:
    """The plain fields of a coaching action, and under `truth` what it really did."""
    review = min(action.start + REVIEW_WEEKS, WEEKS + 8)
    return {
        "key": action.key,
        "team_id": TEAMS[action.team].team_id,
        "play": action.play,
        "sign": action.sign,
        "why": action.why,
        "starts_on": monday(action.start).isoformat(),
        "review_on": monday(review).isoformat(),
        "owner": TEAMS[action.team].manager,
        "status": action.status,
        "check_ins": [
            {"on": _check_in(action.start, number).isoformat(), "note": note}
            for number, note in enumerate(action.notes)
        ],
        "truth": {
            "points": round(100 * action.points, 1),
            "fades_over_weeks": FADES_WEEKS if action.fades else None,
            "helps": action.points < 0,
            "answers": action.after,
        },
    }


def _check_in(start: int, number: int) -> date:
    return monday(int(np.clip(start + 3 + 5 * number, 0, WEEKS - 1)))
