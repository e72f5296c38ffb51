"""`heartline verdicts`, `heartline plan`, `heartline works`: did it help, what could it show, and what works here."""

from datetime import datetime
from math import isnan
from typing import Annotated, Any

import polars as pl
import typer

from dashboard import words
from dashboard.coaching import verdict_words
from dashboard.coaching.play_names import named
from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data import clock
from data.ask import Company
from data.coaching import actions, planning, programmes, verdicts, what_works
from data.coaching.playbook import names
from data.coaching.programmes import Lot
from data.coaching.verdicts import Judged, Verdict
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.scope import Scope
from metrics.helped import REVIEWS, Helped
from metrics.sign import all_signs

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
BRIEF = ("action", "team", "play", "sign", "starts_on", "verdict", "by")
Row = dict[str, Any]


@app.command("verdicts")
def verdicts_(
    action: Annotated[int | None, typer.Option(help="Only this action, by its number.")] = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """Say of each coaching action whether it helped, by the plan that was fixed when it was recorded."""
    where, scope = find_home(home), asking()
    company = Company(where)
    names = dict(company.teams(scope).select("team_id", "name").iter_rows())
    with open_database(where) as database:
        chosen = None if action is None else [actions.get(scope, database, action)]
        found = verdicts.verdicts(scope, company, database, chosen)
    frame = pl.DataFrame([_told(one, names, scope) for one in found], schema=VERDICTS)
    if how is Format.table and not found:
        typer.echo("No action is recorded yet of which anything could be said.")
        return
    kept = frame.drop("by")
    shown = {Format.table: frame.select(BRIEF), Format.csv: kept.drop(NESTED), Format.json: kept}[how]
    show(shown, how, envelope={"format": FORMAT, "data_version": company.version.number}, rows_as="verdicts")


@app.command()
def plan(
    teams: Annotated[list[str], typer.Argument(metavar="TEAM...", help="The teams, by their ids.")],
    sign: Annotated[str, typer.Option(help="The sign that it is about.")],
    starts: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which it starts.")],
    lot: Annotated[bool, typer.Option("--lot", help="Draw by lot who goes first; the others wait.")] = False,
    seed: Annotated[int, typer.Option(help="Of the draw: the same seed gives the same plan.", min=0)] = 1,
    waves: Annotated[int, typer.Option(help="How many groups begin one after the other.", min=2)] = 2,
    weeks_apart: Annotated[int, typer.Option(help="From one wave to the next.", min=1)] = REVIEWS[-1],
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """Say before an action starts what it could show and what it is compared with; with --lot, who goes first."""
    where, scope, on = find_home(home), asking(), starts.date()
    company = Company(where)
    known = company.teams(scope)
    if strange := sorted(set(teams) - set(known["team_id"])):
        raise Trouble(f"There is no team {strange[0]!r} in the data: `heartline teams` lists those there are.")
    if len(teams) > 1 or lot:
        order = programmes.schedule(teams, on, Lot(seed, waves, weeks_apart) if lot else None)
    else:
        order = pl.DataFrame([(teams[0], 1, on)], schema=programmes.SCHEDULE, orient="row")
    with open_database(where) as database:
        fixed = programmes.fixed(scope, company, database, order, sign, clock.now().date())
    told = planning.seen_by(scope, fixed)
    named = order.join(known.select("team_id", team="name"), on="team_id", how="left", maintain_order="left")
    if how is Format.table:
        typer.echo(verdict_words.outlook(fixed))
        typer.echo(verdict_words.window(fixed, clock.now().date()))
        named_here = f": {', '.join(told['compared'])}" if told["compared"] else ""
        typer.echo(f"Compared with {words.count(len(fixed['compared']), 'team')}{named_here}.")
    show(named, how, envelope={"format": FORMAT, "seed": seed if lot else None, "plan": told}, rows_as="order")


@app.command()
def works(how: FormatOption = Format.table, home: HomeOption = None) -> None:
    """Say what each play did here, over all its ended actions: it is about the play, never about who tried it."""
    where, scope = find_home(home), asking()
    company = Company(where)
    with open_database(where) as database:
        found = what_works.what_works(scope, company, database)
    rows = [_play(one) for one in found]
    if how is Format.table:
        if not rows:
            typer.echo("No action has ended yet. What works here will be known from those that have.")
            return
        called = names(where)
        show(pl.DataFrame([{"play": named(row["play"], called), "": row["sentence"]} for row in rows]), how)
        return
    show(pl.DataFrame(rows, schema=WORKS), how, envelope={"format": FORMAT}, rows_as="plays")


_ESTIMATE = ("effect", "low", "high", "p")
NESTED = ("compared", "reviews", "happened", "left_out")
VERDICTS: dict[str, Any] = {
    "action": pl.Int64, "programme": pl.Int64, "team_id": pl.String, "team": pl.String, "play": pl.String,
    "sign": pl.String, "starts_on": pl.Date, "verdict": pl.String, "why": pl.String, "sentence": pl.String,
    "by": pl.String, "weeks": pl.Int64, "method": pl.String, "effect": pl.Float64, "low": pl.Float64,
    "high": pl.Float64,
    "p": pl.Float64, "bracket_trailing": pl.Float64, "bracket_older": pl.Float64, "naive_effect": pl.Float64,
    "naive_p": pl.Float64, "fixed_then": pl.Boolean, "changed_verdict": pl.String, "data_to": pl.Date,
    "compared": pl.Object, "left_out": pl.Object, "reviews": pl.Object, "happened": pl.Object,
}  # fmt: skip
WORKS: dict[str, Any] = {
    "play": pl.String, "sentence": pl.String, "ended": pl.Int64, "untold": pl.Int64, "effect": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "next_low": pl.Float64, "next_high": pl.Float64,
}  # fmt: skip


def _told(found: Verdict, names: dict[str, str], scope: Scope) -> Row:
    action, judged = found.action, found.judged
    told = planning.seen_by(scope, judged.plan)
    verdict, measure = judged.verdict, all_signs()[found.action.sign].measure
    bracket = verdict.bracket or (None, None)
    return {
        "action": action.id,
        "programme": found.programme,
        "team_id": action.team_id,
        "team": names.get(action.team_id, action.team_id),
        "play": action.play,
        "sign": action.sign,
        "starts_on": action.starts_on,
        "verdict": verdict.word,
        "why": verdict.why,
        "sentence": verdict_words.sentence(verdict, measure),
        "by": verdict.headline and verdict_words.short(verdict.headline, measure),
        "weeks": verdict.weeks,
        **_estimate(verdict),
        "bracket_trailing": bracket[0] and _number(bracket[0].effect),
        "bracket_older": bracket[1] and _number(bracket[1].effect),
        "naive_effect": verdict.naive and _number(verdict.naive.effect),
        "naive_p": verdict.naive and _number(verdict.naive.p),
        "fixed_then": found.fixed_then,
        "changed_verdict": found.changed and found.changed.verdict.word,
        "data_to": judged.course["week"].max(),
        "compared": told["compared"],
        "left_out": told["left_out"],
        "reviews": _reviews(judged),
        "happened": [
            {"on": one.on.isoformat(), "what": one.what, "play": one.play, "teams": list(one.teams)}
            for one in found.happened
        ],
    }


def _estimate(found: Helped) -> Row:
    line = found.headline
    if line is None:
        return {"method": None, **dict.fromkeys(_ESTIMATE)}
    return {"method": line.method, **{name: _number(getattr(line, name)) for name in _ESTIMATE}}


def _reviews(judged: Judged) -> list[Row]:
    pairs = zip(REVIEWS, judged.plan["reviews"], judged.reviews, strict=True)
    return [
        {"week": week, "on": planned["on"], "verdict": found.word, "why": found.why, **_estimate(found)}
        for week, planned, found in pairs
    ]


def _play(found: what_works.Works) -> Row:
    line = found.pooled
    pooled = ("effect", "low", "high", "next_low", "next_high")
    return {
        "play": found.play,
        "sentence": verdict_words.works(found),
        "ended": len(found.ended),
        "untold": found.untold,
        **{name: None if line is None else _number(getattr(line, name)) for name in pooled},
    }


def _number(value: float) -> float | None:
    """NaN is not known."""
    return None if isnan(value) else float(value)
