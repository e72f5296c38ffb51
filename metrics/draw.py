"""Who goes first: several teams are to be coached, not all at once, and the lot decides the order.

Question asked: in which wave does each team begin? Then those who wait are a fair comparison for those who began.

Shapes: team ids in any order -> a frame team_id, wave (from 1), starts_on. The same seed and teams give the same plan
on any machine and version: the order is that of a SHA-256 of seed and team, not of a random generator.
Errors: ValueError for fewer teams than waves, for no wave, and for a team named twice.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

import polars as pl


def who_goes_first(
    teams: Sequence[str], seed: int, starts_on: date, *, waves: int = 2, weeks_apart: int = 13
) -> pl.DataFrame:
    """The plan: waves as even as can be, the first ones larger, each `weeks_apart` after the one before."""
    if len(set(teams)) != len(teams):
        raise ValueError("a team is named twice")
    if waves < 1 or len(teams) < waves:
        raise ValueError(f"{len(teams)} teams cannot make {waves} waves")
    order = sorted(teams, key=lambda team: sha256(f"{seed}:{team}".encode()).hexdigest())
    size, larger = divmod(len(teams), waves)
    wave = [number + 1 for number in range(waves) for _ in range(size + (number < larger))]
    return pl.DataFrame(
        {
            "team_id": order,
            "wave": wave,
            "starts_on": [starts_on + timedelta(weeks=weeks_apart * (number - 1)) for number in wave],
        },
        schema={"team_id": pl.String, "wave": pl.Int64, "starts_on": pl.Date},
    )
