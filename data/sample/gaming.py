"""Four ways in which numbers are made to look better, planted in one team each: see metrics.pressure.

They change what is written down and nothing of what customers wait for. No sign gets better by them; closing early
makes customers ask again, so *repeat_complaints* and *slow_simple* rise with it. They are drawn from a stream of their
own, so that all else of the sample stays as it is.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from data.sample.hours import day_of
from data.sample.layout import HORIZON, PRIORITIES, TEAM_BRANCH, TEAMS, monday
from data.sample.staff import Staff
from data.sample.truth import Truth
from data.sample.walks import NEIGHBOURS

BUSY_ENOUGH = 60
FIRST, LAST = 62, 84
SHARES = {"parked": 0.35, "filed_low": 0.4, "closed_early": 0.3, "closed_elsewhere": 0.3}
LONG_ENOUGH = timedelta(hours=1)  # of waiting, to be closed within
BACK_WITHIN = timedelta(days=1)
JUST_BEFORE = timedelta(minutes=4)
# What a way does move, and for the worse: the benchmark calls that no false alarm.
MOVES = {"closed_early": ("slow_simple", "repeat_complaints")}


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
            "moves": list(MOVES.get(self.way, ())),
        }


def draw_games(rng: np.random.Generator, truth: Truth) -> tuple[Game, ...]:
    """Four busy teams of the front office in which nothing else is planted; the last two not coached, if it can be."""
    taken = {truth.harder_mix, *(team for one in truth.troubles if one.where != "flood" for team in one.teams)}
    coached = {one.team for one in truth.actions}
    free = [
        row
        for row, team in enumerate(TEAMS)
        if team.function == "front_office" and team.volume >= BUSY_ENOUGH and row not in taken
    ]
    first, second, *others = (int(team) for team in rng.permutation(free))
    third, fourth = sorted(others, key=lambda team: team in coached)[:2]
    onsets = [*rng.integers(FIRST, LAST + 1, 2), *rng.integers(FIRST, LAST + 1, 2)]
    placed = zip(SHARES, (first, second, third, fourth), onsets, strict=True)
    return tuple(Game(way, team, int(onset), SHARES[way]) for way, team, onset in placed)


def play(tables: dict[str, pl.DataFrame], games: tuple[Game, ...], staff: Staff, rng: np.random.Generator) -> None:
    """Writes the games into the tickets and the events."""
    parked, filed, early, elsewhere = games
    tables["events"] = _parked(tables["events"], parked, rng)
    tables["tickets"] = _filed_low(tables["tickets"], tables["events"], filed, rng)
    tables["events"] = _closed_early(tables["events"], early, rng)
    tables["events"] = _closed_elsewhere(tables["events"], elsewhere, staff, rng)


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
    return _with(events, held, back)


def _with(events: pl.DataFrame, *more: pl.DataFrame) -> pl.DataFrame:
    """The log with more steps in it; each has the `seq` of the step that it was made of."""
    rows = (one.select(events.columns).cast(events.schema) for one in more)
    return pl.concat([events, *rows]).sort("ticket_id", "at", "seq")


def _filed_low(tickets: pl.DataFrame, events: pl.DataFrame, game: Game, rng: np.random.Generator) -> pl.DataFrame:
    mine = events.filter(pl.col("kind") == "resolved", pl.col("team_id") == TEAMS[game.team].team_id)
    some = pl.Series(rng.random(tickets.height) < game.share)
    lowered = (
        some
        & pl.col("ticket_id").is_in(mine["ticket_id"].implode())
        & (pl.col("opened_at").dt.date() >= monday(game.onset))
    )
    return tickets.with_columns(priority=pl.when(lowered).then(pl.lit(PRIORITIES[0])).otherwise("priority"))


def _closed_early(events: pl.DataFrame, game: Game, rng: np.random.Generator) -> pl.DataFrame:
    """Resolved unanswered while the customer waits for the last reply; the customer asks again within the day."""
    before = {name: pl.col(name).shift(1).over("ticket_id") for name in ("at", "team_id")}
    waits = _resolved_by(events, game, at_before=before["at"], team_before=before["team_id"]).filter(
        pl.col("team_before") == pl.col("team_id"), pl.col("at") - pl.col("at_before") > LONG_ENOUGH
    )
    some = waits.filter(pl.Series(rng.random(waits.height) < game.share))
    part = pl.Series(0.3 + 0.6 * rng.random(some.height))
    closed = some.with_columns(
        at=(pl.col("at_before") + (pl.col("at") - pl.col("at_before")) * part).dt.truncate("1s"), until="at"
    )
    early = closed.with_columns(kind=pl.lit("resolved"), actor=pl.lit("agent"))
    again = closed.with_columns(
        at=pl.min_horizontal(pl.col("at") + BACK_WITHIN, pl.col("until") - JUST_BEFORE / 2),
        kind=pl.lit("reopened"),
        actor=pl.lit("customer"),
        agent_id=pl.lit(None, dtype=pl.String),
    )
    return _with(events, early, again)


def _resolved_by(events: pl.DataFrame, game: Game, **more: pl.Expr) -> pl.DataFrame:
    """The last reply by the team on each ticket that it then resolved for good at once, from the onset on."""
    team, after = TEAMS[game.team].team_id, pl.col("kind").shift(-1).over("ticket_id")
    resolves = pl.col("kind").eq("resolved").sum().over("ticket_id") == 1
    replies = pl.col("kind").eq("replied") & (after == "resolved") & (pl.col("team_id") == team)
    quiet = ~pl.col("kind").is_in(["on_hold", "reopened"]).any().over("ticket_id")
    fits = resolves & replies & quiet & (pl.col("at").dt.date() >= monday(game.onset))
    return events.with_columns(fits=fits, **more).filter("fits")


def _closed_elsewhere(events: pl.DataFrame, game: Game, staff: Staff, rng: np.random.Generator) -> pl.DataFrame:
    """Handed to a neighbour once the customer has the last reply, who closes it some minutes later."""
    done = _resolved_by(events, game).filter(pl.col("at") < HORIZON - timedelta(days=1))
    some = done.filter(pl.Series(rng.random(done.height) < game.share))["ticket_id"]
    neighbour = int(NEIGHBOURS[game.team, 0])
    ours = pl.col("ticket_id").is_in(some.implode())
    is_last, is_closed = ours & (pl.col("kind") == "resolved"), ours & (pl.col("kind") == "closed")
    theirs, nobody = pl.lit(TEAMS[neighbour].team_id), pl.lit(None, dtype=pl.String)
    resolves = events.filter(is_last)
    given = resolves.with_columns(kind=pl.lit("assigned"), team_id=theirs, agent_id=nobody)
    closing = resolves.with_columns(
        at=pl.col("at") + JUST_BEFORE, team_id=theirs, agent_id=_someone(staff, neighbour, resolves["at"], rng)
    )
    rest = events.filter(~is_last).with_columns(team_id=pl.when(is_closed).then(theirs).otherwise("team_id"))
    return _with(rest, given, closing)


def _someone(staff: Staff, team: int, at: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Agents of the team who are there at these instants."""
    place = np.full(len(at), team)
    stays = staff.pick(place, day_of(TEAM_BRANCH[place], at.dt.epoch("s").to_numpy()), rng)
    return pl.Series([f"P{staff.person[stay]:04}" for stay in stays], dtype=pl.String)
