"""Coaching actions: recorded, changed, checked in on, closed. Nothing is ever deleted and every change is kept.

Every function takes first who asks (a Scope) and then the database. An action of a team outside the scope can be
neither read nor written, and whether it exists is not said.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching import swaps
from data.coaching.action import (
    CLOSED,
    EDITABLE,
    OPEN,
    STATUSES,
    Action,
    Change,
    CheckIn,
    Conflict,
    Json,
    check,
    from_content,
    plain_json,
    tidy,
    tidy_text,
)
from data.coaching.action_rows import Step, action_of, asker, change, find, keep
from data.coaching.swaps import Swap
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import ActionRow, ActionVersionRow, CheckInRow

__all__ = [
    "CLOSED",
    "EDITABLE",
    "OPEN",
    "STATUSES",
    "Action",
    "Change",
    "CheckIn",
    "Conflict",
    "add",
    "check_in",
    "check_ins",
    "close",
    "create",
    "edit",
    "get",
    "history",
    "list_",
    "reopen",
    "stamp",
    "to_take_out",
    "undo",
]


def create(
    scope: Scope,
    database: Database,
    *,
    team_id: str,
    play: str,
    sign: str,
    why: str,
    starts_on: date,
    review_on: date,
    owner: str,
    status: str | None = None,
    seen: Json | None = None,
    fixed: Json | None = None,
    known_teams: Collection[str] | None = None,
    swap: Swap | None = None,
    now: datetime | None = None,
) -> Action:
    """Record an action. Without a status it is under way where it has started by `now`, else planned.

    `known_teams`, where given, are the teams that the data has; `swap` is the buddy and the hours of a role swap, which
    is not recorded without (data.coaching.swaps). Raises Trouble for what makes no action.
    """
    at = instant(now)
    given = {"team_id": team_id, "play": play, "sign": sign, "why": why, "owner": owner}
    content = tidy({**given, "starts_on": starts_on, "review_on": review_on, "seen": seen, "fixed": fixed})
    content["status"] = status or ("under way" if content["starts_on"] <= at.date() else "planned")
    check(content, known_teams)
    if content["status"] not in OPEN:
        raise Trouble("A new action is planned or under way: record it first, then close it with how it went.")
    with database.writing() as session:
        return add(session, scope, content, at, swap=swap)


def add(
    session: Session,
    scope: Scope,
    content: Json,
    at: datetime,
    programme_id: int | None = None,
    *,
    swap: Swap | None = None,
) -> Action:
    """Record an action whose fields were tidied and checked, within a transaction of the caller's."""
    agreed = swaps.checked(content["play"], swap)
    if not scope.may_see(content["team_id"]):
        raise Trouble(f"The team {content['team_id']!r} is not yours to see, so no action was recorded for it.")
    scope.require(Right.COACH, content["team_id"])
    stamps = {"created_at": at, "created_by": asker(scope), "updated_at": at, "updated_by": asker(scope)}
    row = ActionRow(**content, **stamps, outcome=None, closed_at=None, programme_id=programme_id, revision=1)
    session.add(row)
    session.flush()
    if agreed is not None:
        swaps.agree(session, scope, row.id, agreed, at)
    return keep(session, action_of(row), "created", None)


def edit(
    scope: Scope,
    database: Database,
    action_id: int,
    changes: Mapping[str, Any],
    *,
    expected_revision: int,
    note: str | None = None,
    replan: Callable[[Action], Json] | None = None,
    swap: Swap | None = None,
    now: datetime | None = None,
) -> Action:
    """Change some of EDITABLE. Where nothing differs nothing is kept. An action that was closed is reopened first.

    Where the play becomes a role swap `swap` must say hours and buddy, unless they are agreed already.
    Where the start or the sign changes, what was fixed stays, and the plan that `replan` makes of the changed action is
    kept beside it. Raises Conflict where the action is no longer at `expected_revision`, Trouble for what is no action.
    """
    if strange := sorted(set(changes) - set(EDITABLE)):
        raise Trouble(f"The {strange[0]} of an action cannot be changed; what can: {', '.join(EDITABLE)}.")
    tried = tidy(changes)

    def edited(current: Action) -> Action:
        if not current.is_open:
            raise Trouble(f"This action is {current.status}: reopen it to change it.")
        after = replace(current, **tried)
        check(vars(after))
        if not after.is_open:
            raise Trouble("An action is ended by closing it, with a word on how it went.")
        return _replanned(current, after, replan, scope, instant(now))

    def beside(session: Session, before: Action, after: Action) -> None:
        if after.play != before.play and (swap is not None or swaps.latest(session, action_id) is None):
            agreed = swaps.checked(after.play, swap)
            if agreed is not None:
                swaps.agree(session, scope, action_id, agreed, instant(now))

    step = Step(action_id, expected_revision, tried, "edited", note, instant(now))
    return change(scope, database, step, edited, beside)


def _replanned(
    current: Action, after: Action, replan: Callable[[Action], Json] | None, scope: Scope, at: datetime
) -> Action:
    """The action with its changed plan beside the one that was fixed."""
    moved = (current.starts_on, current.sign) != (after.starts_on, after.sign)
    if not moved or current.fixed is None:
        return after
    plan = replan(after) if replan else None
    change = {"at": at, "by": asker(scope), "starts_on": after.starts_on, "sign": after.sign, "plan": plan}
    changes = [*current.fixed.get("changes", []), plain_json(change)]
    return replace(after, fixed={**current.fixed, "changes": changes})


def close(
    scope: Scope,
    database: Database,
    action_id: int,
    outcome: str,
    *,
    expected_revision: int,
    status: str = "done",
    now: datetime | None = None,
) -> Action:
    """End an action as done or stopped, with a word on how it went. Raises Conflict as `edit` does."""
    if status not in CLOSED:
        raise Trouble(f"An action ends as {' or '.join(CLOSED)}, not as {status!r}.")
    at, words = instant(now), tidy_text(outcome, "word on how it went")

    def closed(current: Action) -> Action:
        if not current.is_open:
            raise Trouble(f"This action is {current.status} already: reopen it to close it anew.")
        return replace(current, status=status, outcome=words, closed_at=at)

    tried = {"status": status, "outcome": words}
    return change(scope, database, Step(action_id, expected_revision, tried, "closed", None, at), closed)


def reopen(
    scope: Scope,
    database: Database,
    action_id: int,
    *,
    expected_revision: int,
    note: str | None = None,
    now: datetime | None = None,
) -> Action:
    """Take up a closed action again: it is under way. How it had ended stays in its history."""

    def reopened(current: Action) -> Action:
        if current.is_open:
            raise Trouble(f"This action is {current.status}: there is nothing to reopen.")
        return replace(current, status="under way", outcome=None, closed_at=None)

    step = Step(action_id, expected_revision, {"status": "under way"}, "reopened", note, instant(now))
    return change(scope, database, step, reopened)


def undo(
    scope: Scope, database: Database, action_id: int, *, expected_revision: int, now: datetime | None = None
) -> Action:
    """Take the last change back, by a new one. Undoing once more brings it back."""
    past = history(scope, database, action_id)
    before = [change.action for change in past if change.revision == expected_revision - 1]
    if expected_revision == 1:
        raise Trouble("This action has only been recorded, so there is no change to undo; to end it, close it.")

    def undone(current: Action) -> Action:
        return before[0]  # a revision that exists has one before it: they are kept in the same transaction

    note = f"back to revision {expected_revision - 1}"
    step = Step(action_id, expected_revision, {}, "undone", note, instant(now))
    return change(scope, database, step, undone)


def check_in(scope: Scope, database: Database, action_id: int, words: str, *, now: datetime | None = None) -> CheckIn:
    """Add what was seen or said on the way. It changes nothing else, so two at once are both kept."""
    text, by, at = tidy_text(words, "check-in"), asker(scope), instant(now)
    with database.writing() as session:
        row = find(session, scope, action_id)
        scope.require(Right.COACH, row.team_id)
        if row.status not in OPEN:
            raise Trouble(f"This action is {row.status}: reopen it to check in on it.")
        added = CheckInRow(action_id=action_id, at=at, by=by, words=text)
        session.add(added)
        session.flush()
        return CheckIn(added.id, action_id, at, by, text)


def get(scope: Scope, database: Database, action_id: int) -> Action:
    """The action as it stands now. Raises Trouble where there is none that the asker may see."""
    with database.reading() as session:
        return action_of(find(session, scope, action_id))


def list_(
    scope: Scope,
    database: Database,
    *,
    team: str | None = None,
    status: str | Collection[str] | None = None,
    due_on: date | None = None,
    overdue_on: date | None = None,
) -> list[Action]:
    """The actions that the asker may see, by review day: of one team, of some statuses, due or overdue on a day.

    Due on a day: open, and the review is on that day or the six after it. Overdue: open, and it was before it.
    """
    asked = select(ActionRow).order_by(ActionRow.review_on, ActionRow.id)
    if (teams := scope.reach(Right.FOLLOW)) is not None:
        asked = asked.where(ActionRow.team_id.in_(sorted(teams)))
    if team is not None:
        asked = asked.where(ActionRow.team_id == team)
    if status is not None:
        asked = asked.where(ActionRow.status.in_([status] if isinstance(status, str) else sorted(status)))
    if due_on is not None:
        week = ActionRow.review_on.between(due_on, due_on + timedelta(days=6))
        asked = asked.where(ActionRow.status.in_(OPEN), week)
    if overdue_on is not None:
        asked = asked.where(ActionRow.status.in_(OPEN), ActionRow.review_on < overdue_on)
    with database.reading() as session:
        return [action_of(row) for row in session.scalars(asked)]


def to_take_out(scope: Scope, found: Iterable[Action]) -> list[Action]:
    """Of these actions those that the asker may take out as rows: to read what was agreed is not yet to take it out."""
    return [one for one in found if scope.may(Right.EXPORT, one.team_id)]


def stamp(database: Database) -> str:
    """A text that changes whenever an action does: for those who keep answers."""
    with database.reading() as session:
        told = session.execute(select(func.count(), func.max(ActionVersionRow.id)).select_from(ActionVersionRow)).one()
    return str(tuple(told))


def history(scope: Scope, database: Database, action_id: int) -> list[Change]:
    """Every change of an action, oldest first, each with the whole action after it."""
    with database.reading() as session:
        find(session, scope, action_id)
        asked = select(ActionVersionRow).where(ActionVersionRow.action_id == action_id)
        return [
            Change(row.revision, row.at, row.by, row.what, row.note, from_content(row.content))
            for row in session.scalars(asked.order_by(ActionVersionRow.revision))
        ]


def check_ins(scope: Scope, database: Database, action_id: int) -> list[CheckIn]:
    """The check-ins on an action, oldest first."""
    with database.reading() as session:
        find(session, scope, action_id)
        asked = select(CheckInRow).where(CheckInRow.action_id == action_id).order_by(CheckInRow.id)
        return [CheckIn(row.id, row.action_id, row.at, row.by, row.words) for row in session.scalars(asked)]
