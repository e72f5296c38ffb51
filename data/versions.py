"""Data versions: which state of each table belongs together.

Delta commits one table at a time. A data version is a small file that names the Delta version of every table; it is
written last, so that an import is seen whole or not at all.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from data.errors import Trouble
from data.home import Home, refuse_half_restored

FORMAT = 1


@dataclass(frozen=True)
class Version:
    """One whole state of the lake. Number 0 is the empty lake, before anything was imported.

    `at` is the wall time of the import, `horizon` the last instant that the data itself knows of; `tables` gives the
    Delta version and `rows` the row count by table; `summary` is what the import said of itself.
    """

    number: int
    at: datetime | None = None
    source: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    horizon: datetime | None = None
    summary: dict[str, Any] = field(default_factory=dict)


EMPTY = Version(number=0)


def numbers(home: Home) -> list[int]:
    """The numbers of all versions, oldest first. Trouble where a restore into this home has not ended."""
    refuse_half_restored(home)
    if not home.versions.is_dir():
        return []
    return sorted(int(path.stem) for path in home.versions.glob("*.json") if path.stem.isdigit())


def path_of(home: Home, number: int) -> Path:
    """Where the version of that number is written."""
    return home.versions / f"{number:06}.json"


def load(home: Home, number: int) -> Version:
    """The version of that number. Trouble: there is none, it is damaged, or a newer Heartline wrote it."""
    path = path_of(home, number)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Trouble(f"There is no data version {number}: see `heartline history` for those there are.") from None
    except (OSError, ValueError) as error:
        raise Trouble(
            f"The version file {path} cannot be read ({error}): bring it back from a backup, "
            "or move it away to go back to the version before."
        ) from None
    return _parse(raw, path)


def _parse(raw: Any, path: Path) -> Version:
    if isinstance(raw, dict) and isinstance(raw.get("format"), int) and raw["format"] > FORMAT:
        raise Trouble(
            f"The data in {path.parent.parent} was written by a newer Heartline (format {raw['format']}, "
            f"this one knows {FORMAT}): install the newer Heartline to read it."
        )
    try:
        return Version(
            number=int(raw["number"]),
            at=_instant(raw["at"]),
            source=str(raw["source"]),
            tables={str(name): int(version) for name, version in raw["tables"].items()},
            rows={str(name): int(count) for name, count in raw["rows"].items()},
            horizon=_instant(raw["horizon"]),
            summary=dict(raw["summary"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Trouble(
            f"The version file {path} is damaged ({error!r}): bring it back from a backup, "
            "or move it away to go back to the version before."
        ) from None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def save(home: Home, version: Version) -> None:
    """Write `version` so that it is there whole or not at all, also after a power cut."""
    raw = {"format": FORMAT, **asdict(version)}
    raw["at"] = version.at and version.at.isoformat()
    raw["horizon"] = version.horizon and version.horizon.isoformat()
    home.versions.mkdir(parents=True, exist_ok=True)
    write_whole(path_of(home, version.number), json.dumps(raw, indent=1, ensure_ascii=False).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` by a rename, with both the file and its folder on the disk when this returns."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_file(file: Path) -> None:
    """Put the content of `file` on the disk."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Put the names in `folder` on the disk. Where folders cannot be synced (Windows), the rename has to do."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
