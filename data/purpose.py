"""Why this is done: what a company recorded of its purpose, its legal basis, whom it consulted, and how long it keeps.

Each version is added to those before; the newest holds. Everybody may read it; who runs the installation records it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from data.clock import instant
from data.coaching.action import tidy_text
from data.database import Database
from data.errors import Trouble
from data.purpose_tables import PurposeRow
from data.scope import Right, Scope

LEAST, MOST = 1, 240  # months
LEAST_OF_RECORD = 3  # months: who looked is to be known for as long as somebody may ask
LONGEST = 4000


@dataclass(frozen=True)
class Consulted:
    """Who was asked (works council, data-protection officer, staff), on which day, and what came of it."""

    who: str
    on: date
    words: str = ""


@dataclass(frozen=True)
class Purpose:
    """What was recorded. Periods are months; after them tickets, notes and the record itself are dropped."""

    purpose: str
    legal_basis: str
    consulted: tuple[Consulted, ...]
    ticket_months: int
    note_months: int
    record_months: int
    responsible: str
    ask: str
    object_by: str
    number: int = 0
    at: datetime | None = None
    by: str = ""


# What the sample company says of itself.
MADE_UP = Purpose(
    purpose="To try Heartline. This is a made-up company: nobody in it is real, and neither is any ticket.",
    legal_basis="None is needed, for it is about nobody.",
    consulted=(Consulted("Nobody, for there is nobody to ask", date(2026, 1, 1)),),
    ticket_months=36,
    note_months=24,
    record_months=12,
    responsible="Whoever runs this sample",
    ask="Whoever runs this sample",
    object_by="There is nobody who could. In a company of your own this says how.",
)


def current(database: Database) -> Purpose | None:
    """What holds now; None where nothing was recorded yet."""
    with database.reading() as session:
        row = session.scalars(select(PurposeRow).order_by(PurposeRow.id.desc()).limit(1)).first()
        return None if row is None else _purpose(row)


def history(database: Database) -> list[Purpose]:
    """All that was ever recorded, oldest first."""
    with database.reading() as session:
        return [_purpose(row) for row in session.scalars(select(PurposeRow).order_by(PurposeRow.id))]


def keep(scope: Scope, database: Database, said: Purpose, *, now: datetime | None = None) -> Purpose:
    """Record it as the newest version. Needs the right to run.

    Trouble: a field is empty or too long, nobody was consulted, a day is to come, or a period is out of range.
    """
    scope.require(Right.RUN)
    at = instant(now)
    good = _checked(said, at.date())
    held = current(database)
    if held is not None and _same(held, good):
        return held
    with database.writing() as session:
        told = {name: getattr(good, name) for name in _FIELDS}
        asked = [{"who": one.who, "on": one.on.isoformat(), "words": one.words} for one in good.consulted]
        row = PurposeRow(**told, consulted=asked, at=at, by=scope.asker)
        session.add(row)
        session.flush()
        return _purpose(row)


_TEXTS = {
    "purpose": "purpose",
    "legal_basis": "legal basis",
    "responsible": "field of who is responsible",
    "ask": "field of whom staff may ask",
    "object_by": "field of how to object",
}
_MONTHS = {
    "ticket_months": ("tickets", LEAST),
    "note_months": ("coaching notes", LEAST),
    "record_months": ("the record", LEAST_OF_RECORD),
}
_FIELDS = (*_TEXTS, *_MONTHS)


def _checked(said: Purpose, today: date) -> Purpose:
    texts = {name: tidy_text(getattr(said, name), called, LONGEST) for name, called in _TEXTS.items()}
    for name, (called, least) in _MONTHS.items():
        months = getattr(said, name)
        if not least <= months <= MOST:
            raise Trouble(f"{months} months is no period for {called}: choose {least} to {MOST}.")
    consulted = tuple(
        Consulted(tidy_text(one.who, "field of who was consulted", 200), one.on, one.words.strip()[:LONGEST])
        for one in said.consulted
    )
    if not consulted:
        raise Trouble("Say who was consulted, and when: the works council, the data-protection officer, or the staff.")
    late = [one for one in consulted if one.on > today]
    if late:
        raise Trouble(f"{late[0].who} is to be consulted on {late[0].on}, which is yet to come: record it afterwards.")
    return replace(said, **texts, consulted=consulted)  # type: ignore[arg-type]  # mypy looks for one type in the dict


def _same(held: Purpose, good: Purpose) -> bool:
    return all(getattr(held, name) == getattr(good, name) for name in (*_FIELDS, "consulted"))


def _purpose(row: PurposeRow) -> Purpose:
    told = {name: getattr(row, name) for name in _FIELDS}
    asked = tuple(Consulted(one["who"], date.fromisoformat(one["on"]), one["words"]) for one in row.consulted)
    return Purpose(**told, consulted=asked, number=row.id, at=row.at, by=row.by)
