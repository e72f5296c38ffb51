"""Role swaps: how many hours beside which buddy, what was learnt there, and what was fixed since.

A role swap is never planned without a buddy: a person who was asked, said yes, and takes the guest along. Hours and
buddy stand beside that one action and nowhere else. Nothing is overwritten: a later agreement takes the place of the
earlier one, which stays; what was learnt and fixed is only added to, with who wrote it and when.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import NAME_LENGTH, tidy_text
from data.coaching.action_rows import asker, find
from data.coaching.tables import SwapNoteRow, SwapRow
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope

KINDS = ("learnt", "fixed")
MOST_HOURS = 400.0
NO_BUDDY = "A role swap needs a buddy: say who takes the guest along and for how many hours, then record it."


@dataclass(frozen=True)
class Swap:
    """What is agreed: how many hours, and the buddy who agreed to take the guest along."""

    hours: float
    buddy: str


@dataclass(frozen=True)
class Agreed(Swap):
    """An agreement as it was kept."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Note:
    """What was learnt, or fixed since (`kind`)."""

    id: int
    action_id: int
    kind: str
    words: str
    by: str
    at: datetime


def is_swap(play: str) -> bool:
    """Is this play a role swap, by its key or in a manager's own words ("Role swap")?"""
    return " ".join(play.casefold().replace("_", " ").replace("-", " ").split()) == "role swap"


def checked(play: str, swap: Swap | None) -> Swap | None:
    """The agreement as it will be kept; none for another play. Raises Trouble for a role swap without a buddy."""
    if not is_swap(play):
        return None
    if swap is None or not swap.buddy.strip():
        raise Trouble(NO_BUDDY)
    if not (math.isfinite(swap.hours) and 0 < swap.hours <= MOST_HOURS):
        raise Trouble(f"A role swap takes more than no hours and at most {MOST_HOURS:.0f}, not {swap.hours:g}.")
    return Swap(float(swap.hours), tidy_text(swap.buddy, "name of the buddy", NAME_LENGTH))


def checked_each(play: str, teams: Mapping[str, Swap] | None, team_id: str) -> Swap | None:
    """The same for one of several teams that swap; the sentence names the team that has no buddy yet."""
    try:
        return checked(play, (teams or {}).get(team_id))
    except Trouble as trouble:
        raise Trouble(f"{trouble} This is about the team {team_id!r}.") from None


def agree(session: Session, scope: Scope, action_id: int, swap: Swap, at: datetime) -> None:
    """Keep an agreement beside its action, within a transaction of the caller's."""
    session.add(SwapRow(action_id=action_id, hours=swap.hours, buddy=swap.buddy, by=asker(scope), at=at))


def agreed(scope: Scope, database: Database, action_id: int) -> Agreed | None:
    """What is agreed now for an action that the asker may see; none where it is no role swap."""
    with database.reading() as session:
        find(session, scope, action_id)
        return latest(session, action_id)


def latest(session: Session, action_id: int) -> Agreed | None:
    """The same within a transaction of the caller's, who has checked who asks."""
    asked = select(SwapRow).where(SwapRow.action_id == action_id).order_by(SwapRow.id.desc()).limit(1)
    row = session.scalar(asked)
    return None if row is None else Agreed(row.hours, row.buddy, row.by, row.at)


def change(scope: Scope, database: Database, action_id: int, swap: Swap, *, now: datetime | None = None) -> Agreed:
    """Agree anew: other hours or another buddy. Raises Trouble where it is no role swap, or not yours to see."""
    at = instant(now)
    with database.writing() as session:
        row = find(session, scope, action_id, lock=True)
        scope.require(Right.COACH, row.team_id)
        told = checked(row.play, swap)
        if told is None:
            raise Trouble(f"Action {action_id} is no role swap, so it has no buddy.")
        agree(session, scope, action_id, told, at)
        return Agreed(told.hours, told.buddy, asker(scope), at)


def note(
    scope: Scope, database: Database, action_id: int, kind: str, words: str, *, now: datetime | None = None
) -> Note:
    """Add what was learnt or what was fixed since, also when the action has ended: that is often when it is fixed."""
    if kind not in KINDS:
        raise Trouble(f"Of a role swap is kept what was {' or '.join(KINDS)}, not what was {kind!r}.")
    what = "what was learnt" if kind == "learnt" else "what was fixed"
    at, said = instant(now), tidy_text(words, f"field of {what}")
    with database.writing() as session:
        row = find(session, scope, action_id)
        scope.require(Right.COACH, row.team_id)
        if not is_swap(row.play):
            raise Trouble(f"Action {action_id} is no role swap: add a check-in instead.")
        added = SwapNoteRow(action_id=action_id, kind=kind, words=said, by=asker(scope), at=at)
        session.add(added)
        session.flush()
        return _note(added)


def notes(scope: Scope, database: Database, action_id: int) -> list[Note]:
    """What was learnt and what was fixed, oldest first."""
    with database.reading() as session:
        find(session, scope, action_id)
        asked = select(SwapNoteRow).where(SwapNoteRow.action_id == action_id).order_by(SwapNoteRow.id)
        return [_note(row) for row in session.scalars(asked)]


def _note(row: SwapNoteRow) -> Note:
    return Note(row.id, row.action_id, row.kind, row.words, row.by, row.at)
