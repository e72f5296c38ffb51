"""The tables of retrospectives. Who said what is in none of them: see data.retro.retrospective for why and how.

The rows that hold what people say have random text keys and no hidden row number (`sqlite_with_rowid=False`): SQLite
then keeps them in the order of those keys, so that not even their place in the file tells who came first.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base

UNORDERED = {"sqlite_with_rowid": False}


class RetrospectiveRow(Base):
    """One row a retrospective. `state` is JSON: see retrospective.py. `summary` is what stays when it is closed."""

    __tablename__ = "retrospectives"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(unique=True)
    stage: Mapped[str]
    turn: Mapped[int]
    revision: Mapped[int]
    state: Mapped[dict[str, Any]]
    leader: Mapped[str]
    led_by: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    summary: Mapped[dict[str, Any] | None]


class SeatRow(Base):
    """One row a device that takes part: a fingerprint of its secret, and nothing of who, when or what."""

    __tablename__ = "retrospective_seats"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(primary_key=True)
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospectives.id"), index=True)


class BallotRow(Base):
    """One row an answer or a vote, until they are counted; then there is the count alone."""

    __tablename__ = "retrospective_ballots"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(primary_key=True)
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospectives.id"), index=True)
    about: Mapped[str]
    choice: Mapped[str]


class CardRow(Base):
    """One row a card. `own` lets the device that wrote it change it; it is wiped when the card is shown."""

    __tablename__ = "retrospective_cards"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(primary_key=True)
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospectives.id"), index=True)
    kind: Mapped[str]
    about: Mapped[str | None]
    words: Mapped[str]
    own: Mapped[str | None] = mapped_column(unique=True)
    group_id: Mapped[str | None]


class CardGroupRow(Base):
    """One row a named group of cards that were shown."""

    __tablename__ = "retrospective_groups"

    id: Mapped[str] = mapped_column(primary_key=True)
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospectives.id"), index=True)
    number: Mapped[int]
    name: Mapped[str]


class AgreedRow(Base):
    """One row an action that was agreed in a retrospective."""

    __tablename__ = "retrospective_actions"

    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), primary_key=True, autoincrement=False)
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospectives.id"), index=True)
