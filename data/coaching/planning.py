"""What is fixed when an action is recorded, before anyone sees how it went, and what it will be able to show.

The plan is plain JSON (`Action.fixed`), so that it stays as it was whatever the code later does:

- `sign`, `teams` (coached), `start` (the Monday of the first whole week), `baseline` and `trailing` (first and last
  Monday; the eight weeks before the start may have got the team chosen, so they stand apart), `reviews` (week, on);
- `compared`: the teams compared with; `likeness` of their mix; `left_out`: why each other team was not taken;
- `drawn`: whether the lot decided who goes first, and then only `until` the second wave begins;
- `outlook`: the smallest effect that could be seen at each review; `alone_could` and `more`, in words for nobody yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from data.ask import Company, sign_named
from data.coaching import actions
from data.coaching.action import Action, Json, plain_json
from data.database import Database
from data.scope import Scope, local_scope
from metrics import comparison
from metrics.arrays import Flags, Floats
from metrics.disclosure import WHY, may_show
from metrics.effect import TRAILING
from metrics.helped import REVIEWS, WORTH
from metrics.panel import Panel
from metrics.power import outlook

FORMAT = 1
OLDER = 44
WINDOW = REVIEWS[-1]
MORE = range(2, 9)


@dataclass(frozen=True, eq=False)
class Laid:
    """Weeks of the coached and the compared teams, rows as in `teams`; `start`: the place of the first coached week."""

    teams: tuple[str, ...]
    coached: Flags
    weeks: tuple[date, ...]
    start: int
    x: Floats
    n: Floats
    mix: Floats


def day(text: str) -> date:
    """A day as a plan keeps it."""
    return date.fromisoformat(text)


def first_week(starts_on: date) -> date:
    """The Monday of the first whole week from this day on."""
    return starts_on + timedelta(days=-starts_on.weekday() % 7)


def fix(
    scope: Scope,
    company: Company,
    database: Database,
    *,
    team_ids: Sequence[str],
    sign: str,
    starts_on: date,
    on: date,
    but: Collection[int] = (),
    waiting: Sequence[str] = (),
    until: date | None = None,
) -> Json:
    """The plan of an action of these teams. `but`: actions that are no reason to leave a team out (its own).

    `waiting`: the teams that the lot lets wait `until` that day; then they alone are compared with.
    Raises Trouble for a sign that is none.
    """
    sign_named(sign)
    start = first_week(starts_on)
    team_ids = list(dict.fromkeys(company.unit(team) for team in team_ids))
    chosen = (
        comparison.Comparison(tuple(waiting), {}, {})
        if waiting
        else _compared(company, database, list(team_ids), sign, start, but)
    )
    plan: Json = {
        "format": FORMAT,
        "on": on,
        "by": scope.asker,
        "data_version": company.version.number,
        "sign": sign,
        "teams": sorted(team_ids),
        "start": start,
        "baseline": [start - timedelta(weeks=TRAILING + OLDER), start - timedelta(weeks=TRAILING + 1)],
        "trailing": [start - timedelta(weeks=TRAILING), start - timedelta(weeks=1)],
        "reviews": [{"week": week, "on": start + timedelta(weeks=week)} for week in REVIEWS],
        "compared": list(chosen.teams),
        "likeness": {team: round(share, 3) for team, share in chosen.likeness.items()},
        "left_out": dict(chosen.left_out),
        "drawn": bool(waiting),
        "until": until,
    }
    made: Json = plain_json(plan | could_show(company, sign, team_ids, chosen.teams, start))
    return made


def could_show(company: Company, sign: str, team_ids: Sequence[str], compared: Sequence[str], start: date) -> Json:
    """`outlook`: the smallest effect (share) that these teams could show at each review, from data before the start;
    null where none could be seen. `worth`: the smallest effect worth having. `more`: how many teams it would take to
    see that by week 13.
    """
    laid = lay_out(company, sign, team_ids, compared, start, before=start)
    data, worth = (laid.x, laid.n), _worth(sign, laid)
    alone = outlook(*data, len(team_ids), len(compared), laid.mix, laid.coached)
    enough = next(
        (
            count
            for count in MORE
            if count > len(team_ids)
            and outlook(*data, count, max(len(compared) - count + len(team_ids), 0), laid.mix, laid.coached)[WINDOW]
            <= worth
        ),
        None,
    )
    most = 1.0 if sign_named(sign).measure == "share" else np.inf  # a share cannot change by more than all of it
    told = {str(week): round(effect, 4) if effect < most else None for week, effect in alone.items()}
    return {"outlook": told, "worth": worth, "more": enough if not alone[WINDOW] <= worth else None}


def _worth(sign: str, laid: Laid) -> float:
    """Five points of a share; of what is no share a quarter of what is usual."""
    if sign_named(sign).measure == "share" or not laid.n.sum() > 0:
        return WORTH
    return round(float(laid.x.sum() / laid.n.sum()) / 4, 4)


def lay_out(
    company: Company,
    sign: str,
    coached: Sequence[str],
    compared: Sequence[str],
    start: date,
    *,
    before: date | None = None,
) -> Laid:
    """The final weeks from 52 before the start to 13 after it (those before `before`, where given)."""
    found = company.as_first_read(sign)
    coached, compared = ([company.unit(team) for team in teams] for teams in (coached, compared))
    compared = [team for team in compared if team not in coached]
    last = start + timedelta(weeks=WINDOW)
    span = [
        place
        for place, week in enumerate(found.weeks)
        if start - timedelta(weeks=TRAILING + OLDER) <= week < (before or last) and week < last and _final(found, place)
    ]
    row = {team: place for place, team in enumerate(found.cells["team_id"])}
    teams = tuple(team for team in dict.fromkeys((*coached, *compared)) if team in row)
    rows = [row[team] for team in teams]
    weeks = tuple(found.weeks[place] for place in span)
    begun = weeks[0] if weeks else start
    mine = set(coached)
    x, n, mix = (layer[np.ix_(rows, span)] for layer in (found.x, found.n, found.share))
    flags = np.array([team in mine for team in teams], dtype=bool)
    return Laid(teams, flags, weeks, (start - begun).days // 7, x, n, mix)


def _final(found: Panel, place: int) -> bool:
    return bool(found.mature[0, place]) if len(found.mature) else False


def _compared(
    company: Company, database: Database, team_ids: Sequence[str], sign: str, start: date, but: Collection[int]
) -> comparison.Comparison:
    """The comparison teams by the rule, from data before the start alone."""
    since = start - timedelta(weeks=TRAILING + OLDER)
    counts = company.counts_of(sign, since, start)
    everyone = counts["team_id"].unique().to_list()
    unfit = {company.unit(team): why for team, why in _coached_themselves(database, start, but).items()}
    unfit |= dict.fromkeys(company.downstream(team_ids, since, start), "it lives on what the coached team passes on")
    unfit |= dict.fromkeys(set(everyone) - may_show(company.heads()), WHY)
    unfit = {team: why for team, why in unfit.items() if team in everyone and team not in team_ids}
    return comparison.choose(comparison.likeness(counts, team_ids), unfit)


def _coached_themselves(database: Database, start: date, but: Collection[int]) -> dict[str, str]:
    """Teams that an action of their own touches from eight weeks before the start to thirteen after it."""
    first, last = start - timedelta(weeks=TRAILING), start + timedelta(weeks=WINDOW)
    others = [one for one in actions.list_(local_scope("heartline"), database) if one.id not in but]
    return {one.team_id: "it was coached itself at that time" for one in others if runs(one, first, last)}


def runs(action: Action, first: date, last: date) -> bool:
    """Did or will the action run on any day from `first` to before `last`? While open it counts to its review."""
    ended = action.closed_at.date() if action.closed_at else max(action.review_on, action.starts_on)
    return action.starts_on < last and ended >= first


def seen_by(scope: Scope, plan: Json) -> Json:
    """The plan as it is told to the asker: of the teams in it those that they may see."""
    if scope.teams is None:
        return plan
    told = dict(plan)
    for name in ("teams", "compared"):
        told[name] = [team for team in plan.get(name, ()) if scope.may_see(team)]
    for name in ("likeness", "left_out"):
        told[name] = {team: said for team, said in plan.get(name, {}).items() if scope.may_see(team)}
    if "changes" in plan:
        told["changes"] = [
            {**one, "plan": seen_by(scope, one["plan"])} if one.get("plan") else one for one in plan["changes"]
        ]
    return told


def in_words(plan: Json) -> pl.DataFrame:
    """The plan's comparison as a table: team_id, taken, likeness, why."""
    rows = [(team, True, plan["likeness"].get(team), None) for team in plan["compared"]]
    rows += [(team, False, None, why) for team, why in sorted(plan["left_out"].items())]
    schema = {"team_id": pl.String, "taken": pl.Boolean, "likeness": pl.Float64, "why": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
