"""Taking part in a retrospective: join by its code, answer, write, vote. Nothing here writes down who or when.

A seat's secret is what a device keeps; its rows are found by keys made from it. Why: data.retro.retrospective.
"""

from collections import Counter
from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data import guesses
from data.coaching.action import tidy_text
from data.database import Database
from data.errors import Trouble
from data.retro.retrospective import (
    BALLOTS,
    CARD_LENGTH,
    KINDS,
    MOST_CARDS,
    MOST_SEATS,
    SAFETY,
    Look,
    Mine,
    Moved,
    Seat,
    fingerprint,
    new_id,
    tidy_code,
)
from data.retro.rows import card_of, count, room_of, still_open, touch, value_of
from data.retro.tables import BallotRow, CardRow, RetrospectiveRow, SeatRow

FULL = f"You have written {MOST_CARDS} cards already: withdraw one that matters less, or wait until they are shown."
SHOWN = (
    "It was shown while you were writing, so this was not added. It is still here: ask for another round of writing."
)


def join(database: Database, code: str, secret: str) -> Seat:
    """Sit down with the secret of one's device. Who sits already keeps the same seat: late or twice makes no odds.

    Raises Trouble for a wrong code, for one that has ended, and where every seat is taken.
    """
    with database.writing() as session:
        row = _coded(session, code)
        if row.closed_at is not None:
            raise Trouble(_ended(row))
        place = fingerprint(f"seat/{row.id}", secret)
        if session.get(SeatRow, place) is None:
            row = session.get_one(RetrospectiveRow, row.id, with_for_update=True)
            if count(session, SeatRow, row.id) >= MOST_SEATS:
                raise Trouble(f"All {MOST_SEATS} seats of this retrospective are taken: ask whoever leads it.")
            session.merge(SeatRow(id=place, retrospective_id=row.id))
            touch(row)
        return Seat(row.id, row.team_id, secret)


def ended(database: Database, code: str) -> str | None:
    """The sentence for who comes to a retrospective that has ended."""
    with database.reading() as session:
        row = _coded(session, code)
        return None if row.closed_at is None else _ended(row)


def look(database: Database, code: str, secret: str | None) -> Look:
    """What a device sees that came by this code, in one look. Raises Trouble for a wrong code."""
    with database.reading() as session:
        row = _coded(session, code)
        if secret is None or session.get(SeatRow, fingerprint(f"seat/{row.id}", secret)) is None:
            return Look(value_of(row), None, None, None)
        seat = Seat(row.id, row.team_id, secret)
        return Look(value_of(row), seat, room_of(session, row), _own(session, row, seat))


def _own(session: Session, row: RetrospectiveRow, seat: Seat) -> Mine:
    """Found by its keys, of the stage that the room is in alone: what can be changed is there."""
    if row.stage in KINDS:
        own = [key for kind in KINDS[row.stage] for key in seat.keys(kind, MOST_CARDS)]
        cards = session.scalars(select(CardRow).where(CardRow.own.in_(own)).order_by(CardRow.id))
        return Mine(cards=tuple(map(card_of, cards)))
    if row.stage in BALLOTS:
        keys = seat.keys(row.stage, value_of(row).votes_each)
        cast = Counter(session.scalars(select(BallotRow.choice).where(BallotRow.id.in_(keys))))
        return Mine(votes=cast) if row.stage == "vote" else Mine(safety=next((int(one) for one in cast), None))
    return Mine()


def answer_safety(database: Database, seat: Seat, answer: int) -> None:
    """How safe it is to speak, 1 to 5. It can be changed until the answers are counted."""
    if str(answer) not in SAFETY:
        raise Trouble(f"The answer is a number from {SAFETY[0]} to {SAFETY[-1]}, not {answer}.")
    with database.writing() as session:
        row = _collecting(session, seat, "safety", "The answers were counted meanwhile, so yours was not added.")
        session.merge(BallotRow(id=seat.key("safety", 0), retrospective_id=row.id, about="safety", choice=str(answer)))
        touch(row)


def vote(database: Database, seat: Seat, topic: str) -> None:
    """Give one of one's votes to a topic; several may go to one. Raises Trouble where none is left."""
    with database.writing() as session:
        row = _collecting(session, seat, "vote", "The votes were counted meanwhile, so yours was not added.")
        if topic not in {one.id for one in room_of(session, row).topics()}:
            raise Moved("That group is no longer there: your vote was not used. Give it to another.")
        keys = seat.keys("vote", value_of(row).votes_each)
        cast = set(session.scalars(select(BallotRow.id).where(BallotRow.id.in_(keys))))
        if len(cast) == len(keys):
            raise Trouble(f"You have given all your {len(keys)} votes: take one back first.")
        key = next(key for key in keys if key not in cast)
        session.add(BallotRow(id=key, retrospective_id=row.id, about="vote", choice=topic))
        touch(row)


def take_back(database: Database, seat: Seat, topic: str) -> None:
    """Take one's vote for a topic back, one at a time. Nothing happens where one gave it none."""
    with database.writing() as session:
        row = _collecting(session, seat, "vote", "The votes were counted meanwhile, so nothing was taken back.")
        keys = seat.keys("vote", value_of(row).votes_each)
        given = select(BallotRow.id).where(BallotRow.id.in_(keys), BallotRow.choice == topic).limit(1)
        if (key := session.scalar(given)) is not None:
            session.execute(delete(BallotRow).where(BallotRow.id == key))
            touch(row)


def write(database: Database, seat: Seat, kind: str, words: str, *, about: str | None = None) -> None:
    """Put a card there, hidden until all are shown. Raises Trouble for no words, too many, or one card too many."""
    said = tidy_text(words, "card", CARD_LENGTH)
    stage = next(name for name, kinds in KINDS.items() if kind in kinds)
    with database.writing() as session:
        row = _collecting(session, seat, stage, SHOWN)
        keys = seat.keys(kind, MOST_CARDS)
        used = set(session.scalars(select(CardRow.own).where(CardRow.own.in_(keys))))
        key = next((key for key in keys if key not in used), None)
        if key is None:
            raise Trouble(FULL)
        session.add(CardRow(id=new_id(), retrospective_id=row.id, kind=kind, about=about, words=said, own=key))
        touch(row)


def rewrite(database: Database, seat: Seat, card: str, words: str) -> None:
    """Change a card of one's own that is still hidden."""
    said = tidy_text(words, "card", CARD_LENGTH)

    def changed(_: Session, row: CardRow) -> None:
        row.words = said

    _change(database, seat, card, changed)


def withdraw(database: Database, seat: Seat, card: str) -> None:
    """Take a card of one's own back while it is still hidden."""
    _change(database, seat, card, lambda session, row: session.delete(row))


def _change(database: Database, seat: Seat, card: str, change: Callable[[Session, CardRow], None]) -> None:
    with database.writing() as session:
        row = _sat(session, seat)
        found = session.get(CardRow, card)
        own = [key for kinds in KINDS.values() for kind in kinds for key in seat.keys(kind, MOST_CARDS)]
        if found is None or found.own not in own:
            raise Moved("That card was shown meanwhile, so it can no longer be changed. What you wrote is still here.")
        change(session, found)
        touch(row)


def _coded(session: Session, code: str) -> RetrospectiveRow:
    guesses.CODES.refuse_flood()
    typed = tidy_code(code)
    row = session.scalar(select(RetrospectiveRow).where(RetrospectiveRow.code == typed))
    if row is None:
        guesses.CODES.was_wrong()
        raise Trouble(
            f"There is no retrospective with the code {typed or '(none)'}: look at the six letters on the screen of "
            "whoever leads it, and type them again."
        )
    return row


def _ended(row: RetrospectiveRow) -> str:
    return f"The retrospective {row.code} has ended. Ask {row.led_by}, who led it, for its summary."


def _sat(session: Session, seat: Seat) -> RetrospectiveRow:
    """The retrospective of a seat that is taken, locked: one change at a time, so that no key is used twice."""
    row = session.get(RetrospectiveRow, seat.retrospective_id, with_for_update=True)
    if row is None or session.get(SeatRow, fingerprint(f"seat/{row.id}", seat.secret)) is None:
        raise Trouble("You have no seat here yet: join with the code first.")
    return row


def _collecting(session: Session, seat: Seat, stage: str, else_: str) -> RetrospectiveRow:
    row = _sat(session, seat)
    still_open(row)
    if row.stage != stage or not value_of(row).collecting:
        raise Moved(else_)
    return row
