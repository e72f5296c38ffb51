"""What was decided on a review, once the meeting is over: added to, never changed, and told in the next review."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select

from data.clock import instant
from data.coaching.action import NAME_LENGTH, tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.reviewing import reviews
from data.reviewing.reviews import Review
from data.reviewing.tables import ReviewDecisionRow
from data.scope import Scope

OUTCOMES = ("decided", "not decided", "put off")
TAKEN_BACK = "taken back"


@dataclass(frozen=True)
class Decision:
    """What was decided: on which question of the review (null: beyond those), how, in what words, by whom and when."""

    id: int
    review_id: int
    ask: int | None
    outcome: str
    words: str | None
    decided_by: str | None
    decided_on: date | None
    takes_back: int | None
    at: datetime
    by: str


def record(
    scope: Scope,
    database: Database,
    review: Review,
    *,
    ask: int | None,
    outcome: str,
    words: str | None = None,
    decided_by: str | None = None,
    decided_on: date | None = None,
    now: datetime | None = None,
) -> Decision:
    """Add a decision. Raises Trouble for a question that the review does not ask, or one without words of its own."""
    if outcome not in OUTCOMES:
        raise Trouble(f"A question is one of {', '.join(OUTCOMES)}; it cannot be {outcome!r}.")
    if ask is not None and ask not in {one["number"] for one in review.content["asks"]}:
        raise Trouble(f"Review {review.number} asks no question {ask}.")
    said = tidy_text(words, "decision") if ask is None or (words and words.strip()) else None
    who = tidy_text(decided_by, "name of who decided", NAME_LENGTH) if decided_by and decided_by.strip() else None
    reviews.get(scope, database, review.number)
    return _add(scope, database, review.number, ask, outcome, said, who, decided_on, None, now)


def take_back(
    scope: Scope, database: Database, review: Review, decision_id: int, now: datetime | None = None
) -> Decision:
    """Add that a decision no longer stands. Raises Trouble where it does not stand now."""
    found = next((one for one in standing(list_(scope, database, review.number)) if one.id == decision_id), None)
    if found is None:
        raise Trouble("This decision was taken back or replaced already.")
    return _add(scope, database, review.number, found.ask, TAKEN_BACK, None, None, None, decision_id, now)


def list_(scope: Scope, database: Database, number: int) -> list[Decision]:
    """Everything that was recorded on a review, oldest first."""
    reviews.get(scope, database, number)
    asked = select(ReviewDecisionRow).where(ReviewDecisionRow.review_id == number).order_by(ReviewDecisionRow.id)
    with database.reading() as session:
        return [_value(row) for row in session.scalars(asked)]


def standing(found: Iterable[Decision]) -> list[Decision]:
    """Those that stand: the last of each question, and what was decided beyond them; not what was taken back."""
    every = list(found)
    gone = {one.takes_back for one in every}
    left = [one for one in every if one.id not in gone and one.outcome != TAKEN_BACK]
    last = {one.ask: one.id for one in left if one.ask is not None}
    return [one for one in left if one.ask is None or last[one.ask] == one.id]


def _add(  # one value a column of the row
    scope: Scope,
    database: Database,
    review_id: int,
    ask: int | None,
    outcome: str,
    words: str | None,
    decided_by: str | None,
    decided_on: date | None,
    takes_back: int | None,
    now: datetime | None,
) -> Decision:
    with database.writing() as session:
        row = ReviewDecisionRow(
            review_id=review_id, ask=ask, outcome=outcome, words=words, decided_by=decided_by, decided_on=decided_on,
            takes_back=takes_back, at=instant(now), by=asker(scope),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return _value(row)


def _value(row: ReviewDecisionRow) -> Decision:
    return Decision(**{one.name: getattr(row, one.name) for one in fields(Decision)})
