"""One-on-ones: opened, changed, undone. Nothing is ever deleted and every change is kept.

Every function takes first who asks (a Scope) and then the database. A conversation belongs to those who follow all of
its teams, and with sign-in to the two who have it alone; for all others there is none, and that one exists is not said.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import Json
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.talks.conversation import (
    EDITABLE,
    Change,
    Conflict,
    Conversation,
    as_content,
    check,
    from_content,
    pair,
    tidy,
)
from data.talks.tables import ConversationRow, ConversationVersionRow

TOKEN_BYTES = 24


def create(
    scope: Scope,
    database: Database,
    *,
    guest: str,
    teams: Sequence[str],
    held_on: date,
    host: str | None = None,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> Conversation:
    """Open a one-on-one. `host`: who prepares it, by default who asks. It joins the series of the same two people.

    `known_teams`, where given, are the teams that the data has. Raises Trouble for what makes no conversation, and
    where the two have one on that day already.
    """
    at = instant(now)
    given = tidy({"host": host or asker(scope), "guest": guest, "teams": teams, "held_on": held_on})
    check(given, at.date(), known_teams)
    if hidden := [team for team in given["teams"] if not scope.may_see(team)]:
        raise Trouble(f"The team {hidden[0]!r} is not yours to see, so no conversation was opened about it.")
    for team in given["teams"]:
        scope.require(Right.COACH, team)
    if scope.signed_in and given["host"] != asker(scope):
        raise Trouble(f"You prepare your own conversations: the host is {asker(scope)}.")
    with database.writing() as session:
        before = [one for one in _seen(session, scope) if one.people == pair(given["host"], given["guest"])]
        if same := [one for one in before if one.held_on == given["held_on"]]:
            raise Trouble(
                f"{given['host']} and {given['guest']} have a conversation on {given['held_on'].isoformat()} already "
                f"(number {same[0].id}): open that one, or choose another day."
            )
        stamps = {"created_at": at, "created_by": asker(scope), "updated_at": at, "updated_by": asker(scope)}
        kept = {**given, "teams": list(given["teams"]), "priorities": [], "shared": "", "revision": 1}
        row = ConversationRow(**kept, **stamps, series=0, token=secrets.token_urlsafe(TOKEN_BYTES))
        session.add(row)
        session.flush()
        row.series = before[0].series if before else row.id
        return _keep(session, conversation_of(row), "opened")


def get(scope: Scope, database: Database, conversation_id: int) -> Conversation:
    """The conversation as it stands now. Raises Trouble where there is none that the asker may see."""
    with database.reading() as session:
        return conversation_of(find(session, scope, conversation_id))


def list_(scope: Scope, database: Database, *, series: int | None = None) -> list[Conversation]:
    """The conversations that the asker may see (of one series), the latest day first."""
    with database.reading() as session:
        return _seen(session, scope, series)


def edit(
    scope: Scope,
    database: Database,
    conversation_id: int,
    changes: Mapping[str, Any],
    *,
    expected_revision: int,
    now: datetime | None = None,
) -> Conversation:
    """Change some of EDITABLE. Where nothing differs nothing is kept. Conflict where someone else was quicker."""
    if strange := sorted(set(changes) - set(EDITABLE)):
        raise Trouble(f"The {strange[0]} of a conversation cannot be changed; what can: {', '.join(EDITABLE)}.")
    at, tried = instant(now), tidy(changes)
    check(tried, at.date())
    step = Step(conversation_id, expected_revision, tried, "edited", at)
    return _change(scope, database, step, lambda current: replace(current, **tried))


def undo(
    scope: Scope, database: Database, conversation_id: int, *, expected_revision: int, now: datetime | None = None
) -> Conversation:
    """Take the last change back, by a new one. Undoing once more brings it back."""
    if expected_revision == 1:
        raise Trouble("This conversation has only been opened, so there is no change to undo.")
    past = history(scope, database, conversation_id)
    before = [change.conversation for change in past if change.revision == expected_revision - 1]

    def undone(current: Conversation) -> Conversation:
        return replace(current, **{name: getattr(before[0], name) for name in EDITABLE})

    return _change(scope, database, Step(conversation_id, expected_revision, {}, "undone", instant(now)), undone)


def history(scope: Scope, database: Database, conversation_id: int) -> list[Change]:
    """Every change of a conversation, oldest first, each with the whole conversation after it."""
    with database.reading() as session:
        find(session, scope, conversation_id)
        asked = select(ConversationVersionRow).where(ConversationVersionRow.conversation_id == conversation_id)
        rows = session.scalars(asked.order_by(ConversationVersionRow.revision))
        return [Change(row.revision, row.at, row.by, row.what, from_content(row.content)) for row in rows]


def token(scope: Scope, database: Database, conversation_id: int) -> str:
    """The unguessable part of the link for the other side: see data.talks.agenda."""
    with database.reading() as session:
        return find(session, scope, conversation_id).token


def renew_token(scope: Scope, database: Database, conversation_id: int) -> str:
    """Another link for the other side; the one before opens nothing any more."""
    with database.writing() as session:
        row = find(session, scope, conversation_id, lock=True)
        row.token = secrets.token_urlsafe(TOKEN_BYTES)
        return row.token


@dataclass(frozen=True)
class Step:
    """One change that someone wants: of which conversation, seen at which revision, what they wanted."""

    conversation_id: int
    expected_revision: int
    tried: Json
    what: str
    at: datetime


def find(session: Session, scope: Scope, conversation_id: int, *, lock: bool = False) -> ConversationRow:
    """The row of a conversation that the asker may see. `lock` keeps others from changing it meanwhile."""
    row = session.get(ConversationRow, conversation_id, with_for_update=lock)
    if row is None or not may_read(scope, row):
        raise Trouble(f"There is no conversation {conversation_id}, or it is not yours to see.")
    return row


def may_read(scope: Scope, row: ConversationRow) -> bool:
    """Is it theirs? Who is signed in reads what they take part in, by the name under which they are known here."""
    if not all(scope.may(Right.FOLLOW, team) for team in row.teams):
        return False
    return not scope.signed_in or scope.asker in {row.host, row.guest.strip().lower()}


def conversation_of(row: ConversationRow) -> Conversation:
    """The row as a value that outlives its transaction."""
    told = {column.name: getattr(row, column.name) for column in fields(Conversation)}
    return Conversation(**{**told, "teams": tuple(row.teams), "priorities": tuple(row.priorities)})


def _seen(session: Session, scope: Scope, series: int | None = None) -> list[Conversation]:
    asked = select(ConversationRow).order_by(ConversationRow.held_on.desc(), ConversationRow.id.desc())
    if series is not None:
        asked = asked.where(ConversationRow.series == series)
    rows = session.scalars(asked)
    return [conversation_of(row) for row in rows if may_read(scope, row)]


def _change(
    scope: Scope, database: Database, step: Step, changed: Callable[[Conversation], Conversation]
) -> Conversation:
    with database.writing() as session:
        row = find(session, scope, step.conversation_id, lock=True)
        current = conversation_of(row)
        if current.revision != step.expected_revision:
            raise _conflict(session, current, step)
        after = changed(current)
        if after == current:
            return current
        after = replace(after, revision=current.revision + 1, updated_at=step.at, updated_by=asker(scope))
        row.held_on, row.priorities, row.shared = after.held_on, list(after.priorities), after.shared
        row.revision, row.updated_at, row.updated_by = after.revision, after.updated_at, after.updated_by
        return _keep(session, after, step.what)


def _keep(session: Session, conversation: Conversation, what: str) -> Conversation:
    version = ConversationVersionRow(
        conversation_id=conversation.id,
        revision=conversation.revision,
        at=conversation.updated_at,
        by=conversation.updated_by,
        what=what,
        content=as_content(conversation),
    )
    session.add(version)
    return conversation


def _conflict(session: Session, current: Conversation, step: Step) -> Trouble:
    asked = select(ConversationVersionRow).where(
        ConversationVersionRow.conversation_id == current.id,
        ConversationVersionRow.revision == step.expected_revision,
    )
    base = session.scalar(asked)
    if base is None:
        return Trouble(f"Conversation {current.id} has no revision {step.expected_revision}: load it again.")
    return Conflict(from_content(base.content), current, step.tried)
