"""Lasting changes that a named person acknowledged: from a week on, a team's sign is read against a new baseline.

A rebase holds for readings of its own week and later ones; a reading of a week before it stays what it was. Undone, it
holds for no reading any more, as if it had never been: the row stays, with who took it back, when and why. So what is
read always follows what stands now, and the history says what was read before.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import RebaseRow
from metrics.sign import all_signs, counted_signs

STANDING: dict[str, pl.DataType | type[pl.DataType]] = {"sign": pl.String, "team_id": pl.String, "week": pl.Date}


@dataclass(frozen=True)
class Rebase:
    """A lasting change that `by` acknowledged `at`, for `reason`: the baseline begins anew in `week`, a Monday."""

    id: int
    sign: str
    team_id: str
    week: date
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str | None = None

    @property
    def stands(self) -> bool:
        return self.undone_at is None


def acknowledge(
    scope: Scope,
    database: Database,
    *,
    team_id: str,
    sign: str,
    week: date,
    reason: str,
    known_weeks: tuple[date, date] | None = None,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> Rebase:
    """Begin a team's baseline of a sign anew in the week that holds the day `week`.

    `known_weeks`: the first and the last week that the data has; `known_teams`: its teams. Raises Trouble for a team
    outside the scope, an unknown sign, no reason, a week that is not in the data, or one that is acknowledged already.
    """
    at, why = instant(now), tidy_text(reason, "reason")
    _may_see(scope, team_id)
    _known(team_id, sign, known_teams)
    _may_settle(scope, team_id, sign)
    monday = week - timedelta(days=week.weekday())
    _in_the_data(monday, known_weeks, at)
    with database.writing() as session:
        _alone(session)
        row, same = RebaseRow, (RebaseRow.team_id == team_id, RebaseRow.sign == sign, RebaseRow.week == monday)
        standing = session.scalar(select(row).where(*same, row.undone_at.is_(None)))
        if standing is not None:
            raise Trouble(
                f"A lasting change from the week of {monday} on was acknowledged already, by {standing.by} on "
                f"{standing.at:%Y-%m-%d}: undo that one first, or name another week."
            )
        made = RebaseRow(sign=sign, team_id=team_id, week=monday, reason=why, at=at, by=asker(scope))
        session.add(made)
        session.flush()
        return _value(made)


def undo(scope: Scope, database: Database, rebase_id: int, reason: str, *, now: datetime | None = None) -> Rebase:
    """Take an acknowledgement back: the older baseline holds again. Raises Trouble where it was taken back already."""
    at, why = instant(now), tidy_text(reason, "reason")
    with database.writing() as session:
        row = session.get(RebaseRow, rebase_id, with_for_update=True)
        if row is None or not scope.may_see(row.team_id):  # one sentence: that it exists is not everyone's to know
            raise Trouble(f"There is no acknowledged change {rebase_id}, or it is not yours to see.")
        _may_settle(scope, row.team_id, row.sign)
        if row.undone_at is not None:
            raise Trouble(
                f"The acknowledged change {rebase_id} was undone already, by {row.undone_by} on "
                f"{row.undone_at:%Y-%m-%d}: there is nothing left to undo."
            )
        row.undone_at, row.undone_by, row.undone_reason = at, asker(scope), why
        return _value(row)


def list_(
    scope: Scope,
    database: Database,
    *,
    team: str | None = None,
    sign: str | None = None,
    standing: bool = False,
) -> list[Rebase]:
    """Those of teams that the asker may see, newest first. `standing`: only those that were not undone."""
    asked = select(RebaseRow).order_by(RebaseRow.id.desc())
    if scope.teams is not None:
        asked = asked.where(RebaseRow.team_id.in_(sorted(scope.teams)))
    for column, wanted in ((RebaseRow.team_id, team), (RebaseRow.sign, sign)):
        asked = asked if wanted is None else asked.where(column == wanted)
    if standing:
        asked = asked.where(RebaseRow.undone_at.is_(None))
    with database.reading() as session:
        return [_value(row) for row in session.scalars(asked)]


def standing(database: Database) -> pl.DataFrame:
    """sign, team_id, week of all that stand, of every team: what the readings are made with, before any scope."""
    row = RebaseRow
    asked = select(row.sign, row.team_id, row.week).where(row.undone_at.is_(None)).order_by(row.id)
    with database.reading() as session:
        return pl.DataFrame([tuple(one) for one in session.execute(asked)], schema=STANDING, orient="row")


def revision(database: Database) -> int:
    """A number that grows with each acknowledgement and each undoing: for those who keep answers."""
    with database.reading() as session:
        made, undone = session.execute(
            select(func.count(), func.count(RebaseRow.undone_at)).select_from(RebaseRow)
        ).one()
    return int(made) + int(undone)


def _in_the_data(monday: date, known_weeks: tuple[date, date] | None, at: datetime) -> None:
    if monday > at.date() or (known_weeks is not None and monday > known_weeks[1]):
        last = f": the last is that of {known_weeks[1]}" if known_weeks else ""
        raise Trouble(
            f"The week of {monday} is not in the data yet{last}. A change can be acknowledged once it is seen."
        )
    if known_weeks is not None and monday <= known_weeks[0]:
        raise Trouble(
            f"The data begins with the week of {known_weeks[0]}, so there is nothing before the week of {monday} to "
            "leave behind: name a later week."
        )


def _known(team_id: str, sign: str, known_teams: Collection[str] | None) -> None:
    if known_teams is not None and team_id not in known_teams:
        raise Trouble(f"There is no team {team_id!r} in the data: see `heartline teams`.")
    if sign not in all_signs():
        raise Trouble(f"There is no sign {sign!r}: choose one of {', '.join(all_signs())}.")


def _may_see(scope: Scope, team_id: str) -> None:
    if not scope.may_see(team_id):
        raise Trouble(f"The team {team_id!r} is not yours to see, so nothing was acknowledged for it.")


def _may_settle(scope: Scope, team_id: str, sign: str) -> None:
    """What is read of a branch as a whole changes for all its teams, so only who settles for all of them may."""
    scope.require(Right.SETTLE, team_id)
    if sign in counted_signs() and counted_signs()[sign].unit == "branch" and scope.reach(Right.SETTLE) is not None:
        raise Trouble(f"{sign} is read of a branch as a whole: it takes the right to settle for every team.")


def _alone(session: Session) -> None:
    """Nobody else acknowledges anything before this transaction ends (SQLite has one writer anyhow)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE rebases IN SHARE ROW EXCLUSIVE MODE"))


def _value(row: RebaseRow) -> Rebase:
    return Rebase(**{field.name: getattr(row, field.name) for field in fields(Rebase)})
