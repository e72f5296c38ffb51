"""What moved each signal, and whether it is a matter of the system: worked out for signals only, when it is asked for.

The counts that are kept know category, channel and priority; hour, newcomers and who passed a ticket on are read from
the rows behind a sign. What is told is of teams: agents are put together as newcomers or not, five people at least,
and teams of fewer than five are not named as those from whom tickets came.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import polars as pl

from data import surroundings, units
from data.ask import Company
from data.filters import Filters
from data.flows import named_teams
from data.scope import Scope, local_scope
from data.veil import veiled
from metrics.behind import rows_behind
from metrics.cause_groups import DIRECT
from metrics.explained import Explained, Known, explain, known
from metrics.sign import Sign, all_signs

SMALL = "a small team"
OUTSIDE = "a team that you do not see"
_PART = {"dimension": pl.String, "value": pl.String} | dict.fromkeys(("share", "low", "high"), pl.Float64)
_EVIDENCE = {
    "kind": pl.String,
    **dict.fromkeys(("before", "after"), pl.Float64),
    **dict.fromkeys(("teams", "of_teams"), pl.Int64),
    "week": pl.Date,
    "category": pl.String,
    "tickets": pl.Int64,
    "usual": pl.Float64,
}
# The fields of docs/json.md.
AS_JSON = pl.Struct(
    {
        "sentence": pl.String,
        "since": pl.Date,
        "until": pl.Date,
        **dict.fromkeys(("before", "after"), pl.Float64),
        **dict.fromkeys(("n_before", "n_after"), pl.Int64),
        **dict.fromkeys(("change", "mix", "mix_low", "mix_high", "rate", "rate_low", "rate_high"), pl.Float64),
        "named": pl.List(pl.Struct(_PART)),
        "evenly": pl.Float64,
        "why": pl.String,
        "system": pl.Boolean,
        "evidence": pl.List(pl.Struct(_EVIDENCE)),
    }
)
Cell = tuple[str, str]
NOTHING = pl.DataFrame(schema={"week": pl.Date})


def causes(scope: Scope, company: Company, filters: Filters, week: date | None = None) -> dict[Cell, Explained]:
    """By (sign, team): what moved each signal that the asker may see and asks about."""
    signals = company.readings(scope, filters, week).filter(status="signal")
    return {
        (row["sign"], row["team_id"]): found
        for row in signals.iter_rows(named=True)
        if (found := of_signal(scope, company, filters, row, week)) is not None
    }


def of_signal(
    scope: Scope, company: Company, filters: Filters, row: Mapping[str, Any], week: date | None = None
) -> Explained | None:
    """What moved one signal: `row` is a reading. None where it is no signal, or of a team not theirs to see."""
    if row["status"] != "signal" or not company.wide(scope).may_see(row["team_id"]) or row["sign"] not in all_signs():
        return None
    stratum = Filters(channel=filters.channel, category=filters.category)
    sign, team = all_signs()[row["sign"]], row["team_id"]
    # What is read of a branch moved for all its teams alike: it is worked out once.
    unit = units.unit_of(sign, company.teams(local_scope("heartline")), team)
    found: Explained = company.kept(
        ("cause", stratum, week, sign.key, unit or team), lambda: _explained(company, stratum, week, sign, row, unit)
    )
    return _as_seen(found, company, scope)


def _as_seen(found: Explained, company: Company, scope: Scope) -> Explained:
    """With the teams that passed tickets on named as far as the asker may see them."""
    if scope.teams is None:
        return found
    teams = company.teams(scope)
    known = {*teams["name"], *teams["team_id"], DIRECT, SMALL}
    named = tuple(
        one if one.dimension != "routed_from" or one.value in known else replace(one, value=OUTSIDE)
        for one in found.cause.named
    )
    return replace(found, cause=replace(found.cause, named=named))


def as_json(found: Explained | None) -> dict[str, Any] | None:
    """The fields of docs/json.md: what moved a signal, as plain values; null where there is no signal."""
    if found is None:
        return None
    told = {"since": found.first, "until": found.last, **asdict(found.cause), "system": bool(found.system)}
    named = [asdict(one) for one in found.cause.named]
    return told | {"named": named, "evidence": [asdict(one) for one in found.system]}


def _explained(
    company: Company, stratum: Filters, week: date | None, sign: Sign, row: Mapping[str, Any], unit: str | None
) -> Explained:
    team = row["team_id"]
    read: Known = company.kept(("as read", stratum, week), lambda: known(company.as_read(stratum, week), week))
    rows = None if sign.whole is not None else _rows(company, stratum, sign, team)
    return explain(
        read,
        row,
        unit or team,
        rows=rows,
        floods=company.floods(),
        context=_pressure(company, team) if sign.unit == "team" else NOTHING,  # a team's load is not its branch's
    )


def _pressure(company: Company, team: str) -> pl.DataFrame:
    """The team's load and absence by week."""
    found: pl.DataFrame = company.kept(
        ("pressure of", team),
        lambda: surroundings.pressure(company.lake, company.version, company.derived, company.told, team),
    )
    return found


def _rows(company: Company, stratum: Filters, sign: Sign, team: str) -> pl.DataFrame:
    """The rows behind a team's sign, named as they may be told."""
    customers, orders = (_table(company, name) for name in ("customers", "orders"))
    facts = replace(company.made.facts(), customers=customers, orders=orders)
    people = _table(company, "people").select("person_id", "hired_on").collect()
    behind = rows_behind(sign, facts, company.told.teams_of(team), _table(company, "events"), people)
    placed = company.told.place(behind).filter(pl.col("team_id") == team)
    rows = veiled(company.but_answered(placed, sign.key, team), company.veil)
    rows = company.told.of_stratum(rows, stratum.channel, stratum.category)
    names = dict(company.teams(local_scope("heartline")).select("team_id", "name").iter_rows())
    told = {
        team: names.get(unit, unit) for unit in named_teams(company) for team in company.told.teams_of(unit)
    } | {DIRECT: DIRECT}  # fmt: skip
    return rows.with_columns(pl.col("routed_from").replace_strict(told, default=SMALL, return_dtype=pl.String))


def _table(company: Company, name: str) -> pl.LazyFrame:
    return company.lake.scan(name, company.version).drop("part")
