"""Tiny counts for the tests of readings: teams x weeks of x and n, one stratum unless said."""

from datetime import date, timedelta

import numpy as np
import polars as pl

START = date(2024, 1, 1)
SCHEMA = {
    "sign": pl.String,
    "team_id": pl.String,
    "week": pl.Date,
    "category": pl.String,
    "channel": pl.String,
    "priority": pl.String,
    "x": pl.Int64,
    "n": pl.Int64,
}


def calendar(weeks: int) -> list[date]:
    return [START + timedelta(weeks=week) for week in range(weeks)]


def counts(x, n, sign: str = "s", category: str = "c") -> pl.DataFrame:
    """Rows of teams t00, t01, ... by week; weeks with n of 0 have no row, as in life."""
    x, n = np.atleast_2d(np.asarray(x)), np.atleast_2d(np.asarray(n))
    n = np.broadcast_to(n, x.shape)
    rows = [
        (
            sign,
            f"t{team:02}",
            START + timedelta(weeks=week),
            category,
            "web",
            "3",
            int(x[team, week]),
            int(n[team, week]),
        )
        for team in range(x.shape[0])
        for week in range(x.shape[1])
        if n[team, week] > 0
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
