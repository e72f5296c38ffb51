"""A ticket's path, from its events to what a chart and a list show. Pure; teams only, never a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

SAID = {
    "opened": "opened",
    "replied": "answered",
    "noted": "note written",
    "customer_replied": "customer wrote",
    "on_hold": "put on hold",
    "off_hold": "taken up again",
    "escalated": "management told",
    "priority_raised": "priority raised",
    "resolved": "resolved",
    "reopened": "reopened",
    "closed": "closed",
}
_SHAPE = {
    "opened": "opened",
    "replied": "reply",
    "customer_replied": "customer",
    "assigned": "passed on",
    "resolved": "resolved",
    "reopened": "reopened",
}
NO_TEAM = "no team yet"
UNNAMED = "a team that is not named"  # what is said of a team of few people


def steps(path: pl.DataFrame, names: Mapping[str, str], zone: str) -> pl.DataFrame:
    """One row an event, in order: at (the zone's own clock, without a zone), team (who held it then), kind, label.

    `path`: at (UTC), kind, team_id, actor. An event without a team happened at the team that held the ticket.
    """
    if path.is_empty():
        return pl.DataFrame(schema={"at": pl.Datetime("us"), "team": pl.String, "kind": pl.String, "label": pl.String})
    ordered = path.sort("at", maintain_order=True)
    held = ordered["team_id"].forward_fill()
    before = held.shift(1).to_list()
    rows = zip(ordered["kind"], held.to_list(), before, ordered["team_id"], strict=True)
    label = [_label(kind, team, was, names) for (kind, team, was, _) in rows]
    local = ordered["at"].dt.convert_time_zone(zone).dt.replace_time_zone(None)
    team = [NO_TEAM if team is None else names.get(team, team) for team in held]
    return pl.DataFrame({"at": local, "team": team, "kind": ordered["kind"], "label": label})


def spans(told: pl.DataFrame) -> pl.DataFrame:
    """Who held it from when to when: team, start, end. The last span ends with the last event."""
    if told.is_empty():
        return pl.DataFrame(schema={"team": pl.String, "start": pl.Datetime("us"), "end": pl.Datetime("us")})
    runs = told.with_columns(run=pl.col("team").rle_id()).group_by("run", maintain_order=True)
    starts = runs.agg(pl.col("team").first(), start=pl.col("at").first(), last=pl.col("at").last())
    return starts.select("team", "start", end=pl.col("start").shift(-1).fill_null(pl.col("last")))


def marks(told: pl.DataFrame) -> pl.DataFrame:
    """What is drawn on the chart: at, team, what (its shape), label, place ("first", "last" or neither).

    Only the first and the last are named on the chart, where the names have room; the rest is in the list.
    """
    order = pl.int_range(pl.len())
    place = pl.when(order == 0).then(pl.lit("first")).when(order == pl.len() - 1).then(pl.lit("last"))
    return told.select(
        "at",
        "team",
        pl.col("kind").replace_strict(_SHAPE, default="other").alias("what"),
        "label",
        place.alias("place"),
    )


def summary(told: pl.DataFrame) -> str:
    """The path in one line: "5 steps in 2 teams over 53 hours: Web North, Deliveries North."""
    teams = [team for team in spans(told)["team"] if team != NO_TEAM]
    if not teams:
        return "No team is known to have held it."
    hours = _seconds(told) / 3600
    lasted = f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
    if len(teams) == 1:
        return f"Stayed with {teams[0]}, {lasted} from the first step to the last."
    return f"{' → '.join(teams)}: passed on {len(teams) - 1} times, {lasted} from the first step to the last.".replace(
        "passed on 1 times", "passed on once"
    )


def _seconds(told: pl.DataFrame) -> float:
    first: Any = told["at"].min()
    last: Any = told["at"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return 0.0
    return (last - first).total_seconds()


def _label(kind: str, team: str | None, before: str | None, names: Mapping[str, str]) -> str:
    if kind != "assigned":
        return SAID.get(kind, kind)
    if team is None:
        return "given to no team"
    if team == before:
        return "given to another person of the team"
    return f"given to {names.get(team, team)}"
