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
    """ "2 accepted answers take 12 of these tickets out; without the replies: 31 of 140 (...)." Nothing where none.

    `things`: what is counted, in the plural.
    """
    replies = row.get("replies") or 0
    whole = row.get("without_replies")
    if not replies:
        return ""
    how_many = ONCE if replies == 1 else f"{replies:,} accepted answers"
    takes = "takes" if replies == 1 else "take"
    if whole is None:
        return f"{how_many} of the team {'stands' if replies == 1 else 'stand'} beside it; no ticket is taken out."
    out = row["taken_out"] or 0
    which = f"{out:,} of the {whole['n']:,} {things} of these weeks" if out else f"{things} of other weeks"
    said = measures.told({**whole, "measure": measures.of(row)}, things) if whole["share"] is not None else "nothing"
    status = f"{whole['status']}, {whole['direction']}" if whole["direction"] else whole["status"]
    return f"{how_many} of the team {takes} {which} out. Without the replies: {said}; {status}."


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
