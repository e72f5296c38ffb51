"""What a backup is: one zip with the home's files, each table of the database as text, and a manifest of them all.

A backup may come from anywhere, so reading it believes nothing: names, sizes, hashes and the zip itself are checked,
and the manifest's seal, an HMAC under a key derived from the home's, wherever that key is in the backup or at hand.
"""

import hashlib
import hmac
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from data import migrations
from data.errors import Trouble
from data.record_chain import derived

FORMAT = 1
MANIFEST = "manifest.json"
IN_HOME, IN_DATABASE = "home/", "database/"
_KEY = f"{IN_HOME}key"
# Of the home these are kept. What is derived is made again; secrets.toml and what names a database stay where they are.
FOLDERS = ("lake", "versions", "profiles", "plays")
FILES = ("key", "digest.toml", "heartline.toml", "planted.json")
SECRET = ("key", "digest.toml")  # the key, and the passwords of the mail servers
_PIECE = 1 << 20
_LARGEST_MANIFEST = 256 << 20
# Deflate makes a thousand times less of zeros at best; of rows of a table about ten times. Parquet is stored as it is.
_DENSEST, _SMALL = 200, 16 << 20
_SEGMENT = re.compile(r'[^\x00-\x1f\x7f/\\:*?"<>|]{1,255}')

# What reading a zip that was changed may come upon. RuntimeError: locked; NotImplementedError: packed otherwise.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error, NotImplementedError, RuntimeError)

# How much of the bytes is done (0 to 1).
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Entry:
    """One file of the archive: its name there, its size in bytes, and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """One table of the database: its columns, each a name and a kind (data.keeping.dump.KINDS), and how many rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What the backup says it holds. `made_at` is an ISO instant, `left_out` what of the home is not in it.

    `anchor`: how far the record reaches, sealed, as it is to lie in the home (data.record_chain); empty: there is none.
    `seal`: over all of this, under the home's key.
    """

    made_at: str
    heartline: str
    revision: str
    data_version: int
    database: str
    key: bool
    left_out: tuple[str, ...]
    tables: tuple[Table, ...]
    files: tuple[Entry, ...]
    anchor: str = ""
    seal: str = ""

    @property
    def size(self) -> int:
        """Bytes of all that it holds, unpacked."""
        return sum(entry.size for entry in self.files)

    def dumped(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1).encode()

    def sealed(self, key: bytes) -> "Manifest":
        """The same with its seal, under the key of the home."""
        body = json.dumps({"format": FORMAT, **asdict(self), "seal": ""}, sort_keys=True, separators=(",", ":"))
        return replace(self, seal=hmac.digest(derived(key, b"heartline backup"), body.encode(), "sha256").hex())


class Hashed:
    """A file that is written to, and knows how much and with which hash."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def write(self, content: bytes) -> None:
        self.file.write(content)
        self.hash.update(content)
        self.size += len(content)

    def entry(self, name: str) -> Entry:
        return Entry(name, self.size, self.hash.hexdigest())


def hash_of(path: Path) -> str:
    """The SHA-256 of a file on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, for reading. Trouble where it is missing, cut short, or no zip."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Trouble(f"There is no file {path}: name the backup to read.") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror or error}).") from None
    except (*_UNREADABLE, UnicodeError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from None
    with archive:
        yield archive


def _damaged(path: Path, why: str) -> Trouble:
    return Trouble(f"{path} is no whole backup of Heartline ({why}): take another. Nothing was changed.")


def manifest_of(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest, after a look that the archive holds just what it names, safely. Trouble that says what is off."""
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _LARGEST_MANIFEST:
            raise _damaged(path, "its manifest is far too large")
        with archive.open(info) as file:
            raw = json.loads(file.read(_LARGEST_MANIFEST))
        if raw["format"] > FORMAT:
            raise Trouble(f"{path} was made by a newer Heartline (format {raw['format']}): install that to restore it.")
        manifest = _parsed(raw)
    except (KeyError, TypeError, AttributeError, OSError, *_UNREADABLE) as error:
        raise _damaged(path, f"its manifest cannot be read: {error!r}"[:200]) from None
    if manifest.revision not in migrations.known():
        raise Trouble(
            f"{path} was made by a newer Heartline (its database stands at revision {manifest.revision}, this one "
            f"knows up to {migrations.known()[-1]}): update Heartline first. Nothing was changed."
        )
    _refuse_unsafe(archive, manifest, path)
    return manifest


def _parsed(raw: Any) -> Manifest:
    return Manifest(
        made_at=str(raw["made_at"]),
        heartline=str(raw["heartline"]),
        revision=str(raw["revision"]),
        data_version=int(raw["data_version"]),
        database=str(raw["database"]),
        key=bool(raw["key"]),
        left_out=tuple(str(name) for name in raw["left_out"]),
        tables=tuple(
            Table(str(one["name"]), tuple((str(name), str(kind)) for name, kind in one["columns"]), int(one["rows"]))
            for one in raw["tables"]
        ),
        files=tuple(Entry(str(one["name"]), int(one["size"]), str(one["sha256"])) for one in raw["files"]),
        anchor=str(raw["anchor"]),
        seal=str(raw["seal"]),
    )


def _refuse_unsafe(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    there = {info.filename: info for info in archive.infolist()}
    named = {entry.name: entry for entry in manifest.files}
    if len(there) != len(archive.infolist()) or len(named) != len(manifest.files):
        raise _damaged(path, "it holds a file twice")
    if len({name.casefold() for name in named}) != len(named):
        raise _damaged(path, "it holds two files whose names differ in capitals alone")
    for name in sorted((there.keys() - {MANIFEST}) ^ named.keys()):
        raise _damaged(path, f"{name!r} is in the archive or in its manifest, but not in both"[:200])
    tables = {f"{IN_DATABASE}{table.name}.jsonl" for table in manifest.tables}
    if tables != {name for name in named if name.startswith(IN_DATABASE)}:
        raise _damaged(path, "its tables are not those of its manifest")
    if manifest.key != (_KEY in named):
        raise _damaged(path, "its key is in the archive or in its manifest, but not in both")
    for name, entry in named.items():
        if not _is_safe(name):
            raise _damaged(path, f"{name!r} is no name that a backup has"[:200])
        _refuse_odd(there[name], entry, path)


def _is_safe(name: str) -> bool:
    """Is it a file that a backup holds: in its place, and in no other?"""
    if any(not _SEGMENT.fullmatch(one) or one in {".", ".."} or one[-1] in ". " for one in name.split("/")):
        return False
    if name.startswith(IN_DATABASE):
        return name.count("/") == 1
    inside = name.removeprefix(IN_HOME)
    return inside != name and (inside in FILES or ("/" in inside and inside.split("/")[0] in FOLDERS))


def _refuse_odd(info: zipfile.ZipInfo, entry: Entry, path: Path) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG} or info.is_dir():
        raise _damaged(path, f"{entry.name} is a link or another thing that is no file"[:200])
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or info.flag_bits & 1:
        raise _damaged(path, f"{entry.name} is packed or locked in a way that a backup never is"[:200])
    if info.file_size != entry.size or entry.size < 0:
        raise _damaged(path, f"{entry.name} has not the size that the manifest says"[:200])
    if info.file_size > max(_SMALL, _DENSEST * info.compress_size):
        raise _damaged(path, f"{entry.name} would unpack to far more than it takes"[:200])


def pieces(archive: zipfile.ZipFile, entry: Entry, path: Path) -> Iterator[bytes]:
    """The content of one entry, a piece at a time. Trouble at the end, or before, where it is not what was packed."""
    digest, size = hashlib.sha256(), 0
    for piece in _read(archive, entry, path):
        digest.update(piece)
        size += len(piece)
        if size > entry.size:
            break
        yield piece
    if size != entry.size or digest.hexdigest() != entry.sha256:
        raise _damaged(path, f"{entry.name} is not what was packed"[:200])


def _read(archive: zipfile.ZipFile, entry: Entry, path: Path) -> Iterator[bytes]:
    try:
        with archive.open(entry.name) as file:
            while piece := file.read(_PIECE):
                yield piece
    except (OSError, *_UNREADABLE) as error:
        raise _damaged(path, f"{entry.name}: {error}"[:200]) from None


def check(path: Path, progress: Progress | None = None, *, key: Path | None = None) -> Manifest:
    """Read the backup at `path` to its end: every file is there and is what was packed. Else Trouble that says what.

    Its seal is checked by the key in it, else by the one at `key`, if there is one: see `verifiable`.
    """
    tell = progress or (lambda share: None)
    with opened(path) as archive:
        manifest = manifest_of(archive, path)
        done, own = 0, b""
        for entry in manifest.files:
            for piece in pieces(archive, entry, path):
                done += len(piece)
                own += piece if entry.name == _KEY and len(own) < _PIECE else b""
                tell(done / max(1, manifest.size))
    at_hand = own if manifest.key else (key.read_bytes() if key is not None and key.is_file() else None)
    if at_hand is not None and not _fits(manifest, at_hand):
        whose = "its own key" if manifest.key else f"the key {key}"
        raise Trouble(
            f"{path} does not fit {whose}: it was changed after it was made, or is of another home. "
            "Nothing was restored."
        )
    return manifest


def verifiable(manifest: Manifest, key: Path) -> bool:
    """Could `check` say with this key that nobody changed the backup who has not the home's key?"""
    return manifest.key or key.is_file()


def _fits(manifest: Manifest, key: bytes) -> bool:
    return hmac.compare_digest(manifest.sealed(key).seal.encode(), manifest.seal.encode("utf-8", "replace"))
