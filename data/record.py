"""The record: who did what, and who looked at which team. Rows are added in a chain, and never changed.

Order is the number, not the time, so a clock that is set back is no trouble. What a change's own transaction notes is
kept or lost with the change. No id of a customer or an agent, and no secret, is ever noted.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data.clock import instant
from data.errors import Trouble
from data.home import Home
from data.record_chain import (
    GENESIS,
    Anchor,
    Entry,
    digest,
    entry,
    key_for,
    path_of,
    read_anchor,
    write_anchor,
)
from data.record_tables import RecordRow
from data.scope import Right, Scope

if TYPE_CHECKING:
    from data.database import Database

APPEND_LOCK = 0x4EA28  # any number that all our processes agree on
LOOKED = "looked"
TOOK_OUT = "took out"  # an export, a pack, tickets: whatever leaves Heartline as a file
SHORTENED = "shortened the record"
LOOK_AGAIN = timedelta(hours=1)
_PENDING = "record"
_MOST_REMEMBERED = 20_000


def note(database: "Database", who: Scope | str, what: str, about: str = "", **detail: Any) -> None:
    """Add one row to the record, in a transaction of its own: `who` did `what` to `about` (a team's id, or a thing).

    Give no id of a customer or an agent, no words that people wrote and no secret. Trouble where it cannot be kept:
    then the thing itself should not be done.
    """
    with database.writing() as session:
        note_in(session, who, what, about, **detail)


def note_in(session: Session, who: Scope | str, what: str, about: str = "", **detail: Any) -> None:
    """Add one row when this transaction (of `Database.writing`) ends, and only if it is kept."""
    name = who.asker if isinstance(who, Scope) else who
    session.info.setdefault(_PENDING, []).append(entry(instant(None), name, what, about, detail))


def looked(database: "Database", scope: Scope, team_id: str, page: str) -> None:
    """Note that the asker looked at this team on this page; once an hour for the same asker, team and page."""
    place = (str(database.engine.url), scope.asker, team_id, page)
    with _seen_lock:
        if place in _seen and time.monotonic() - _seen[place] < LOOK_AGAIN.total_seconds():
            return
    since = instant(None) - LOOK_AGAIN
    if not _looked_since(database, scope.asker, team_id, page, since):
        note(database, scope, LOOKED, team_id, page=page, role=role_of(scope, team_id))
    with _seen_lock:
        if len(_seen) > _MOST_REMEMBERED:
            _seen.clear()
        _seen[place] = time.monotonic()


_seen: dict[tuple[str, str, str, str], float] = {}
_seen_lock = Lock()


def _looked_since(database: "Database", who: str, team_id: str, page: str, since: datetime) -> bool:
    row = RecordRow
    asked = select(row.detail).where(
        row.about == team_id, row.at > since, row.at <= instant(None), row.what == LOOKED, row.who == who
    )
    with database.reading() as session:
        return any(detail.get("page") == page for detail in session.scalars(asked))


def role_of(scope: Scope, team_id: str) -> str:
    """In which role somebody looks at a team: without sign-in "local", else by what they may do there."""
    if not scope.signed_in:
        return "local"
    if team_id in scope.own:
        return "member"
    if scope.may(Right.COACH, team_id):
        return "manager"
    return "executive" if scope.may(Right.REVIEW) else "analyst"


def append_pending(session: Session, home: Home) -> bool:
    """Give what this transaction noted its place in the chain. The last that a transaction does before its end."""
    pending: list[Entry] = session.info.pop(_PENDING, [])
    if not pending:
        return False
    if session.get_bind().dialect.name != "sqlite":  # in SQLite whoever writes is alone
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})
    key, (number, previous) = key_for(home), head(session)
    if number == 0 and not path_of(home).exists():
        write_anchor(home, Anchor(0, GENESIS))  # from now on, no anchor means that somebody took it away
    for one in pending:
        number += 1
        made = digest(key, number, one, previous)
        session.add(RecordRow(number=number, **vars(one), previous=previous, digest=made))
        previous = made
    session.flush()
    return True


def head(session: Session) -> tuple[int, str]:
    """The number and digest of the newest row; 0 and GENESIS where there is none."""
    row = RecordRow
    found = session.execute(select(row.number, row.digest).order_by(row.number.desc()).limit(1)).first()
    return (found.number, found.digest) if found else (0, GENESIS)


def move_anchor(database: "Database") -> None:
    """Let the anchor follow the newest row, unless the row that it names is gone or another: then it stays as proof.

    Where the file cannot be written the rows are kept all the same, and the anchor follows later.
    """
    home = database.home
    with suppress(OSError), FileLock(home.path / "record.lock", timeout=10):
        try:
            held = read_anchor(home)
        except Trouble:  # `heartline check` tells of it
            return
        with database.reading() as session:
            number, newest = head(session)
            if held is None or held.number >= number or not stands(session, held):
                return
        write_anchor(home, Anchor(number, newest))


def stands(session: Session, anchor: Anchor) -> bool:
    """Is the row that the anchor names still there as it was, or dropped for its age by a row that says so?"""
    if anchor.number == 0:
        return True
    row = RecordRow
    held = session.scalar(select(row.digest).where(row.number == anchor.number))
    if held is not None:
        return held == anchor.digest
    shortened = session.scalar(select(row.detail).where(row.what == SHORTENED).order_by(row.number.desc()).limit(1))
    return shortened is not None and int(shortened["up_to"]) >= anchor.number


def anchor_anew(database: "Database") -> None:
    """Set the anchor to the newest row there is: after a restore, which brings back an earlier state on purpose."""
    with FileLock(database.home.path / "record.lock", timeout=10), database.reading() as session:
        number, newest = head(session)
        write_anchor(database.home, Anchor(number, newest))
