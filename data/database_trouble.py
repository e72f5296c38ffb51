"""What a database's refusal means for the person in front of it: one sentence with what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from data.errors import Trouble

# SQLite's result codes (https://sqlite.org/rescode.html), without the part after the second underscore.
_SQLITE = {
    "NOTADB": "The file {where} is no database: move it away, or choose another home with --home.",
    "CORRUPT": "The database {where} is damaged: put back a copy of it, or move it away to begin with an empty one.",
    "CANTOPEN": "The database {where} cannot be opened: give read and write access to it and its folder.",
    "READONLY": "The database {where} cannot be written: give write access to it and its folder.",
    "PERM": "The database {where} cannot be written: give write access to it and its folder.",
    "FULL": "The disk is full, so the database {where} could not keep the change: make room and try again.",
    "IOERR": "The disk failed under the database {where}: check the disk and its free space, then try again.",
    "BUSY": "Another program has held the database {where} for too long: nothing was changed, try again.",
    "LOCKED": "Another program has held the database {where} for too long: nothing was changed, try again.",
}


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what a person can mend into Trouble; what only we can mend (a wrong query) stays as it is."""
    try:
        yield
    except DBAPIError as error:
        sentence = _sentence(error, url)
        if sentence is None:
            raise
        raise Trouble(sentence) from error
    except OSError as error:  # of a file that is kept with a transaction, such as the record's anchor
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        raise Trouble(_SQLITE["FULL"].format(where=where)) from error


def _sentence(error: DBAPIError, url: URL) -> str | None:
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]
        found = _SQLITE.get(code)
        return found and found.format(where=url.database)
    where = url.render_as_string(hide_password=True)
    lines = [" ".join(line.split()) for line in str(error.orig).splitlines()]  # what follows the first is advice
    reason = next((line for line in lines if line), "no reason was given").rstrip(".:")
    if error.connection_invalidated or str(getattr(error.orig, "sqlstate", "")).startswith("57P"):  # it is stopped
        return (
            f"The connection to the database server at {where} broke off ({reason}): wait a moment, look whether what "
            "you wrote is there, and if it is not, write it again."
        )
    if isinstance(error, OperationalError | InterfaceError):
        return f"The database server at {where} did not answer as it should ({reason}): check that it runs and the URL."
    if getattr(error.orig, "sqlstate", None) == "42501":  # insufficient privilege
        return f"The database server at {where} does not allow this ({reason}): give this user the right to it."
    return None
