"""Rows of a retrospective -> values, and what both sides of it do to rows: find, lock, count up, show."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from data.coaching.action import Json
from data.errors import Trouble
from data.retro.retrospective import (
    BALLOTS,
    FEWEST_ANSWERS,
    KINDS,
    SAFETY,
    Card,
    Group,
    Moved,
    Retrospective,
    Room,
    new_id,
)
from data.retro.tables import BallotRow, CardGroupRow, CardRow, RetrospectiveRow, SeatRow
from data.scope import Right, Scope


def value_of(row: RetrospectiveRow) -> Retrospective:
    """The row as a value that outlives its transaction."""
    state = row.state
    safety = state.get("safety")
    return Retrospective(
        id=row.id,
        team_id=row.team_id,
        code=row.code,
        stage=row.stage,
        turn=row.turn,
        revision=row.revision,
        leader=row.leader,
        led_by=row.led_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        shown=tuple(state.get("shown", ())),
        votes_each=state["votes_each"],
        answered=state.get("answered"),
        safety=None if safety is None else tuple(safety),
        votes=state.get("votes"),
        replies=state.get("replies", {}),
        summary=row.summary,
    )


def find(session: Session, scope: Scope, number: int, *, lock: bool = False) -> RetrospectiveRow:
    """A retrospective that the asker may see. `lock`: nobody else changes it until this transaction ends."""
    row = session.get(RetrospectiveRow, number, with_for_update=lock)
    if row is None or not scope.may(Right.FOLLOW, row.team_id):  # one sentence: that it exists is not theirs to know
        raise Trouble(f"There is no retrospective {number}, or it is not yours to see.")
    return row


def still_open(row: RetrospectiveRow) -> None:
    if row.closed_at is not None:
        raise Trouble(
            "This retrospective was closed meanwhile: nothing more can be added. What you wrote is still here to copy."
        )


def touch(row: RetrospectiveRow, **state: object) -> None:
    """Something changed: everybody who looks is to look again."""
    if state:
        row.state = {**row.state, **state}
    row.revision += 1


def room_of(session: Session, row: RetrospectiveRow) -> Room:
    """All that everybody may see, in one look."""
    mine = CardRow.retrospective_id == row.id
    hidden = select(CardRow.kind, func.count()).where(mine, CardRow.own.is_not(None)).group_by(CardRow.kind)
    shown = session.scalars(select(CardRow).where(mine, CardRow.own.is_(None)).order_by(CardRow.id))
    groups = select(CardGroupRow).where(CardGroupRow.retrospective_id == row.id).order_by(CardGroupRow.number)
    return Room(
        at=value_of(row),
        seats=count(session, SeatRow, row.id),
        voted=count(session, BallotRow, row.id),
        written=dict(session.execute(hidden).all()),
        cards=tuple(map(card_of, shown)),
        groups=tuple(Group(one.id, one.name) for one in session.scalars(groups)),
    )


def card_of(row: CardRow) -> Card:
    return Card(row.id, row.kind, row.about, row.words, row.group_id)


def count(session: Session, table: type[SeatRow] | type[BallotRow], number: int) -> int:
    asked = select(func.count()).select_from(table).where(table.retrospective_id == number)
    return int(session.scalar(asked) or 0)


def holds(session: Session, row: RetrospectiveRow, stage: str) -> bool:
    """Is there anything in this stage that was not shown yet?"""
    if stage in BALLOTS:
        there = select(BallotRow.id).where(BallotRow.retrospective_id == row.id, BallotRow.about == stage)
    else:
        there = select(CardRow.id).where(*_hidden(row, KINDS.get(stage, ())))
    return session.scalar(there.limit(1)) is not None


def _hidden(row: RetrospectiveRow, kinds: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    return CardRow.retrospective_id == row.id, CardRow.own.is_not(None), CardRow.kind.in_(list(kinds))


def show(session: Session, row: RetrospectiveRow, stage: str) -> None:
    """Show what was written or chosen in a stage, all at once, and wipe whatever could tell whose it was."""
    told: Json = {"shown": [*row.state.get("shown", ()), stage]}
    if stage in BALLOTS:
        told |= _counted(session, row, stage)
    else:
        _write_anew(session, row, KINDS[stage])
    touch(row, **told)


def _counted(session: Session, row: RetrospectiveRow, stage: str) -> Json:
    """The ballots as counts. The ballots themselves are gone."""
    which = (BallotRow.retrospective_id == row.id, BallotRow.about == stage)
    tally = Counter(session.scalars(select(BallotRow.choice).where(*which)))
    session.execute(delete(BallotRow).where(*which))
    if stage == "vote":
        return {"votes": dict(tally)}
    many = tally.total()
    return {"answered": many, "safety": [tally[one] for one in SAFETY] if many >= FEWEST_ANSWERS else None}


def _write_anew(session: Session, row: RetrospectiveRow, kinds: Iterable[str]) -> None:
    """Hidden cards are deleted and put back under new ids, in the order of those, in this one transaction."""
    which = _hidden(row, kinds)
    hidden = session.execute(select(CardRow.kind, CardRow.about, CardRow.words).where(*which)).all()
    cards = sorted(((new_id(), *card) for card in hidden), key=lambda card: card[0])
    session.execute(delete(CardRow).where(*which))
    session.add_all(
        CardRow(id=key, retrospective_id=row.id, kind=kind, about=about, words=words, own=None, group_id=None)
        for key, kind, about, words in cards
    )
    session.flush()


def led(session: Session, scope: Scope, number: int, secret: str, seen: int | None = None) -> RetrospectiveRow:
    """The row, locked, if it is open, led with this secret, and at the turn that whoever leads has seen."""
    row = find(session, scope, number, lock=True)
    scope.require(Right.COACH, row.team_id)
    still_open(row)
    if not value_of(row).led_with(secret):
        raise Moved(
            f"{row.led_by} leads this retrospective on another screen: nothing was changed, and what you wrote is "
            "still here. Take over to go on from this screen."
        )
    if seen is not None and seen != row.turn:
        raise Moved("It was led on from another screen meanwhile: nothing was changed. Look where it stands and go on.")
    return row
