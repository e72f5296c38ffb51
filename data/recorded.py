"""Which changes go into the record by themselves: all that people decide and write down, table by table.

One hook sees what a transaction changes. Noted is that something was added or changed, of which team, by whom; never
what was written. A table that is not listed here fails a test: somebody has to decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction, attributes

from data import record
from data.tables import Base

CHANGED = "changed"


@dataclass(frozen=True)
class Kind:
    """How a change of a table's row is told. `called`: what the row is; `by`: the columns that say who it was, of which
    the first that this change set counts; `only`: where given, the columns whose change is told, and no other; `told`:
    columns whose value is told; `unless`: a column and the value with which a row is the program's own doing."""

    called: str
    by: tuple[str, ...] = ("undone_by", "removed_by", "talked_by", "updated_by", "by", "created_by", "author")
    only: tuple[str, ...] | None = None
    told: tuple[str, ...] = ()
    unless: tuple[str, str] | None = None


RECORDED = {
    "actions": Kind("action"),
    "check_ins": Kind("check-in"),
    "programmes": Kind("programme"),
    "rebases": Kind("lasting change"),
    "ratings": Kind("rating of a team by itself"),
    "replies": Kind("answer of a team"),
    "reply_steps": Kind("decision on an answer"),
    "found_causes": Kind("cause that was found"),
    # Derived anew with the data, almost each time that somebody asks: nobody's doing.
    "standard_versions": Kind("standards", unless=("what", "derived")),
    "standard_overrides": Kind("overruling of a standard"),
    "swaps": Kind("role swap"),
    "swap_notes": Kind("note on a role swap"),
    "praise": Kind("kind word"),
    "praise_passed_on": Kind("kind word passed on"),
    # Each card and vote touches this row: when they came must not be told.
    "retrospectives": Kind("retrospective", by=("led_by",), only=("stage", "led_by", "closed_at")),
    "reviews": Kind("review"),
    "review_decisions": Kind("decision on a review"),
    "conversations": Kind("one-on-one"),
    "agenda_points": Kind("point of an agenda"),
    "action_points": Kind("action point"),
    "purposes": Kind("purpose"),
    "outbox": Kind("digest", by=(), only=("state",), told=("state", "week")),
}
UNRECORDED = {
    "record_entries": "the record itself",
    "action_versions": "told with its action",
    "conversation_versions": "told with its conversation",
    "action_point_versions": "told with its action point",
    "standards": "told with their version",
    "reply_tickets": "told with their answer",
    "review_renderings": "whoever has it made is noted where they take it out",
    "access_grants": "noted in words where it is given and withdrawn",
    "access_thresholds": "noted in words where it is set",
    "access_sign_ins": "noted in words where it begins and ends",
    "disclosures": "what the program itself decided, not a person",
    "forgotten": "noted in words where it is asked and where it is done",
    "private_notes": "not even that somebody wrote one is told",
    "retrospective_seats": "who took part when must not be known",
    "retrospective_ballots": "who voted when must not be known",
    "retrospective_cards": "who wrote when must not be known",
    "retrospective_groups": "told with the stage of their retrospective",
    "retrospective_actions": "told with their action",
}


def watch(session: Session) -> None:
    """From now on note in this session's transaction what it changes."""
    event.listen(session, "after_flush", _after_flush)


def _after_flush(session: Session, _: UOWTransaction) -> None:
    for done, rows in (("added", session.new), ("changed", session.dirty), ("deleted", session.deleted)):
        for row in rows:
            _note(session, row, done)


def _note(session: Session, row: Base, done: str) -> None:
    kind = RECORDED.get(row.__tablename__)
    if kind is None or (done == "changed" and not _touched(row, kind.only or row.__mapper__.columns.keys())):
        return
    if kind.unless is not None and getattr(row, kind.unless[0]) == kind.unless[1]:
        return
    told: set[tuple[str, Any]] = session.info.setdefault("told", set())
    number = getattr(row, "id", getattr(row, "version", None))
    if (row.__tablename__, number) in told:  # once a transaction is enough
        return
    told.add((row.__tablename__, number))
    about = getattr(row, "team_id", None) or ""
    detail = {name: getattr(row, name) for name in kind.told}
    record.note_in(session, _who(row, kind), CHANGED, about, of=kind.called, number=number, done=done, **detail)


def _touched(row: Base, columns: Iterable[str]) -> bool:
    return any(attributes.get_history(row, name).has_changes() for name in columns)


def _who(row: Base, kind: Kind) -> str:
    """Whoever this change names; who is named already did the rest."""
    named = [name for name in kind.by if getattr(row, name, None)]
    fresh = [name for name in named if attributes.get_history(row, name).has_changes()]
    return str(getattr(row, (fresh or named)[0])) if named else "heartline"
