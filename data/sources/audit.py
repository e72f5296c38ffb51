"""An audit log, one row an update with all fields as they stood after it -> tickets and their events.

What makes an event is said in profiles/servicenow_audit.toml. Each row is compared with the row before it of the same
ticket; fields that a system fills in after the fact are never looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from data.sources.cells import instants
from data.sources.profile import Audit
from data.sources.raw import FAULT, ROW

SRC = "_src"
_ISO = "%Y-%m-%dT%H:%M:%S%.6fZ"
# The order in which things happened that one update tells at once.
_RANK = {
    name: rank
    for rank, name in enumerate(
        ("opened", "reopened", "priority_raised", "off_hold", "assigned", "noted", "on_hold", "resolved", "closed")
    )
}
_DONE = ("resolved", "closed")


@dataclass(frozen=True, eq=False)
class Made:
    """Tickets and events as text, and the rows that made neither: `shares` (_src, ticket_id)."""

    tickets: pl.DataFrame
    events: pl.DataFrame
    shares: pl.DataFrame


def read(updates: pl.DataFrame, how: Audit, formats: Sequence[str], zone: str) -> Made:
    """`updates`: the roles of profile.AUDIT_COLUMNS as text, `ticket.<column>`s, _row, _fault, _src."""
    timed = updates.with_columns(
        instants(updates["at"], formats, zone).alias("when"),
        instants(updates["opened_at"], formats, zone).alias("opened"),
        pl.col("order").str.extract(r"^(\d{1,7})(?:\.0*)?$").cast(pl.Int64).alias("step"),
    )
    if "opened_at" not in how.columns:  # such a log begins with a ticket's first update
        timed = timed.with_columns(pl.col("when").min().over("ticket").alias("opened"))
    timed = timed.with_columns(_fault().alias(FAULT))
    good = timed.filter(pl.col(FAULT).is_null())
    steps = _compared(_in_order(good), how)
    events = pl.concat([_events(steps), _set_aside(timed)])
    tickets = _tickets(steps)
    made_none = steps.select(SRC, pl.col("ticket").alias("ticket_id")).join(events.select(SRC), on=SRC, how="anti")
    return Made(tickets, events, made_none)


def _fault() -> pl.Expr:
    """Why an update cannot be put in its place: it is set aside, and the ticket's others are read without."""
    return (
        pl.when(pl.col(FAULT).is_not_null())
        .then(FAULT)
        .when(pl.col("ticket").is_null())
        .then(pl.lit("the update names no ticket"))
        .when(pl.col("at").is_null())
        .then(pl.lit("the update has no time"))
        .when(pl.col("when").is_null())
        .then(pl.format('the time of the update, "{}", cannot be read', pl.col("at").str.slice(0, 60)))
        .when(pl.col("order").is_not_null() & pl.col("step").is_null())
        .then(pl.format('the number of the update, "{}", is no whole number', pl.col("order").str.slice(0, 60)))
    )


def _in_order(good: pl.DataFrame) -> pl.DataFrame:
    """By ticket and the log's own counter (by time where it has none); updates of one number in the file's order."""
    by = "step" if good["step"].null_count() < good.height else "when"
    placed = good.sort("ticket", by, SRC)
    tie = pl.int_range(pl.len()).over("ticket", by)
    ordinal = pl.int_range(pl.len()).over("ticket")
    number = pl.coalesce("step", ordinal) * 4 + pl.min_horizontal(tie, 3)
    return placed.with_columns(number.alias("number"), ordinal.eq(0).alias("first"))


def _compared(placed: pl.DataFrame, how: Audit) -> pl.DataFrame:
    """Each update beside the one before it: team, agent, state and priority as they were and became."""
    floor = pl.max_horizontal("when", "opened")
    latest = floor.cum_max().over("ticket")
    rows = placed.with_columns(latest.alias("happened")).with_columns(
        (~pl.col("first") & (pl.col("when") < pl.col("when").cum_max().shift().over("ticket"))).alias("out_of_place")
    )
    states = pl.col("state").str.to_lowercase().replace_strict(how.states, default=None, return_dtype=pl.String)
    ranks = {word: rank for rank, word in enumerate(how.priorities)}
    priority = pl.col("priority").str.to_lowercase().replace_strict(ranks, default=None, return_dtype=pl.Int32)
    in_place = ~pl.col("out_of_place")
    word = pl.col("state").str.to_lowercase()
    by_system = pl.col("by").str.to_lowercase().is_in(list(how.system_accounts)).fill_null(False)
    by_itself = word.is_in(list(how.automatic)).fill_null(False)
    rows = rows.with_columns(
        pl.col("team").forward_fill().over("ticket").alias("team_is"),
        # what happens by itself is done by nobody, whatever name the log writes beside it
        pl.when(~by_itself).then("agent").forward_fill().over("ticket").alias("agent_is"),
        pl.when(in_place).then(states).forward_fill().over("ticket").fill_null("new").alias("state_is"),
        pl.when(in_place).then("state").forward_fill().over("ticket").alias("word_is"),
        pl.when(in_place).then(priority).forward_fill().over("ticket").alias("priority_is"),
        (by_system | by_itself).alias("by_system"),
        word.is_in(list(how.work)).fill_null(False).alias("worked"),
    )
    before = [
        pl.when(~pl.col("first")).then(pl.col(f"{name}_is").shift()).alias(f"{name}_was")
        for name in ("team", "agent", "state", "word", "priority")
    ]
    return rows.with_columns(before).with_columns(pl.col("state_was").fill_null("new"))


def _moved(name: str) -> pl.Expr:
    return pl.col(f"{name}_is").is_not_null() & pl.col(f"{name}_is").ne_missing(pl.col(f"{name}_was"))


def _events(steps: pl.DataFrame) -> pl.DataFrame:
    is_, was = pl.col("state_is"), pl.col("state_was")
    moved = _moved("team") | _moved("agent")
    as_it_was = ~pl.col("first") & ~moved & pl.col("word_is").eq_missing(pl.col("word_was"))
    when = {
        "opened": pl.col("first"),
        "reopened": was.is_in(_DONE) & ~is_.is_in(_DONE),
        "priority_raised": pl.col("priority_is") < pl.col("priority_was"),
        "off_hold": (was == "on_hold") & (is_ != "on_hold"),
        "assigned": moved,
        "noted": (as_it_was | pl.col("worked")) & ~pl.col("by_system"),
        "on_hold": (was != "on_hold") & (is_ == "on_hold"),
        "resolved": is_.is_in(_DONE) & ~was.is_in(_DONE),
        "closed": (is_ == "closed") & (was != "closed"),
    }
    return pl.concat([_of_kind(steps.filter(happened.fill_null(False)), kind) for kind, happened in when.items()])


def _of_kind(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Who did it is the one who updated; whom a ticket was assigned to is who it was assigned to."""
    by = pl.when(~pl.col("by_system")).then(pl.col("by"))
    agent = {"assigned": pl.col("agent_is"), "noted": by, "resolved": by, "on_hold": by, "off_hold": by}
    at = pl.coalesce(pl.col("opened").dt.to_string(_ISO), "opened_at") if kind == "opened" else None
    seq = pl.lit(0) if kind == "opened" else pl.col("number") * 16 + _RANK[kind]
    acted = kind in ("noted", "resolved", "on_hold", "off_hold")
    return rows.select(
        pl.col("ticket").alias("ticket_id"),
        (pl.col("happened").dt.to_string(_ISO) if at is None else at).alias("at"),
        pl.lit(kind).alias("kind"),
        seq.cast(pl.String).alias("seq"),
        (pl.lit(None, pl.String) if kind == "opened" else pl.col("team_is")).alias("team_id"),
        agent.get(kind, pl.lit(None, pl.String)).alias("agent_id"),
        pl.when(pl.col("by_system"))
        .then(pl.lit("system"))
        .otherwise(pl.lit("agent" if acted else None))
        .alias("actor"),
        ROW,
        FAULT,
        SRC,
    )


def _set_aside(timed: pl.DataFrame) -> pl.DataFrame:
    nothing = [pl.lit(None, pl.String).alias(name) for name in ("kind", "seq", "actor")]
    return (
        timed.filter(pl.col(FAULT).is_not_null())
        .with_columns(nothing)
        .select(
            pl.col("ticket").alias("ticket_id"),
            "at",
            "kind",
            "seq",
            pl.col("team").alias("team_id"),
            pl.col("agent").alias("agent_id"),
            "actor",
            ROW,
            FAULT,
            SRC,
        )
    )


def _tickets(steps: pl.DataFrame) -> pl.DataFrame:
    """A ticket as it stood last: its last known value in each column, and where the last update stands."""
    columns = [name for name in steps.columns if name.startswith("ticket.")]
    known = [pl.col(name).drop_nulls().last().alias(name.removeprefix("ticket.")) for name in columns]
    iso = pl.coalesce(pl.col("opened").dt.to_string(_ISO), "opened_at").drop_nulls().last().alias("opened_at")
    return (
        steps.filter(~pl.col("out_of_place"))
        .group_by("ticket", maintain_order=True)
        .agg(*known, pl.col(ROW, FAULT, SRC).last(), iso.alias("_iso"))
        .with_columns(pl.col("_iso").alias("opened_at"))
        .drop("ticket", "_iso")
    )
