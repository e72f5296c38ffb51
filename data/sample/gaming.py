"""Two ways in which numbers are made to look better, planted in one team each: parking the clock, filing low.

Both change what is written down and nothing of what customers meet: the team's own signs stay as they are. They are
drawn from a stream of their own, so that all else of the sample stays as it is.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from data.sample.layout import PRIORITIES, TEAMS, monday
from data.sample.truth import Truth

BUSY_ENOUGH = 60
FIRST, LAST = 62, 84
PARKED_SHARE, FILED_SHARE = 0.35, 0.4


@dataclass(frozen=True)
class Game:
    """From the week `onset` on the team uses the `way` (metrics.pressure) for a `share` of its tickets."""

    way: str
    team: int
    onset: int
    share: float

    def told(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "way": self.way,
            "team": TEAMS[self.team].team_id,
            "onset": monday(self.onset).isoformat(),
            "share": self.share,
        }


def draw_games(rng: np.random.Generator, truth: Truth) -> tuple[Game, Game]:
    """Two busy teams of the front office in which nothing else is planted."""
    taken = {truth.harder_mix, *(team for one in truth.troubles if one.where != "flood" for team in one.teams)}
    free = [
        row
        for row, team in enumerate(TEAMS)
        if team.function == "front_office" and team.volume >= BUSY_ENOUGH and row not in taken
    ]
    first, second = (int(team) for team in rng.permutation(free)[:2])
    onsets = rng.integers(FIRST, LAST + 1, 2)
    return Game("parked", first, int(onsets[0]), PARKED_SHARE), Game("filed_low", second, int(onsets[1]), FILED_SHARE)


def play(tables: dict[str, pl.DataFrame], games: tuple[Game, Game], rng: np.random.Generator) -> None:
    """Writes both games into the tickets and the events."""
    parked, filed = games
    tables["events"] = _parked(tables["events"], parked, rng)
    tables["tickets"] = _filed_low(tables["tickets"], tables["events"], filed, rng)


def _parked(events: pl.DataFrame, game: Game, rng: np.random.Generator) -> pl.DataFrame:
    """Put on hold a minute after they came, before anybody wrote, and taken up again before the next step."""
    team = TEAMS[game.team].team_id
    spaced = events.with_columns(next=pl.col("at").shift(-1).over("ticket_id"))
    begun = spaced.filter(
        pl.col("kind") == "opened", pl.col("team_id") == team, pl.col("at").dt.date() >= monday(game.onset)
    ).filter(pl.col("next") - pl.col("at") > timedelta(minutes=6))
    some = begun.filter(pl.Series(rng.random(begun.height) < game.share))
    held = some.with_columns(at=pl.col("at") + timedelta(minutes=1), kind=pl.lit("on_hold"), actor=pl.lit("agent"))
    back = some.with_columns(at=pl.col("next") - timedelta(minutes=1), kind=pl.lit("off_hold"), actor=pl.lit("system"))
    more = [one.with_columns(seq=pl.lit(0, dtype=events.schema["seq"])).select(events.columns) for one in (held, back)]
    return pl.concat([events, *(one.cast(events.schema) for one in more)]).sort("ticket_id", "at", "seq")


def _filed_low(tickets: pl.DataFrame, events: pl.DataFrame, game: Game, rng: np.random.Generator) -> pl.DataFrame:
    mine = events.filter(pl.col("kind") == "resolved", pl.col("team_id") == TEAMS[game.team].team_id)
    some = pl.Series(rng.random(tickets.height) < game.share)
    lowered = (
        some
        & pl.col("ticket_id").is_in(mine["ticket_id"].implode())
        & (pl.col("opened_at").dt.date() >= monday(game.onset))
    )
    return tickets.with_columns(priority=pl.when(lowered).then(pl.lit(PRIORITIES[0])).otherwise("priority"))
