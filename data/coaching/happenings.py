"""What else happened while an action ran: named beside its verdict, because it may be what moved the sign.

Another action, a lasting change that was acknowledged, a new lead, a flood of tickets, a changed standard. None of it
changes the verdict; whoever reads it should know.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import select

from data import standards_store
from data.ask import Company
from data.coaching import actions
from data.coaching.action import Action
from data.coaching.planning import WINDOW, runs
from data.database import Database
from data.scope import Scope, local_scope
from data.tables import RebaseRow
from metrics.effect import TRAILING

LEADS = r"(?i)\b(lead|leader|manager|supervisor|head)\b"


@dataclass(frozen=True)
class Happening:
    """Something in the weeks from eight before an action's start to its last review. `play` is set for an action."""

    on: date
    what: str
    teams: tuple[str, ...] = ()
    play: str | None = None


def during(
    scope: Scope,
    company: Company,
    database: Database,
    plan: Mapping[str, Any],
    but: int,
    others: Sequence[Action] | None = None,
) -> list[Happening]:
    """What happened to the coached teams of a plan, or to the whole company, oldest first.

    `but`: the action itself; `others`: all actions, where they are known already.
    """
    every = actions.list_(local_scope("heartline"), database) if others is None else others
    start = date.fromisoformat(plan["start"])
    first, last = start - timedelta(weeks=TRAILING), start + timedelta(weeks=WINDOW)
    found = [
        *_actions(every, plan, first, last, but),
        *_rebases(database, plan, first, last),
        *_new_leads(company, plan, first, last),
        *_floods(company, first, last),
        *_standards(scope, database, first, last),
    ]
    mine = [replace(one, teams=tuple(team for team in one.teams if scope.may_see(team))) for one in found]
    return sorted(mine, key=lambda one: (one.on, one.what))


def _actions(
    every: Sequence[Action], plan: Mapping[str, Any], first: date, last: date, but: int
) -> Iterator[Happening]:
    coached, compared = set(plan["teams"]), set(plan["compared"])
    others = [one for one in every if runs(one, first, last)]
    family = {one.programme_id for one in others if one.id == but} - {None}
    for one in others:
        if one.id != but and one.team_id in coached and one.programme_id not in family:
            yield Happening(one.starts_on, "another action on the same team", (one.team_id,), one.play)
    begun = [one for one in others if one.team_id in compared and one.programme_id not in family]
    if begun:
        teams = len({one.team_id for one in begun})
        was = "compared team was" if teams == 1 else "compared teams were"
        told = f"{teams} {was} coached too in these weeks, so the difference may look smaller than it is"
        yield Happening(min(one.starts_on for one in begun), told)


def _rebases(database: Database, plan: Mapping[str, Any], first: date, last: date) -> Iterator[Happening]:
    asked = select(RebaseRow).where(
        RebaseRow.team_id.in_(plan["teams"]), RebaseRow.sign == plan["sign"], RebaseRow.undone_at.is_(None)
    )
    with database.reading() as session:
        for row in session.scalars(asked):
            if first <= row.week < last:
                yield Happening(row.week, f"a lasting change was acknowledged ({row.reason})", (row.team_id,))


def _new_leads(company: Company, plan: Mapping[str, Any], first: date, last: date) -> Iterator[Happening]:
    """That a team got another lead, never who."""
    stays = company.stays().filter(
        pl.col("team_id").is_in(plan["teams"]),
        pl.col("role").str.contains(LEADS),
        pl.col("valid_from").is_between(first, last, closed="left"),
    )
    for team, on in stays.select("team_id", "valid_from").unique().sort("valid_from", "team_id").iter_rows():
        yield Happening(on, "another lead came", (team,))


def _floods(company: Company, first: date, last: date) -> Iterator[Happening]:
    for week, category, tickets, usual in company.floods().iter_rows():
        if first <= week < last:
            what = f"{category} tickets" if category is not None else "tickets of all kinds"
            yield Happening(week, f"a flood of {what} in the company: {tickets:,} that week, {usual:,.0f} are usual")


def _standards(scope: Scope, database: Database, first: date, last: date) -> Iterator[Happening]:
    for step in standards_store.history(scope, database):
        if step.category is not None and first <= step.at.date() < last:
            yield Happening(step.at.date(), f"what counts as simple or late was changed for {step.category}")
