"""How long a page takes at 200 teams, beside an empty page in the same process. First view, and later views."""

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import polars as pl
from streamlit.testing.v1 import AppTest

from benchmarks.made import make
from data.derived import derive
from data.home import Home
from data.lake import Lake

TICKETS = int(os.environ.get("HEARTLINE_BENCH_PAGE_TICKETS", "400000"))
LATER = 7
APP = Path(__file__).parent.parent / "dashboard" / "app.py"
PAGES = {
    "Overview": "views/overview.py",
    "Team": "views/team.py",
    "Handoffs": "views/handoffs.py",
    "Empathy": "views/empathy.py",
}
LIMIT = 1.0  # seconds for a warm view


def home_of(folder: Path, tickets: int) -> Home:
    """A made company of 200 teams, imported and counted."""
    make(folder / "made", tickets)
    home = Home(folder / "home")
    tables = {name: pl.read_parquet(folder / "made" / name / "**" / "*.parquet") for name in ("tickets", "events")}
    teams = pl.read_parquet(folder / "made" / "teams.parquet")
    Lake(home).write({**{n: t.drop("part", strict=False) for n, t in tables.items()}, "teams": teams}, "made", _now())
    derive(home)
    return home


def _now() -> datetime:
    return datetime(2026, 1, 5, tzinfo=UTC)


def timed(app: AppTest) -> float:
    """Seconds of one run. Raises what the page raised."""
    began = time.perf_counter()
    app.run(timeout=120)
    took = time.perf_counter() - began
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return took


def views(page: str) -> tuple[float, float]:
    """The first view of a page, and the median of later ones."""
    app = AppTest.from_file(str(APP))
    app.switch_page(page)
    first = timed(app)
    return first, median(timed(app) for _ in range(LATER))


def empty_page() -> float:
    """An empty page's rerun: Streamlit's own floor."""
    app = AppTest.from_string("import streamlit as st\nst.title('empty')")
    timed(app)
    return median(timed(app) for _ in range(LATER))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder), TICKETS)
        os.environ["HEARTLINE_HOME"] = str(home.path)
        floor = empty_page()
        print(f"200 teams, {TICKETS:,} tickets. An empty page: {floor * 1000:.0f} ms.")
        print(f"{'page':<10}{'first':>10}{'later':>10}{'later / empty':>16}{f'later / {LIMIT:.0f} s':>14}")
        for name, page in PAGES.items():
            first, later = views(page)
            row = f"{name:<10}{first:>8.2f} s{later * 1000:>7.0f} ms{later / floor:>16.1f}{later / LIMIT:>14.2f}"
            print(row)


if __name__ == "__main__":
    main()
