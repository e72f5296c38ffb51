"""Where a record begins: with its home's key, at an upgrade from before there was one, or anew after it was lost.

The key is made together with the record's anchor. So a home with a key, with data or with what people recorded, and
with neither rows nor anchor had a record once. A new chain says so in its first row, and `heartline check` repeats it.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from data.access_tables import GrantRow
from data.clock import instant
from data.errors import Trouble
from data.home import Home
from data.purpose_tables import ForgottenRow, PurposeRow
from data.record_chain import GENESIS, Anchor, Entry, entry, path_of, read_anchor, write_anchor

BEGAN = "began the record"  # of a home from before there was one
BEGAN_ANEW = "began the record anew"  # where there had been one, which is gone
FIRST_REVISION = "0012"  # of the database: the first with a record
_BY = "heartline"


def lost(session: Session, home: Home, pending: Sequence[Entry] = ()) -> bool:
    """There is no row: is there a trace that there were some? `pending`: what this transaction will add."""
    try:
        anchor = read_anchor(home)
    except Trouble:
        return True
    if anchor is not None and anchor.number > 0:
        return True
    return (anchor is None and _has_data(home)) or _recorded_things(session) > sum(map(_adds_one, pending))


def _has_data(home: Home) -> bool:
    return home.versions.is_dir() and any(home.versions.glob("*.json"))


def _recorded_things(session: Session) -> int:
    """Purposes, grants and requests to be forgotten: each came into the database together with a row of its own."""
    asked = select(func.count()).select_from(ForgottenRow).where(ForgottenRow.of.is_(None))
    tables = (select(func.count()).select_from(table) for table in (PurposeRow, GrantRow))
    return sum(int(session.scalar(one) or 0) for one in (asked, *tables))


def _adds_one(one: Entry) -> bool:
    """Does this row tell of one of `_recorded_things`?"""
    return one.what in {"gave access", "was asked to forget"} or one.detail.get("of") == "purpose"


def first_of_a_new_chain() -> Entry:
    """The row by which a chain begins where an earlier one is gone."""
    return entry(instant(None), _BY, BEGAN_ANEW, "", {})


def begin(connection: Connection, home: Home, before: str | None) -> None:
    """In the transaction that brought the database from revision `before` (None: it was empty) to the newest.

    A home from before there was a record begins one, and says so in its first row. An empty database with a home that
    has no data has nothing to lose yet: only the anchor is laid.
    """
    from data import record

    older = before is not None and before < FIRST_REVISION
    if not home.key.exists() or path_of(home).exists() or not (older or (before is None and not _has_data(home))):
        return
    write_anchor(home, Anchor(0, GENESIS))
    if older:
        with Session(connection) as session:
            record.note_in(session, _BY, BEGAN, "", revision=before)
            record.append_pending(session, home)
            session.commit()  # of the session alone: the transaction is the caller's
