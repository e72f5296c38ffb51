"""How often the rule is wrong and how soon it is right, as tables for the Method page. Pure; no number is typed here.

Delays are worked out (metrics.delay); false alarms are those that the simulation wrote into docs/methods.md.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from dashboard import words
from dashboard.words import Row
from metrics.delay import weeks_to_see
from metrics.monitor import WINDOW
from metrics.sign import counted_signs

METHODS = Path(__file__).resolve().parents[1] / "docs" / "methods.md"
VOLUMES, POINTS, USUAL = (10, 20, 40, 100, 200), (5, 10, 15), 0.15
TOO_LATE = "later than can be counted on"


@lru_cache(maxsize=4096)
def weeks(weekly: int, usual: float, rise: float) -> int | None:
    """Median weeks until a lasting rise shows, None where later than `words.TOO_LATE`."""
    found = weeks_to_see(weekly, usual, rise)
    return found if found is not None and found <= words.TOO_LATE else None


def by_volume(volumes: Sequence[int] = VOLUMES, points: Sequence[int] = POINTS, usual: float = USUAL) -> pl.DataFrame:
    """One row a volume, one column a size of rise: after how many weeks it shows."""
    rows = [
        {"Tickets a week": str(volume)} | {_head(size): told(weeks(volume, usual, size / 100)) for size in points}
        for volume in volumes
    ]
    return pl.DataFrame(rows)


def of_team(rows: Iterable[Row], points: Sequence[int] = (5, 10)) -> pl.DataFrame:
    """The same for one team's own readings: a row for each sign that is a weekly share and has enough to say."""
    out = []
    for row in rows:
        sign = counted_signs().get(row["sign"])
        if sign is None or sign.measure != "share" or sign.rhythm != "week" or row["expected"] is None or not row["n"]:
            continue
        weekly, usual = max(round(row["n"] / WINDOW), 1), round(row["expected"], 2)
        way = 1 if sign.better == "lower" else -1
        shown = {_head(size): told(weeks(weekly, usual, way * size / 100)) for size in points}
        out.append({"Question": words.heading(sign), "A week": str(weekly), "Usual": words.share(usual)} | shown)
    return pl.DataFrame(out)


def told(after: int | None) -> str:
    return TOO_LATE if after is None else words.count(after, "week")


def example(weekly: int = 40, size: int = 10, usual: float = USUAL) -> str:
    """ "With 40 tickets a week, and 15% as usual, a lasting rise of 10 points shows after about 4 weeks." """
    after = weeks(weekly, usual, size / 100)
    when = f"after about {words.count(after, 'week')}" if after else TOO_LATE
    rise = f"a lasting rise of {size} points"
    return f"With {weekly} tickets a week and a usual share of {words.share(usual)}, {rise} shows {when}."


def false_alarms(methods: str) -> list[tuple[int, float]]:
    """(tickets a week, false alarms a team-year) of our own rule, as the simulation wrote them, if it did."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in methods.splitlines()]
    ours = [row for row in cells if row[0] == "Heartline" and len(row) > 2]
    return [(int(row[1]), float(row[2])) for row in ours]


def how_wrong() -> str:
    """How often a steady team is called a signal, in a sentence; nothing where the simulation's tables are missing."""
    found = false_alarms(METHODS.read_text("utf-8")) if METHODS.is_file() else []
    if not found:
        return ""
    rates = [rate for _, rate in found]
    return (
        f"A team in which nothing changes is called a signal {min(rates):.2f} to {max(rates):.2f} times a year in each "
        f"question (simulated, with {found[0][0]} to {found[-1][0]} tickets a week): about once in "
        f"{1 / max(rates):.0f} years."
    )


def _head(size: int) -> str:
    return f"{size} points worse"
