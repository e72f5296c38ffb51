"""The tables of the database: what people decide and write down, as opposed to what the lake holds.

Kinds (play, sign, status, category) are stored as text and point to no other table, so that a new sign or play needs
no migration. A change here needs one: `python -m data.migrations "why"` drafts it.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """A UTC instant. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: an instant is needed")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Constraints have names, because SQLite changes a table by copying it and must be told which to leave out."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read once by SQLAlchemy when the class is made
        str: Text,
        datetime: Instant,
        dict[str, Any]: JSON(none_as_null=True),
    }


class ActionRow(Base):
    """One row a coaching action, as it stands now. `seen` and `fixed` are JSON: see data.coaching.actions."""

    __tablename__ = "actions"
    __table_args__ = (CheckConstraint("review_on >= starts_on", name="review_not_before_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    play: Mapped[str]
    sign: Mapped[str]
    why: Mapped[str]
    starts_on: Mapped[date]
    review_on: Mapped[date]
    owner: Mapped[str]
    status: Mapped[str]
    outcome: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    seen: Mapped[dict[str, Any] | None]
    fixed: Mapped[dict[str, Any] | None]
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"), index=True)
    revision: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class ProgrammeRow(Base):
    """One row a play that several teams take up by one plan, together or in an order drawn by lot. Never changed.

    `plan` is JSON: the teams, and where the lot decided its seed, the waves and how many weeks lie between them.
    """

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(primary_key=True)
    play: Mapped[str]
    sign: Mapped[str]
    starts_on: Mapped[date]
    drawn: Mapped[bool]
    plan: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[str]


class RebaseRow(Base):
    """One row a lasting change that someone acknowledged: from `week` on the team's sign has a new baseline.

    Undone, it stays: who undid it, when and why is written beside it.
    """

    __tablename__ = "rebases"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    sign: Mapped[str]
    week: Mapped[date]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_reason: Mapped[str | None]


class RatingRow(Base):
    """One row a score that a team gave itself: a trait at a step of the customer's journey. Added to, never changed.

    A later one of the same step and trait takes its place; undone, it stays, with who undid it and when.
    """

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    trait: Mapped[str]
    score: Mapped[float]
    scale_max: Mapped[float]
    asked_on: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class ReplyRow(Base):
    """One row an answer of a team to a reading, or to tickets of it. Never changed: see data.replies."""

    __tablename__ = "replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    sign: Mapped[str]
    week: Mapped[date | None]
    words: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class ReplyTicketRow(Base):
    """One row a ticket that an answer asks to be taken out of the reading. Never changed."""

    __tablename__ = "reply_tickets"
    __table_args__ = (UniqueConstraint("reply_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    ticket_id: Mapped[str]


class ReplyStepRow(Base):
    """One row a decision on an answer: accepted, declined, or undone. Added to, never changed."""

    __tablename__ = "reply_steps"
    __table_args__ = (UniqueConstraint("reply_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    reason: Mapped[str]


class FoundCauseRow(Base):
    """One row a cause that a manager found behind a signal, and what they ruled out. Added to, never changed.

    `week` is that of the reading it was found for; `action_id` an action that followed. Undone, it stays.
    """

    __tablename__ = "found_causes"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    sign: Mapped[str]
    week: Mapped[date]
    cause: Mapped[str]
    ruled_out: Mapped[str | None]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"))
    by: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class ActionVersionRow(Base):
    """One row a change of an action, kept whole in `content`: who, when, what was done and why."""

    __tablename__ = "action_versions"
    __table_args__ = (UniqueConstraint("action_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"))
    revision: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    note: Mapped[str | None]
    content: Mapped[dict[str, Any]]


class CheckInRow(Base):
    """One row a check-in on an action. Never changed, only added."""

    __tablename__ = "check_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    words: Mapped[str]


class StandardVersionRow(Base):
    """One row a version of the table of standards: each derivation, overruling and undoing makes the next one.

    `data_version` is the newest version of the data from which this very table was derived.
    """

    __tablename__ = "standard_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    data_version: Mapped[int | None]
    provisional: Mapped[bool | None]


class StandardRow(Base):
    """One row a category of a derived table of standards. `category` is null for tickets that have none."""

    __tablename__ = "standards"
    __table_args__ = (UniqueConstraint("version", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(ForeignKey("standard_versions.version"))
    category: Mapped[str | None]
    simple: Mapped[bool]
    standard_minutes: Mapped[int | None]
    n: Mapped[int]
    one_touch_share: Mapped[float | None]
    median_minutes: Mapped[float | None]
    reason: Mapped[str | None]


class StandardOverrideRow(Base):
    """One row an overruling of what was derived: whether a category is simple, its standard, or both."""

    __tablename__ = "standard_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(index=True)
    simple: Mapped[bool | None]
    standard_minutes: Mapped[int | None]
    reason: Mapped[str]
    author: Mapped[str]
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(ForeignKey("standard_versions.version"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_version: Mapped[int | None] = mapped_column(ForeignKey("standard_versions.version"))
