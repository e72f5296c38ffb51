"""Finding and masking words in what people wrote: in every text of the database but the record, and in the lake's.

A pseudonym is known by its shape; a name has to be given, for nothing can tell that "Jo" is somebody.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, delete, select, update
from sqlalchemy.orm import Session

from data.all_tables import Base
from data.database import Database
from data.reviewing.tables import ReviewRenderingRow, ReviewRow

# The record is only added to. The others hold no words: fingerprints, links, what a table or a sign is called.
_NOT_LOOKED_AT = {"record_entries", "forgotten"}
_NO_WORDS = {"token", "code", "digest", "fingerprint", "team_id", "sign", "play", "status", "stage", "leader", "own"}
MASK = "[forgotten]"
_AROUND = 30

Mask = Callable[[str], str]


@dataclass(frozen=True)
class Mention:
    """Where a word stands: which table, row and column, and a little of what is around it."""

    table: str
    row: str
    column: str
    excerpt: str


def mask_of(words: list[str]) -> re.Pattern[str]:
    """A pattern of any of `words`, whatever their case and their spaces, not within a longer word."""
    some = sorted((word.strip() for word in words if word.strip()), key=len, reverse=True)
    within = "|".join(r"\s+".join(re.escape(piece) for piece in word.split()) for word in some)
    return re.compile(rf"(?<!\w)(?:{within})(?!\w)", re.IGNORECASE)


def mentions(session: Session, pattern: re.Pattern[str]) -> list[Mention]:
    """Each text of the database in which the pattern is found."""
    found = []
    for table, key, column, value in _texts(session):
        for text in _leaves(value):
            hit = pattern.search(text)
            if hit is not None:
                around = text[max(hit.start() - _AROUND, 0) : hit.end() + _AROUND]
                found.append(Mention(table.name, _said(key), column.name, " ".join(around.split())))
                break
    return found


def mask(session: Session, pattern: re.Pattern[str]) -> int:
    """Put MASK in the place of all that the pattern finds; how many texts were changed. Reviews get a new digest."""
    count = 0
    for table, key, column, value in list(_texts(session)):
        changed = _each(value, lambda text: pattern.sub(MASK, text))
        if changed == value:
            continue
        count += 1
        where = [table.c[name] == one for name, one in key.items()]
        session.execute(update(table).where(*where).values({column.name: changed}))
        if table.name == ReviewRow.__tablename__ and column.name == "content":
            _again(session, key["id"], changed)
    return count


def _again(session: Session, review: int, content: str) -> None:
    """A review whose words were masked is another text: its digest follows, and what was rendered of it is no more."""
    digest = sha256(content.encode()).hexdigest()
    session.execute(update(ReviewRow).where(ReviewRow.id == review).values(digest=digest))
    session.execute(delete(ReviewRenderingRow).where(ReviewRenderingRow.review_id == review))


def _texts(session: Session) -> Iterator[tuple[Table, dict[str, Any], Column[Any], Any]]:
    for table in Base.metadata.sorted_tables:
        if table.name in _NOT_LOOKED_AT:
            continue
        keys = list(table.primary_key.columns)
        for column in table.columns:
            if column.primary_key or column.name in _NO_WORDS or not isinstance(column.type, Text | JSON):
                continue
            asked = select(*keys, column.label("the_text")).where(column.is_not(None))
            for row in session.execute(asked):
                yield table, dict(zip([one.name for one in keys], row, strict=False)), column, row.the_text


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)


def _each(value: Any, change: Mask) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(str(name)): _each(one, change) for name, one in value.items()}
    return [_each(one, change) for one in value] if isinstance(value, list) else value


def _said(key: dict[str, Any]) -> str:
    return str(next(iter(key.values()))) if len(key) == 1 else json.dumps(key, default=str)


def clean_up(database: Database) -> None:
    """Leave nothing of what was deleted or overwritten in the database's files: rewritten whole, its log emptied."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if database.engine.dialect.name == "sqlite":
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101 - a live connection has its driver's
            raw.execute("PRAGMA secure_delete = ON")
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in Base.metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM FULL {table.name}")
