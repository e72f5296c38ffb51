"""A frame -> a table for people, or csv or json for other programs."""

import json
import sys
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dashboard.commands import terminal
from dashboard.commands.options import Format

WIDE = 240  # columns where no one's screen sets a limit


def show(frame: pl.DataFrame, how: Format, *, envelope: dict[str, Any] | None = None, rows_as: str = "rows") -> None:
    """Print `frame`. Json is one object: the envelope's fields, then the rows under `rows_as` (docs/json.md)."""
    if how is Format.json:
        body = {**(envelope or {}), rows_as: frame.to_dicts()}
        terminal.write(json.dumps(body, default=_plain, ensure_ascii=False, indent=2) + "\n")
    elif how is Format.csv:
        from data.rejects import guarded_texts

        terminal.write(guarded_texts(frame).write_csv())
    else:
        _table(frame)


def _plain(value: object) -> str:
    """Dates and instants as ISO 8601."""
    iso = getattr(value, "isoformat", None)
    return str(iso()) if iso else str(value)


def _table(frame: pl.DataFrame) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, kind in frame.schema.items():
        table.add_column(name.replace("_", " "), justify="right" if kind.is_numeric() else "left")
    for row in frame.iter_rows():
        table.add_row(*(Text() if value is None else _cell(value) for value in row))
    Console(width=WIDE if not sys.stdout.isatty() else None).print(table)


def _cell(value: object) -> Text:
    """As a text of its own: rich would read a bracket in a string as a colour."""
    return Text(f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value))
