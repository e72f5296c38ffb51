"""What works here: over all ended actions of one play, what it usually does, with an interval and how many.

Effects are turned so that a plus is an improvement, in points of the share; only signs that are shares take part.
A programme counts once. Teams that the asker may not see take part in what is pooled, and are not named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from data.ask import Company
from data.coaching import actions, verdicts
from data.coaching.action import Action
from data.coaching.verdicts import Verdict
from data.database import Database
from data.scope import Right, Scope, local_scope
from metrics.effect import Estimate
from metrics.helped import REVIEWS, Helped
from metrics.pooling import Pooled, pool
from metrics.sign import all_signs


@dataclass(frozen=True)
class Ended:
    """One ended action or programme: its effect (a plus is better), its error, and `team_id` where it may be named."""

    team_id: str | None
    teams: int
    sign: str
    starts_on: date
    effect: float
    low: float
    high: float
    error: float
    weeks: int


@dataclass(frozen=True, eq=False)
class Works:
    """What a play did here. `pooled` is null under two actions; `course`: pooled by review week (4, 9, 13).

    `untold`: ended actions of which nothing can be computed.
    """

    play: str
    ended: tuple[Ended, ...]
    pooled: Pooled | None
    course: dict[int, Pooled | None]
    untold: int


def what_works(scope: Scope, company: Company, database: Database) -> list[Works]:
    """Every play that has ended actions, by name. Never by what it did: it is no ranking."""
    if not scope.may(Right.FOLLOW):
        return []
    everyone = local_scope("heartline")
    ended = [one for one in actions.list_(everyone, database) if not one.is_open and _is_share(one)]
    found = verdicts.verdicts(everyone, company, database, _once(ended))
    plays = sorted({one.action.play for one in found})
    return [_of_play(scope, play, [one for one in found if one.action.play == play]) for play in plays]


def _is_share(action: Action) -> bool:
    sign = all_signs().get(action.sign)
    return sign is not None and sign.measure == "share"


def _once(ended: Sequence[Action]) -> list[Action]:
    """One action a programme: they share one verdict."""
    firsts: dict[object, Action] = {}
    for action in ended:
        firsts.setdefault(("programme", action.programme_id) if action.programme_id else action.id, action)
    return list(firsts.values())


def _of_play(scope: Scope, play: str, found: list[Verdict]) -> Works:
    told = [(one, one.judged.verdict.headline) for one in found]
    ended = [_ended(scope, one, line) for one, line in told if line is not None and line.error > 0]
    course = {week: _pooled([_better(one, one.judged.reviews[place]) for one in found]) for place, week in _places()}
    pooled = _pooled([(one.effect, one.error) for one in ended])
    return Works(play, tuple(sorted(ended, key=lambda one: one.starts_on)), pooled, course, len(found) - len(ended))


def _places() -> list[tuple[int, int]]:
    return list(enumerate(REVIEWS))


def _ended(scope: Scope, found: Verdict, line: Estimate) -> Ended:
    action, turn = found.action, _turn(found.action.sign)
    low, high = sorted((turn * line.low, turn * line.high))
    teams = found.judged.plan["teams"]
    named = action.team_id if len(teams) == 1 and scope.may(Right.FOLLOW, action.team_id) else None
    weeks = found.judged.verdict.weeks
    return Ended(named, len(teams), action.sign, action.starts_on, turn * line.effect, low, high, line.error, weeks)


def _better(found: Verdict, review: Helped) -> tuple[float, float]:
    line = review.headline
    nan = float("nan")
    return (nan, nan) if line is None else (_turn(found.action.sign) * line.effect, line.error)


def _turn(sign: str) -> float:
    """A plus is better."""
    return -1.0 if all_signs()[sign].better == "lower" else 1.0


def _pooled(pairs: Sequence[tuple[float, float]]) -> Pooled | None:
    effect, error = np.array(pairs, dtype=float).reshape(-1, 2).T
    return pool(effect, np.nan_to_num(error))
