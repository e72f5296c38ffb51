"""Customers' kind words, told: quoted as they were said, with their day and whether they were passed on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard import words
from dashboard.plain import plain
from data import praise

CUT = 280
GATHER = (
    "Reply to three customers whose case went well, and ask what made the difference.",
    "Ask the teams before and after in the chain: whom did this team save a day?",
    "Ask at the next meeting: for what did a customer last thank you? Write it down as they said it.",
)
# One row of data.praise.MERGED, by column.
Row = Mapping[str, Any]


def cut(text: str, longest: int = CUT) -> str:
    """A long word of thanks, shortened at a blank: what is left out is under "all"."""
    short = " ".join(text.split())
    if len(short) <= longest:
        return short
    return f"{short[:longest].rsplit(' ', 1)[0]} ..."


def beside(row: Row, today: date | None = None) -> str:
    """When it was said, where it came from, whether it reached the team: "5 Oct (a call). Passed on 7 Oct by Ada"."""
    source = "" if row["source"] in (None, praise.IMPORTED) else f" ({row['source']})"
    said = f"{words.day(row['at'].date(), today)}{source}."
    if row["passed_on"] is None:
        return said
    how = words.ended(row["passed_how"])
    return f"{said} Passed on {words.day(row['passed_on'], today)} by {row['passed_by']}: {how}"


def quote(row: Row, today: date | None = None, longest: int = CUT) -> str:
    """The words as a quotation, as they were said."""
    return f"> “{plain(cut(row['words'], longest))}” {plain(beside(row, today))}"
