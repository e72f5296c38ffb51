"""The tables beside a coaching action and before any sign: role swaps and what came of them, customers' kind words.

Rows are only added; what was taken back stays, with who took it back and when. Plays and kinds are text, as in
data.tables, whose Base these share: data.database imports this module, so that the migrations know of them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class SwapRow(Base):
    """One row what was agreed for a role swap: hours, and the buddy who said yes. The newest of an action holds."""

    __tablename__ = "swaps"
    __table_args__ = (CheckConstraint("hours > 0", name="some_hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), index=True)
    hours: Mapped[float]
    buddy: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class SwapNoteRow(Base):
    """One row something learnt in a role swap, or fixed since (`kind`). Never changed, only added."""

    __tablename__ = "swap_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class PraiseRow(Base):
    """One row a customer's kind word that someone typed: what was said, where it came from, on which day."""

    __tablename__ = "praise"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(index=True)
    words: Mapped[str]
    source: Mapped[str | None]
    said_on: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class PassedOnRow(Base):
    """One row a kind word, typed or imported (`praise` is its key), that was passed on to its team: how and when."""

    __tablename__ = "praise_passed_on"

    id: Mapped[int] = mapped_column(primary_key=True)
    praise: Mapped[str] = mapped_column(index=True)
    team_id: Mapped[str]
    how: Mapped[str]
    passed_on: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
