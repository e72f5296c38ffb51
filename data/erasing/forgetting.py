"""Forgetting somebody: out of every version of the lake, what was set aside, what was derived, and the database.

The steps, of which each can be done again, in this order (STEPS). What was begun and not ended is in the database
(`forgotten.done_at` is null) and in the home (the file `erasing.json`); `resume` does the rest.
"""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data import record, versions
from data.clock import instant
from data.database import Database
from data.erasing import forgotten
from data.erasing.forgotten import CUSTOMER, TICKET, Forbidden, fingerprint, known, standing, unfinished
from data.erasing.mentions import MASK, clean_up, mask, mask_of
from data.erasing.rewriting import alone, files_of, rewrite, sweep
from data.errors import Trouble
from data.home import Home
from data.lake import Counted, Lake
from data.purpose_tables import ForgottenRow
from data.scope import Right, Scope
from data.tables import ReplyTicketRow
from data.versions import write_whole

JOURNAL = "erasing.json"
STEPS = ("asked", "lake", "database", "version", "derived", "done", "cleaned")
SOURCE = "somebody was forgotten"

Progress = Callable[[str, float], None]
Step = Callable[[str], None]  # told before each of STEPS: tests stop here


@dataclass(frozen=True)
class Done:
    """What went: rows by table of the lake (over all its versions), texts and rows of the database."""

    number: int
    pseudonym: str
    rows: dict[str, int]
    texts: int


def forget(
    scope: Scope,
    home: Home,
    database: Database,
    kind: str,
    given: str,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    step: Step | None = None,
) -> Done:
    """Remove a customer or a person (`kind`), by their id in the source system or their pseudonym.

    Needs the right to run. Trouble: no id, or something else holds the lake or the database for too long; what was
    begun is then ended by calling it again.
    """
    scope.require(Right.RUN)
    if kind not in forgotten.KINDS:
        raise Trouble(f"{kind!r} is nobody who can be forgotten: say customer or person.")
    if not given.strip():
        raise Trouble(f"Say which {kind}: their id in the system that the data is from.")
    name = forgotten.pseudonym_of(home, kind, given)
    at, pause = instant(now), step or (lambda _: None)
    pause("asked")
    number = _ask(scope, home, database, kind, name, at)
    done = _finish(scope.asker, home, database, at, progress or (lambda *_: None), pause)
    return replace(done, number=number, pseudonym=name)


def resume(home: Home, database: Database, *, now: datetime | None = None) -> bool:
    """End what was begun and never ended, by the fingerprints alone. Was there anything?"""
    if not (home.path / JOURNAL).exists() and not unfinished(database):
        return False
    _finish("heartline", home, database, instant(now), lambda *_: None, lambda _: None)
    return True


def _ask(scope: Scope, home: Home, database: Database, kind: str, name: str, at: datetime) -> int:
    """Put them and their tickets on the list before anything goes: then a killed forgetting can be ended."""
    mark = fingerprint(home, kind, name)
    tickets = _tickets_of(home, name) if kind == CUSTOMER else []
    with database.writing() as session:
        row = standing(session, mark)
        if row is None:
            row = _row(kind, mark, None, scope.asker, at)
            session.add(row)
            session.flush()
        row.done_at = None
        held = set(session.scalars(select(ForgottenRow.fingerprint).where(ForgottenRow.of == row.id)))
        for ticket in tickets:
            if (one := fingerprint(home, TICKET, ticket)) not in held:
                session.add(_row(TICKET, one, row.id, scope.asker, at))
        record.note_in(session, scope, "was asked to forget", f"{kind} {row.id} of the list")
        return row.id


def _row(kind: str, mark: str, of: int | None, by: str, at: datetime) -> ForgottenRow:
    lifted = {"lifted_at": None, "lifted_by": None, "lifted_reason": None}
    return ForgottenRow(kind=kind, fingerprint=mark, of=of, asked_on=at.date(), by=by, at=at, done_at=None, **lifted)


def _tickets_of(home: Home, name: str) -> list[str]:
    """All tickets that were ever theirs, in any version."""
    mine: set[str] = set()
    for table, file in files_of(Lake(home)):
        if table == "tickets":
            rows = pl.scan_parquet(file).filter(pl.col("customer_id") == name).select("ticket_id").collect()
            mine |= set(rows["ticket_id"])
    return sorted(mine)


def _finish(who: str, home: Home, database: Database, at: datetime, tell: Progress, pause: Step) -> Done:
    """From the lists to the end: all who are on them, whoever asked."""
    lake = Lake(home)
    with alone(lake):
        planned, again = lake.current().number + 1, (home.path / JOURNAL).exists()
        source = _why(home) if again else SOURCE
        write_whole(home.path / JOURNAL, json.dumps({"why": source}).encode())
        listed = known(home, database)
        tell("looking for them in every version", 0.1)
        bad = forgotten.forbidden((pl.scan_parquet(file) for _, file in files_of(lake)), listed)
        pause("lake")
        tell("taking them out of every version", 0.3)
        gone = rewrite(lake, partial(forgotten.without, bad)) if bad else {}
        pause("database")
        tell("taking them out of the database", 0.6)
        texts = _out_of_database(home, database, listed, bad)
        pause("version")
        if gone or again:
            renew(lake, source, at, planned, gone)
        pause("derived")
        if gone or again:
            drop_old(lake)
        pause("done")
        _mark_done(who, database, at, gone, texts)
        pause("cleaned")
        tell("cleaning up the database", 0.8)
        clean_up(database)
        (home.path / JOURNAL).unlink(missing_ok=True)
    return Done(0, "", gone, texts)


def _why(home: Home) -> str:
    """For what was begun and not ended, as the version that it makes says."""
    try:
        return str(json.loads((home.path / JOURNAL).read_text(encoding="utf-8"))["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return SOURCE


_FREE = {"praise": "words", "teams": "manager"}  # the columns of the lake that hold what people wrote


def mask_in_lake(scope: Scope, home: Home, database: Database, pattern: re.Pattern[str], *, dry: bool = False) -> int:
    """Mask what the pattern finds in the lake's free texts, in every version; how many texts. `dry`: only count."""
    scope.require(Right.RUN)
    lake, count = Lake(home), 0

    def masked(table: str, rows: pl.DataFrame) -> pl.DataFrame:
        nonlocal count
        column = _FREE.get(table)
        if column is None:
            return rows
        texts = [None if one is None else pattern.sub(MASK, one) for one in rows[column].to_list()]
        made = rows.with_columns(pl.Series(column, texts, dtype=pl.String))
        count += int(made.filter(pl.Series(texts, dtype=pl.String) != rows[column]).height)
        return made

    if dry:
        for table, file in files_of(lake):
            masked(table, pl.read_parquet(file, hive_partitioning=False))
        return count
    with alone(lake):
        planned = lake.current().number + 1
        gone = rewrite(lake, masked)
        if gone:
            renew(lake, SOURCE, instant(None), planned, gone)
            drop_old(lake)
            record.note(database, scope, "masked a name", "the data", texts=count)
    return count


def mask_in_database(scope: Scope, home: Home, database: Database, pattern: re.Pattern[str]) -> int:
    """Mask what the pattern finds in what people wrote in the database; how many texts. A version follows, as after
    forgetting: by it every server that runs sees that it must keep nothing of what it read before."""
    scope.require(Right.RUN)
    with database.writing() as session:
        count = mask(session, pattern)
        if count:
            record.note_in(session, scope, "masked a name", "the database", texts=count)
    lake = Lake(home)
    if count and versions.numbers(home):
        with alone(lake):
            _next(lake, SOURCE, instant(None), lake.current().number + 1, {})
    return count


def drop_old(lake: Lake) -> None:
    """Files that no version reads any more, and all that was made from the lake, begun or whole: it is made again when
    it is asked for. To be called when the version that stands in its place is there: who reads goes on with that one.
    """
    home = lake.home
    sweep(lake)
    for folder in [*home.derived.glob("*"), *home.derived.glob(".[!.]*")]:
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink()


def renew(lake: Lake, source: str, at: datetime, planned: int, gone: dict[str, int]) -> None:
    """Count each version again, and make the next one."""
    known: dict[tuple[str, int], Counted] = {}
    for version in lake.history():
        for table, number in version.tables.items():
            if (table, number) not in known:
                known[table, number] = lake.counted(table, version)
        mine = {table: known[table, number] for table, number in version.tables.items()}
        horizons = [one.horizon for one in mine.values() if one.horizon is not None]
        rows = {table: one.rows for table, one in mine.items()}
        again = replace(version, rows=rows, horizon=max(horizons, default=None))
        if again != version:
            versions.save(lake.home, again)
    if lake.current().number < planned:
        _next(lake, source, at, planned, gone)


def _next(lake: Lake, source: str, at: datetime, number: int, gone: dict[str, int]) -> None:
    """The last version once more under this number, so that whatever was kept of it is read anew."""
    summary: dict[str, Any] = {"file": source, "dropped": gone}
    versions.save(lake.home, replace(lake.current(), number=number, at=at, source=source, summary=summary))


def _out_of_database(home: Home, database: Database, listed: forgotten.Known, bad: Forbidden) -> int:
    """Tickets that answers name, and pseudonyms in whatever people wrote. Fingerprints tell whose they are."""
    with database.writing() as session:
        asked = set(session.scalars(select(ReplyTicketRow.ticket_id)))
        theirs = list(listed.on(TICKET, asked))
        session.execute(delete(ReplyTicketRow).where(ReplyTicketRow.ticket_id.in_(theirs)))
        names = {*bad.customers, *bad.people, *_written(session, listed)}
        return len(theirs) + (mask(session, mask_of(sorted(names))) if names else 0)


def _written(session: Session, listed: forgotten.Known) -> set[str]:
    """Pseudonyms of whoever is forgotten that somebody wrote into the database."""
    from data.erasing.mentions import _leaves, _texts

    found = {hit for *_, value in _texts(session) for text in _leaves(value) for hit in _PSEUDONYMS(text)}
    return {name for kind in forgotten.KINDS for name in listed.on(kind, found)}


_PSEUDONYMS = re.compile(forgotten.IS_PSEUDONYM.pattern).findall


def _mark_done(who: str, database: Database, at: datetime, gone: dict[str, int], texts: int) -> None:
    row = ForgottenRow
    with database.writing() as session:
        for one in session.scalars(select(row).where(row.done_at.is_(None), row.lifted_at.is_(None))):
            one.done_at = at
            if one.of is None:
                told = {"rows": sum(gone.values()), "texts": texts}
                record.note_in(session, who, "forgot", f"{one.kind} {one.id} of the list", **told)
