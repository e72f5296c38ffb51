"""The tables of the executive review: frozen reviews, what was rendered of them first, and what was decided on them.

A review is never changed: its `content` is the whole of it as JSON text, and `digest` the SHA-256 of that text.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class ReviewRow(Base):
    """One row a frozen review. `branch` is the name as it was; `branch_id` stays when a branch is renamed.

    `about` is what a list tells of it: its title, how many questions it asks, the ids of the teams that it speaks of.
    """

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date]
    branch: Mapped[str | None]
    branch_id: Mapped[str | None]
    about: Mapped[dict[str, Any]]
    data_version: Mapped[int]
    content: Mapped[str]
    digest: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]


class ReviewRenderingRow(Base):
    """One row a kind of file that was made of a review for the first time: its SHA-256 and what it was made with."""

    __tablename__ = "review_renderings"
    __table_args__ = (UniqueConstraint("review_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    kind: Mapped[str]
    digest: Mapped[str]
    made_with: Mapped[str]
    at: Mapped[datetime]


class ReviewDecisionRow(Base):
    """One row what was decided on a review. Added to, never changed: a later one of the same question stands.

    `ask` is the number of the question in the review; null for what was decided beyond it. `takes_back` names an
    earlier row that no longer stands.
    """

    __tablename__ = "review_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), index=True)
    ask: Mapped[int | None]
    outcome: Mapped[str]
    words: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_on: Mapped[date | None]
    takes_back: Mapped[int | None] = mapped_column(ForeignKey("review_decisions.id"))
    at: Mapped[datetime]
    by: Mapped[str]
