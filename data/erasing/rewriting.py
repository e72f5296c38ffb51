"""Taking rows out of the lake for good: out of every version there ever was, not only out of the newest.

Each Parquet file that holds such a row is written again without it, under a new name, and every commit of the table
that named the old file is made to name the new one. The versions stay, with what may stay in them.

Killed at any step, what can be read is consistent, and doing it again does the rest:
1. new files are written beside the old ones, named by no commit;
2. checkpoints are dropped (the commits say all that they say);
3. commits that take the old file out take both out;
4. commits that put the old file in put the new one in instead;
5. commits that take both out take out the new one alone;
6. files that no commit names are deleted, by `sweep`: last of all, so that whoever still reads them can go on until
   there is a version that stands in the place of theirs.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import polars as pl
from filelock import FileLock

from data import delta
from data.lake import Lake
from data.versions import sync_folder, write_whole

# (table, rows of one file without `part`) -> the rows that stay, in their order.
Change = Callable[[str, pl.DataFrame], pl.DataFrame]
Line = dict[str, Any]


@dataclass(frozen=True)
class New:
    """A file that takes the place of another: its path within the table, its size and rows."""

    path: str
    size: int
    rows: int


@contextmanager
def alone(lake: Lake) -> Iterator[None]:
    """Nobody imports and nobody counts while rows are taken out."""
    with lake.writing(), FileLock(lake.home.path / "deriving.lock"):
        lake.recover()
        yield


def files_of(lake: Lake) -> Iterator[tuple[str, Path]]:
    """(table, file): every Parquet file that any commit of any table names and that is there."""
    for table in _tables(lake):
        named = {path for commit in _commits(table) for path in _named(_read(commit), "add")}
        for path in sorted(named):
            if (table / path).is_file():
                yield table.name, table / path


def rewrite(lake: Lake, change: Change) -> dict[str, int]:
    """Apply `change` to every file of every version; how many rows went, by table. To be called while `alone`."""
    gone: dict[str, int] = {}
    for table in _tables(lake):
        dropped, instead = 0, {}
        for _, file in (one for one in files_of(lake) if one[0] == table.name):
            new, count = _without(file, table, change)
            dropped += count
            if new is not None:
                instead[file.relative_to(table).as_posix()] = new
        if instead:
            _rename(table, instead)
        if dropped or instead:
            gone[table.name] = dropped
    return gone


def sweep(lake: Lake) -> None:
    """Delete what no version reads any more. To be called while `alone`."""
    for table in _tables(lake):
        _delete_unnamed(table)


def _tables(lake: Lake) -> list[Path]:
    return sorted(path.parent for path in lake.home.lake.glob("*/_delta_log"))


def _commits(table: Path) -> list[Path]:
    return sorted(table.glob("_delta_log/[0-9]*.json"))


def _read(commit: Path) -> list[Line]:
    with delta.explained(commit.parent.parent):
        return [json.loads(line) for line in commit.read_text(encoding="utf-8").splitlines() if line.strip()]


def _named(lines: list[Line], kind: str) -> list[str]:
    return [unquote(line[kind]["path"]) for line in lines if kind in line]


def _without(file: Path, table: Path, change: Change) -> tuple[New | None, int]:
    """The file that takes the place of this one (None: it stays), and how many rows it has less."""
    with delta.explained(table):
        rows = pl.read_parquet(file, hive_partitioning=False)
    left = change(table.name, rows)
    if left.height == rows.height and left.equals(rows):
        return None, 0
    path = file.with_name(f"part-00000-{uuid4()}-c000.snappy.parquet")
    with path.open("wb") as out:
        left.write_parquet(out, compression="snappy")
        out.flush()
        os.fsync(out.fileno())
    sync_folder(path.parent)
    made = New(path.relative_to(table).as_posix(), path.stat().st_size, left.height)
    return made, rows.height - left.height


def _rename(table: Path, instead: dict[str, New]) -> None:
    """Steps 2 to 5: at each moment every version reads the old file or the new one, never both and never none."""
    log = table / "_delta_log"
    for checkpoint in [log / "_last_checkpoint", *log.glob("*.checkpoint*.parquet")]:
        checkpoint.unlink(missing_ok=True)
    sync_folder(log)
    for step in (_taken_out_both, _put_in_new, _taken_out_new):
        for commit in _commits(table):
            lines = _read(commit)
            changed = [made for line in lines for made in step(line, instead)]
            if changed != lines:
                body = "\n".join(json.dumps(line, separators=(",", ":"), ensure_ascii=False) for line in changed)
                write_whole(commit, body.encode() + b"\n")


def _taken_out_both(line: Line, instead: dict[str, New]) -> list[Line]:
    new = _replaced(line, "remove", instead)
    return [line] if new is None else [line, {"remove": {**_bare(line["remove"]), **_place(new)}}]


def _put_in_new(line: Line, instead: dict[str, New]) -> list[Line]:
    new = _replaced(line, "add", instead)
    if new is None:
        return [line]
    # The least and greatest ids that Delta keeps of a file are left out: they may be of whom is forgotten.
    return [{"add": {**_bare(line["add"]), **_place(new), "stats": json.dumps({"numRecords": new.rows})}}]


def _taken_out_new(line: Line, instead: dict[str, New]) -> list[Line]:
    return [line] if _replaced(line, "remove", instead) is None else []


def _replaced(line: Line, kind: str, instead: dict[str, New]) -> New | None:
    return instead.get(unquote(line[kind]["path"])) if kind in line else None


def _bare(action: Line) -> Line:
    return {name: value for name, value in action.items() if name != "stats"}


def _place(new: New) -> Line:
    return {"path": quote(new.path, safe="/="), "size": new.size}


def _delete_unnamed(table: Path) -> None:
    """What no commit puts in is read by no version. What a killed writer left beside the commits goes, too."""
    named = {path for commit in _commits(table) for path in _named(_read(commit), "add")}
    for file in table.rglob("*.parquet"):
        if "_delta_log" not in file.parts and file.relative_to(table).as_posix() not in named:
            file.unlink()
    for left in (table / "_delta_log").glob(".*.json.*"):
        left.unlink()
