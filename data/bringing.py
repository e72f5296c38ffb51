"""Bringing data in, and what was set aside on the way: for who has the right to, by command and by page alike.

What came in is told to who may bring more: rows that were set aside hold cells of any team.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from data import record, rejects
from data.check import Finding, findings
from data.database import open_database
from data.home import Home
from data.intake import Progress, Summary, import_file
from data.lake import Lake
from data.scope import Right, Scope
from data.versions import Version


def take_in(
    scope: Scope,
    home: Home,
    path: Path,
    table: str | None = None,
    profile: str | None = None,
    *,
    progress: Progress | None = None,
    name: str | None = None,
) -> Summary:
    """Take a file in: see data.intake."""
    scope.require(Right.IMPORT)
    made = import_file(home, path, table, profile, progress=progress, name=name)
    with open_database(home) as database:
        record.note(database, scope, "imported", made.file[:200], version=made.version, new=made.new_version)
    return made


def set_aside(
    scope: Scope,
    home: Home,
    number: int | None = None,
    file: str | None = None,
    table: str | None = None,
    *,
    mended: bool = False,
) -> pl.DataFrame:
    """Rows set aside, one line a bad cell: see data.rejects."""
    scope.require(Right.IMPORT)
    return rejects.listing(home, number, file, table, mended=mended)


def export(
    scope: Scope, home: Home, path: Path, number: int | None = None, file: str | None = None, table: str | None = None
) -> int:
    """The same as a file, to be mended and imported as it is; gives how many rows."""
    scope.require(Right.IMPORT)
    return rejects.export(home, path, number, file, table)


def history(scope: Scope, home: Home) -> list[Version]:
    """The versions of the data, oldest first: when, from which file, how many rows.

    How many rows, and from which file, is for who may import: they count the teams that are left out of everything.
    """
    versions = Lake(home).history()
    if scope.may(Right.IMPORT):
        return versions
    scope.require(Right.READ)
    return [replace(one, source="", tables={}, rows={}, summary={}) for one in versions]


def to_mend(scope: Scope, home: Home) -> list[Finding]:
    """What is wrong with this installation and its data: for who may mend it; nothing for others."""
    return findings(home) if scope.may(Right.RUN) or scope.may(Right.IMPORT) else []
