"""How long each page takes on the sample company, four also on 200 teams, beside an empty page: first, later views."""

import os
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import polars as pl
from streamlit.testing.v1 import AppTest

from benchmarks.made import make
from dashboard.commands import demo
from data.derived import derive
from data.home import Home
from data.lake import Lake

TICKETS = int(os.environ.get("HEARTLINE_BENCH_PAGE_TICKETS", "400000"))
LATER = 7
APP = Path(__file__).parent.parent / "dashboard" / "app.py"
VIEWS = APP.parent / "views"
LARGE = ("overview", "team", "handoffs", "empathy")  # of these also at 200 teams
LIMIT = 1.0  # seconds for a warm view


def sample_of(folder: Path) -> Home:
    """The sample company of `heartline demo`, with all its signs and its actions."""
    home = Home(folder / "sample")
    demo.make(home, seed=1)
    return home


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
    app.switch_page(f"views/{page}.py")
    first = timed(app)
    return first, median(timed(app) for _ in range(LATER))


def empty_page() -> float:
    """An empty page's rerun: Streamlit's own floor."""
    app = AppTest.from_string("import streamlit as st\nst.title('empty')")
    timed(app)
    return median(timed(app) for _ in range(LATER))


def table(home: Home, pages: Sequence[str], floor: float) -> None:
    """Prints a line a page."""
    os.environ["HEARTLINE_HOME"] = str(home.path)
    print(f"{'page':<16}{'first':>10}{'later':>10}{'later / empty':>16}{f'later / {LIMIT:.0f} s':>14}")
    for page in pages:
        first, later = views(page)
        print(
            f"{page:<16}{first:>8.2f} s{later * 1000:>7.0f} ms{later / floor:>16.1f}{later / LIMIT:>14.2f}", flush=True
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        floor = empty_page()
        print(f"An empty page: {floor * 1000:.0f} ms. The sample company, all pages:")
        table(sample_of(Path(folder)), sorted(path.stem for path in VIEWS.glob("[a-z]*.py")), floor)
        print(f"200 teams, {TICKETS:,} tickets:")
        table(home_of(Path(folder), TICKETS), LARGE, floor)


if __name__ == "__main__":
    main()
