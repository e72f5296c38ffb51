"""`heartline standards`: which categories are simple, by when they should be done, and who set it otherwise."""

from typing import Annotated

import polars as pl
import typer

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption, passed_on
from dashboard.commands.printing import show
from dashboard.commands.signs import monday_of, named_team
from data import adherence, standards_store
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import find_home
from data.scope import Scope

app = typer.Typer()
group = typer.Typer(help="Which categories are simple and by when they should be done: look, overrule, undo.")
app.add_typer(group, name="standards")

FORMAT = 1  # of the json: docs/json.md
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so. Default: who is signed in to this machine.")]
Category = Annotated[str, typer.Argument(help="The category, as the data spells it.")]
EFFECT = "The readings follow it from the next time they are worked out; `heartline standards undo` takes it back."


@group.callback(invoke_without_command=True)
def standards(context: typer.Context, home: HomeOption = None) -> None:
    """Which categories are simple and by when they should be done: look, overrule, undo."""
    if not passed_on(context, home):
        print_list(version=None, how=Format.table, home=home)


@group.command("list")
def print_list(
    version: Annotated[int | None, typer.Option(help="As of this version. Default: the last.")] = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List each category's standard in business minutes, whether it is simple, and why."""
    with open_database(find_home(home)) as database:
        scope = asking()
        frame = standards_store.as_told(standards_store.current(scope, database, version))
        provisional = standards_store.is_provisional(scope, database, version)
    if how is Format.table and frame.is_empty():
        typer.echo("There are no standards yet: import tickets first.")
        return
    number = frame["version"].first()
    frame = in_short(frame) if how is Format.table else frame
    show(frame, how, envelope={"format": FORMAT, "version": number, "provisional": provisional}, rows_as="standards")
    if how is Format.table and provisional:
        typer.echo("Provisional: derived again at each import until there are 52 weeks of data.")


@group.command("set")
def overrule(
    category: Category,
    reason: Annotated[str, typer.Option(help="Why, for those who read it later.")],
    simple: Annotated[bool | None, typer.Option("--simple/--hard", help="Is it simple?")] = None,
    minutes: Annotated[int | None, typer.Option(help="By when it should be done, in business minutes.")] = None,
    by: ByOption = None,
    home: HomeOption = None,
) -> None:
    """Set in place of what was derived whether a category is simple, its standard, or both."""
    with open_database(find_home(home)) as database:
        version = standards_store.overrule(
            _scope(by), database, category, reason=reason, simple=simple, standard_minutes=minutes
        )
    typer.echo(f"Set for {category!r}; the standards are now at version {version}. {EFFECT}")


@group.command("undo")
def undo(category: Category, by: ByOption = None, home: HomeOption = None) -> None:
    """Take back what was last set for a category."""
    with open_database(find_home(home)) as database:
        version = standards_store.undo(_scope(by), database, category)
    typer.echo(f"Undone for {category!r}; the standards are now at version {version}.")


@group.command("history")
def history(how: FormatOption = Format.table, home: HomeOption = None) -> None:
    """List every version of the standards: who derived, set or undid what, when and why."""
    with open_database(find_home(home)) as database:
        steps = standards_store.history(asking(), database)
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "version": pl.Int64,
        "at": pl.Datetime("us", "UTC"),
        "by": pl.String,
        "what": pl.String,
        "data_version": pl.Int64,
        "provisional": pl.Boolean,
        "category": pl.String,
        "simple": pl.Boolean,
        "standard_minutes": pl.Int64,
        "reason": pl.String,
    }
    show(
        pl.DataFrame([vars(step) for step in steps], schema=schema),
        how,
        envelope={"format": FORMAT},
        rows_as="versions",
    )


@group.command("kept")
def print_kept(
    team: Annotated[str | None, typer.Option(help="By category for this team: its id or its name.")] = None,
    week: Annotated[str | None, typer.Option(help="A day of the week to read, as 2026-10-12 or 2026-W42.")] = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List how often the standards are kept: by team, in order of name; with --team by category."""
    company, scope = Company(find_home(home)), asking()
    teams, monday = company.teams(scope), None if week is None else monday_of(week)
    if team is None:
        names = teams.select("team_id", team="name")
        found = adherence.by_team(company, scope, Filters(), monday).join(names, on="team_id", how="left")
        frame = found.select("team", pl.exclude("team")).sort(pl.col("team").str.to_lowercase(), "team_id")
    else:
        frame = adherence.by_category(company, scope, named_team(teams, team), monday)
    shown = in_short(frame) if how is Format.table else frame
    envelope = {"format": FORMAT, "standards_version": company.freshness().standards_version}
    show(shown, how, envelope=envelope, rows_as="kept")


def in_short(frame: pl.DataFrame) -> pl.DataFrame:
    """Shares as people read them ("85%"), other numbers with one digit after the point."""
    shares = [name for name, dtype in frame.schema.items() if dtype.is_float() and "minutes" not in name]
    as_text = [pl.format("{}%", (pl.col(name) * 100).round().cast(pl.Int64)).alias(name) for name in shares]
    return frame.with_columns(as_text).with_columns(pl.selectors.float().round(1))


def _scope(by: str | None) -> Scope:
    """Who changes the standards: the name given, else that of the machine's user."""
    return asking(by)
