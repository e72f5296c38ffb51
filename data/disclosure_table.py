"""The table of what was told together, and what was not told, since when: see data.disclosures."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class DisclosureRow(Base):
    """One row a data version that was read: `pattern` applies to the weeks from `since` (null: all) on.

    An empty pattern is that of the row before. `until` is the last week that it told; `state` tells two versions of one
    number apart. Rows are only ever added.
    """

    __tablename__ = "disclosures"
    __table_args__ = (UniqueConstraint("data_version", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    data_version: Mapped[int]
    state: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]
    pattern: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
