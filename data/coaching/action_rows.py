"""How an action becomes rows and how it changes: locked, compared with what was seen, made, kept in its history."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.coaching.action import Action, Conflict, Json, as_content, from_content, tidy_text
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import ActionRow, ActionVersionRow


@dataclass(frozen=True)
class Step:
    """One change that someone wants: of which action, seen at which revision, what they wanted, what it is called."""

    action_id: int
    expected_revision: int
    tried: Json
    what: str
    note: str | None
    at: datetime


def change(
    scope: Scope,
    database: Database,
    step: Step,
    changed: Callable[[Action], Action],
    beside: Callable[[Session, Action, Action], None] | None = None,
) -> Action:
    """Make `step` in one transaction: `changed` gives the action after it. Where nothing differs nothing is kept.

    `beside`, given the action before and after, keeps in the same transaction what belongs to the change, or refuses.
    Raises Conflict where the action is no longer at the revision that the asker saw.
    """
    note = None if step.note is None or not step.note.strip() else tidy_text(step.note, "note")
    with database.writing() as session:
        row = find(session, scope, step.action_id, lock=True)
        scope.require(Right.COACH, row.team_id)
        current = action_of(row)
        if current.revision != step.expected_revision:
            raise _conflict(session, current, step)
        after = changed(current)
        unchanged = {"revision": current.revision, "updated_at": current.updated_at, "updated_by": current.updated_by}
        if replace(after, **unchanged) == current:  # type: ignore[arg-type] # mypy looks for one type in the dict
            return current
        if beside is not None:
            beside(session, current, after)
        after = replace(after, revision=current.revision + 1, updated_at=step.at, updated_by=asker(scope))
        for column in fields(Action):
            setattr(row, column.name, getattr(after, column.name))
        return keep(session, after, step.what, note)


def keep(session: Session, action: Action, what: str, note: str | None) -> Action:
    """Put the whole action, as it stands now, into its history."""
    version = ActionVersionRow(
        action_id=action.id,
        revision=action.revision,
        at=action.updated_at,
        by=action.updated_by,
        what=what,
        note=note,
        content=as_content(action),
    )
    session.add(version)
    return action


def find(session: Session, scope: Scope, action_id: int, *, lock: bool = False) -> ActionRow:
    """The row of an action that the asker may see. `lock` keeps others from changing it until the transaction ends."""
    row = session.get(ActionRow, action_id, with_for_update=lock)
    if row is None or not scope.may(Right.FOLLOW, row.team_id):  # one sentence: that it exists is not theirs to know
        raise Trouble(f"There is no action {action_id}, or it is not yours to see.")
    return row


def action_of(row: ActionRow) -> Action:
    """The row as a value that outlives its transaction."""
    return Action(**{column.name: getattr(row, column.name) for column in fields(Action)})


def asker(scope: Scope) -> str:
    """Who does this, to be written beside what they did."""
    return tidy_text(scope.asker, "name of who does this", 200)


def _conflict(session: Session, current: Action, step: Step) -> Trouble:
    asked = select(ActionVersionRow).where(
        ActionVersionRow.action_id == current.id, ActionVersionRow.revision == step.expected_revision
    )
    base = session.scalar(asked)
    if base is None:
        return Trouble(f"Action {current.id} has no revision {step.expected_revision}: load it again.")
    return Conflict(from_content(base.content), current, step.tried)
