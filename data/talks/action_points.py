"""Action points of one-on-ones: what one of the two said they would do, by when. Carried over until they are done.

At most five are open between two people at a time: a sixth is asked to wait, so that what was said is also done. One
can become a coaching action, recorded as any other (data.coaching.actions) with the plan fixed beforehand; both rows
are written in one transaction. Each change keeps the whole point.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching import action, actions
from data.coaching.action import NAME_LENGTH, Action, Json, plain_json, tidy_text
from data.coaching.action_rows import asker
from data.coaching.swaps import Swap
from data.database import Database
from data.errors import Trouble
from data.scope import Scope
from data.talks.conversation import FAR_OFF, tidy_day
from data.talks.conversations import find, may_read
from data.talks.tables import ActionPointRow, ActionPointVersionRow, ConversationRow

MOST_OPEN = 5
POINT_LENGTH = 1_000
OPEN, DONE, DROPPED, COACHED = "open", "done", "dropped", "coaching action"
STATES = (OPEN, DONE, DROPPED, COACHED)


@dataclass(frozen=True)
class ActionPoint:
    """One action point as it stands. `conversation_id`: where it was agreed; `action_id`: the action it became."""

    id: int
    conversation_id: int
    words: str
    owner: str
    due_on: date
    state: str
    action_id: int | None
    revision: int
    at: datetime
    by: str

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.due_on < on


class Conflict(Trouble):
    """Someone else changed the point first; `current` is as they left it, and nothing was overwritten."""

    def __init__(self, current: ActionPoint) -> None:
        self.current = current
        super().__init__(
            f"{current.by} changed this action point while you were looking at it (it is {current.state} now, "
            f"for {current.owner} by {current.due_on.isoformat()}): nothing was overwritten, look again."
        )

    def __reduce__(self) -> tuple[type["Conflict"], tuple[ActionPoint]]:
        return Conflict, (self.current,)


def add(
    scope: Scope,
    database: Database,
    conversation_id: int,
    *,
    words: str,
    owner: str,
    due_on: date,
    now: datetime | None = None,
) -> ActionPoint:
    """Agree on an action point. Raises Trouble for what makes none, a day that has been, or a sixth open one."""
    at = instant(now)
    told = _tidy({"words": words, "owner": owner, "due_on": due_on}, at.date())
    with database.writing() as session:
        conversation = find(session, scope, conversation_id)
        _room(session, conversation)
        row = ActionPointRow(
            **told, conversation_id=conversation_id, state=OPEN, action_id=None, revision=1, at=at, by=asker(scope)
        )
        session.add(row)
        session.flush()
        return _keep(session, _point(row), "agreed")


def list_(
    scope: Scope,
    database: Database,
    *,
    series: int | None = None,
    conversation_id: int | None = None,
    states: Collection[str] = STATES,
) -> list[ActionPoint]:
    """The action points of the conversations that the asker may see, by the day they are due.

    Of one series (all that two people agreed on), or of one conversation.
    """
    asked = select(ActionPointRow, ConversationRow).join(
        ConversationRow, ConversationRow.id == ActionPointRow.conversation_id
    )
    if series is not None:
        asked = asked.where(ConversationRow.series == series)
    if conversation_id is not None:
        asked = asked.where(ConversationRow.id == conversation_id)
    asked = asked.where(ActionPointRow.state.in_(states)).order_by(ActionPointRow.due_on, ActionPointRow.id)
    with database.reading() as session:
        rows = session.execute(asked)
        return [_point(row) for row, talk in rows if may_read(scope, talk)]


def edit(
    scope: Scope,
    database: Database,
    point_id: int,
    changes: Mapping[str, Any],
    *,
    expected_revision: int,
    now: datetime | None = None,
) -> ActionPoint:
    """Change words, owner or day of an open point."""
    at = instant(now)
    tried = _tidy(changes, at.date())

    def edited(current: ActionPoint) -> ActionPoint:
        if not current.is_open:
            raise Trouble(f"This action point is {current.state}: bring it back to change it.")
        return replace(current, **tried)

    return _change(scope, database, point_id, expected_revision, "edited", edited, at)


def settle(
    scope: Scope,
    database: Database,
    point_id: int,
    state: str,
    *,
    expected_revision: int,
    now: datetime | None = None,
) -> ActionPoint:
    """Mark a point as done or dropped, or open it again (where there is room). What became an action stays one."""
    if state not in (OPEN, DONE, DROPPED):
        raise Trouble(f"An action point is {OPEN}, {DONE} or {DROPPED}, not {state!r}.")

    def settled(current: ActionPoint) -> ActionPoint:
        if current.state == COACHED:
            raise Trouble(f"This action point became coaching action {current.action_id}: it goes on there.")
        return replace(current, state=state)

    return _change(scope, database, point_id, expected_revision, state, settled, instant(now))


def become_action(
    scope: Scope,
    database: Database,
    point_id: int,
    content: Mapping[str, Any],
    *,
    expected_revision: int,
    swap: Swap | None = None,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> Action:
    """Record the coaching action that this point becomes, both or neither.

    `content`: team_id, play, sign, starts_on, review_on, owner, why, and `seen` and `fixed` (data.coaching.planning) as
    data.coaching.actions.create takes them; `swap`: the buddy of a role swap. Its team is one of the conversation's.
    """
    at = instant(now)
    told = action.tidy(content)
    told["status"] = "under way" if told["starts_on"] <= at.date() else "planned"
    action.check(told, known_teams)
    with database.writing() as session:
        row, current = _found(session, scope, point_id, expected_revision)
        if not current.is_open:
            raise Trouble(f"This action point is {current.state} already.")
        if told["team_id"] not in find(session, scope, current.conversation_id).teams:
            raise Trouble(f"The conversation is not about the team {told['team_id']!r}: choose one that it is about.")
        made = actions.add(session, scope, told, at, swap=swap)
        _write(session, row, replace(current, state=COACHED, action_id=made.id), "became a coaching action", scope, at)
        return made


def history(scope: Scope, database: Database, point_id: int) -> list[tuple[str, ActionPoint]]:
    """Every step of a point, oldest first: what was done, and the whole point after it."""
    with database.reading() as session:
        _found(session, scope, point_id)
        asked = select(ActionPointVersionRow).where(ActionPointVersionRow.action_point_id == point_id)
        rows = session.scalars(asked.order_by(ActionPointVersionRow.revision))
        return [(row.what, _from_content(row.content)) for row in rows]


def _change(
    scope: Scope,
    database: Database,
    point_id: int,
    expected_revision: int,
    what: str,
    changed: Callable[[ActionPoint], ActionPoint],
    at: datetime,
) -> ActionPoint:
    with database.writing() as session:
        row, current = _found(session, scope, point_id, expected_revision)
        after = changed(current)
        if after == current:
            return current
        if after.is_open and not current.is_open:
            _room(session, find(session, scope, current.conversation_id))
        return _write(session, row, after, what, scope, at)


def _write(
    session: Session, row: ActionPointRow, after: ActionPoint, what: str, scope: Scope, at: datetime
) -> ActionPoint:
    after = replace(after, revision=after.revision + 1, at=at, by=asker(scope))
    for column in fields(ActionPoint):
        setattr(row, column.name, getattr(after, column.name))
    session.flush()
    return _keep(session, after, what)


def _keep(session: Session, point: ActionPoint, what: str) -> ActionPoint:
    content: Json = plain_json(asdict(point))
    kept = {"revision": point.revision, "at": point.at, "by": point.by, "what": what, "content": content}
    session.add(ActionPointVersionRow(action_point_id=point.id, **kept))
    return point


def _found(
    session: Session, scope: Scope, point_id: int, expected_revision: int | None = None
) -> tuple[ActionPointRow, ActionPoint]:
    row = session.get(ActionPointRow, point_id, with_for_update=expected_revision is not None)
    if row is None:
        raise Trouble(f"There is no action point {point_id}, or it is not yours to see.")
    find(session, scope, row.conversation_id)
    current = _point(row)
    if expected_revision is not None and current.revision != expected_revision:
        raise Conflict(current)
    return row, current


def _room(session: Session, conversation: ConversationRow) -> None:
    """One writer of a series at a time, so that two who add the fifth at once do not make six."""
    series = select(ConversationRow.id).where(ConversationRow.series == conversation.series)
    ids = list(session.scalars(series.order_by(ConversationRow.id).with_for_update()))
    asked = select(ActionPointRow).where(ActionPointRow.conversation_id.in_(ids), ActionPointRow.state == OPEN)
    if len(list(session.scalars(asked))) >= MOST_OPEN:
        raise Trouble(
            f"{MOST_OPEN} action points are open between {conversation.host} and {conversation.guest}: "
            "first say which is done, or drop one."
        )


def _tidy(given: Mapping[str, Any], today: date) -> Json:
    told: Json = {}
    for name, value in given.items():
        if name == "due_on":
            told[name] = tidy_day(value, "day by which it is to be done")
            if not today <= told[name] <= today + FAR_OFF:
                way = "has been" if told[name] < today else "is more than two years away"
                raise Trouble(f"The day {told[name].isoformat()} {way}: by when is it to be done?")
        elif name == "words":
            told[name] = tidy_text(value, "action point", POINT_LENGTH)
        else:
            told[name] = tidy_text(value, "owner", NAME_LENGTH)
    return told


def _point(row: ActionPointRow) -> ActionPoint:
    return ActionPoint(**{column.name: getattr(row, column.name) for column in fields(ActionPoint)})


def _from_content(content: Mapping[str, Any]) -> ActionPoint:
    days = {"due_on": date.fromisoformat(content["due_on"]), "at": datetime.fromisoformat(content["at"])}
    return ActionPoint(**{**content, **days})
