"""Reading the record: what was done, who looked at a team, and whether the chain still holds."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.clock import instant
from data.database import Database
from data.errors import Trouble
from data.record import LOOKED, SHORTENED, note_in, stands
from data.record_chain import GENESIS, Entry, digest, key_for, path_of, read_anchor
from data.record_refusal import lifted
from data.record_tables import RecordRow
from data.scope import Right, Scope

ENTRIES: dict[str, Any] = {
    "number": pl.Int64,
    "at": pl.Datetime("us", "UTC"),
    "who": pl.String,
    "what": pl.String,
    "about": pl.String,
    "detail": pl.String,
}
LOOKS: dict[str, Any] = {"day": pl.Date, "who": pl.String, "role": pl.String, "pages": pl.String}


@dataclass(frozen=True)
class Verified:
    """How many rows were followed, and the first sentence of what is wrong with them (null: nothing)."""

    rows: int
    wrong: str | None = None


def verify(database: Database) -> Verified:
    """Follow the whole chain, and see that it reaches as far as the anchor says."""
    try:
        anchor = read_anchor(database.home)
    except Trouble as trouble:
        return Verified(0, f"{trouble} Somebody may have cut off the end of the record.")
    with database.reading() as session:
        followed = _follow(session, key_for(database.home))
        if followed.wrong is not None:
            return followed
        if anchor is None:
            gone = f"The record's anchor {path_of(database.home)} is gone: rows at its end may be gone, too."
            return Verified(followed.rows, gone if followed.rows else None)
        if not stands(session, anchor):
            gone = f"The record once reached row {anchor.number}, which is gone or another now: its end was cut off."
            return Verified(followed.rows, gone)
    return followed


def _follow(session: Session, key: bytes) -> Verified:
    """The digests from the first row to the last, and that what is lacking before the first was dropped by its age."""
    asked = select(RecordRow).order_by(RecordRow.number).execution_options(yield_per=1000)
    with closing(session.scalars(asked)) as rows:
        return _chained(rows, key)


def _chained(rows: Iterable[RecordRow], key: bytes) -> Verified:
    before: tuple[int, str] | None = None
    first, shortened, count = (1, GENESIS), {(1, GENESIS)}, 0
    for row in rows:
        if before is None:
            first = before = (row.number, row.previous)
        if row.number != before[0]:
            return Verified(count, f"Row {before[0]} of the record is gone.")
        one = Entry(row.at, row.who, row.what, row.about, row.detail)
        if row.previous != before[1] or row.digest != digest(key, row.number, one, before[1]):
            return Verified(count, f"Row {row.number} of the record was changed, or does not follow the one before it.")
        if row.what == SHORTENED:
            shortened.add((int(row.detail["up_to"]) + 1, str(row.detail["digest"])))
        before = (row.number + 1, row.digest)
        count += 1
    if first not in shortened:
        return Verified(count, f"Row {first[0] - 1} of the record and those before it are gone.")
    return Verified(count)


def entries(
    database: Database,
    scope: Scope,
    *,
    team: str | None = None,
    since: datetime | None = None,
    who: str | None = None,
) -> pl.DataFrame:
    """The record (columns ENTRIES, `detail` as JSON), oldest first. For who runs the installation (Right.RUN)."""
    scope.require(Right.RUN)
    row = RecordRow
    asked = select(row).order_by(row.number)
    if team is not None:
        asked = asked.where(row.about == team)
    if since is not None:
        asked = asked.where(row.at >= since)
    if who is not None:
        asked = asked.where(row.who == who)
    with database.reading() as session:
        found = [(one.number, one.at, one.who, one.what, one.about, one.detail) for one in session.scalars(asked)]
    frame = pl.DataFrame(found, schema={**ENTRIES, "detail": pl.Object}, orient="row")
    said = [json.dumps(detail, ensure_ascii=False, sort_keys=True) for detail in frame["detail"].to_list()]
    return frame.with_columns(pl.Series("detail", said, dtype=pl.String))


def lookers(database: Database, scope: Scope, team_id: str, *, days: int = 91) -> pl.DataFrame:
    """Who looked at a team, for those who may see it: day, name, role and pages (columns LOOKS), newest first.

    Days and no times: it is to be known who looks, not when somebody works.
    """
    if not scope.may_see(team_id):
        return pl.DataFrame(schema=LOOKS)
    row = RecordRow
    since = instant(None) - timedelta(days=days)
    asked = select(row.at, row.who, row.detail).where(row.about == team_id, row.what == LOOKED, row.at >= since)
    seen: dict[tuple[date, str, str], set[str]] = {}
    with database.reading() as session:
        for at, who, detail in session.execute(asked):
            pages = seen.setdefault((at.date(), who, str(detail.get("role", ""))), set())
            pages.add(str(detail.get("page", "")))
    rows = [(*place, ", ".join(sorted(pages))) for place, pages in seen.items()]
    return pl.DataFrame(rows, schema=LOOKS, orient="row").sort("day", "who", descending=[True, False])


def shorten(database: Database, who: Scope | str, before: datetime) -> int:
    """Drop the rows older than `before` from the start of the record; returns how many.

    A row that says so, with the digest of the last that was dropped, keeps the chain whole.
    """
    now, row = instant(None), RecordRow
    with database.writing() as session:
        # From the first row that is young enough on all is kept. A row dated in the future says nothing of its age.
        kept = session.scalar(select(row.number).where(row.at >= before, row.at <= now).order_by(row.number).limit(1))
        asked = select(row).where(row.at < before).order_by(row.number.desc()).limit(1)
        last = session.scalar(asked if kept is None else asked.where(row.number < kept))
        if last is None:
            return 0
        number, count = last.number, _drop(session, last.number)
        note_in(session, who, SHORTENED, "", up_to=number, digest=last.digest, rows=count, before=before.date())
    return count


def _drop(session: Session, number: int) -> int:
    """The one way by which rows of the record go: with the database's refusal lifted inside this transaction."""
    with lifted(session):
        return session.connection().execute(delete(RecordRow).where(RecordRow.number <= number)).rowcount
