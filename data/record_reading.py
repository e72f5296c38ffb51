"""Reading the record: what was done, who looked at a team, and whether the chain still holds."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from data.clock import instant
from data.database import Database
from data.errors import Trouble
from data.record import LOOKED, LOOKED_AT_ALL, OF_NO_TEAM, SHORTENED, TOOK_OUT, note_in, stands
from data.record_began import BEGAN_ANEW, lost
from data.record_chain import GENESIS, Entry, digest, key_for, path_of, read_anchor
from data.record_raw import Raw, raw
from data.record_raw import asked as asked_raw
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
    """Follow the whole chain, and see that it reaches as far as the anchor says. Whatever the rows hold, it is told."""
    try:
        anchor = read_anchor(database.home)
    except Trouble as trouble:
        return Verified(0, f"{trouble} Somebody may have cut off the end of the record.")
    with database.reading() as session:
        followed, anew = _follow(session, key_for(database.home))
        if followed.wrong is not None:
            return followed
        if followed.rows == 0 and (anchor is None or anchor.number == 0):
            return Verified(0, _EMPTIED if lost(session, database.home) else None)
        if anchor is None:
            gone = f"The record's anchor {path_of(database.home)} is gone: rows at its end may be gone, too."
            return Verified(followed.rows, gone)
        if not stands(session, anchor):
            gone = f"The record once reached row {anchor.number}, which is gone or another now: its end was cut off."
            return Verified(followed.rows, gone)
    return replace(followed, wrong=anew)


_EMPTIED = "The record is empty and ought not to be: this home had one, and all of its rows are gone."


def _follow(session: Session, key: bytes) -> tuple[Verified, str | None]:
    """The digests from the first row to the last, and that what is lacking before the first was dropped by its age.

    Beside it the sentence for a chain that says of itself that it began anew.
    """
    try:
        with closing(raw(session, asked_raw().order_by(RecordRow.number))) as rows:
            return _chained(rows, key)
    except DBAPIError as error:
        if "decode" not in str(error.orig):
            raise
        return Verified(0, "A row of the record was changed: what stands in it is no text."), None


def _chained(rows: Iterable[Raw], key: bytes) -> tuple[Verified, str | None]:
    before: tuple[int, str] | None = None
    first, shortened, count, anew = (1, GENESIS), {(1, GENESIS)}, 0, None
    for row in rows:
        if before is None:
            first = before = (row.number, row.previous)
        if row.number != before[0]:
            return Verified(count, f"Row {before[0]} of the record is gone."), None
        one = row.entry
        if one is None or row.previous != before[1] or row.digest != digest(key, row.number, one, before[1]):
            changed = f"Row {row.number} of the record was changed, or does not follow the one before it."
            return Verified(count, changed), None
        if row.what == SHORTENED:
            shortened.add((int(one.detail["up_to"]) + 1, str(one.detail["digest"])))
        if row.what == BEGAN_ANEW:
            anew = f"The record began anew on {one.at:%d %B %Y}: the one before it is gone."
        before = (row.number + 1, row.digest)
        count += 1
    if first not in shortened:
        return Verified(count, f"Row {first[0] - 1} of the record and those before it are gone."), None
    return Verified(count), anew


def entries(
    database: Database,
    scope: Scope,
    *,
    team: str | None = None,
    since: datetime | None = None,
    who: str | None = None,
) -> pl.DataFrame:
    """The record (columns ENTRIES, `detail` as JSON; `at` null where a row was damaged), oldest first.

    For who runs the installation (Right.RUN).
    """
    scope.require(Right.RUN)
    row = RecordRow
    asked = asked_raw().order_by(row.number)
    if team is not None:
        asked = asked.where(row.about == team)
    if since is not None:
        asked = asked.where(row.at >= since)
    if who is not None:
        asked = asked.where(row.who == who)
    with database.reading() as session:
        found = [_told(one) for one in raw(session, asked)]
    return pl.DataFrame(found, schema=ENTRIES, orient="row")


def _told(one: Raw) -> tuple[Any, ...]:
    """One row of ENTRIES. What somebody changed by hand is told as it stands; `heartline check` says that it was."""
    detail = {"damaged": one.detail_text} if one.detail is None else one.detail
    said = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    return (one.number, one.at, str(one.who), str(one.what), str(one.about), said)


def lookers(database: Database, scope: Scope, team_id: str, *, days: int = 91) -> pl.DataFrame:
    """Who looked at a team, for those who may see it: day, name, role and pages (columns LOOKS), newest first.

    Told are looks at this team, looks at all that somebody may see, and what was taken out of this team or of all.
    Days and no times: it is to be known who looks, not when somebody works.
    """
    if not scope.may_see(team_id):
        return pl.DataFrame(schema=LOOKS)
    row = RecordRow
    since = instant(None) - timedelta(days=days)
    kinds = (LOOKED, LOOKED_AT_ALL, TOOK_OUT)
    asked = asked_raw().where(row.about.in_((team_id, "")), row.what.in_(kinds), row.at >= since)
    seen: dict[tuple[date, str, str], set[str]] = {}
    with database.reading() as session:
        for one in raw(session, asked):
            told = one.entry
            if told is not None and _tells_of(told, team_id):
                pages = seen.setdefault((told.at.date(), told.who, str(told.detail.get("role", ""))), set())
                taken = told.what == TOOK_OUT
                pages.add(f"took out {told.detail.get('of', '')}" if taken else str(told.detail.get("page", "")))
    rows = [(*place, ", ".join(sorted(pages))) for place, pages in seen.items()]
    return pl.DataFrame(rows, schema=LOOKS, orient="row").sort("day", "who", descending=[True, False])


def _tells_of(one: Entry, team_id: str) -> bool:
    """Was this team looked at: by itself, or among those that the reader may see (not said: all of them)?"""
    if one.about == team_id:
        return True
    teams = one.detail.get("teams")
    return one.detail.get("of") not in OF_NO_TEAM and (teams is None or team_id in teams)


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
