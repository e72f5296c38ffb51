"""`heartline rebase`: acknowledge that a change of a team is here to stay, undo that, or list who did."""

from typing import Annotated

import polars as pl
import typer

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from dashboard.commands.signs import monday_of, named_team
from data import rebases
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.rebases import Rebase

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
KINDS: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys(Rebase.__dataclass_fields__, pl.String)
KINDS |= {"id": pl.Int64, "week": pl.Date} | dict.fromkeys(("at", "undone_at"), pl.Datetime("us", "UTC"))


@app.command()
def rebase(
    team: Annotated[str | None, typer.Argument(help="The team: its id or its name.")] = None,
    sign: Annotated[str | None, typer.Argument(help="The sign, by its key: see `heartline signs`.")] = None,
    week: Annotated[str | None, typer.Argument(help="When it began: a day as 2026-10-12, or 2026-W42.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for those who read it later.")] = "",
    undo: Annotated[int | None, typer.Option(help="Take this one back, by its number.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all, those that were undone too.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who says so. Default: this machine's user.")] = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """Acknowledge a lasting change: from that week on the team's sign is read against a new baseline."""
    scope = asking(by)
    named = [word for word in (team, sign, week) if word is not None]
    if (listed or undo is not None) and named:
        raise Trouble("Either acknowledge a change (team, sign, week), or --list, or --undo one: not together.")
    if listed:
        with open_database(find_home(home)) as database:
            _print(rebases.list_(scope, database), how)
        return
    if undo is not None:
        with open_database(find_home(home)) as database:
            taken_back = rebases.undo(scope, database, undo, reason)
        typer.echo(f"Undone: {taken_back.team_id} is read in {taken_back.sign} against its older baseline again.")
        return
    if team is None or sign is None or week is None:
        raise Trouble(
            "Say what has changed: heartline rebase TEAM SIGN WEEK --reason WHY. "
            "Or take one back: heartline rebase --undo NUMBER --reason WHY. Or --list."
        )
    company = Company(find_home(home))
    known, last = company.choices(scope).first_week, company.freshness().week
    team_id = named_team(company.teams(scope), team)
    with open_database(find_home(home)) as database:
        made = rebases.acknowledge(
            scope,
            database,
            team_id=team_id,
            sign=sign,
            week=monday_of(week),
            reason=reason,
            known_weeks=(known, last) if known and last else None,
        )
    typer.echo(
        f"Acknowledged as number {made.id}: from the week of {made.week} on {team_id} is read in {sign} against a new "
        f"baseline. `heartline rebase --undo {made.id} --reason WHY` takes it back."
    )


def _print(found: list[Rebase], how: Format) -> None:
    if how is Format.table and not found:
        typer.echo("No lasting change is acknowledged.")
        return
    frame = pl.DataFrame([vars(one) for one in found], schema=KINDS)
    shown = frame.select("id", "team_id", "sign", "week", "by", "reason", "undone_by", "undone_reason")
    show(shown if how is Format.table else frame, how, envelope={"format": FORMAT}, rows_as="rebases")
