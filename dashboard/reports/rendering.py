"""A frozen review as a file: PDF, slides, workbook. The SHA-256 of the first of each kind is kept; later ones match."""

from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from dashboard.reports.pack import pack_of
from data.database import Database
from data.errors import Trouble
from data.reviewing import reviews
from data.reviewing.reviews import Review

KINDS = {"pdf": "pdf", "pptx": "slides", "xlsx": "workbook"}
MIMES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NAMES = {"pdf": "PDF", "pptx": "Slides", "xlsx": "Workbook"}


class File(NamedTuple):
    """A rendering and, where it differs from the first of its kind, a sentence that says so."""

    name: str
    content: bytes
    differs: str | None


def kind_of(path: Path) -> str:
    """The kind that a file's ending asks for. Raises Trouble for any other."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in KINDS:
        raise Trouble(f"{path.name} ends in none of .pdf, .pptx and .xlsx: end the name with the kind that you want.")
    return ending


def render(database: Database, review: Review, kind: str) -> File:
    """The file of that kind. Reads the frozen review and nothing else."""
    made_by = import_module(f"dashboard.reports.{KINDS[kind]}")
    content: bytes = made_by.render(pack_of(review))
    first = reviews.rendered(database, review, kind, content, made_by.MADE_WITH)
    differs = None
    if first is not None:
        differs = (
            f"This file differs from the first {NAMES[kind]} of review {review.number}, which was made with "
            f"{first.made_with}; this one is made with {made_by.MADE_WITH}. What it says is the same: the review is "
            "frozen."
        )
    return File(file_name(review, kind), content, differs)


def made_otherwise(database: Database, review: Review) -> list[str]:
    """Of the kinds that were first made with other versions of what makes them: a sentence each."""
    return [
        f"The first {NAMES[first.kind]} was made with {first.made_with}, today's with {made_with(first.kind)}: what it "
        "says is the same, its bytes may differ."
        for first in reviews.renderings(database, review.number)
        if first.made_with != made_with(first.kind)
    ]


def made_with(kind: str) -> str:
    """What makes files of this kind now, with its version."""
    return str(import_module(f"dashboard.reports.{KINDS[kind]}").MADE_WITH)


def file_name(review: Review, kind: str) -> str:
    """Such as "review-2026-Q3-North-4.pdf": letters, digits and hyphens only."""
    branch = "".join(letter if letter.isalnum() else "-" for letter in review.branch or "")
    return "-".join(part for part in ("review", review.period, branch, str(review.number)) if part) + f".{kind}"
