"""The tables of who may look: grants and thresholds, which are only added to and withdrawn, and who signed in."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class GrantRow(Base):
    """One row a grant: `subject` has `role` over the company, a branch or a team, from a day until a day (null: open).

    Nothing is deleted: a grant that was taken away says by whom and when.
    """

    __tablename__ = "access_grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    over: Mapped[str]
    place: Mapped[str | None]
    since: Mapped[date]
    until: Mapped[date | None]
    given_by: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class ThresholdRow(Base):
    """One row a setting of how many people a team of a branch needs to be shown to executives. The last one holds.

    `branch` is empty for teams of no branch and for branches of which nothing was set.
    """

    __tablename__ = "access_thresholds"

    id: Mapped[int] = mapped_column(primary_key=True)
    branch: Mapped[str] = mapped_column(index=True)
    people: Mapped[int]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class SignInRow(Base):
    """One row a signing in, by a fingerprint of it. Once `ended_at` is set, no page that it opened shows anything."""

    __tablename__ = "access_sign_ins"

    sign_in: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
