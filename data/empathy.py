"""What can be asked about empathy: each trait from three sides, and the steps of the customer's journey.

The three sides are what the tickets show, what customers say, and what the team says of itself. Every question takes a
Scope first. Teams of fewer than five people take no part, also not in the sum of several teams; only whole blocks of
five answers or more enter a sum (metrics.answer_blocks).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from data import ratings
from data.ask import Company
from data.database import Database
from data.filters import Filters
from data.scope import Scope, local_scope
from metrics.answer_blocks import asked_about, blocks
from metrics.answers import FEWEST_ANSWERS, Gap, gap, shares, unusual
from metrics.disclosure import WHY, may_show
from metrics.intervals import wilson
from metrics.questions import STAGES, about
from metrics.sign import all_signs
from metrics.trait import Trait, all_traits

# Whose answers a side is. A manager's are one person's: they are told only of five teams or more together.
SIDES = {"customers": "customer", "team": "staff", "manager": "manager"}
WHOSE = {"customers": "customers", "team": "the staff", "manager": "managers"}
_NUMBERS = ("x", "n", "share", "low", "high")
_SIDE = {"x": pl.Int64, "n": pl.Int64, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64, "heads": pl.Float64}
OF_MANAGERS = f"told only of {FEWEST_ANSWERS} managers or more together"
TOO_FEW = f"fewer than {FEWEST_ANSWERS} answers"


@dataclass(frozen=True)
class Widest:
    """The trait in which the team's view and the customers' lie furthest apart: the team's less the customers'.

    The interval allows for how many traits (`among`) were looked at to find it: that much wider than a single one.
    """

    trait: str
    customers: float
    team: float
    gap: Gap
    among: int


def traits(company: Company, scope: Scope, filters: Filters) -> pl.DataFrame:
    """Each trait from its three sides, and the manager's as a fourth: one row a trait, in the definitions' order.

    Columns: trait; of each of tickets, customers, team and manager x, n, share, low, high and why (why there is none);
    tickets_asked (of how many tickets n could be said), tickets_reading (where a sign tells it); customers_heads and
    team_heads (on how many the intervals rest); gap, gap_low, gap_high: the team's share less the customers'.
    """
    shown = teams_shown(company, scope, filters)
    said = _said(_answers(company, shown, filters), shown)
    seen = _seen(company, shown, filters)
    survey = company.lake.scan("surveys", company.version)
    ever = set(survey.select(pl.col("asked_of").unique()).collect()["asked_of"])
    rows = []
    for trait in all_traits().values():
        row: dict[str, Any] = {"trait": trait.key, **_tickets(company, scope, filters, trait, seen, shown)}
        for side, asked_of in SIDES.items():
            row |= _side(side, said.get((trait.key, asked_of)), shown, asked=asked_of in ever)
        rows.append(row | _gap(row))
    return pl.DataFrame(rows, schema=SCHEMA)


def widest(rows: pl.DataFrame) -> Widest | None:
    """The widest gap among the rows of `traits`; None where nowhere both sides answered."""
    both = rows.drop_nulls("gap")
    if both.is_empty():
        return None
    row = both.sort(pl.col("gap").abs(), descending=True, maintain_order=True).row(0, named=True)
    confidence = 1 - 0.05 / both.height
    ours, theirs = (row["team_share"], row["team_heads"]), (row["customers_share"], row["customers_heads"])
    return Widest(row["trait"], row["customers_share"], row["team_share"], gap(ours, theirs, confidence), both.height)


def apart(company: Company, scope: Scope, filters: Filters) -> pl.DataFrame:
    """The teams and traits in which team and customers part further than everywhere, by team: a list of talks to have.

    Columns: team_id, trait, customers_share, team_share, gap, usual (the gap of all teams together). Most teams think
    better of themselves than their customers do; here stand those whose gap is unusual beyond chance among all that
    were looked at (metrics.answers.unusual).
    """
    shown = teams_shown(company, scope, filters)
    answers = _answers(company, shown, filters).drop_nulls("trait").filter(pl.col("stage").is_null())
    usual = _both(shares(answers, ["trait"]), ["trait"]).select("trait", usual="gap")
    alone = answers.filter("own")
    both = _both(shares(alone, ["team_id", "trait"]), ["team_id", "trait"]).join(usual, on="trait")
    return both.filter(unusual(both)).select(APART.keys()).cast(APART).sort("team_id", "trait")  # type: ignore[arg-type]


def journey(company: Company, scope: Scope, database: Database, filters: Filters) -> pl.DataFrame:
    """Each step of the journey and each trait: what customers say, and the team's own rating. One row a pair.

    Columns: stage, trait, x, n, share, low, high, why (customers); own_score (mean of the teams' own, of own_scale),
    own_teams (how many rated), own_first, own_last (the days of the rating), own_by (of one team alone: whether the
    team spoke or its manager on its behalf; who entered it is no part of it).
    A team's own rating holds until it gives another: of a period, the last one up to its end is told.
    """
    shown = teams_shown(company, scope, filters)
    told = shares(_answers(company, shown, filters).drop_nulls(["stage", "trait"]), ["stage", "trait"])
    customers = told.filter(asked_of="customer").select("stage", "trait", *_NUMBERS)
    until = None if filters.until is None else _sunday(filters.until)
    rated = ratings.standing(company.wide(scope), database, until)
    units = {team: company.unit(team) for team in rated["team_id"].unique()}
    own = _own(rated.with_columns(pl.col("team_id").replace(units)).filter(pl.col("team_id").is_in(shown)))
    pairs = pl.DataFrame(
        [{"stage": stage, "trait": trait} for stage in STAGES for trait in all_traits()],
        schema={"stage": pl.String, "trait": pl.String},
    )
    joined = pairs.join(customers, on=["stage", "trait"], how="left", maintain_order="left")
    why = pl.when(pl.col("n").is_null()).then(pl.lit(f"{TOO_FEW}, or none" if shown else WHY))
    return joined.with_columns(why=why).join(own, on=["stage", "trait"], how="left", maintain_order="left")


def by_step(cells: pl.DataFrame) -> pl.DataFrame:
    """The steps over all traits, from the rows of `journey`: stage, n, heads, share, low, high, own_score, own_scale.

    Who is asked at a step is asked about several traits: the interval rests on people (`heads`), not on answers.
    """
    told = (
        cells.group_by("stage", maintain_order=True)
        .agg(
            pl.col("x", "n").sum(),
            heads=pl.col("n").mean(),
            own_score=pl.col("own_score").mean(),
            own_scale=pl.col("own_scale").first(),
        )
        .filter(pl.col("n") > 0)
        .with_columns(share=pl.col("x") / pl.col("n"))
    )
    low, high = wilson((told["share"] * told["heads"]).to_numpy(), told["heads"].to_numpy())
    return told.with_columns(low=pl.Series(low), high=pl.Series(high))


def who_rated(company: Company, scope: Scope, filters: Filters) -> pl.DataFrame:
    """Who rated when: asked_of, of ("traits" or "journey"), waves, first, last, answers. No person, no small group."""
    shown = teams_shown(company, scope, filters)
    answers = _answers(company, shown, filters).with_columns(
        of=pl.when(pl.col("stage").is_null()).then(pl.lit("traits")).otherwise(pl.lit("journey"))
    )
    told = _of_managers(shares(answers, ["of", "stage", "trait"]), shown)
    return (
        told.group_by("asked_of", "of")
        .agg(pl.col("waves").max(), pl.col("first").min(), pl.col("last").max(), answers=pl.col("n").sum())
        .sort("of", "asked_of", descending=[True, False])
    )


def teams_shown(company: Company, scope: Scope, filters: Filters) -> list[str]:
    """The teams that are asked about, that the asker may see, and of which something may be said."""
    mine = company.teams(scope)
    team = None if filters.team is None else company.unit(filters.team)
    for column, wanted in (("branch", filters.branch), ("team_id", team)):
        mine = mine if wanted is None else mine.filter(pl.col(column) == wanted)
    return sorted(set(mine["team_id"]) & may_show(company.heads()))


def _answers(company: Company, shown: list[str], filters: Filters) -> pl.DataFrame:
    """The period's answers about a trait or a step: team_id, asked_on, asked_of, score, scale_max, stage, trait, own.

    Only whole blocks of five or more (metrics.answer_blocks): `own` are those of one unit alone.
    """
    told: pl.DataFrame = company.kept(("blocks of answers",), lambda: _blocks(company))
    until = None if filters.until is None else _sunday(filters.until)
    return asked_about(told, shown, filters.since, until)


def _blocks(company: Company) -> pl.DataFrame:
    """The blocks of all units, whoever asks."""
    asked = company.lake.scan("surveys", company.version)
    rows = asked.select("team_id", "asked_on", "asked_of", "question", "score", "scale_max").collect()
    placed = company.told.place(rows.with_columns(week=pl.col("asked_on").dt.truncate("1w"))).drop("week")
    units = {unit: company.unit(unit) for unit in placed["team_id"].drop_nulls().unique()}
    told = about(placed.with_columns(pl.col("team_id").replace(units)))
    named = told.drop("question").filter(pl.col("stage").is_not_null() | pl.col("trait").is_not_null())
    branches = company.teams(local_scope("heartline")).select("team_id", "branch")
    horizon = company.version.horizon
    return blocks(named.join(branches, on="team_id"), date.max if horizon is None else horizon.date())


def _said(answers: pl.DataFrame, shown: list[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """By trait and asked_of: the answers that name the trait alone; where there are none, those at the steps."""
    named = answers.drop_nulls("trait")
    alone = named.filter(pl.col("stage").is_null())
    at_steps = named.join(alone, on=["trait", "asked_of"], how="anti")
    told = _of_managers(shares(pl.concat([alone, at_steps]), ["trait"]), shown)
    return {(row["trait"], row["asked_of"]): row for row in told.iter_rows(named=True)}


def _of_managers(told: pl.DataFrame, shown: list[str]) -> pl.DataFrame:
    """Each team has one manager: what they say is told only of five teams or more together."""
    return told if len(shown) >= FEWEST_ANSWERS else told.filter(pl.col("asked_of") != "manager")


def _side(side: str, told: dict[str, Any] | None, shown: list[str], *, asked: bool) -> dict[str, Any]:
    if told is None:
        if shown and not asked:
            return {f"{side}_why": f"the data has no answers of {WHOSE[side]} (table surveys)"}
        one_person = side == "manager" and len(shown) < FEWEST_ANSWERS
        why = WHY if not shown else OF_MANAGERS if one_person else f"{TOO_FEW}, or none"
        return {f"{side}_why": why}
    return {f"{side}_{name}": told[name] for name in _SIDE}


def _gap(row: dict[str, Any]) -> dict[str, float]:
    ours, theirs = row.get("team_share"), row.get("customers_share")
    if ours is None or theirs is None:
        return {}
    found = gap((ours, row["team_heads"]), (theirs, row["customers_heads"]))
    return {"gap": found.gap, "gap_low": found.low, "gap_high": found.high}


def _seen(company: Company, shown: list[str], filters: Filters) -> dict[str, dict[str, int]]:
    """By trait: x, n and asked of the weeks, channel and category that are asked about."""
    ever = [unit for unit in company.told.members if company.unit(unit) in shown]
    counts = company.traits_of(filters.channel, filters.category).lazy().filter(pl.col("team_id").is_in(ever))
    last = min((week for week in (filters.until, company.freshness().week) if week), default=None)
    if filters.since is not None:
        counts = counts.filter(pl.col("week") >= filters.since)
    if last is not None:
        counts = counts.filter(pl.col("week") <= last)
    found = counts.group_by("trait").agg(pl.col("x", "n", "asked").sum()).collect()
    return {row.pop("trait"): row for row in found.iter_rows(named=True)}


def _tickets(
    company: Company, scope: Scope, filters: Filters, trait: Trait, seen: dict[str, dict[str, int]], shown: list[str]
) -> dict[str, Any]:
    if not shown:
        return {"tickets_why": WHY}
    if trait.sign is not None:
        return _by_sign(company, scope, filters, trait.sign)
    if lacking := company.derived.traits_lacking.get(trait.key):
        return {"tickets_why": lacking}
    told = seen.get(trait.key)
    if told is None or not told["n"]:
        return {"tickets_why": "no such tickets in this period"}
    low, high = wilson(told["x"], told["n"])
    share = {"tickets_share": told["x"] / told["n"], "tickets_low": float(low), "tickets_high": float(high)}
    return {f"tickets_{name}": value for name, value in told.items()} | share


def _by_sign(company: Company, scope: Scope, filters: Filters, key: str) -> dict[str, Any]:
    """What the sign says of the one team: its status in words."""
    if key not in all_signs():
        return {"tickets_why": "not measured yet"}
    if filters.team is None:
        return {"tickets_why": "it is read of one team at a time"}
    row = company.readings(scope, filters).filter(pl.col("sign") == key).to_dicts()
    if not row or row[0]["status"] not in ("signal", "no change"):
        return {"tickets_why": row[0]["why"] or row[0]["status"] if row else "not measured"}
    direction = row[0]["direction"]
    return {"tickets_reading": f"{row[0]['status']}: {direction}" if direction else row[0]["status"]}


def _both(told: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Customers and staff side by side, where both answered, and the team's share less the customers'."""
    sides = [
        told.filter(asked_of=asked_of).select(*by, pl.col("share", "heads").name.prefix(f"{side}_"))
        for side, asked_of in SIDES.items()
        if side != "manager"
    ]
    joined = sides[0].join(sides[1], on=by)
    return joined.with_columns(gap=pl.col("team_share") - pl.col("customers_share")).sort(by)


def _own(standing: pl.DataFrame) -> pl.DataFrame:
    """The teams' own ratings by step and trait, of several teams their mean on the scale of the first."""
    scale = pl.col("scale_max").first()
    alone = pl.col("team_id").n_unique() == 1
    return standing.group_by("stage", "trait").agg(
        own_score=(pl.col("score") / pl.col("scale_max")).mean() * scale,
        own_scale=scale,
        own_teams=pl.col("team_id").n_unique().cast(pl.Int64),
        own_first=pl.col("asked_on").min(),
        own_last=pl.col("asked_on").max(),
        own_by=pl.when(alone).then(pl.col("by").str.split(", entered by ").list.first().last()),
    )


def _sunday(week: date) -> date:
    return week + timedelta(days=6)


APART: dict[str, pl.DataType | type[pl.DataType]] = {
    "team_id": pl.String,
    "trait": pl.String,
    "customers_share": pl.Float64,
    "team_share": pl.Float64,
    "gap": pl.Float64,
    "usual": pl.Float64,
}
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "trait": pl.String,
    **{f"tickets_{name}": kind for name, kind in _SIDE.items() if name != "heads"},
    "tickets_asked": pl.Int64,
    "tickets_reading": pl.String,
    "tickets_why": pl.String,
    **{
        name: kind
        for side in SIDES
        for name, kind in [*((f"{side}_{part}", kind) for part, kind in _SIDE.items()), (f"{side}_why", pl.String)]
    },
    "gap": pl.Float64,
    "gap_low": pl.Float64,
    "gap_high": pl.Float64,
}
