"""The tables of one-on-ones, and of what digests sent (data.digests.outbox)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class ConversationRow(Base):
    """One row a one-on-one, as it stands now. `series`: the first conversation of the same two people.

    `token` is the unguessable part of the link by which the other side adds points to the agenda, and sees only that.
    """

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[int] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str]
    guest: Mapped[str]
    teams: Mapped[list[str]] = mapped_column(JSON)
    held_on: Mapped[date]
    priorities: Mapped[list[str]] = mapped_column(JSON)
    shared: Mapped[str]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class ConversationVersionRow(Base):
    """One row a change of a one-on-one, kept whole in `content`."""

    __tablename__ = "conversation_versions"
    __table_args__ = (UniqueConstraint("conversation_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    revision: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    content: Mapped[dict[str, Any]]


class AgendaPointRow(Base):
    """One row a point to talk about: by whom, which side. `source`: what it was prepared from, so that it comes once.

    Talked about or taken off, it stays, with who did so and when.
    """

    __tablename__ = "agenda_points"
    __table_args__ = (UniqueConstraint("conversation_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    words: Mapped[str]
    by: Mapped[str]
    side: Mapped[str]
    source: Mapped[str | None]
    at: Mapped[datetime]
    talked_at: Mapped[datetime | None]
    talked_by: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None]


class ActionPointRow(Base):
    """One row what one of the two said they would do, by when. `action_id`: the coaching action that it became."""

    __tablename__ = "action_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    words: Mapped[str]
    owner: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[str]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"))
    revision: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str]


class ActionPointVersionRow(Base):
    """One row a change of an action point, kept whole in `content`."""

    __tablename__ = "action_point_versions"
    __table_args__ = (UniqueConstraint("action_point_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_point_id: Mapped[int] = mapped_column(ForeignKey("action_points.id"))
    revision: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    content: Mapped[dict[str, Any]]


class PrivateNoteRow(Base):
    """One row a note that only its author may read. Taken back, it stays, and its author can bring it back."""

    __tablename__ = "private_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    author: Mapped[str]
    words: Mapped[str]
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class OutboxRow(Base):
    """One row a message to one recipient by one way, of one kind and week: it is there once, so it is sent once.

    `way` names the address without its secrets. `content` is what will be said, until it was; then it is dropped.
    """

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("recipient", "week", "kind", "way"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    week: Mapped[date]
    kind: Mapped[str]
    way: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int]
    why: Mapped[str | None]
    content: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
