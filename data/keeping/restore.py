"""A backup -> an empty home and an empty database: all of it, checked before and after, or nothing.

A marker lies in the home from the first byte to the last check, and nothing opens a home in which it lies. Killed in
the middle, the home says so, and is restored again from the start.
"""

import errno
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect

from data import migrations, record
from data.all_tables import Base
from data.clock import instant
from data.database import Database, engine_of, migrating
from data.database_trouble import told
from data.errors import Trouble
from data.home import RESTORING, Home
from data.keeping import dump
from data.keeping.archive import (
    FILES,
    FOLDERS,
    IN_DATABASE,
    IN_HOME,
    SECRET,
    Entry,
    Manifest,
    Progress,
    check,
    hash_of,
    manifest_of,
    opened,
    pieces,
    verifiable,
)
from data.record_began import FIRST_REVISION
from data.record_chain import ANCHOR, GENESIS, Anchor, path_of, write_anchor
from data.scope import Right, Scope
from data.versions import sync_file, sync_folder, write_whole

# What an operator may lay into the home beforehand: it stays as it is. The key, where the backup has none.
_MAY_BE_THERE = frozenset({"heartline.toml", "secrets.toml", "key", "lost+found"})
_LOCK = "restoring.lock"
_SPARE = 64 << 20
_TOKEN = sa.Table("heartline_restoring", sa.MetaData(), sa.Column("token", sa.Text, primary_key=True))


@dataclass(frozen=True)
class Restored:
    """What was restored; `kept` is what lay in the home and was left as it is; `sure`: its seal could be checked."""

    manifest: Manifest
    kept: tuple[str, ...]
    sure: bool = True


def restore(scope: Scope, file: Path, home: Home, *, progress: Progress | None = None) -> Restored:
    """Put the backup `file` into `home`, which is empty or half restored, and bring its database up to date.

    Needs the right to run. Trouble: the backup is damaged, unsafe or of a newer Heartline, the home or its database is
    not empty, or the disk is full. Then nothing is there afterwards that was not there before.
    """
    scope.require(Right.RUN)
    tell = progress or (lambda share: None)
    manifest = check(file, lambda share: tell(0.3 * share), key=home.key)
    sure = verifiable(manifest, home.key)
    with _alone(home):
        kept = _refuse_what_is_there(home, manifest)
        token = _begun(home, file, kept)
        try:
            with _engine(home) as engine:
                _refuse_full(engine, token)
                _emptied(home, engine, token, kept)
            with _engine(home) as engine:
                _filled(home, engine, file, manifest, token, lambda share: tell(0.3 + 0.6 * share))
                _noted(scope, Database(engine, home), file, manifest)
        except BaseException as error:
            with suppress(Trouble), _engine(home) as engine:
                _emptied(home, engine, token, kept)
            (home.path / RESTORING).unlink(missing_ok=True)
            raise _in_words(error, home) from error
        with _engine(home) as engine:
            _ended(home, engine)
    tell(1.0)
    return Restored(manifest, tuple(sorted(kept)), sure)


@contextmanager
def _engine(home: Home) -> Iterator[Engine]:
    """The home's database, whatever is in it; its file is made where it is missing."""
    engine, failed = engine_of(home), None
    try:
        with told(engine.url):
            try:
                yield engine
            except OSError as error:  # of a file of the home: said below in a restore's own words
                failed = error
        if failed is not None:
            raise failed
    finally:
        engine.dispose()


def _noted(scope: Scope, database: Database, file: Path, manifest: Manifest) -> None:
    """In the record, which goes on from where the backup left it. Without its key it cannot.

    The anchor is the sealed one of the backup. Where the rows do not reach it, it stays, and `heartline check` tells.
    """
    if manifest.anchor:
        write_whole(path_of(database.home), manifest.anchor.encode())
    elif database.home.key.exists() and manifest.revision < FIRST_REVISION:
        write_anchor(database.home, Anchor(0, GENESIS))  # there was no record then
    if database.home.key.exists():
        record.note(database, scope, "restored", file.name, made_at=manifest.made_at)


def _ended(home: Home, engine: Engine) -> None:
    """From here on it is a home like any other. What is left of the token in the database would do no harm."""
    (home.path / RESTORING).unlink()
    sync_folder(home.path)
    with engine.begin() as connection:
        _TOKEN.drop(connection)


def _in_words(error: BaseException, home: Home) -> BaseException:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Trouble(
            f"The disk of {home.path} filled up: make room, or restore to another. The home is empty as before."
        )
    if isinstance(error, OSError):
        return Trouble(f"{home.path} cannot be written ({error.strerror or error}). The home is empty as before.")
    return error


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Hold the home against another restore."""
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home.path / _LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise Trouble(f"Another restore into {home.path} is under way: wait for it to end.") from None
    except OSError as error:
        raise Trouble(f"The home {home.path} cannot be written ({error.strerror or error}): name another.") from None
    with lock:
        yield
    lock.release()


def _refuse_what_is_there(home: Home, manifest: Manifest) -> frozenset[str]:
    """The names of what may stay. Trouble where anything else lies in the home, unless it is the half of a restore."""
    there = {path.name for path in home.path.iterdir() if path.suffix != ".lock"}
    half = _half(home)
    if half is not None:
        ours = {*FOLDERS, *FILES, "derived", ANCHOR, RESTORING, *half.get("kept", ())}
        strange = {name for name in there - ours if not name.startswith(("heartline.db", "."))}
        kept = frozenset(half.get("kept", ())) & there
    else:
        strange, kept = {name for name in there - _MAY_BE_THERE if name[0] != "."}, frozenset(there)
    if strange:
        some = ", ".join(sorted(strange)[:3])
        raise Trouble(f"The home {home.path} is not empty (it holds {some}): restore into an empty one.")
    if "key" in kept and manifest.key:
        raise Trouble(f"There is a key in {home.path}, and one in the backup: move {home.key} away.")
    return kept


def _half(home: Home) -> dict[str, Any] | None:
    """What the marker of a restore that never ended says; None where there is no marker."""
    try:
        raw = json.loads((home.path / RESTORING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _begun(home: Home, file: Path, kept: frozenset[str]) -> str:
    """Lay the marker, with a token by which what is put into the database is known for ours: the same at each try."""
    token = str((_half(home) or {}).get("token") or token_hex(8))
    said = {"file": str(file), "at": instant(None).isoformat(), "kept": sorted(kept), "token": token}
    write_whole(home.path / RESTORING, json.dumps(said).encode())
    return token


def _refuse_full(engine: Engine, token: str) -> None:
    """Trouble where the database holds anything of Heartline's that a restore with this token did not put there."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        ours = there & {*Base.metadata.tables, migrations.VERSION_TABLE}
        if ours and not (_TOKEN.name in there and connection.scalar(sa.select(_TOKEN.c.token)) == token):
            where = engine.url.render_as_string(hide_password=True)
            raise Trouble(f"The database {where} is not empty: name an empty one (see docs/backup.md).")


def _emptied(home: Home, engine: Engine, token: str, kept: frozenset[str]) -> None:
    """Take away what a restore with this token put into home and database; what was there before it stays."""
    if engine.dialect.name != "sqlite" or Path(str(engine.url.database)).parent != home.path:
        with migrating(engine) as connection:
            there = set(inspect(connection).get_table_names())
            if _TOKEN.name in there and connection.scalar(sa.select(_TOKEN.c.token)) == token:
                migrations.downgrade(connection, "base")
                connection.execute(sa.text(f"DROP TABLE {migrations.VERSION_TABLE}"))
                _TOKEN.drop(connection)
    engine.dispose()
    for path in home.path.iterdir():
        ours = path.name in {*FOLDERS, *FILES, "derived", ANCHOR} or path.name.startswith(("heartline.db", "."))
        if ours and path.name not in kept:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _filled(home: Home, engine: Engine, file: Path, manifest: Manifest, token: str, tell: Progress) -> None:
    free = shutil.disk_usage(home.path).free
    if manifest.size + _SPARE > free:
        raise Trouble(
            f"The backup takes {manifest.size / 1e6:,.0f} MB unpacked, and at {home.path} there are "
            f"{free / 1e6:,.0f} MB free: make room, or restore to another disk."
        )
    kept = {path.name for path in home.path.iterdir()}
    with opened(file) as archive:
        if manifest_of(archive, file) != manifest:
            raise Trouble(f"{file} changed while it was read: try again.")
        entries = [one for one in manifest.files if one.name.startswith(IN_HOME)]
        entries = [one for one in entries if one.name.removeprefix(IN_HOME) not in kept]
        done = 0
        for entry in entries:
            _unpacked(archive, entry, file, home)
            done += entry.size
            tell(0.6 * done / max(1, manifest.size))
        _synced(home, entries)
        for entry in entries:
            if hash_of(_place(home, entry)) != entry.sha256:
                raise Trouble(f"{_place(home, entry)} is not what was written to it: check that disk.")
        tell(0.8)
        with migrating(engine) as connection:
            _database(connection, archive, file, manifest, token)


def _place(home: Home, entry: Entry) -> Path:
    return home.path.joinpath(*entry.name.removeprefix(IN_HOME).split("/"))


def _unpacked(archive: zipfile.ZipFile, entry: Entry, file: Path, home: Home) -> None:
    place = _place(home, entry)
    place.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if place.name in {*SECRET, "heartline.toml"} else 0o644
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as raw:
        for piece in pieces(archive, entry, file):
            raw.write(piece)
    sync_file(place)


def _synced(home: Home, entries: list[Entry]) -> None:
    """Put the names of what was unpacked on the disk, the deepest folder first."""
    folders = {
        folder for entry in entries for folder in _place(home, entry).parents if folder.is_relative_to(home.path)
    }
    for folder in sorted(folders, key=lambda one: -len(one.parts)):
        sync_folder(folder)


def _database(connection: Connection, archive: zipfile.ZipFile, file: Path, manifest: Manifest, token: str) -> None:
    """Make the tables as they were at the backup's revision, fill them, look that they say the same, bring them on."""
    migrations.upgrade(connection, manifest.revision)
    _TOKEN.create(connection)
    connection.execute(_TOKEN.insert().values(token=token))
    entries = {entry.name: entry for entry in manifest.files}
    said = {table.name: table for table in manifest.tables}
    tables = dump.tables_of(connection, said)
    if len(tables) != len(said):
        raise Trouble(f"{file} holds tables that its revision {manifest.revision} does not have: it is damaged.")
    for table in reversed(tables):
        if connection.scalar(sa.select(sa.func.count()).select_from(table)):
            connection.execute(table.delete())  # what the revisions themselves put there
    for table in tables:
        entry = entries[f"{IN_DATABASE}{table.name}.jsonl"]
        dump.insert(connection, table, said[table.name].columns, _rows(pieces(archive, entry, file)))
        hashed = hashlib.sha256()
        for line in dump.lines(connection, table):
            hashed.update(line)
        if hashed.hexdigest() != entry.sha256:
            raise Trouble(f"The table {table.name} is not the same in this database: the backup was not restored.")
        dump.count_on(connection, table)
    migrations.upgrade(connection)


def _rows(content: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of pieces."""
    rest = b""
    for piece in content:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest
