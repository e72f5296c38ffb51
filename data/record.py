"""The record: who did what, and who looked at which team. Rows are added in a chain, and never changed.

Order is the number, not the time, so a clock that is set back is no trouble. What a change's own transaction notes is
kept or lost with the change. No id of a customer or an agent, and no secret, is ever noted.
"""

import time
from contextlib import suppress
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data import record_raw
from data.clock import instant
from data.errors import Trouble
from data.home import Home
from data.record_began import first_of_a_new_chain, lost
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
LOOKED_AT_ALL = "looked at all teams"  # that the asker may see: `teams` of its detail, if not every one
TOOK_OUT = "took out"  # an export, a pack, tickets: whatever leaves Heartline as a file
OF_NO_TEAM = frozenset(("the page for staff", "the record", "the day of a one-on-one"))
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
    _once_an_hour(database, scope, LOOKED, team_id, {"page": page}, page=page)


def looked_at_all(database: "Database", scope: Scope, page: str) -> None:
    """Note that the asker looked at all teams that they may see, on this page; once an hour, whichever the page."""
    if scope.teams is None or scope.teams:
        _once_an_hour(database, scope, LOOKED_AT_ALL, "", _teams(scope), page=page, **_teams(scope))


def took_out(database: "Database", scope: Scope, of: str, about: str = "") -> None:
    """Note what leaves Heartline as a file: of one team (`about`), or of all that the asker may see."""
    teams = {} if about else _teams(scope)
    note(database, scope, TOOK_OUT, about, of=of, role=role_of(scope, about), **teams)


def _teams(scope: Scope) -> dict[str, Any]:
    """Which teams the asker may see, for a row that is of more than one; nothing: all."""
    return {} if scope.teams is None else {"teams": sorted(scope.teams)}


_seen: dict[tuple[object, ...], float] = {}
_seen_lock = Lock()


def _once_an_hour(
    database: "Database", scope: Scope, what: str, about: str, alike: dict[str, Any], **detail: Any
) -> None:
    """Note it, unless the same asker did the same within the hour, with the same in `alike` of its detail."""
    place = (str(database.engine.url), scope.asker, what, about, str(alike))
    with _seen_lock:
        if place in _seen and time.monotonic() - _seen[place] < LOOK_AGAIN.total_seconds():
            return
    if not _noted_lately(database, scope.asker, what, about, alike):
        note(database, scope, what, about, role=role_of(scope, about), **detail)
    with _seen_lock:
        if len(_seen) > _MOST_REMEMBERED:
            _seen.clear()
        _seen[place] = time.monotonic()


def _noted_lately(database: "Database", who: str, what: str, about: str, alike: dict[str, Any]) -> bool:
    row, now = RecordRow, instant(None)
    lately = (row.at > now - LOOK_AGAIN, row.at <= now)
    asked = record_raw.asked().where(row.about == about, *lately, row.what == what, row.who == who)
    with database.reading() as session:
        found = [one.detail or {} for one in record_raw.raw(session, asked)]
    keys = ("page",) if "page" in alike else ("teams",)
    return any(all(one.get(key) == alike.get(key) for key in keys) for one in found)


def role_of(scope: Scope, team_id: str) -> str:
    """In which role somebody looks at a team ("": at all that they may see): without sign-in "local"."""
    if not scope.signed_in:
        return "local"
    whole = not team_id
    if (scope.own and scope.own == scope.teams) if whole else team_id in scope.own:
        return "member"
    if (
        (scope.may(Right.COACH) and scope.reach(Right.COACH) == scope.teams)
        if whole
        else scope.may(Right.COACH, team_id)
    ):
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
    if number == 0 and lost(session, home, pending):
        pending.insert(0, first_of_a_new_chain())
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
    asked = record_raw.asked().where(row.what == SHORTENED).order_by(row.number.desc()).limit(1)
    for shortened in record_raw.raw(session, asked):
        up_to = (shortened.detail or {}).get("up_to")
        return isinstance(up_to, int) and up_to >= anchor.number
    return False
