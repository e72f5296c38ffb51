"""What a file is packed in: nothing, gzip, or zip. Gives the files within as streams that do not grow without end."""

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from data.errors import Trouble

# Real logs shrink 10 to 60 times; deflate's own limit, which bombs come near, is about 1,030.
MOST_RATIO = 250
ALWAYS_FINE = 64 * 2**20
MOST_IN_MEMORY = 2 * 2**30  # Parquet and Excel inside an archive are unpacked to memory

GZIP, ZIP, PARQUET, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Blob:
    """A file, or one within an archive. `size` is that on the disk, packed; `path` is there only for a plain file."""

    name: str
    size: int
    start: Callable[[], BinaryIO]
    path: Path | None = None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The unpacked bytes. Trouble when they are damaged, locked or grow beyond all reason."""
        try:
            with self.start() as stream:
                yield stream
        except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError):
            raise Trouble(f"{self.name} is damaged or was cut short: fetch or export it again.") from None
        except NotImplementedError as error:
            raise Trouble(
                f"{self.name} is packed in a way that cannot be read ({error}): pack it as plain zip."
            ) from None
        except RuntimeError as error:
            if "password" not in str(error) and "encrypted" not in str(error):
                raise
            raise Trouble(f"{self.name} is locked with a password: unlock it first.") from None

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(count)

    def whole(self) -> bytes:
        """All bytes, for formats that must be read as a whole. Trouble past MOST_IN_MEMORY."""
        with self.open() as stream:
            content = stream.read(MOST_IN_MEMORY + 1)
        if len(content) > MOST_IN_MEMORY:
            raise Trouble(f"{self.name} is too large to be read packed: unpack it first.")
        return content


class _Bounded(io.RawIOBase):
    """Passes bytes on until there are more than `limit`."""

    def __init__(self, inner: BinaryIO, below: IO[bytes] | zipfile.ZipFile, limit: int, name: str) -> None:
        self._inner, self._below, self._left, self._name = inner, below, limit, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            got = self._inner.read(len(buffer))
        except (OSError, ValueError, struct.error, lzma.LZMAError):  # places and lengths that cannot be
            raise Trouble(f"{self._name} is damaged or was cut short: fetch or export it again.") from None
        self._left -= len(got)
        if self._left < 0:
            raise Trouble(
                f"{self._name} unpacks to more than {MOST_RATIO} times its size, which no table does: "
                "unpack it yourself if you trust it."
            )
        buffer[: len(got)] = got
        return len(got)

    def close(self) -> None:
        self._inner.close()
        self._below.close()  # gzip and zip leave what they read from open
        super().close()


def _bounded(inner: object, below: IO[bytes] | zipfile.ZipFile, packed: int, name: str) -> BinaryIO:
    limit = max(ALWAYS_FINE, MOST_RATIO * packed)
    return cast(BinaryIO, io.BufferedReader(_Bounded(cast(BinaryIO, inner), below, limit, name), 2**18))


def blobs(path: Path, name: str) -> list[Blob]:
    """The files that `path` holds: itself, what its gzip holds, or each file of its zip. Trouble when there is none."""
    plain = Blob(name, _size(path), lambda: path.open("rb"), path)
    if plain.size == 0:
        raise Trouble(f"{name} is empty: nothing was imported.")
    return list(_unpacked(plain, depth=0))


def _size(path: Path) -> int:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Trouble(f"{path} is a folder: name a file.")
        with path.open("rb"):
            return found.st_size
    except FileNotFoundError:
        raise Trouble(f"There is no file {path}.") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror or error}.") from None


def _unpacked(blob: Blob, depth: int) -> Iterator[Blob]:
    magic = blob.head(4)
    if depth > 1 and magic[:2] in (GZIP, ZIP[:2]) and not _is_excel(blob):
        raise Trouble(f"{blob.name} is an archive in an archive in an archive: unpack it first.")
    if magic[:2] == GZIP:
        yield from _unpacked(_gunzipped(blob), depth + 1)
    elif magic == ZIP and not _is_excel(blob):
        for member in _members(blob):
            yield from _unpacked(member, depth + 1)
    else:
        yield blob


def _gunzipped(blob: Blob) -> Blob:
    def start() -> BinaryIO:
        packed = blob.start()
        return _bounded(gzip.GzipFile(fileobj=packed), packed, blob.size, blob.name)

    return Blob(blob.name.removesuffix(".gz"), blob.size, start)


def _archive(blob: Blob) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(blob.path or io.BytesIO(blob.whole()))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        raise Trouble(f"{blob.name} is a damaged zip: fetch or export it again.") from None


def _is_excel(blob: Blob) -> bool:
    if blob.head(4) != ZIP:
        return False
    with _archive(blob) as archive:
        return "[Content_Types].xml" in archive.namelist() or "content.xml" in archive.namelist()


def _members(blob: Blob) -> list[Blob]:
    with _archive(blob) as archive:
        files = [info for info in archive.infolist() if not info.is_dir() and info.file_size]
    found = [info for info in files if _shown(info.filename)]
    if not found and (out := [info.filename for info in files if ".." in PurePosixPath(info.filename).parts]):
        raise Trouble(
            f"{blob.name}: the name {out[0][:100]!r} leads out of the zip, so it was not read: pack the file anew, "
            "without folders."
        )
    if not found:
        raise Trouble(f"{blob.name} is a zip without a file in it: nothing was imported.")
    return [_member(blob, info) for info in found]


def _shown(name: str) -> bool:
    """False for what file managers add by themselves."""
    parts = PurePosixPath(name).parts
    return not any(part.startswith((".", "__MACOSX")) for part in parts)


def _member(blob: Blob, info: zipfile.ZipInfo) -> Blob:
    name = f"{blob.name}: {info.filename}"

    def start() -> BinaryIO:
        archive = _archive(blob)
        try:
            return _bounded(archive.open(info), archive, info.compress_size, name)
        except (OSError, ValueError, KeyError, struct.error):
            archive.close()
            raise Trouble(f"{name} is damaged or was cut short: fetch or export it again.") from None
        except BaseException:
            archive.close()
            raise

    return Blob(name, info.compress_size, start)


def unpacked_size(path: Path) -> int:
    """About how many bytes `path` holds once unpacked: exact for a plain file and a zip, a guess for gzip."""
    packed = path.stat().st_size
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == GZIP:
        return packed * 8
    if magic == ZIP:
        try:
            with zipfile.ZipFile(path) as archive:
                return sum(info.file_size for info in archive.infolist())
        except (zipfile.BadZipFile, OSError, ValueError):
            return packed
    return packed
