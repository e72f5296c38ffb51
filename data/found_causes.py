"""What a manager found behind a signal, and what they ruled out: it stays with the reading and the action about it.

Nothing is overwritten: a second finding stands beside the first, and one that was taken back stays on record.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import ActionRow, FoundCauseRow
from metrics.sign import all_signs


@dataclass(frozen=True)
class FoundCause:
    """`by` found `cause` behind a team's sign as read in `week` (a Monday), having ruled out `ruled_out`."""

    id: int
    team_id: str
    sign: str
    week: date
    cause: str
    ruled_out: str | None
    action_id: int | None
    by: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def stands(self) -> bool:
        return self.undone_at is None


def record(
    scope: Scope,
    database: Database,
    *,
    team_id: str,
    sign: str,
    week: date,
    cause: str,
    ruled_out: str | None = None,
    action_id: int | None = None,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> FoundCause:
    """Keep what was found. Raises Trouble for a team outside the scope, an unknown sign or action, or no cause."""
    at, told = instant(now), tidy_text(cause, "cause that you found")
    other = tidy_text(ruled_out, "field of what you ruled out") if ruled_out and ruled_out.strip() else None
    if not scope.may_see(team_id):
        raise Trouble(f"The team {team_id!r} is not yours to see, so no cause was kept for it.")
    scope.require(Right.COACH, team_id)
    if known_teams is not None and team_id not in known_teams:
        raise Trouble(f"There is no team {team_id!r} in the data: see `heartline teams`.")
    if sign not in all_signs():
        raise Trouble(f"There is no sign {sign!r}: choose one of {', '.join(all_signs())}.")
    monday = week - timedelta(days=week.weekday())
    with database.writing() as session:
        action = None if action_id is None else session.get(ActionRow, action_id)
        if action_id is not None and (action is None or action.team_id != team_id):
            raise Trouble(f"There is no action {action_id} of the team {team_id!r}.")
        row = FoundCauseRow(team_id=team_id, sign=sign, week=monday, cause=told, ruled_out=other)
        row.action_id, row.at, row.by = action_id, at, asker(scope)
        session.add(row)
        session.flush()
        return _value(row)


def undo(scope: Scope, database: Database, found_id: int, *, now: datetime | None = None) -> FoundCause:
    """Take a finding back. Raises Trouble where there is none such, or it was taken back already."""
    at = instant(now)
    with database.writing() as session:
        row = session.get(FoundCauseRow, found_id, with_for_update=True)
        if row is None or not scope.may_see(row.team_id):  # one sentence: that it exists is not everyone's to know
            raise Trouble(f"There is no cause {found_id}, or it is not yours to see.")
        scope.require(Right.COACH, row.team_id)
        if row.undone_at is not None:
            raise Trouble(f"{row.undone_by} took this cause back already, on {row.undone_at.date().isoformat()}.")
        row.undone_at, row.undone_by = at, asker(scope)
        return _value(row)


def list_(
    scope: Scope, database: Database, *, team: str | None = None, sign: str | None = None, standing: bool = True
) -> list[FoundCause]:
    """Those of teams that the asker may see, newest first. `standing`: only those that were not taken back."""
    row = FoundCauseRow
    asked = select(row).order_by(row.id.desc())
    if (teams := scope.reach(Right.FOLLOW)) is not None:
        asked = asked.where(row.team_id.in_(sorted(teams)))
    for column, wanted in ((row.team_id, team), (row.sign, sign)):
        asked = asked if wanted is None else asked.where(column == wanted)
    if standing:
        asked = asked.where(row.undone_at.is_(None))
    with database.reading() as session:
        return [_value(one) for one in session.scalars(asked)]


def stamp(database: Database) -> str:
    """A text that changes with every finding and every undoing: what an answer that tells of them is kept under."""
    asked = select(func.max(FoundCauseRow.id), func.count(FoundCauseRow.undone_at))
    with database.reading() as session:
        last, undone = session.execute(asked).one()
    return f"{last or 0}-{undone}"


def _value(row: FoundCauseRow) -> FoundCause:
    return FoundCause(**{field.name: getattr(row, field.name) for field in fields(FoundCause)})
