"""The agenda of a one-on-one: points by either side, and points that were prepared. Added to, never deleted.

The other side adds theirs beforehand through a link. Its token is the key: who has it sees the points of that one
conversation and may add to them, and sees nothing else: no notes, no action points, no other conversation. That is the
only read here without a Scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data import guesses
from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Scope
from data.talks.conversations import find
from data.talks.tables import AgendaPointRow, ConversationRow

HOST, GUEST, PREPARED = "host", "guest", "prepared"
PRAISE = "praise:"  # how the source of a prepared kind word begins
MOST_POINTS = 40
POINT_LENGTH = 2_000
OPEN_FOR = timedelta(days=7)  # that long after the day of the conversation the link still opens


@dataclass(frozen=True)
class Point:
    """One point to talk about. `side`: host, guest or prepared; `source`: what it was prepared from."""

    id: int
    conversation_id: int
    words: str
    by: str
    side: str
    source: str | None
    at: datetime
    talked_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True)
class GuestView:
    """All that the link shows: who meets when, and the points that stand, each with who put it there."""

    host: str
    guest: str
    held_on: date
    points: tuple[tuple[str, str], ...]


def add(scope: Scope, database: Database, conversation_id: int, words: str, *, now: datetime | None = None) -> Point:
    """Put a point on the agenda. Two at once are both kept. Raises Trouble for no words, too many, or a full agenda."""
    text, at = tidy_text(words, "point", POINT_LENGTH), instant(now)
    with database.writing() as session:
        row = find(session, scope, conversation_id, lock=True)
        return _added(session, row, AgendaPointRow(words=text, by=asker(scope), side=HOST, source=None, at=at))


def prepare(
    scope: Scope,
    database: Database,
    conversation_id: int,
    drafts: Sequence[tuple[str, str]],
    *,
    now: datetime | None = None,
) -> int:
    """Put on what was prepared, as (source, words), in this order; gives how many were new.

    What was prepared from the same source before is not put on again, also where it was taken off since.
    """
    at = instant(now)
    with database.writing() as session:
        row = find(session, scope, conversation_id, lock=True)
        there = set(session.scalars(select(AgendaPointRow.source).where(_of(conversation_id))))
        room = MOST_POINTS - len(_standing(session, conversation_id))
        new = [(source, words) for source, words in dict(drafts).items() if source not in there][: max(room, 0)]
        for source, words in new:
            text = tidy_text(words, "point", POINT_LENGTH)
            _added(session, row, AgendaPointRow(words=text, by=asker(scope), side=PREPARED, source=source, at=at))
        return len(new)


def points(scope: Scope, database: Database, conversation_id: int, *, removed: bool = False) -> list[Point]:
    """The points that stand: kind words, those of the two, what else was prepared; with `removed` those taken off."""
    with database.reading() as session:
        find(session, scope, conversation_id)
        rows = session.scalars(select(AgendaPointRow).where(_of(conversation_id)).order_by(AgendaPointRow.id))
        return _in_order([_point(row) for row in rows if (row.removed_at is not None) == removed])


def _in_order(points: list[Point]) -> list[Point]:
    """Praise opens a conversation, and what people want to talk about comes before what a program found."""
    return sorted(points, key=lambda one: 1 if one.side != PREPARED else 0 if _is_praise(one) else 2)


def _is_praise(point: Point) -> bool:
    return point.source is not None and point.source.startswith(PRAISE)


def talked(scope: Scope, database: Database, point_id: int, *, yes: bool = True, now: datetime | None = None) -> Point:
    """Mark a point as talked about, or not."""
    with database.writing() as session:
        row = _found(session, scope, point_id)
        row.talked_at, row.talked_by = (instant(now), asker(scope)) if yes else (None, None)
        return _point(row)


def remove(
    scope: Scope, database: Database, point_id: int, *, back: bool = False, now: datetime | None = None
) -> Point:
    """Take a point off the agenda; with `back` put it on again. Raises Trouble where the agenda is full by then."""
    with database.writing() as session:
        row = _found(session, scope, point_id)
        if back and row.removed_at is not None:
            _room(session, row.conversation_id)
        row.removed_at, row.removed_by = (None, None) if back else (instant(now), asker(scope))
        return _point(row)


def seen_by_guest(database: Database, token: str, *, now: datetime | None = None) -> GuestView:
    """What the link of this token opens. Raises Trouble, always the same, where it opens nothing (any more)."""
    with database.reading() as session:
        row = _by_token(session, token, instant(now))
        standing = _in_order([_point(one) for one in _standing(session, row.id)])
        return GuestView(row.host, row.guest, row.held_on, tuple((one.words, one.by) for one in standing))


def add_as_guest(database: Database, token: str, words: str, *, now: datetime | None = None) -> None:
    """Put a point on the agenda through the link. Raises Trouble as `add` and `seen_by_guest` do."""
    at, text = instant(now), tidy_text(words, "point", POINT_LENGTH)
    with database.writing() as session:
        row = _by_token(session, token, at, lock=True)
        _added(session, row, AgendaPointRow(words=text, by=row.guest, side=GUEST, source=None, at=at))


def _by_token(session: Session, token: str, at: datetime, *, lock: bool = False) -> ConversationRow:
    guesses.LINKS.refuse_flood()
    asked = select(ConversationRow).where(ConversationRow.token == token)
    row = session.scalar(asked.with_for_update() if lock else asked)
    if row is None:
        guesses.LINKS.was_wrong()
    if row is None or at.date() > row.held_on + OPEN_FOR:
        raise Trouble("This link opens nothing, or nothing any more: ask who sent it to you for a new one.")
    return row


def _added(session: Session, conversation: ConversationRow, point: AgendaPointRow) -> Point:
    _room(session, conversation.id)
    point.conversation_id = conversation.id
    session.add(point)
    session.flush()
    return _point(point)


def _room(session: Session, conversation_id: int) -> None:
    if len(_standing(session, conversation_id)) >= MOST_POINTS:
        raise Trouble(f"There are {MOST_POINTS} points on this agenda, more than can be talked about: take some off.")


def _standing(session: Session, conversation_id: int) -> list[AgendaPointRow]:
    asked = select(AgendaPointRow).where(_of(conversation_id), AgendaPointRow.removed_at.is_(None))
    return list(session.scalars(asked.order_by(AgendaPointRow.id)))


def _of(conversation_id: int) -> ColumnElement[bool]:
    return AgendaPointRow.conversation_id == conversation_id


def _found(session: Session, scope: Scope, point_id: int) -> AgendaPointRow:
    row = session.get(AgendaPointRow, point_id, with_for_update=True)
    if row is None:
        raise Trouble(f"There is no point {point_id}, or it is not yours to see.")
    find(session, scope, row.conversation_id)
    return row


def _point(row: AgendaPointRow) -> Point:
    return Point(**{column.name: getattr(row, column.name) for column in fields(Point)})
