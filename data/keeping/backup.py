"""A home and its database -> one file, consistent though people write and import meanwhile.

First the database is looked at as it stands in one moment, then the data's versions are listed: a version that anybody
wrote about is there. What versions name never changes, so nobody has to wait while it is copied. What an import is
still writing is named by no version, and is not in the backup.
"""

import errno
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version as installed
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from data import delta, migrations, record, record_chain, versions
from data.clock import instant
from data.database import open_database
from data.erasing import retention
from data.erasing.forgetting import JOURNAL
from data.errors import Trouble
from data.home import Home
from data.keeping import dump
from data.keeping.archive import (
    FILES,
    IN_DATABASE,
    IN_HOME,
    MANIFEST,
    SECRET,
    Entry,
    Hashed,
    Manifest,
    Progress,
    Table,
    check,
)
from data.lake import Lake
from data.pseudonym import key_of_home
from data.record_chain import key_for
from data.record_tables import RecordRow
from data.scope import Right, Scope
from data.settings import read_settings
from data.versions import Version, sync_file, sync_folder

_TRIES = 3
_PIECE = 1 << 20
_SPARE = 16 << 20

Files = dict[str, tuple[Path, os.stat_result]]  # by their names in the backup: where they are, and as they were listed
_LOG = re.compile(r"(\d{20})(\.json|\.checkpoint.*\.parquet)")
_STORED = (".parquet",)  # packed already
# Made again, told apart for each machine, or kept by the database: none of it is missed after a restore.
_MADE_AGAIN = re.compile(r"derived|lost\+found|heartline\.db.*|.*\.lock|\..*|record\.anchor|secrets\.toml")


class _Moved(Exception):
    """What was to be copied is there no more: somebody was forgotten, or what was old was dropped."""


def backup(
    scope: Scope, home: Home, file: Path, *, with_key: bool = True, progress: Progress | None = None
) -> Manifest:
    """Write home and database to `file`, readable by its owner alone, checked, and whole or not at all.

    `with_key`: with the key of the pseudonyms and the addresses of the digest, both secret. Needs the right to run.
    Trouble: there is such a file already, home or database cannot be read or are damaged, or the disk is full.
    """
    scope.require(Right.RUN)
    if os.path.lexists(file):
        raise Trouble(f"{file} is there already: name a file that is not, so that no earlier backup is lost.")
    if not file.parent.is_dir():
        raise Trouble(f"{file} cannot be written: there is no folder {file.parent}.")
    if not home.path.is_dir():
        raise Trouble(f"There is no home {home.path}: name it with --home or HEARTLINE_HOME.")
    tell = progress or (lambda share: None)
    with open_database(home) as database:
        for left in range(_TRIES, 0, -1):
            try:
                retention.end_what_was_begun(home)
                made = _written(home, database.engine, file, with_key, lambda share: tell(0.7 * share))
                break
            except _Moved:
                if left == 1:
                    raise Trouble(f"{home.path} changed all the time while it was copied: try again.") from None
        with _beside_removed(file):
            check(_beside(file), lambda share: tell(0.7 + 0.3 * share))
            record.note(database, scope, "backed up", file.name, data_version=made.data_version, with_key=made.key)
            _named(file)
    return made


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.{os.getpid()}.part")


@contextmanager
def _beside_removed(file: Path) -> Iterator[None]:
    """Where it goes wrong, what was begun is removed and a full disk is said."""
    try:
        yield
    except BaseException as error:
        _beside(file).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Trouble(f"The disk of {file.parent} filled up: make room there, or write it elsewhere.") from None
        if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.errno == errno.EROFS):
            raise Trouble(f"{file} cannot be written ({error.strerror}): write it elsewhere.") from None
        raise


def _named(file: Path) -> None:
    """Give what was written its name, unless another took it meanwhile."""
    try:
        os.link(_beside(file), file)
        _beside(file).unlink()
    except FileExistsError:
        raise Trouble(f"{file} was made by another meanwhile: name another file.") from None
    except OSError:  # a disk that knows no links
        _beside(file).replace(file)
    sync_folder(file.parent)


def _written(home: Home, engine: Engine, file: Path, with_key: bool, tell: Progress) -> Manifest:
    _remove_left_behind(file)
    key_for(home)  # made here where there is none yet, and its anchor with it
    anchor = _raw_anchor(home)  # before the database is looked at: it never runs ahead of the rows
    with dump.snapshot(engine) as connection, _beside_removed(file):
        lake = Lake(home)
        history = lake.history()
        wanted = dict(_of_the_home(lake, history, with_key))
        total = sum(stat.st_size for _, stat in wanted.values())
        _require_space(file, total + _SPARE)
        handle = os.open(_beside(file), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                writer = _Writer(archive, total, tell)
                tables = [writer.table(connection, table) for table in dump.tables_of(connection)]
                for name, (path, _) in wanted.items():
                    writer.file(name, path)
                _refuse_moved(lake, history, wanted)
                manifest = _manifest(home, connection, history, writer.entries, tables, with_key)
                manifest = replace(manifest, anchor=_anchor(home, connection, anchor)).sealed(key_of_home(home))
                archive.writestr(MANIFEST, manifest.dumped())
            raw.flush()
        sync_file(_beside(file))
    return manifest


def _raw_anchor(home: Home) -> str:
    try:
        return record_chain.path_of(home).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _anchor(home: Home, connection: Connection, found: str) -> str:
    """The anchor for the rows that are in the backup. One that does not fit them stays as it is: it is the proof."""
    if not sa.inspect(connection).has_table(RecordRow.__tablename__):
        return ""
    try:
        held = record_chain.parsed(home, found) if found else None
    except Trouble:
        return found
    with Session(connection) as session:
        if held is None or not record.stands(session, held):
            return found
        return record_chain.sealed(key_for(home), record_chain.Anchor(*record.head(session))).decode()


def _remove_left_behind(file: Path) -> None:
    """What a backup to this file that was killed left; one that still runs has another process's number."""
    for old in file.parent.glob(f".{_escaped(file.name)}.*.part"):
        number = old.name.removesuffix(".part").rsplit(".", 1)[1]
        if number.isdigit() and not _runs(int(number)):
            old.unlink(missing_ok=True)


def _escaped(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _runs(process: int) -> bool:
    if process == os.getpid() or sys.platform == "win32":
        return process != os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _of_the_home(
    lake: Lake, history: list[Version], with_key: bool
) -> Iterator[tuple[str, tuple[Path, os.stat_result]]]:
    """Each file to keep: its name in the backup, where it is, and how it is now."""
    home = lake.home
    kept = [home.path / name for name in FILES if with_key or name not in SECRET]
    kept = [path for path in kept if path.is_file() and not _names_a_database(home, path)]
    for folder in (home.profiles, home.plays):
        kept += sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, home))
    try:
        kept += _of_the_lake(home, history)
    except (Trouble, FileNotFoundError):
        _refuse_moved(lake, history)
        raise
    kept += [versions.path_of(home, version.number) for version in history]
    for path in kept:
        try:
            yield IN_HOME + path.relative_to(home.path).as_posix(), (path, path.stat())
        except FileNotFoundError:
            raise _Moved from None


def _names_a_database(home: Home, path: Path) -> bool:
    """Is it the settings, with the address of the database in them? A restored home would then write into that one."""
    named = {held.setting.name for held in read_settings(home).held if held.source == str(path)}
    return path.name == "heartline.toml" and "database_url" in named


def _is_hidden(path: Path, home: Home) -> bool:
    return any(part.startswith(".") for part in path.relative_to(home.path).parts)


def _of_the_lake(home: Home, history: list[Version]) -> list[Path]:
    """The files of every table at every version that names it, and the log up to there. Trouble where one is gone."""
    found: set[Path] = set()
    named: dict[str, set[int]] = {}
    for version in history:
        for table, number in version.tables.items():
            named.setdefault(table, set()).add(number)
    for table, numbers in named.items():
        path = home.lake / table
        for number in numbers:
            found |= {Path(file) for file in delta.files(delta.opened(path, number))["path"]}
        for log in (path / "_delta_log").iterdir():
            known = _LOG.fullmatch(log.name)
            if known and int(known[1]) <= max(numbers):
                found.add(log)
    for path in found:
        if not path.is_file():
            raise delta.damaged(path.parent, f"{path.name} is missing")
    return sorted(found)


def _require_space(file: Path, needed: int) -> None:
    free = shutil.disk_usage(file.parent).free
    if needed > free:
        raise Trouble(
            f"The backup needs up to {needed / 1e6:,.0f} MB, and at {file.parent} there are {free / 1e6:,.0f} MB free: "
            "make room there, or write it elsewhere."
        )


def _refuse_moved(lake: Lake, history: list[Version], files: Files | None = None) -> None:
    """Versions are only added to, save where somebody is forgotten: then what was copied is not what is there."""
    if (lake.home.path / JOURNAL).exists() or lake.history()[: len(history)] != history:
        raise _Moved
    for path, stat in (files or {}).values():
        now = path.stat() if path.exists() else None
        if now is None or (now.st_ino, now.st_size, now.st_mtime_ns) != (stat.st_ino, stat.st_size, stat.st_mtime_ns):
            raise _Moved


class _Writer:
    """Puts one after the other into the archive, and keeps what it put there."""

    def __init__(self, archive: zipfile.ZipFile, total: int, tell: Progress) -> None:
        self.archive, self.total, self.tell = archive, total, tell
        self.entries: list[Entry] = []
        self.done = 0

    def table(self, connection: Connection, table: sa.Table) -> Table:
        name, rows = f"{IN_DATABASE}{table.name}.jsonl", 0
        with self.archive.open(name, "w", force_zip64=True) as raw:
            hashed = Hashed(raw)
            for line in dump.lines(connection, table):
                hashed.write(line)
                rows += 1
        self.entries.append(hashed.entry(name))
        return Table(table.name, dump.columns_of(table), rows)

    def file(self, name: str, path: Path) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o100600 << 16
        info.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
        try:
            with path.open("rb") as source, self.archive.open(info, "w", force_zip64=True) as raw:
                hashed = Hashed(raw)
                while piece := source.read(_PIECE):
                    hashed.write(piece)
        except FileNotFoundError:
            raise _Moved from None
        self.entries.append(hashed.entry(name))
        self.done += hashed.size
        self.tell(min(1.0, self.done / max(1, self.total)))


def _manifest(
    home: Home, connection: Connection, history: list[Version], entries: list[Entry], tables: list[Table], key: bool
) -> Manifest:
    revision = migrations.revision_of(connection)
    assert revision is not None  # noqa: S101 - open_database has brought it up to date
    return Manifest(
        made_at=instant(None).isoformat(timespec="seconds"),
        heartline=installed("heartline"),
        revision=revision,
        data_version=history[-1].number if history else 0,
        database=connection.dialect.name,
        key=key and f"{IN_HOME}key" in {entry.name for entry in entries},
        left_out=tuple(sorted(_left_out(home, {entry.name for entry in entries}))),
        tables=tuple(tables),
        files=tuple(entries),
    )


def _left_out(home: Home, kept: set[str]) -> Iterator[str]:
    """What lies in the home, is not in the backup and is not made again by itself."""
    tops = {name.removeprefix(IN_HOME).split("/")[0] for name in kept}
    for path in home.path.iterdir():
        if path.name not in tops and not _MADE_AGAIN.fullmatch(path.name) and path.name not in ("lake", "versions"):
            yield path.name
