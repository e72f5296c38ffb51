"""The table of who did what: see data.record for the chain. The database itself refuses to change or drop its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from data.tables import Base


class RecordRow(Base):
    """One row something that somebody did. `about`: the team that it concerns, else whatever it was done to.

    `digest` is a keyed hash of the row and of `previous`, the digest of the row before.
    """

    __tablename__ = "record_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str]
    digest: Mapped[str]
