"""Leading a retrospective of a team: open it, go on, show, group, agree, close, and read it again later.

Whoever leads is known by a secret of their device, as those who take part are; their name is written down, theirs is
not. Two who lead at once: each step says at which `turn` it was decided, and whoever comes second is told and changes
nothing. Why and how those who take part stay anonymous: data.retro.retrospective.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import Json, plain_json, tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.retro.retrospective import (
    COLLECTING,
    KINDS,
    MOST_VOTES,
    NAME_LENGTH,
    STAGES,
    Moved,
    Retrospective,
    Room,
    fingerprint,
    new_code,
    new_id,
)
from data.retro.rows import find, holds, led, room_of, show, still_open, touch, value_of
from data.retro.summary import summary_of
from data.retro.tables import AgreedRow, BallotRow, CardGroupRow, CardRow, RetrospectiveRow
from data.scope import Right, Scope


def open_(
    scope: Scope,
    database: Database,
    *,
    team_id: str,
    secret: str,
    votes_each: int = 3,
    known_teams: Collection[str] | None = None,
    now: datetime | None = None,
) -> Retrospective:
    """Open a retrospective of a team, led with `secret`. Raises Trouble where the team has one that is open."""
    if not scope.may_see(team_id) or (known_teams is not None and team_id not in known_teams):
        raise Trouble(f"There is no team {team_id!r}, or it is not yours to see: no retrospective was opened.")
    scope.require(Right.COACH, team_id)
    if not 1 <= votes_each <= MOST_VOTES:
        raise Trouble(f"Each has 1 to {MOST_VOTES} votes, not {votes_each}: choose another number.")
    with database.writing() as session:
        if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyhow
            session.execute(text("LOCK TABLE retrospectives IN SHARE ROW EXCLUSIVE MODE"))
        same = (RetrospectiveRow.team_id == team_id, RetrospectiveRow.closed_at.is_(None))
        if other := session.scalar(select(RetrospectiveRow).where(*same)):
            raise Trouble(
                f"A retrospective of this team is open already, led by {other.led_by} (code {other.code}): "
                "take it over, or let it be closed first."
            )
        row = RetrospectiveRow(
            team_id=team_id,
            code=_free_code(session),
            stage=STAGES[0],
            turn=1,
            revision=1,
            state={"votes_each": votes_each},
            leader=fingerprint("lead", secret),
            led_by=asker(scope),
            opened_at=instant(now),
        )
        session.add(row)
        session.flush()
        return value_of(row)


def _free_code(session: Session) -> str:
    while session.scalar(select(RetrospectiveRow.id).where(RetrospectiveRow.code == (code := new_code()))):
        pass  # one in 47 million
    return code


def list_(scope: Scope, database: Database, *, team: str | None = None) -> list[Retrospective]:
    """The retrospectives of teams that the asker may see, newest first."""
    asked = select(RetrospectiveRow).order_by(RetrospectiveRow.id.desc())
    if (teams := scope.reach(Right.FOLLOW)) is not None:
        asked = asked.where(RetrospectiveRow.team_id.in_(sorted(teams)))
    if team is not None:
        asked = asked.where(RetrospectiveRow.team_id == team)
    with database.reading() as session:
        return [value_of(row) for row in session.scalars(asked)]


def get(scope: Scope, database: Database, number: int) -> Retrospective:
    """One retrospective. Raises Trouble where there is none that the asker may see."""
    with database.reading() as session:
        return value_of(find(session, scope, number))


def room(scope: Scope, database: Database, number: int) -> Room:
    """All that everybody in it may see, whoever they are. Raises Trouble as `get` does."""
    with database.reading() as session:
        return room_of(session, find(session, scope, number))


def pulse(database: Database, number: int) -> int:
    """A number that grows with every change, to be asked every second; 0 where there is none."""
    with database.reading() as session:
        asked = select(RetrospectiveRow.revision).where(RetrospectiveRow.id == number)
        return int(session.scalar(asked) or 0)


def take_over(scope: Scope, database: Database, number: int, *, secret: str) -> Retrospective:
    """Lead it from this device on. Whoever led it before is told at their next step, and loses nothing."""
    with database.writing() as session:
        row = find(session, scope, number, lock=True)
        scope.require(Right.COACH, row.team_id)
        still_open(row)
        row.leader, row.led_by = fingerprint("lead", secret), asker(scope)
        row.turn += 1
        touch(row)
        return value_of(row)


def go(scope: Scope, database: Database, number: int, stage: str, *, secret: str, seen: int) -> Retrospective:
    """Go to a stage. On the way forward what was written is shown; on the way back it stays hidden."""
    if stage not in STAGES:
        raise Trouble(f"There is no stage {stage!r}: choose one of {', '.join(STAGES)}.")
    with database.writing() as session:
        row = led(session, scope, number, secret, seen)
        target = STAGES.index(stage)
        if target > STAGES.index(row.stage):
            _show_all(session, row, STAGES[:target])
        row.stage = stage
        row.turn += 1
        touch(row)
        return value_of(row)


def show_now(scope: Scope, database: Database, number: int, *, secret: str, seen: int) -> Retrospective:
    """Show what was written or chosen in this stage, all at once."""
    with database.writing() as session:
        row = led(session, scope, number, secret, seen)
        if not value_of(row).collecting:
            raise Moved("This was shown already: nothing was changed.")
        show(session, row, row.stage)
        row.turn += 1
        return value_of(row)


def write_again(scope: Scope, database: Database, number: int, *, secret: str, seen: int) -> Retrospective:
    """Let people write once more. What was shown stays shown; answers and votes that were counted stay counted."""
    with database.writing() as session:
        row = led(session, scope, number, secret, seen)
        if row.stage not in KINDS:
            raise Trouble("Only cards can be written once more: what was counted has lost whose it was.")
        touch(row, shown=[stage for stage in row.state.get("shown", ()) if stage != row.stage])
        row.turn += 1
        return value_of(row)


def group(
    scope: Scope,
    database: Database,
    number: int,
    cards: Sequence[str],
    name: str,
    *,
    secret: str,
    into: str | None = None,
) -> str:
    """Put cards together, under a name or into a group that is there. Gives the group's id."""
    if not cards:
        raise Trouble("Choose the cards that belong together first.")
    with database.writing() as session:
        row = _grouping(session, scope, number, secret)
        known = {
            one.id: one for one in session.scalars(select(CardGroupRow).where(CardGroupRow.retrospective_id == number))
        }
        if into is not None and into not in known:
            raise Moved("That group is no longer there: nothing was changed. Choose another.")
        if into is None:
            into = new_id()
            last = max((one.number for one in known.values()), default=0)
            called = tidy_text(name, "name of the group", NAME_LENGTH)
            session.add(CardGroupRow(id=into, retrospective_id=number, number=last + 1, name=called))
        mine = (CardRow.retrospective_id == number, CardRow.own.is_(None), CardRow.id.in_(list(cards)))
        session.execute(update(CardRow).where(*mine).values(group_id=into))
        _drop_empty(session, number)
        touch(row)
        return into


def ungroup(scope: Scope, database: Database, number: int, card: str, *, secret: str) -> None:
    """Take a card out of its group. A group without cards is no more."""
    with database.writing() as session:
        row = _grouping(session, scope, number, secret)
        mine = (CardRow.retrospective_id == number, CardRow.id == card)
        session.execute(update(CardRow).where(*mine).values(group_id=None))
        _drop_empty(session, number)
        touch(row)


def _grouping(session: Session, scope: Scope, number: int, secret: str) -> RetrospectiveRow:
    row = led(session, scope, number, secret)
    if value_of(row).votes is not None or holds(session, row, "vote"):
        raise Trouble("Votes were cast on these groups, so they stay as they are.")
    return row


def _drop_empty(session: Session, number: int) -> None:
    session.flush()
    filled = select(CardRow.group_id).where(CardRow.retrospective_id == number, CardRow.group_id.is_not(None))
    mine = CardGroupRow.retrospective_id == number
    session.execute(delete(CardGroupRow).where(mine, CardGroupRow.id.not_in(filled)))


def close(
    scope: Scope, database: Database, number: int, told: Json, *, secret: str, seen: int, now: datetime | None = None
) -> Retrospective:
    """Close it: what was not shown yet is shown, all of it becomes the summary, and the cards are deleted.

    `told`: what the pages said of the team in it (its signs and its actions, in sentences), to be kept with it.
    """
    with database.writing() as session:
        row = led(session, scope, number, secret, seen)
        _show_all(session, row, STAGES)
        asked = select(AgreedRow.action_id).where(AgreedRow.retrospective_id == number).order_by(AgreedRow.action_id)
        row.summary = plain_json(summary_of(room_of(session, row), list(session.scalars(asked)), told))
        row.closed_at = instant(now)
        row.turn += 1
        for table in (BallotRow, CardRow, CardGroupRow):
            session.execute(delete(table).where(table.retrospective_id == number))
        row.state = {name: value for name, value in row.state.items() if name in {"votes_each", "shown"}}
        touch(row)
        return value_of(row)


def _show_all(session: Session, row: RetrospectiveRow, stages: Sequence[str]) -> None:
    """Show what stages hold that were not shown yet, and the one that people are in."""
    for stage in stages:
        waiting = stage in COLLECTING and stage not in row.state.get("shown", ())
        if waiting and (stage == row.stage or holds(session, row, stage)):
            show(session, row, stage)
