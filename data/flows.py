"""Handoffs as they may be told: read from the derived facts, by the week in which they were passed on.

Every question takes a Scope. What small teams passed on is folded or left out before anything is counted.
"""

from datetime import date

import polars as pl

from data import surroundings
from data.ask import Company
from data.filters import Filters
from data.scope import Scope
from data.veil import veiled
from metrics.clock import parse_calendar
from metrics.clock import week as local_week
from metrics.disclosure import FEWEST_PEOPLE, may_show
from metrics.flows import GROUPS, HANDOFFS, disclosed

_ENDS = ("from_team", "to_team")
_FACTS = ("handoffs", "bounce_backs", "reopens", "priority")


def handoffs(company: Company, scope: Scope, filters: Filters) -> pl.DataFrame:
    """The handoffs of the weeks, channel, category, and from or to the team or branch: the columns of HANDOFFS.

    A week is that of the passing team's own clock. A team that is not named belongs to no branch.
    """
    found = _of_units(company, _dated(company, _read(company, filters)), filters)
    told = disclosed(found.filter(_within(filters.since, filters.until)), _large(company), company.wide(scope).teams)
    about = _about(company, scope, filters)
    if about is not None:
        told = told.filter(pl.any_horizontal(pl.col(end).is_in(list(about)) for end in ("from_team", "to_team")))
    return told.sort("at", "ticket_id")


def tickets_between(company: Company, scope: Scope, filters: Filters, from_team: str, to_team: str) -> pl.DataFrame:
    """The tickets that the one team passed to the other, the latest first: ticket_id, at, kind, bounce_back, category,
    channel, and of each ticket's facts handoffs, bounce_backs, reopens, priority. Empty where a team is not named."""
    found = handoffs(company, scope, filters).filter(
        pl.col("from_team") == from_team,
        pl.col("to_team") == to_team,
        ~pl.any_horizontal(pl.col(end).is_in(GROUPS) for end in ("from_team", "to_team")),
    )
    last = found.group_by("ticket_id").agg(
        pl.col("at").max(), pl.col("kind", "category", "channel").last(), pl.col("bounce_back").any()
    )
    facts = company.made.facts().tickets.select("ticket_id", *_FACTS)
    joined = last.lazy().join(facts, on="ticket_id", how="left").collect()
    return joined.sort("at", "ticket_id", descending=[True, False])


def named_teams(company: Company) -> frozenset[str]:
    """The units that may be told: the only ones that may be shown by name beside a ticket's path."""
    return may_show(company.heads())


def tells_of_handoffs(company: Company) -> bool:
    """Does the data say who passed a ticket to whom? One row a ticket, without events, does not."""
    return bool(company.version.rows.get("events"))


def _read(company: Company, filters: Filters) -> pl.DataFrame:
    rows = company.made.facts().let_gos.filter(pl.col("how") == "handoff")
    for column in ("channel", "category"):
        wanted = getattr(filters, column)
        rows = rows if wanted is None else rows.filter(pl.col(column) == wanted)
    return rows.select(
        "ticket_id",
        "at",
        pl.col("team_id").alias("from_team"),
        pl.col("to_team_id").alias("to_team"),
        pl.col("kind").cast(pl.String),
        "bounce_back",
        "ping_pong",
        pl.col("lost_minutes_calendar").alias("lost_minutes"),
        "category",
        "channel",
    ).collect()


def _dated(company: Company, rows: pl.DataFrame) -> pl.DataFrame:
    """With the Monday of each handoff by the passing team's own clock."""
    teams = rows["from_team"].unique()
    zones = {team: parse_calendar(surroundings.calendar_text(company.derived, team)).zone for team in teams}
    zone = rows["from_team"].replace_strict(zones, return_dtype=pl.String)
    parts = [(name, rows.filter(zone == name)) for name in zone.unique().sort()]
    dated = [part.with_columns(week=local_week(name, part["at"])).select(list(HANDOFFS)) for name, part in parts]
    return pl.concat([pl.DataFrame(schema=HANDOFFS), *dated])


def _of_units(company: Company, rows: pl.DataFrame, filters: Filters) -> pl.DataFrame:
    """The handoffs between units: those that rest on a team that is not told are left out, and so are those inside one.

    A channel or category is told where both ends tell of it, and whoever else had the ticket (data.veil).
    """
    named = company.told.named(veiled(rows, company.veil), _ENDS).drop_nulls(_ENDS)
    told = named.filter(pl.col("from_team") != pl.col("to_team"))
    for end in _ENDS:
        of_end = told.with_columns(team_id=pl.col(end))
        told = company.told.of_stratum(of_end, filters.channel, filters.category).drop("team_id")
    return told


def _large(company: Company) -> pl.DataFrame:
    """team_id, people: of every unit that is told at any time."""
    ever = {unit for since in (None, *company.told.starts) for unit in company.told.units(since)}
    teams = pl.DataFrame({"team_id": sorted(ever)}, schema={"team_id": pl.String})
    return teams.with_columns(people=pl.lit(FEWEST_PEOPLE))


def _within(since: date | None, until: date | None) -> pl.Expr:
    week = pl.col("week")
    return (week >= since if since else pl.lit(value=True)) & (week <= until if until else pl.lit(value=True))


def _about(company: Company, scope: Scope, filters: Filters) -> list[str] | None:
    """The teams that a handoff must come from or go to; None where all are asked about."""
    if filters.team is not None:
        return sorted({filters.team, *(company.unit(filters.team, since) for since in (None, *company.told.starts))})
    if filters.branch is None:
        return None
    teams = company.teams(scope)
    return teams.filter(pl.col("branch") == filters.branch)["team_id"].to_list()
