"""A table as it was found: a header, and rows of text with the line where a person finds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

# How much was read so far, 0 to 1.
Progress = Callable[[float], None]
ROW, FAULT = "_row", "_fault"


def no_progress(_: float) -> None:
    """For callers that show none."""


@dataclass(frozen=True)
class Raw:
    """`read(columns, progress)` gives those columns as text (blank is null), with `_row` (Int64: the line in the text
    file, the row in the sheet, or the record) and `_fault` (null, or why the row is no row of this table)."""

    name: str
    columns: list[str]
    read: Callable[[Sequence[str], Progress], pl.DataFrame]
    notes: tuple[str, ...] = ()


def apart(header: Sequence[str]) -> list[str]:
    """Column names made distinct: the second `category` becomes `category#2`, a nameless one `column 3`."""
    seen: dict[str, int] = {}
    names = []
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells without blanks around them; blank cells are null."""
    text = pl.col(pl.String).exclude(FAULT)
    return frame.with_columns(text.str.strip_chars().replace("", None))
