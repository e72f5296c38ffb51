"""What is older than it may be kept goes: out of every version of the lake, what was set aside, notes, and the record.

How long is said by the purpose (data.purpose); where none is recorded, nothing goes. Tickets go by whole months, so
that the lake is written anew at most once a month. What rests on pooled counts and names nobody (frozen reviews, what
came of an action) stays.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import polars as pl
from sqlalchemy import func, select

from data import purpose, record
from data.clock import instant
from data.database import Database, open_database
from data.erasing import forgetting, old_notes
from data.erasing.forgetting import JOURNAL, drop_old, renew
from data.erasing.mentions import clean_up
from data.erasing.rewriting import alone, files_of, rewrite
from data.home import Home
from data.lake import Lake
from data.purpose import Purpose
from data.record_reading import shorten
from data.record_tables import RecordRow
from data.scope import Right, Scope
from data.versions import write_whole

SOURCE = "what was too old was dropped"
STEPS = ("begun", "lake", "version", "derived", "notes", "record", "cleaned")
AGED = "dropped what was too old"
# By which column a row is as old as it is; a row of which it is null is not old. Tickets and what belongs to them
# go by the last that happened to the ticket. Teams have no age.
_AGE = {
    "absences": ("to_on",),
    "training": ("completed_on",),
    "surveys": ("asked_on",),
    "people": ("valid_to",),
    "customers": ("closed_on",),
    "praise": ("at",),
    "orders": ("closed_at",),
}
_OF_A_TICKET = ("tickets", "events")
_BEGUN = {"tickets": ("opened_at",), "events": ("at",)}
_MOMENTS = ("opened_at", "first_replied_at", "resolved_at", "at")


@dataclass(frozen=True)
class Dropped:
    """What went, or would go: rows by table of the lake over all its versions, notes by kind, rows of the record."""

    tickets_before: date | None = None
    notes_before: date | None = None
    record_before: date | None = None
    rows: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    record: int = 0

    def __bool__(self) -> bool:
        return bool(self.record) or any(self.rows.values()) or any(self.notes.values())


def before(months: int, today: date) -> date:
    """The first day of the month that lies so many months before this one: what is older goes."""
    place = today.year * 12 + today.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def keep_to_it(
    home: Home,
    database: Database,
    scope: Scope | None = None,
    *,
    now: datetime | None = None,
    step: forgetting.Step | None = None,
) -> Dropped:
    """Drop what is too old, and end whatever forgetting was begun. With a scope: needs the right to run.

    Nothing is done where no purpose is recorded. Can be stopped at any moment and done again.
    """
    if scope is not None:
        scope.require(Right.RUN)
    at, pause = instant(now), step or (lambda _: None)
    who = scope.asker if scope is not None else "heartline"
    forgetting.resume(home, database, now=at)
    said = purpose.current(database)
    if said is None:
        return Dropped()
    pause("begun")
    rows = _out_of_lake(home, said, at, pause)
    pause("notes")
    notes = _notes(database, before(said.note_months, at.date()))
    pause("record")
    shortened = shorten(database, who, _midnight(before(said.record_months, at.date())))
    done = _dropped(said, at, rows, notes, shortened)
    if done:
        record.note(database, who, AGED, "", rows=done.rows, notes=done.notes, record=shortened)
        pause("cleaned")
        clean_up(database)
    return done


def end_what_was_begun(home: Home) -> None:
    """Before anything is counted: what a killed forgetting or dropping left half done is done."""
    if (home.path / JOURNAL).exists():
        with open_database(home) as database:
            keep_to_it(home, database)


def would_go(home: Home, database: Database, scope: Scope, *, now: datetime | None = None) -> Dropped:
    """What `keep_to_it` would drop. Changes nothing."""
    scope.require(Right.RUN)
    at, said = instant(now), purpose.current(database)
    if said is None:
        return Dropped()
    lake, day = Lake(home), before(said.ticket_months, at.date())
    aged = _Aged(day, _old_tickets(lake, day), _old_imports(lake, day))
    rows: dict[str, int] = {}
    for table, file in files_of(lake):
        frame = pl.read_parquet(file, hive_partitioning=False)
        rows[table] = rows.get(table, 0) + frame.height - aged.left(table, frame).height
    with database.reading() as session:
        notes = old_notes.count(session, before(said.note_months, at.date()))
        row, limit = RecordRow, _midnight(before(said.record_months, at.date()))
        old = session.scalar(select(func.count()).select_from(row).where(row.at < limit)) or 0
    return _dropped(said, at, {name: count for name, count in rows.items() if count}, notes, old)


def _dropped(said: Purpose, at: datetime, rows: dict[str, int], notes: dict[str, int], shortened: int) -> Dropped:
    today = at.date()
    return Dropped(
        before(said.ticket_months, today),
        before(said.note_months, today),
        before(said.record_months, today),
        rows,
        notes,
        shortened,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True)
class _Aged:
    """What is too old in the lake: before which day, which tickets, set aside by which imports."""

    day: date
    tickets: pl.Series
    imports: list[int]

    def left(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of one file that are young enough."""
        left = rows
        if table in _OF_A_TICKET or table == "praise":
            left = left.filter(~pl.col("ticket_id").is_in(self.tickets.implode()).fill_null(value=False))
        if table == "rejects":
            left = left.filter(~pl.col("import_number").is_in(self.imports))
        for column in _AGE.get(table, ()):
            left = left.filter(~(pl.col(column).cast(pl.Date) < self.day).fill_null(value=False))
        return left


def _old_tickets(lake: Lake, day: date) -> pl.Series:
    """Tickets to which nothing has happened since `day`, in any version."""
    found = [pl.DataFrame(schema={"ticket_id": pl.String, "last": pl.Datetime("us", "UTC")})]
    for table, file in files_of(lake):
        if table in _OF_A_TICKET:
            rows = pl.scan_parquet(file)
            moments = [name for name in _MOMENTS if name in rows.collect_schema()]
            last = pl.max_horizontal(moments).max().alias("last")
            found.append(rows.group_by("ticket_id").agg(last).collect())
    latest = pl.concat(found).group_by("ticket_id").agg(pl.col("last").max())
    return latest.filter(pl.col("last") < _midnight(day))["ticket_id"]


def _old_imports(lake: Lake, day: date) -> list[int]:
    return [one.number for one in lake.history() if one.at is not None and one.at < _midnight(day)]


def _out_of_lake(home: Home, said: Purpose, at: datetime, pause: forgetting.Step) -> dict[str, int]:
    lake, day = Lake(home), before(said.ticket_months, at.date())
    if not lake.current().number or not _is_due(lake, day):
        return {}
    with alone(lake):
        planned = lake.current().number + 1
        aged = _Aged(day, _old_tickets(lake, day), _old_imports(lake, day))
        write_whole(home.path / JOURNAL, json.dumps({"why": SOURCE}).encode())
        pause("lake")
        gone = rewrite(lake, aged.left)
        pause("version")
        if gone:
            renew(lake, SOURCE, at, planned, gone)
        pause("derived")
        if gone:
            drop_old(lake)
        (home.path / JOURNAL).unlink(missing_ok=True)
    return {name: count for name, count in gone.items() if count}


def _is_due(lake: Lake, day: date) -> bool:
    """Is there anything to drop? Asked of each file's least moments first: a day with nothing to do is cheap."""
    imports, tickets_too = _old_imports(lake, day), False
    for table, file in files_of(lake):
        rows = pl.scan_parquet(file)
        if table == "rejects" and rows.select(pl.col("import_number").is_in(imports).any()).collect().item():
            return True
        for column in (*_AGE.get(table, ()), *_BEGUN.get(table, ())):
            least = rows.select(pl.col(column).cast(pl.Date).min()).collect().item()
            if least is not None and least < day:
                if table not in _OF_A_TICKET:
                    return True
                tickets_too = True
    # A ticket that was opened long ago may still be moving: then it stays, and there is nothing to do.
    return tickets_too and not _old_tickets(lake, day).is_empty()


def _notes(database: Database, day: date) -> dict[str, int]:
    with database.writing() as session:
        counted = old_notes.count(session, day)
        if counted:
            old_notes.drop(session, day)
    return counted
