"""Readings and signs for tests of what is said and drawn: one row, whatever differs from it named."""

from datetime import date, timedelta
from typing import Any

import polars as pl

from metrics.facts import Facts
from metrics.reading import Series
from metrics.sign import ROW, Sign


def _no_rows(facts: Facts) -> pl.LazyFrame:
    return facts.tickets.select(ROW)


def sign(**more: Any) -> Sign:
    """The sign of the customer who is passed on, as a manager knows it."""
    told = {
        "key": "passed",
        "asks": "is the customer passed on?",
        "says": "passes customers on",
        "counts": "tickets passed on",
        "of": "tickets held",
        "dated_by": "when it was passed on",
        "clock": "calendar",
        "rows": _no_rows,
        "matures": timedelta(days=1),
        "needs": ("events.team_id|tickets.team_id",),
        "caveat": "A corridor leaves no trace.",
        "plays": ("role_swap",),
    }
    return Sign(**told | more)


def reading(**more: Any) -> dict[str, Any]:
    """31 of 140 where 14% are expected, since 5 October: a change for the worse."""
    told: dict[str, Any] = {
        "sign": "passed",
        "team_id": "dn",
        "week": date(2026, 10, 12),
        "status": "signal",
        "direction": "worse",
        "x": 31,
        "n": 140,
        "measure": "share",
        "share": 31 / 140,
        "low": 0.161,
        "high": 0.297,
        "week_x": 8,
        "week_n": 35,
        "expected": 0.14,
        "mix_expected": 0.13,
        "since": date(2026, 10, 5),
        "p": 0.001,
        "q": 0.02,
        "compared": "more than its mix explains",
        "compared_z": 3.0,
        "baseline_weeks": 52,
        "trial": False,
        "why": None,
        "enough_on": None,
        "matures_on": None,
    }
    return told | more


UNSAID = {"direction": None, "since": None, "share": None, "low": None, "high": None, "x": None, "n": None}


def weeks(*shares: float | None, n: int = 50, **more: list[Any]) -> pl.DataFrame:
    """A series of weeks from 3 August 2026 with these shares, 10% expected, limits at 2 and 18%, all of it final."""
    count = len(shares)
    x = [round((share or 0) * n) for share in shares]
    columns: dict[str, Any] = {
        "sign": ["passed"] * count,
        "team_id": ["dn"] * count,
        "week": [date(2026, 8, 3) + timedelta(weeks=i) for i in range(count)],
        "x": x,
        "n": [n if share is not None else 0 for share in shares],
        "measure": ["share"] * count,
        "share": list(shares),
        "expected": [0.1] * count,
        "centre": [0.1] * count,
        "lower": [0.02] * count,
        "upper": [0.18] * count,
        "z": [0.0] * count,
        "ewma": [0.0] * count,
        "mature": [True] * count,
        "baseline": [True] * count,
        "outside": [share is not None and not 0.02 <= share <= 0.18 for share in shares],
    }
    return Series.validate(pl.DataFrame(columns | more), cast=True)
