"""What a team says of itself at a step of the customer's journey: entered by its manager, or by the team in a meeting.

Nothing is overwritten: a later rating of the same step and trait takes the earlier one's place, and undoing it brings
the earlier one back. A rating speaks for the whole team, so no person is on it but who entered it.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import RatingRow
from metrics.questions import STAGES
from metrics.trait import all_traits

SCALE = 5.0
# Who speaks: written before the name of who entered it.
VOICES = ("the team in a meeting", "the manager on its behalf")


@dataclass(frozen=True)
class Rating:
    """One score that a team gave itself: a trait (its key) at a step of the journey, on a scale from 1."""

    id: int
    team_id: str
    stage: str
    trait: str
    score: float
    scale_max: float
    asked_on: date
    by: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None


def rate(
    scope: Scope,
    database: Database,
    team_id: str,
    stage: str,
    scores: Mapping[str, float],
    *,
    asked_on: date,
    voice: str,
    scale_max: float = SCALE,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> list[int]:
    """Keep what a team says of itself at one step of the journey: a score for each trait that it rated. Gives the ids.

    Raises Trouble for an unknown team, step, trait or voice, a score off the scale, a day to come, or no score at all.
    """
    at = instant(now)
    _check(scope, team_id, stage, scores, voice, scale_max=scale_max, known_teams=known_teams)
    if asked_on > at.date():
        raise Trouble(f"A rating is of a day that has been, and {asked_on.isoformat()} is yet to come.")
    by = tidy_text(f"{voice}, entered by {asker(scope)}", "name of who enters it", 400)
    with database.writing() as session:
        rows = [
            RatingRow(
                team_id=team_id,
                stage=stage,
                trait=trait,
                score=float(score),
                scale_max=float(scale_max),
                asked_on=asked_on,
                by=by,
                at=at,
            )
            for trait, score in scores.items()
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def undo(scope: Scope, database: Database, ids: Collection[int], *, now: datetime | None = None) -> None:
    """Take ratings back, all or none. Raises Trouble where one is not there, not yours, or taken back already."""
    at = instant(now)
    with database.writing() as session:
        for number in ids:
            row = _found(session, scope, number)
            if row.undone_at is not None:
                raise Trouble(f"{row.undone_by} took this rating back already, on {row.undone_at.date().isoformat()}.")
            row.undone_at, row.undone_by = at, asker(scope)


def list_(scope: Scope, database: Database, team_id: str | None = None) -> list[Rating]:
    """Every rating ever entered of the teams that the asker may see, oldest first; those taken back too."""
    asked = select(RatingRow).order_by(RatingRow.asked_on, RatingRow.id)
    if team_id is not None:
        asked = asked.where(RatingRow.team_id == team_id)
    with database.reading() as session:
        rows = session.scalars(asked).all()
        return [_rating(row) for row in rows if scope.may_see(row.team_id)]


def standing(scope: Scope, database: Database, until: date | None = None) -> pl.DataFrame:
    """The ratings that hold (as of the day `until`), one row a team, step and trait: the columns of `SCHEMA`."""
    held = {
        (one.team_id, one.stage, one.trait): one
        for one in list_(scope, database)
        if one.undone_at is None and (until is None or one.asked_on <= until)
    }
    rows = [{name: getattr(one, name) for name in SCHEMA} for one in held.values()]
    return pl.DataFrame(rows, schema=SCHEMA)


def stamp(scope: Scope, database: Database) -> str:
    """A text that changes with every rating and every undoing: what an answer that rests on ratings is kept under."""
    asked = select(func.max(RatingRow.id), func.count(RatingRow.undone_at))
    with database.reading() as session:
        last, undone = session.execute(asked).one()
    return f"{last or 0}-{undone}-{'all' if scope.teams is None else len(scope.teams)}"


SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.Int64,
    "team_id": pl.String,
    "stage": pl.String,
    "trait": pl.String,
    "score": pl.Float64,
    "scale_max": pl.Float64,
    "asked_on": pl.Date,
    "by": pl.String,
    "at": pl.Datetime("us", "UTC"),
}


def _check(
    scope: Scope,
    team_id: str,
    stage: str,
    scores: Mapping[str, float],
    voice: str,
    *,
    scale_max: float,
    known_teams: Collection[str] | None,
) -> None:
    if not scope.may_see(team_id):
        raise Trouble(f"The team {team_id!r} is not yours to see, so no rating was kept for it.")
    scope.require(Right.ANSWER, team_id)
    if known_teams is not None and team_id not in known_teams:
        raise Trouble(f"The data has no team {team_id!r}.")
    if stage not in STAGES:
        raise Trouble(f"The journey has no step {stage!r}: choose one of {', '.join(STAGES)}.")
    if voice not in VOICES:
        raise Trouble(f"A rating is given by {' or by '.join(VOICES)}, not by {voice!r}.")
    if not scores:
        raise Trouble("Nothing was rated: give at least one trait a score.")
    for trait, score in scores.items():
        if trait not in all_traits():
            raise Trouble(f"There is no trait {trait!r}: choose one of {', '.join(all_traits())}.")
        if not (math.isfinite(score) and 1 <= score <= scale_max):
            raise Trouble(f"A score lies between 1 and {scale_max:g}, not at {score:g} ({trait}).")


def _found(session: Session, scope: Scope, number: int) -> RatingRow:
    row = session.get(RatingRow, number, with_for_update=True)
    if row is None or not scope.may_see(row.team_id):
        raise Trouble(f"There is no rating {number}, or it is not yours to see.")
    scope.require(Right.ANSWER, row.team_id)
    return row


def _rating(row: RatingRow) -> Rating:
    return Rating(**{column.name: getattr(row, column.name) for column in fields(Rating)})
