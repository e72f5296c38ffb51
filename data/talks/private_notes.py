"""Private notes beside a one-on-one: only who wrote one may read it, whoever else may see the conversation.

The author is part of the question to the database, not a choice of the page.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Scope
from data.talks.conversations import find
from data.talks.tables import PrivateNoteRow


@dataclass(frozen=True)
class Note:
    """One note of the asker's own. Never changed; taken back, it can be brought back."""

    id: int
    at: datetime
    words: str


def write(scope: Scope, database: Database, conversation_id: int, words: str, *, now: datetime | None = None) -> Note:
    """Keep a note that only the asker will be able to read."""
    text, at, author = tidy_text(words, "private note"), instant(now), asker(scope)
    with database.writing() as session:
        find(session, scope, conversation_id)
        row = PrivateNoteRow(conversation_id=conversation_id, author=author, words=text, at=at)
        session.add(row)
        session.flush()
        return Note(row.id, at, text)


def list_(scope: Scope, database: Database, conversation_id: int, *, removed: bool = False) -> list[Note]:
    """The asker's own notes on a conversation, oldest first; with `removed` those taken back. Nobody else's, ever."""
    with database.reading() as session:
        find(session, scope, conversation_id)
        asked = select(PrivateNoteRow).where(
            PrivateNoteRow.conversation_id == conversation_id, PrivateNoteRow.author == asker(scope)
        )
        rows = session.scalars(asked.order_by(PrivateNoteRow.id))
        return [Note(row.id, row.at, row.words) for row in rows if (row.removed_at is not None) == removed]


def remove(scope: Scope, database: Database, note_id: int, *, back: bool = False, now: datetime | None = None) -> None:
    """Take a note of one's own back, or with `back` bring it back. Another's is not there for the asker."""
    with database.writing() as session:
        row = session.get(PrivateNoteRow, note_id, with_for_update=True)
        if row is None or row.author != asker(scope):
            raise Trouble(f"There is no note {note_id} of yours.")
        find(session, scope, row.conversation_id)
        row.removed_at = None if back else instant(now)
