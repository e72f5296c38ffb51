"""The rows behind a sign, with what is known of each: its hour, who had it (new or not), who passed it on.

Question asked: what is there of each ticket that a sign counted at these teams, by which its change may be told apart?

Shapes: a sign's rows of some teams -> team_id, week, ticket_id, at, counted, category, channel, priority, opened_at,
hour (of the opening, by the team's clock), routed_from ("direct", or the team that passed it on; null unknown),
agent_id and newcomer (under six months' service then; null where HR or the log does not say). Units: rows.
The agent is the last of the team who did anything to the ticket. It is for putting newcomers together, and leaves
with metrics.causes.without_people before anything is told.
Errors: a sign that is counted of the whole company has no rows of single tickets: ValueError.
"""

from collections.abc import Sequence

import polars as pl

from metrics.cause_groups import DIRECT
from metrics.clock import week as local_week
from metrics.context import NEWCOMER
from metrics.facts import Facts
from metrics.sign import ROW, Sign

SPOKE = (pl.col("actor") == "agent") | pl.col("actor").is_null()


def rows_behind(
    sign: Sign, facts: Facts, team_ids: Sequence[str], events: pl.LazyFrame, people: pl.DataFrame
) -> pl.DataFrame:
    """The rows of `sign` charged to these teams. `events` and `people` as in the contract, of the whole company."""
    if sign.whole is not None:
        raise ValueError(f"{sign.key} is not counted of single tickets")
    mine = pl.col("team_id").is_in(list(team_ids)) & pl.col("at").is_not_null()
    columns = list(dict.fromkeys([*ROW, sign.once]))
    rows = sign.rows(facts).select(columns).filter(mine).collect()
    rows = rows.with_columns(pl.col("team_id", "category", "channel", "priority", "ticket_id").cast(pl.String))
    parts = [_with_clock(part, facts, team) for (team,), part in rows.group_by("team_id", maintain_order=True)]
    if not parts:
        parts = [rows.with_columns(week=pl.lit(None, dtype=pl.Date), hour=pl.lit(None, dtype=pl.Int8))]
    dated = _opened(pl.concat(parts), facts)
    once = dated.sort("counted", "at", "ticket_id").unique(
        ["team_id", sign.once, "week"], keep="last", maintain_order=True
    )
    return _with_agent(_routed(once, facts), events, people)


def _with_clock(rows: pl.DataFrame, facts: Facts, team: object) -> pl.DataFrame:
    zone = facts.clocks.calendar(str(team)).zone
    return rows.with_columns(week=local_week(zone, rows["at"]), zone=pl.lit(zone))


def _opened(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    opened = facts.tickets.select(pl.col("ticket_id").cast(pl.String), "opened_at")
    joined = rows.lazy().join(opened, on="ticket_id", how="left").collect()
    if "zone" not in joined.columns:
        return joined
    parts = [
        part.with_columns(hour=pl.col("opened_at").dt.convert_time_zone(str(zone)).dt.hour())
        for (zone,), part in joined.group_by("zone", maintain_order=True)
    ]
    return pl.concat(parts).drop("zone")


def _routed(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The team that passed each ticket on to the row's team: the first, where it came to it more than once."""
    teams = rows["team_id"].unique().to_list()
    passed = (
        facts.let_gos.filter(pl.col("to_team_id").is_in(teams))
        .select(
            pl.col("ticket_id", "to_team_id", "team_id").cast(pl.String),
            "at",
        )
        .collect()
    )
    into = passed.sort("at").group_by("ticket_id", team_id="to_team_id").agg(routed_from=pl.col("team_id").first())
    joined = rows.join(into, on=["ticket_id", "team_id"], how="left")
    return joined.with_columns(pl.col("routed_from").fill_null(DIRECT))


def _with_agent(rows: pl.DataFrame, events: pl.LazyFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Who of the team last did something to the ticket, and whether they were new then."""
    spoke = events.filter(SPOKE & pl.col("agent_id").is_not_null())
    if not spoke.filter(pl.col("team_id").is_null()).head(1).collect().is_empty():
        spoke = _told_team(events, rows).filter(SPOKE & pl.col("agent_id").is_not_null())
    log = (
        spoke.filter(pl.col("team_id").is_in(rows["team_id"].unique().implode()))
        .group_by("ticket_id", "team_id")
        .agg(pl.col("agent_id").sort_by("at", "seq").last())
        .collect()
    )
    hired = people.group_by(agent_id="person_id").agg(hired_on=pl.col("hired_on").max())
    service = pl.col("at").dt.date() - pl.col("hired_on")
    return (
        rows.join(log, on=["ticket_id", "team_id"], how="left")
        .join(hired, on="agent_id", how="left")
        .with_columns(newcomer=service < NEWCOMER)
        .drop("hired_on")
    )


def _told_team(events: pl.LazyFrame, rows: pl.DataFrame) -> pl.LazyFrame:
    """The events of these tickets; one that tells no team happened where the ticket was."""
    mine = events.join(rows.select("ticket_id").unique().lazy(), on="ticket_id", how="semi")
    return mine.sort("ticket_id", "at", "seq").with_columns(pl.col("team_id").forward_fill().over("ticket_id"))
