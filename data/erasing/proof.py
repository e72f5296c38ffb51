"""The proof: reads every byte of a home, and says what it looked at and where it found anything.

Files are read as bytes; Parquet is also read as what it says, dictionaries and statistics included; the database's
tables are read through it, and its file and log as bytes like any other.
"""

import json
import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from data.all_tables import Base
from data.database import Database
from data.home import Home

SHORTEST = 5  # characters: a shorter id is found everywhere, and says nothing

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Found:
    """Where something was found, and what: "the pseudonym", or "the id" (which may be another thing's, too)."""

    where: str
    what: str


@dataclass
class Looked:
    """What was looked at, and what was found there."""

    files: int = 0
    bytes: int = 0
    parquet: int = 0
    values: int = 0
    rows: int = 0
    found: list[Found] = field(default_factory=list)
    too_short: bool = False
    id_sought: bool = False

    def of(self, what: str) -> list[Found]:
        return [one for one in self.found if one.what == what]


def look(home: Home, database: Database, pseudonyms: list[str], given: str | None, tell: Progress) -> Looked:
    """Look for these pseudonyms, and for the id as it was given, in all that the home and its database hold."""
    sought = {"the pseudonym": re.compile("|".join(re.escape(one) for one in pseudonyms))}
    looked = Looked()
    if given is not None and given not in pseudonyms:
        if len(given) >= SHORTEST:
            looked.id_sought = True
            sought["the id"] = re.compile(rf"(?<![0-9A-Za-z_-]){re.escape(given)}(?![0-9A-Za-z_-])")
        else:
            looked.too_short = True
    # Whoever closes a file of SQLite's drops the locks of this process's connections: there shall be none meanwhile.
    database.engine.dispose()
    files = sorted(path for path in home.path.rglob("*") if path.is_file())
    for place, file in enumerate(files):
        tell("looking through every file", place / max(len(files), 1))
        _file(home, file, sought, looked)
    with database.reading() as session:
        _database(session, sought, looked)
    return looked


Sought = dict[str, re.Pattern[str]]


def _file(home: Home, file: Path, sought: Sought, looked: Looked) -> None:
    size = file.stat().st_size
    looked.files += 1
    looked.bytes += size
    where = file.relative_to(home.path).as_posix()
    for what, pattern in sought.items():
        if pattern.search(where):
            looked.found.append(Found(f"the name of {where}", what))
    if not size:
        return
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for what, pattern in sought.items():
            if _as_bytes(pattern).search(content) is not None:
                looked.found.append(Found(where, what))
    if file.suffix == ".parquet":
        looked.parquet += 1
        for value in _values(file):
            looked.values += 1
            for what, pattern in sought.items():
                if pattern.search(value):
                    looked.found.append(Found(f"{where}, as a value", what))


def _as_bytes(pattern: re.Pattern[str]) -> re.Pattern[bytes]:
    return re.compile(pattern.pattern.encode())


def _values(file: Path) -> Iterator[str]:
    """Each distinct text of each piece of each column, as its dictionary has it; and the least and greatest that are
    kept beside it."""
    texts = [
        one.name for one in pq.read_schema(file) if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)
    ]
    opened = pq.ParquetFile(file, read_dictionary=texts)
    for group in range(opened.num_row_groups):
        about = opened.metadata.row_group(group)
        for column in range(about.num_columns):
            kept = about.column(column).statistics
            if kept is not None and kept.has_min_max:
                yield from (str(one) for one in (kept.min, kept.max))
        read = opened.read_row_group(group, columns=texts)
        for column in read.columns:
            for chunk in column.chunks:
                words = chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk.unique()
                yield from (one for one in words.to_pylist() if one is not None)
    yield json.dumps({str(name): str(value) for name, value in (opened.metadata.metadata or {}).items()})


def _database(session: Session, sought: Sought, looked: Looked) -> None:
    for table in Base.metadata.sorted_tables:
        columns = [cast(column, Text) for column in table.columns]
        for row in session.execute(select(*columns)):
            looked.rows += 1
            text = "\n".join(one for one in row if one is not None)
            for what, pattern in sought.items():
                if pattern.search(text):
                    looked.found.append(Found(f"the table {table.name} of the database", what))
