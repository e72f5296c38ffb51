"""The lake: a company's tables as Delta tables, and the versions in which they belong together.

One writer at a time; readers never wait, because they read the files that a version names and those never change.
"""

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from data import delta, versions
from data.errors import Trouble
from data.home import Home, refuse_half_restored
from data.merge import PARTS, Merged, key, merge, with_part
from data.pseudonym import key_of_home
from data.reject_frame import REJECTS
from data.versions import EMPTY, Version
from metrics.frames import CONTRACT, empty

__all__ = ["PARTS", "Lake"]

PATIENCE = 1800.0  # seconds to wait for another import: the largest take minutes
# Tickets first: the parts of events follow from them.
_ORDER = {name: place for place, name in enumerate(CONTRACT)}
_TIMES = {"tickets": ("opened_at", "first_replied_at", "resolved_at"), "events": ("at",)}
_SPARE = 16 * 2**20  # bytes left free for the database and for logs


def schema_of(table: str) -> dict[str, Any]:
    """Column types of a table of the contract, or of one of the lake's own."""
    return dict(REJECTS) if table == "rejects" else dict(empty(table).schema)


@dataclass(frozen=True)
class Counted:
    """How many rows a table has, and the last instant that it knows of."""

    rows: int
    horizon: datetime | None


class Lake:
    """The tables of one home. See data.versions for what a version is."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = FileLock(home.path / "writing.lock", timeout=PATIENCE)

    def current(self) -> Version:
        """The newest version; number 0 where nothing was ever imported."""
        known = versions.numbers(self.home)
        return versions.load(self.home, known[-1]) if known else EMPTY

    def at(self, number: int) -> Version:
        """The version of that number. Trouble where there is none."""
        return EMPTY if number == 0 else versions.load(self.home, number)

    def history(self) -> list[Version]:
        """All versions, oldest first."""
        return [versions.load(self.home, number) for number in versions.numbers(self.home)]

    def scan(self, table: str, version: Version | int | None = None) -> pl.LazyFrame:
        """The table as of `version` (default: the newest): its contract columns and `part` (Int16, 0..PARTS-1).

        Empty where the table was never written. Filter on `part` first to read only some parts. Rows lie sorted
        within a part. Trouble where the lake is damaged.
        """
        chosen = self.at(version) if isinstance(version, int) else version or self.current()
        columns = {**schema_of(table), "part": pl.Int16()}
        if table not in chosen.tables:
            return pl.LazyFrame(schema=columns)
        return delta.scan(self.home.lake / table, chosen.tables[table]).select(list(columns))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lake for one writer. May be entered again by the same Lake. Trouble after a long wait."""
        try:
            refuse_half_restored(self.home)
            self.home.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise Trouble(f"Another import is still writing to {self.home.path}: try again when it is done.") from None
        except OSError as error:
            raise Trouble(
                f"The home {self.home.path} cannot be written ({error.strerror or error}): "
                "choose another with --home or HEARTLINE_HOME, or mend its permissions."
            ) from None
        try:
            yield
        finally:
            self._lock.release()

    def write(
        self, changes: Mapping[str, pl.DataFrame], source: str, at: datetime, summary: dict[str, Any] | None = None
    ) -> Version:
        """Merge `changes` (contract columns by table) into the lake as one version, or nothing.

        Frames are checked against the contract, and the last row of a key wins. What changes nothing makes no
        version: the newest is returned as it is. Ids must be pseudonyms already (data.pseudonym).
        """
        with self.writing():
            merged = self.merge({name: self._checked(name, rows) for name, rows in changes.items()})
            return self.commit(merged, source, at, summary or {})

    @staticmethod
    def _checked(table: str, rows: pl.DataFrame) -> pl.DataFrame:
        last = rows.unique(key(table), keep="last", maintain_order=True)
        return CONTRACT[table].validate(last, cast=True) if table in CONTRACT else last

    def merge(self, changes: Mapping[str, pl.DataFrame]) -> list[Merged]:
        """What writing `changes` would do, table by table. To be called while `writing`, and then `commit`ted."""
        now = self.current()
        done: dict[str, Merged] = {}
        for table in sorted(changes, key=lambda name: _ORDER.get(name, len(_ORDER))):
            rows = changes[table].select(list(schema_of(table)))
            tickets = done.get("tickets")
            parts = self._ticket_parts(now, changes.get("tickets"), rows) if table == "events" else None
            moved = tickets.moved if tickets and table == "events" else None
            held = self.scan(table, now) if table in now.tables else None
            done[table] = merge(table, held, with_part(table, rows, parts), moved)
        if "events" in now.tables and "events" not in done and "tickets" in done and done["tickets"].moved.height:
            none = pl.DataFrame(schema={**schema_of("events"), "part": pl.Int16()})
            done["events"] = merge("events", self.scan("events", now), none, done["tickets"].moved)
        return list(done.values())

    def _ticket_parts(self, now: Version, fresh: pl.DataFrame | None, events: pl.DataFrame) -> pl.DataFrame:
        wanted = events.lazy().select("ticket_id").unique()
        held = self.scan("tickets", now).select("ticket_id", "part").join(wanted, on="ticket_id", how="semi").collect()
        if fresh is not None:
            arriving = with_part("tickets", fresh).select("ticket_id", "part")
            held = pl.concat([held.join(arriving, on="ticket_id", how="anti"), arriving])
        lost = wanted.join(held.lazy(), on="ticket_id", how="anti").collect().height
        if lost:
            raise Trouble(f"Events of {lost} tickets that are not there: import those tickets first, or with them.")
        return held

    def commit(self, merged: list[Merged], source: str, at: datetime, summary: dict[str, Any]) -> Version:
        """Write what was merged as the next version. Where nothing changed: the newest version, and no new one."""
        now = self.current()
        touched = [one for one in merged if one.parts]
        if not touched:
            return now
        self.recover()
        key_of_home(self.home)  # no data without a key: the record of who did what rests on it, too
        self.require_space(sum(int(one.rows.estimated_size()) for one in touched) // 3)
        tables = dict(now.tables)
        before = {path for path in self.home.lake.rglob("*") if path.is_file()}
        try:
            with self._room():
                for one in touched:
                    path = self.home.lake / one.table
                    tables[one.table] = delta.replace_parts(path, one.rows, one.parts)
                    delta.sync(path, before)
                version = Version(now.number + 1, at, source, tables, summary=summary)
                counted = {name: self.counted(name, version) for name in version.tables}
                known = [one.horizon for one in counted.values() if one.horizon is not None]
                rows = {name: one.rows for name, one in counted.items()}
                version = replace(version, rows=rows, horizon=max(known, default=None))
                versions.save(self.home, version)
        except BaseException:
            self._undo(touched, before)
            raise
        return version

    def _undo(self, touched: list[Merged], before: set[Path]) -> None:
        """Give back the room that a failed import took; what cannot be undone now, the next recovery undoes."""
        with suppress(Trouble, OSError):
            for one in touched:
                delta.drop_unnamed(self.home.lake / one.table, before)
            self.recover()

    def counted(self, table: str, version: Version) -> Counted:
        """See Counted; as of this version."""
        rows = self.scan(table, version)
        times = [pl.col(_TIMES.get(table, ())).max()] if table in _TIMES else []
        count, *found = rows.select(pl.len(), *times).collect().row(0)
        return Counted(int(count), max((instant for instant in found if instant is not None), default=None))

    def recover(self) -> None:
        """Undo what an import that was killed left behind: tables ahead of the newest version are set back."""
        with self.writing():
            now = self.current()
            if not self.home.lake.is_dir():
                return
            for path in sorted(self.home.lake.iterdir()):
                if path.name in now.tables:
                    delta.set_back(path, now.tables[path.name])
                elif path.is_dir():  # named by no version: the start of an import that never finished
                    shutil.rmtree(path)

    def require_space(self, needed: int) -> None:
        """Trouble when the disk has not `needed` bytes to spare: said before, not in the middle."""
        self.home.path.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.home.path).free
        if needed + _SPARE > free:
            raise Trouble(
                f"This needs about {_size(needed)} at {self.home.path}, where {_size(free)} are free: "
                "make room, or choose a home on another disk with --home. Nothing was changed."
            )

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            words = str(error)
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "os error 28" in words.lower():
                raise Trouble(
                    f"The disk of {self.home.path} filled up while writing: make room and import again. "
                    "What was there before is whole."
                ) from None
            if isinstance(error, PermissionError) or "os error 13" in words.lower():
                raise Trouble(f"{self.home.path} cannot be written ({words[:200]}): mend its permissions.") from None
            raise

    def check(self) -> list[str]:
        """Read every table of the newest version to its end; the sentences of what is wrong, none where all is well."""
        wrong = []
        for table in self.current().tables:
            path: Path = self.home.lake / table
            try:
                with delta.explained(path):
                    self.scan(table).select(pl.all().is_null().sum()).collect()
            except Trouble as trouble:
                wrong.append(str(trouble))
        return wrong


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
