"""The list of who is forgotten as a file: fingerprints and days, so that a restored backup does not bring them back.

Without the home's key a fingerprint tells nothing of whose it is; the file holds no id and no pseudonym.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from data import record
from data.clock import instant
from data.database import Database
from data.erasing import forgetting
from data.erasing.forgotten import KINDS, TICKET, fingerprint, standing
from data.errors import Trouble
from data.home import Home
from data.purpose_tables import ForgottenRow
from data.scope import Right, Scope
from data.versions import write_whole

FORMAT = 1
LARGEST = 256 << 20
_MARK = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Line:
    """One who is forgotten, or a ticket of theirs: `of` is then the fingerprint of whose it is."""

    kind: str
    fingerprint: str
    asked_on: date
    of: str | None


def export(scope: Scope, home: Home, database: Database, file: Path) -> int:
    """Write the fingerprints of all who stand on the list; how many people. Needs the right to run."""
    scope.require(Right.RUN)
    row = ForgottenRow
    with database.reading() as session:
        found = session.scalars(select(row).where(row.lifted_at.is_(None)).order_by(row.id)).all()
        whose = {one.id: one.fingerprint for one in found if one.of is None}
        lines = [
            {"kind": one.kind, "fingerprint": one.fingerprint, "asked_on": one.asked_on.isoformat()}
            | ({} if one.of is None else {"of": whose[one.of]})
            for one in found
            if one.of is None or one.of in whose
        ]
    said = {"format": FORMAT, "made_at": instant(None).isoformat(), "key": _of_key(home), "forgotten": lines}
    try:
        write_whole(file, json.dumps(said, indent=1).encode())
        file.chmod(0o600)
    except OSError as error:
        raise Trouble(f"{file} cannot be written: {error.strerror or error}.") from None
    record.note(database, scope, record.TOOK_OUT, "", of="the list of who is forgotten", people=len(whose))
    return len(whose)


def lines_in(file: Path) -> tuple[str, list[Line]]:
    """What such a file says: by which key it was made, and who is on it. Trouble where it is none."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        said = json.loads(content) if len(content) <= LARGEST else None
        lines = [_line(one) for one in said["forgotten"]]  # type: ignore[index]  # what is none is said below
        if said["format"] != FORMAT:  # type: ignore[index]
            raise ValueError("format")
        return str(said["key"]), lines  # type: ignore[index]
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror or error}.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Trouble(
            f"{file} is no list of who is forgotten, as `heartline forget --export-list` writes it."
        ) from None


def take(scope: Scope, home: Home, database: Database, file: Path) -> int:
    """Put whoever is on that list and not on ours on it, and take them out; how many people. Needs the right to run.

    Trouble: the file is no such list, the key is missing, or the list was made with another home's key.
    """
    scope.require(Right.RUN)
    key, lines = lines_in(file)
    if not home.key.exists():
        raise Trouble(f"The key {home.key} is missing, without which nobody is known again: lay it there first.")
    if key != _of_key(home):
        raise Trouble(f"{file} was made with another home's key: nobody on it could be known again here.")
    new, at = 0, instant(None)
    with database.writing() as session:
        numbers: dict[str, int] = {}
        for line in sorted(lines, key=lambda one: one.of is not None):  # people before their tickets
            row = standing(session, line.fingerprint)
            if row is None and (line.of is None or line.of in numbers):
                of = None if line.of is None else numbers[line.of]
                row = ForgottenRow(
                    kind=line.kind, fingerprint=line.fingerprint, of=of, asked_on=line.asked_on, by=scope.asker, at=at
                )
                session.add(row)
                session.flush()
                new += line.of is None
            if row is not None and line.of is None:
                row.done_at = None  # again: what was restored may hold what went after the backup
                numbers[line.fingerprint] = row.id
        record.note_in(session, scope, "took over the list of who is forgotten", "", people=len(numbers), new=new)
    forgetting.resume(home, database)
    return new


def _line(said: dict[str, str]) -> Line:
    kind, mark, of = said["kind"], said["fingerprint"], said.get("of")
    if kind not in (*KINDS, TICKET) or (kind == TICKET) != (of is not None):
        raise ValueError(kind)
    if not all(_MARK.fullmatch(one) for one in (mark, of) if one is not None):
        raise ValueError(mark)
    return Line(kind, mark, date.fromisoformat(said["asked_on"]), of)


def _of_key(home: Home) -> str:
    """By which the key is known again, and which tells nothing of it."""
    return fingerprint(home, "list", "key")
