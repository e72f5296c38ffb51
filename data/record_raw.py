"""Rows of the record just as the database holds them: what somebody put there by hand may be no time and no JSON."""

import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Text, cast, select, type_coerce
from sqlalchemy.orm import Session

from data.record_chain import Entry
from data.record_tables import RecordRow


@dataclass(frozen=True)
class Raw:
    """One row. `at` and `detail` are null where they cannot be read; `detail_text` is what stands there."""

    number: int
    at: datetime | None
    who: str
    what: str
    about: str
    detail: dict[str, Any] | None
    detail_text: str
    previous: str
    digest: str

    @property
    def entry(self) -> Entry | None:
        """What was noted; None where the row cannot be what was noted."""
        if self.at is None or self.detail is None:
            return None
        if not all(isinstance(one, str) for one in (self.who, self.what, self.about, self.previous, self.digest)):
            return None
        return Entry(self.at, self.who, self.what, self.about, self.detail)


def asked() -> Select[*tuple[Any, ...]]:
    """All rows, for `raw`: add conditions and an order."""
    row = RecordRow
    return select(
        row.number,
        type_coerce(row.at, Text).label("at"),
        row.who,
        row.what,
        row.about,
        cast(row.detail, Text).label("detail"),
        row.previous,
        row.digest,
    )


def raw(session: Session, query: Select[*tuple[Any, ...]]) -> Generator[Raw, None, None]:
    """The rows of a query made from `asked`, a thousand at a time."""
    with closing(session.execute(query.execution_options(yield_per=1000))) as rows:
        for number, at, who, what, about, detail, previous, digest in rows:
            yield Raw(number, _instant(at), who, what, about, detail_of(detail), str(detail), previous, digest)


def _instant(given: Any) -> datetime | None:
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def detail_of(given: Any) -> dict[str, Any] | None:
    """The detail of a row from its text; None where that is no JSON object."""
    try:
        found = json.loads(given)
    except (TypeError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
