"""Did the action help? What can honestly be said of each action and programme, by the plan fixed when it was recorded.

An action is judged by its original plan. Where its start or sign was changed later, the verdict by the changed plan
stands beside it. An action from before plans were kept is judged by the plan that the same rule makes of the data
before its start, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from data.ask import Company, sign_named
from data.coaching import happenings, planning, programmes
from data.coaching.action import Action, Json
from data.coaching.actions import list_
from data.coaching.happenings import Happening
from data.coaching.planning import WINDOW, Laid, lay_out
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope, local_scope
from metrics.course import course
from metrics.helped import Helped, fading, judge
from metrics.sign import all_signs


@dataclass(frozen=True, eq=False)
class Judged:
    """What one plan gives: the verdict over all weeks so far (13 at most), and at each review from its own weeks."""

    plan: Json
    verdict: Helped
    reviews: tuple[Helped, ...]
    laid: Laid

    @cached_property
    def course(self) -> pl.DataFrame:
        """One row a week: week (Monday), coached, compared, expected, low, high, n, after. Only a chart needs it."""
        laid = self.laid
        found = course(laid.x, laid.n, laid.coached, laid.start, laid.mix)
        weeks = pl.Series("week", list(laid.weeks), dtype=pl.Date)
        return found.with_columns(weeks, after=pl.col("week") >= laid.start)


@dataclass(frozen=True, eq=False)
class Verdict:
    """What can be said of an action. `fixed_then`: its plan was kept when it was recorded. `happened`: what else."""

    action: Action
    judged: Judged
    fixed_then: bool
    changed: Judged | None
    programme: int | None
    happened: tuple[Happening, ...]


def verdict(
    scope: Scope,
    company: Company,
    database: Database,
    action: Action,
    known: dict[int, Judged] | None = None,
    others: Sequence[Action] | None = None,
) -> Verdict:
    """The verdict on one action; of a programme's action, that of all its teams together.

    `known`, where given, keeps what was judged by programme, so that each is judged once; `others` are all actions.
    Raises Trouble for a team outside the scope, or a sign that is no longer declared.
    """
    if not scope.may(Right.FOLLOW, action.team_id):
        raise Trouble(f"There is no action {action.id}, or it is not yours to see.")
    sign_named(action.sign)
    plan = plan_of(company, database, action)
    known, family = {} if known is None else known, action.programme_id
    first = known.get(family) if family is not None else None
    first = first or judged(company, plan)
    if family is not None:
        known[family] = first
    later = [change["plan"] for change in (action.fixed or {}).get("changes", ()) if change.get("plan")]
    return Verdict(
        action=action,
        judged=first,
        fixed_then=action.fixed is not None,
        changed=judged(company, later[-1]) if later else None,
        programme=action.programme_id,
        happened=tuple(happenings.during(scope, company, database, plan, action.id, others)),
    )


def plan_of(company: Company, database: Database, action: Action) -> Json:
    """The plan fixed with the action; where there was none, what the rule makes of the data before its start."""
    if action.programme_id is not None:
        return programmes.plan_of(database, action.programme_id)
    if action.fixed is not None and action.fixed.get("format") == planning.FORMAT:
        return action.fixed
    asker = local_scope("the rule")
    return planning.fix(
        asker,
        company,
        database,
        team_ids=[action.team_id],
        sign=action.sign,
        starts_on=action.starts_on,
        on=action.created_at.date(),
        but=[action.id],
    )


def judged(company: Company, plan: Mapping[str, Any]) -> Judged:
    """What a plan gives on the data as it is now."""
    sign = sign_named(plan["sign"])
    until = date.fromisoformat(plan["until"]) if plan["until"] else None
    laid = lay_out(company, sign.key, plan["teams"], plan["compared"], date.fromisoformat(plan["start"]), before=until)
    told: dict[str, Any] = {"mix": laid.mix, "better": sign.better, "drawn": plan["drawn"], "worth": plan["worth"]}
    seen = laid.x, laid.n, laid.coached, laid.start
    return Judged(
        plan=dict(plan),
        verdict=judge(*seen, weeks=WINDOW, **told),
        reviews=tuple(fading(*seen, **told)),
        laid=laid,
    )


def verdicts(
    scope: Scope, company: Company, database: Database, actions: Sequence[Action] | None = None
) -> list[Verdict]:
    """The verdicts on these actions (default: all that the asker may see) whose sign and team the data still has."""
    chosen = list_(scope, database) if actions is None else actions
    teams = set(company.teams(scope)["team_id"])
    there = [one for one in chosen if one.sign in all_signs() and company.unit(one.team_id) in teams]
    known: dict[int, Judged] = {}
    others = list_(local_scope("heartline"), database)
    return [verdict(scope, company, database, one, known, others) for one in there]
