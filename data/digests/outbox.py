"""What is to be sent, is being sent, was sent: so that each message goes out once, whoever runs `heartline digest`.

A message is one row a recipient, week, kind and way. It is claimed in one transaction before it is sent, so that two
who run at once never both send it. Its states:

- waiting: not tried yet. failed: tried in vain; tried again at the next run, for `KEPT_FOR`.
- sending: somebody is at it. Where the program was ended between sending and writing down that it was sent, nobody
  can know whether the message arrived. Then it is neither sent again in silence nor forgotten: after `LOST_AFTER` it
  is told of (by the command and by `heartline check`), and sent again only where a person asks for it.
- sent: taken by the mail server or the chat service. What it said is dropped then.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.clock import instant
from data.database import Database
from data.digests.sending import Message
from data.talks.tables import OutboxRow

WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
DIGEST = "digest"
KEPT_FOR = timedelta(days=14)
LOST_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Kept:
    """One message in the outbox. `way`: its address, told without secrets; `why` it failed the last time."""

    id: int
    recipient: str
    week: date
    kind: str
    way: str
    state: str
    tries: int
    why: str | None
    created_at: datetime
    changed_at: datetime

    def is_lost(self, at: datetime) -> bool:
        """Was it being sent so long ago that whoever did is gone?"""
        return self.state == SENDING and at - self.changed_at >= LOST_AFTER

    def is_due(self, at: datetime) -> bool:
        """Is it to be sent by whoever runs now?"""
        return self.state in (WAITING, FAILED) and at - self.created_at < KEPT_FOR


def put(
    database: Database, recipient: str, week: date, way: str, message: Message, *, now: datetime | None = None
) -> Kept:
    """Put a message in, once: where it is there it stays, with the newer words as long as it was not sent."""
    at = instant(now)
    with database.writing() as session:
        asked = select(OutboxRow).where(
            OutboxRow.recipient == recipient, OutboxRow.week == week, OutboxRow.kind == DIGEST, OutboxRow.way == way
        )
        row = session.scalar(asked.with_for_update()) or _new(session, recipient, week, way, message, at)
        if row is None:  # somebody else put it in at this very moment
            row = session.execute(asked.with_for_update()).scalar_one()
        if row.state in (WAITING, FAILED):
            row.content = asdict(message)
        return _kept(row)


def _new(session: Session, recipient: str, week: date, way: str, message: Message, at: datetime) -> OutboxRow | None:
    row = OutboxRow(
        recipient=recipient, week=week, kind=DIGEST, way=way, state=WAITING, tries=0, why=None,
        content=asdict(message), created_at=at, changed_at=at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def claim(database: Database, number: int, *, now: datetime | None = None) -> Message | None:
    """Take a message to send it. None where somebody else has it, or it was sent: only one ever gets it."""
    at = instant(now)
    with database.writing() as session:
        row = session.get(OutboxRow, number, with_for_update=True)
        if row is None or row.content is None or not _kept(row).is_due(at):
            return None
        row.state, row.tries, row.changed_at = SENDING, row.tries + 1, at
        return Message(**row.content)


def done(database: Database, number: int, why: str | None, *, now: datetime | None = None) -> None:
    """Write down how it went: `why` it failed, or None where it was taken."""
    with database.writing() as session:
        row = session.get_one(OutboxRow, number, with_for_update=True)
        row.state, row.why, row.changed_at = (SENT if why is None else FAILED), why, instant(now)
        if why is None:
            row.content = None


def again(database: Database, *, now: datetime | None = None) -> int:
    """Let what was lost between sending and writing down be sent again, because a person asked; how many there are."""
    at = instant(now)
    with database.writing() as session:
        lost = [row for row in _rows(session, SENDING) if _kept(row).is_lost(at)]
        for row in lost:
            row.state, row.changed_at = WAITING, at
        return len(lost)


def unsent(database: Database) -> list[Kept]:
    """What is waiting, failed or being sent, oldest week first."""
    with database.reading() as session:
        return [_kept(row) for row in _rows(session, WAITING, FAILED, SENDING)]


def _rows(session: Session, *states: str) -> Iterator[OutboxRow]:
    asked = select(OutboxRow).where(OutboxRow.state.in_(states))
    yield from session.scalars(asked.order_by(OutboxRow.week, OutboxRow.recipient, OutboxRow.id))


def _kept(row: OutboxRow) -> Kept:
    return Kept(**{column.name: getattr(row, column.name) for column in fields(Kept)})
