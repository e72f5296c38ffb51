"""Import a few lines of text into a home, for tests."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from data.home import Home
from data.intake import Summary, import_file
from data.lake import Lake

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def take(home: Home, text: str, name: str = "file.csv", **how: Any) -> Summary:
    """Import `text` as a file of that name."""
    home.path.mkdir(parents=True, exist_ok=True)
    path = home.path.parent / name
    path.write_text(text, encoding="utf-8")
    return import_file(home, path, now=NOW, **how)


def counts(summary: Summary) -> tuple[int, int, int, int]:
    """accepted, replaced, unchanged, set aside; after a look that each row read is in one of them."""
    found = (summary.accepted, summary.replaced, summary.unchanged, summary.set_aside)
    assert sum(found) == summary.read
    return found


def held(home: Home, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Those columns of the newest version's table, sorted."""
    return sorted(Lake(home).scan(table).select(columns).collect().rows(), key=str)


def frame(home: Home, table: str) -> pl.DataFrame:
    return Lake(home).scan(table).drop("part").collect()
