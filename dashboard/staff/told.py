"""What is told to staff, in sections: for the page, and for paper. Pure, and in words for whom it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard import words
from data.purpose import Purpose
from metrics.disclosure import FEWEST_PEOPLE
from metrics.sign import all_signs

TITLE = "What Heartline knows, and what it never will"
NEVER = (
    "What you or a customer wrote: no message, no subject, no note of a ticket is read in. What is not there cannot be "
    "shown.",
    "How one person does: no number, chart, list or export is about one person, and there is no ranking of people.",
    f"Anything of a team of fewer than {FEWEST_PEOPLE} people.",
    "When you were at your desk, how fast you type, what is on your screen, how you sound: none of that is measured.",
    "It decides nothing about anybody. It may not be used for pay, promotion or dismissal of a person.",
)
MEASURED = (
    "From tickets: when they were opened, passed on, answered and closed, of which kind they are, and by which team. "
    "Ids of customers and of agents become pseudonyms on the way in: they say that two tickets are of the same "
    "person, and not of whom.",
    "From HR: who works in which team from when until when, hours, absences as days and kind, courses taken. They tell "
    "why a team is under strain, and are shown of whole teams only.",
    "From surveys: answers of a team, of five or more people together.",
    "What managers and teams write down themselves: what was agreed, and how it went.",
)
ROLE_WORDS = {
    "member": ("member of the team", "members of the team", "their own team's readings"),
    "manager": ("manager", "managers", "their teams' readings, and what was agreed there"),
    "executive": ("executive", "executives", "reviews of branches, and no small team"),
    "analyst": ("analyst", "analysts", "readings of teams, and no coaching notes"),
    "admin": ("person who runs it", "people who run it", "no team's readings: they give access and keep it running"),
    "local": ("user of this machine", "users of this machine", "everything that is shown here"),
}


@dataclass(frozen=True)
class Section:
    """A heading, and paragraphs or points under it. `points`: a list rather than paragraphs."""

    title: str
    lines: tuple[str, ...]
    points: bool = False


@dataclass(frozen=True)
class Looks:
    """Who looked at one team: `frame` as data.record_reading.lookers gives it, over so many weeks."""

    team: str
    frame: pl.DataFrame
    weeks: int = 13


def sections(
    purpose: Purpose | None, may: Mapping[str, int], looks: Looks | None, *, local: bool, today: date
) -> list[Section]:
    """The page, from what was recorded. What nobody recorded yet is said as such."""
    made = [
        Section("Why this is done", _why(purpose)),
        Section("What is measured", MEASURED, points=True),
        Section("What is never measured", NEVER, points=True),
        Section("What it asks of a team", tuple(_question(sign.asks) for sign in all_signs().values()), points=True),
        Section("Who may look", _who_may(may, looks, local=local), points=not local),
    ]
    if looks is not None:
        made.append(Section(f"Who looked at {looks.team}", _who_looked(looks, today)))
    return [*made, Section("How long it is kept", _kept(purpose)), Section("Ask, object, be forgotten", _ask(purpose))]


def _question(asked: str) -> str:
    return asked[:1].upper() + asked[1:]


def _why(purpose: Purpose | None) -> tuple[str, ...]:
    if purpose is None:
        return ("Nobody has recorded it yet. Ask whoever runs Heartline in your company.",)
    asked = [
        f"{one.who} ({words.long_day(one.on)} {one.on.year}){': ' + one.words if one.words else ''}"
        for one in purpose.consulted
    ]
    return (
        purpose.purpose,
        f"What allows it: {purpose.legal_basis}",
        f"Who was asked before: {'; '.join(asked)}.",
    )


def _who_may(may: Mapping[str, int], looks: Looks | None, *, local: bool) -> tuple[str, ...]:
    if local:
        return (
            "This runs without sign-in, for whoever sits at this one machine. They see every team of five or more.",
        )
    over = f" at {looks.team}" if looks is not None else ""
    if not may:
        return (f"Nobody was given access{over} yet.",)
    return tuple(_role(role, many) for role, many in may.items())


def _role(role: str, many: int) -> str:
    one, several, sees = ROLE_WORDS[role]
    return f"{many} {one if many == 1 else several}: {sees}."


def _who_looked(looks: Looks, today: date) -> tuple[str, ...]:
    if looks.frame.is_empty():
        return (f"Nobody did in the last {looks.weeks} weeks.",)
    by = looks.frame.group_by("who", "role").agg(
        pl.col("day").n_unique().alias("days"), pl.col("day").max().alias("last")
    )
    lines = [
        f"{who}, {ROLE_WORDS.get(role, (role,))[0]}: on {words.count(days, 'day')}, last on {words.day(last, today)}"
        for who, role, days, last in by.sort("last", "who", descending=[True, False]).rows()
    ]
    return (f"In the last {looks.weeks} weeks: {'; '.join(lines)}.", "Days are told, and no times.")


def _kept(purpose: Purpose | None) -> tuple[str, ...]:
    if purpose is None:
        return ("How long is not recorded yet, so nothing is dropped by itself.",)
    return (
        f"Tickets, absences and surveys: {words.count(purpose.ticket_months, 'month')}. "
        f"Notes of conversations: {words.count(purpose.note_months, 'month')}. "
        f"Who looked and who did what: {words.count(purpose.record_months, 'month')}. "
        "Then they are dropped by themselves, from all earlier versions of the data, too.",
    )


def _ask(purpose: Purpose | None) -> tuple[str, ...]:
    if purpose is None:
        return ("Whom to ask is not recorded yet.",)
    return (
        f"Responsible: {purpose.responsible}",
        f"Whom you may ask: {purpose.ask}",
        f"How to object: {purpose.object_by}",
        "You may ask to be forgotten. Then nothing of you is left in it, and what comes later of you is left out.",
        "A team can answer every reading of it, and say which tickets should not count.",
    )


def lines(told: Sequence[Section]) -> list[dict[str, object]]:
    """The sections as plain data, for paper."""
    return [{"title": one.title, "lines": list(one.lines), "points": one.points} for one in told]
