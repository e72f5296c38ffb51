"""Lifting the database's refusal to drop rows of the record, for its own shortening alone, inside one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

_IN_SQLITE = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'record_no_delete'"


@contextmanager
def lifted(session: Session) -> Iterator[None]:
    """Rows may be dropped in this block. Others never see it: it is put back before the transaction ends."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("ALTER TABLE record_entries DISABLE TRIGGER record_no_change"))
        yield
        session.execute(text("ALTER TABLE record_entries ENABLE TRIGGER record_no_change"))
        return
    made = session.scalar(text(_IN_SQLITE))
    if made:
        session.execute(text("DROP TRIGGER record_no_delete"))
    yield
    if made:
        session.execute(text(made))
