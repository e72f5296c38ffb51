"""The tables of why this is done, how long it is kept, and who asked to be forgotten: data.purpose, data.erasing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class PurposeRow(Base):
    """One row what was said of the purpose. Added to, never changed: the newest holds.

    `consulted`: JSON, a list of {who, on, words}. Periods are months.
    """

    __tablename__ = "purposes"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    legal_basis: Mapped[str]
    consulted: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    ticket_months: Mapped[int]
    note_months: Mapped[int]
    record_months: Mapped[int]
    responsible: Mapped[str]
    ask: Mapped[str]
    object_by: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class ForgottenRow(Base):
    """One row somebody who asked to be forgotten (customer, person), or a ticket of theirs: `of` is then their row.

    `fingerprint` is a keyed hash of the pseudonym, so that the next import can know them again and nothing else can.
    """

    __tablename__ = "forgotten"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(index=True)
    of: Mapped[int | None]
    asked_on: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lifted_reason: Mapped[str | None]
