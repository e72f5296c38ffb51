"""How accepted answers are told beside a reading: always how many, what they took out, and the reading with everything.

Pure: rows in, words out.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard import measures
from data.replies import Reply

Row = Mapping[str, Any]
ONCE = "1 accepted answer"


def of_reading(row: Row, things: str) -> str:
    """ "Taken out by 2 accepted answers of the team: 12 of the 140 tickets ...". Nothing where there are none.

    `things`: what is counted, in the plural.
    """
    replies = row.get("replies") or 0
    whole = row.get("without_replies")
    if not replies:
        return ""
    by = f"by {ONCE if replies == 1 else f'{replies:,} accepted answers'} of the team"
    if whole is None:
        return f"Answered, {by}; no ticket is taken out."
    out = row["taken_out"] or 0
    which = f"{out:,} of the {whole['n']:,} {things} of these weeks" if out else f"{things} of other weeks"
    said = measures.told({**whole, "measure": measures.of(row)}, things) if whole["share"] is not None else "nothing"
    status = f"{whole['status']}, {whole['direction']}" if whole["direction"] else whole["status"]
    return f"Taken out {by}: {which}. Without the replies, with every ticket: {said}; {status}."


def of_answer(reply: Reply) -> str:
    """What is asked: "12 tickets" or "the reading as a whole"."""
    if not reply.tickets:
        return "the reading as a whole"
    return "1 ticket" if len(reply.tickets) == 1 else f"{len(reply.tickets):,} tickets"


def of_weeks(reply: Reply, beside: date | None = None) -> str:
    """Of which weeks it speaks."""
    if reply.week is None:
        return "of all weeks"
    year = f" {reply.week.year}" if beside is None or beside.year != reply.week.year else ""
    return f"of the four weeks that end with the week of {reply.week.day} {reply.week:%B}{year}"


def same_person(reply: Reply) -> bool:
    """Did the one who answered also decide? Said, because it is no second opinion."""
    return reply.decided is not None and reply.decided.by == reply.by
