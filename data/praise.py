"""Customers' kind words: imported with the data or typed here, merged, and passed on to the team that earned them.

What is typed says the team, the words, where they came from and on which day; no customer and no colleague need be
named. Nothing is lost: a word that was taken back stays, with who took it back, and so does a mark that it was passed
on. As with what is imported (data.ask), they are told of teams of any size: they are no reading of anybody.

A kind word has a key: "n12" is the twelfth that was typed; one that was imported has the start of a checksum of its
team, instant and words, which an import of the same row again does not change.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import polars as pl
from sqlalchemy import func, select

from data.clock import instant
from data.coaching.action import NAME_LENGTH, tidy_text
from data.coaching.action_rows import asker
from data.coaching.tables import PassedOnRow, PraiseRow
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope

LONGEST = 2_000  # as the imported ones: metrics.frames.Praise
IMPORTED = "imported"
MERGED: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "team_id": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "words": pl.String,
    "source": pl.String,
    "typed_by": pl.String,
    "passed_on": pl.Date,
    "passed_by": pl.String,
    "passed_how": pl.String,
}


@dataclass(frozen=True)
class Typed:
    """A kind word that someone typed. `source`: where it came from ("a call"), null where that was not said."""

    id: int
    team_id: str
    words: str
    source: str | None
    said_on: date
    by: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def key(self) -> str:
        return f"n{self.id}"


@dataclass(frozen=True)
class PassedOn:
    """That a kind word (its key) was passed on to its team: how, on which day, by whom."""

    id: int
    praise: str
    team_id: str
    how: str
    passed_on: date
    by: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


def add(
    scope: Scope,
    database: Database,
    *,
    team_id: str,
    words: str,
    source: str | None = None,
    said_on: date | None = None,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> Typed:
    """Keep a kind word. `said_on` is today where it is not given.

    Raises Trouble for a team outside the scope or unknown, no words or too many, or a day to come.
    """
    at, said = instant(now), tidy_text(words, "field with the customer's words", LONGEST)
    where = tidy_text(source, "field of where it came from", NAME_LENGTH) if source and source.strip() else None
    _mine(scope, team_id, known_teams)
    day = _been(said_on or at.date(), at, "A kind word")
    with database.writing() as session:
        row = PraiseRow(team_id=team_id, words=said, source=where, said_on=day, by=asker(scope), at=at)
        session.add(row)
        session.flush()
        return _typed(row)


def undo(scope: Scope, database: Database, number: int, *, now: datetime | None = None) -> Typed:
    """Take back a typed kind word, by its number; it stays on record. Raises Trouble where there is none such."""
    at = instant(now)
    with database.writing() as session:
        row = session.get(PraiseRow, number, with_for_update=True)
        if row is None or not scope.may_see(row.team_id):  # one sentence: that it exists is not everyone's to know
            raise Trouble(f"There is no kind word n{number}, or it is not yours to see.")
        scope.require(Right.COACH, row.team_id)
        if row.undone_at is not None:
            raise Trouble(f"{row.undone_by} took this kind word back already, on {row.undone_at.date().isoformat()}.")
        row.undone_at, row.undone_by = at, asker(scope)
        return _typed(row)


def typed(scope: Scope, database: Database, team: str | None = None, *, standing: bool = True) -> list[Typed]:
    """Those typed for teams that the asker may see, newest first. `standing`: only those that were not taken back."""
    asked = select(PraiseRow).order_by(PraiseRow.said_on.desc(), PraiseRow.id.desc())
    if scope.teams is not None:
        asked = asked.where(PraiseRow.team_id.in_(sorted(scope.teams)))
    if team is not None:
        asked = asked.where(PraiseRow.team_id == team)
    if standing:
        asked = asked.where(PraiseRow.undone_at.is_(None))
    with database.reading() as session:
        return [_typed(row) for row in session.scalars(asked)]


def pass_on(
    scope: Scope,
    database: Database,
    *,
    praise: str,
    team_id: str,
    how: str,
    passed_on: date | None = None,
    now: datetime | None = None,
) -> PassedOn:
    """Record that a kind word (its key) reached its team, and how: "read in the Monday meeting".

    Raises Trouble where it was passed on already, the team is not yours to see, or the day is yet to come.
    """
    at, told = instant(now), tidy_text(how, "field of how it was passed on", NAME_LENGTH)
    _mine(scope, team_id, None)
    day = _been(passed_on or at.date(), at, "Passing on")
    with database.writing() as session:
        same = select(PassedOnRow).where(PassedOnRow.praise == praise, PassedOnRow.undone_at.is_(None))
        if there := session.scalars(same).first():
            raise Trouble(f"{there.by} passed this on already, on {there.passed_on.isoformat()}: {there.how}.")
        row = PassedOnRow(praise=praise, team_id=team_id, how=told, passed_on=day, by=asker(scope), at=at)
        session.add(row)
        session.flush()
        return _passed(row)


def not_passed_on(scope: Scope, database: Database, praise: str, *, now: datetime | None = None) -> PassedOn:
    """Take back that a kind word was passed on. Raises Trouble where it was not."""
    at = instant(now)
    with database.writing() as session:
        same = select(PassedOnRow).where(PassedOnRow.praise == praise, PassedOnRow.undone_at.is_(None))
        rows = session.scalars(same.with_for_update()).all()  # two, where two passed it on in the same moment
        if not rows or not scope.may_see(rows[0].team_id):
            raise Trouble(f"The kind word {praise} was not passed on yet, or it is not yours to see.")
        scope.require(Right.COACH, rows[0].team_id)
        for row in rows:
            row.undone_at, row.undone_by = at, asker(scope)
        return _passed(rows[0])


def passed_on(scope: Scope, database: Database) -> dict[str, PassedOn]:
    """What was passed on to teams that the asker may see, by the key of the kind word."""
    asked = select(PassedOnRow).where(PassedOnRow.undone_at.is_(None)).order_by(PassedOnRow.id)
    if scope.teams is not None:
        asked = asked.where(PassedOnRow.team_id.in_(sorted(scope.teams)))
    with database.reading() as session:
        return {row.praise: _passed(row) for row in session.scalars(asked)}


def merged(scope: Scope, database: Database, imported: pl.DataFrame, since: datetime) -> pl.DataFrame:
    """Imported (team_id, at, words) and typed kind words said after `since`, newest first: the columns of MERGED."""
    reached = passed_on(scope, database)
    recent = imported.filter(pl.col("at") > since)
    rows = [(key_of(*row), *row, IMPORTED, None) for row in recent.select("team_id", "at", "words").iter_rows()]
    rows += [
        (one.key, one.team_id, _moment(one), one.words, one.source, one.by)
        for one in typed(scope, database)
        if _moment(one) > since
    ]
    made = pl.DataFrame(list(_with(reached, rows)), schema=MERGED, orient="row")
    return made.unique("key").sort(["at", "key"], descending=[True, False])


def key_of(team_id: str, at: datetime, words: str) -> str:
    """The key of an imported kind word."""
    return sha256(f"{team_id}\n{at.astimezone(UTC).isoformat()}\n{words}".encode()).hexdigest()[:10]


def number_of(key: str) -> int:
    """The number of a typed kind word. Raises Trouble for another key: what was imported is not taken back here."""
    if key[:1] == "n" and key[1:].isascii() and key[1:].isdigit():
        return int(key[1:])
    raise Trouble(
        f"{key!r} is no typed kind word (they are called n1, n2, ...): only what was typed can be taken back."
    )


def stamp(database: Database) -> str:
    """A text that changes with every kind word that is typed, taken back or passed on: for those who keep answers."""
    with database.reading() as session:
        told = [
            session.execute(select(func.max(row.id), func.count(row.undone_at))).one()
            for row in (PraiseRow, PassedOnRow)
        ]
    return "-".join(f"{last or 0}.{undone}" for last, undone in told)


def _with(reached: dict[str, PassedOn], rows: Iterable[tuple[object, ...]]) -> Iterable[tuple[object, ...]]:
    for row in rows:
        one = reached.get(str(row[0]))
        yield (*row, *((one.passed_on, one.by, one.how) if one else (None, None, None)))


def _moment(one: Typed) -> datetime:
    """Noon of the day on which it was said, and never after it was typed."""
    return min(datetime.combine(one.said_on, time(12), tzinfo=UTC), one.at)


def _mine(scope: Scope, team_id: str, known_teams: Collection[str] | None) -> None:
    if not scope.may_see(team_id):
        raise Trouble(f"The team {team_id!r} is not yours to see, so nothing was kept for it.")
    scope.require(Right.COACH, team_id)
    if known_teams is not None and team_id not in known_teams:
        raise Trouble(f"There is no team {team_id!r} in the data: see `heartline teams`.")


def _been(day: date, at: datetime, what: str) -> date:
    """A day that has been, anywhere on earth."""
    if day > at.date() + timedelta(days=1):
        raise Trouble(f"{what} is of a day that has been, and {day.isoformat()} is yet to come.")
    if day.year < 1990:
        raise Trouble(f"{what} of {day.isoformat()} is too long ago to be right.")
    return day


def _typed(row: PraiseRow) -> Typed:
    return Typed(**{column.name: getattr(row, column.name) for column in fields(Typed)})


def _passed(row: PassedOnRow) -> PassedOn:
    return PassedOn(**{column.name: getattr(row, column.name) for column in fields(PassedOn)})
