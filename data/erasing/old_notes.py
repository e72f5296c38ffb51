"""Notes that are too old: which there are, and dropping them with all that belongs to them."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from data.coaching.tables import SwapNoteRow
from data.retro.tables import RetrospectiveRow
from data.tables import Base, CheckInRow
from data.talks.tables import (
    ActionPointRow,
    ActionPointVersionRow,
    AgendaPointRow,
    ConversationRow,
    ConversationVersionRow,
    OutboxRow,
    PrivateNoteRow,
)

WORDS = ("thanks", "remarks", "topics")  # of a retrospective's summary; how many took part and what was agreed stays


def count(session: Session, day: date) -> dict[str, int]:
    """How many notes of each kind are older than that day; kinds without any are left out."""
    found = {
        name: session.scalar(select(func.count()).select_from(row).where(aged)) or 0
        for name, (row, aged) in _plain(day).items()
    }
    found["one-on-ones"] = session.scalar(select(func.count()).where(ConversationRow.held_on < day)) or 0
    found["retrospectives' cards"] = len(_retrospectives(session, day))
    return {name: many for name, many in found.items() if many}


def drop(session: Session, day: date) -> None:
    """Drop them, in this transaction."""
    mine = select(ConversationRow.id).where(ConversationRow.held_on < day)
    points = select(ActionPointRow.id).where(ActionPointRow.conversation_id.in_(mine))
    session.execute(delete(ActionPointVersionRow).where(ActionPointVersionRow.action_point_id.in_(points)))
    for row in (ActionPointRow, AgendaPointRow, PrivateNoteRow, ConversationVersionRow):
        session.execute(delete(row).where(row.conversation_id.in_(mine)))
    session.execute(delete(ConversationRow).where(ConversationRow.held_on < day))
    for kind, aged in _plain(day).values():
        session.execute(delete(kind).where(aged))
    for one in _retrospectives(session, day):
        kept: dict[str, Any] = {**(one.summary or {}), **{name: [] for name in WORDS}, "told": {}}
        one.summary = kept


def _plain(day: date) -> dict[str, tuple[type[Base], ColumnElement[bool]]]:
    at = datetime.combine(day, time(), UTC)
    return {
        "check-ins": (CheckInRow, CheckInRow.at < at),
        "notes on role swaps": (SwapNoteRow, SwapNoteRow.at < at),
        "digests": (OutboxRow, OutboxRow.created_at < at),
    }


def _retrospectives(session: Session, day: date) -> list[RetrospectiveRow]:
    at = datetime.combine(day, time(), UTC)
    closed = session.scalars(select(RetrospectiveRow).where(RetrospectiveRow.closed_at < at))
    return [one for one in closed if any((one.summary or {}).get(name) for name in WORDS)]
