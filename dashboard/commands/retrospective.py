"""`heartline retrospective`: what stayed of the retrospectives. They are held in the pages: `heartline serve`."""

from enum import StrEnum
from typing import Annotated

import polars as pl
import typer

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption, passed_on
from dashboard.commands.printing import show as show_frame
from dashboard.commands.signs import named_team
from dashboard.retro import summary
from data.ask import Company
from data.coaching.action import as_content
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.lake import Lake
from data.retro import leading, outcome
from data.retro.retrospective import Retrospective
from data.surroundings import team_names

app = typer.Typer()
group = typer.Typer(help="What stayed of the retrospectives: list, show.")
app.add_typer(group, name="retrospective")

FORMAT = 1  # of the json: docs/json.md
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.Int64,
    "team_id": pl.String,
    "status": pl.String,
    "opened_at": pl.Datetime("us", "UTC"),
    "closed_at": pl.Datetime("us", "UTC"),
    "led_by": pl.String,
    "took_part": pl.Int64,
    "actions": pl.List(pl.Int64),
}


class Shown(StrEnum):
    """How the page of a retrospective is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"


@group.callback(invoke_without_command=True)
def retrospectives(context: typer.Context, home: HomeOption = None) -> None:
    """What stayed of the retrospectives: list, show."""
    if not passed_on(context, home):
        listed(home=home)


@group.command("list")
def listed(
    team: Annotated[str | None, typer.Option(help="Only those of this team: its id or its name.")] = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List the retrospectives, newest first."""
    where, scope = find_home(home), asking()
    team_id = None if team is None else named_team(Company(where).teams(scope), team)
    with open_database(where) as database:
        found = leading.list_(scope, database, team=team_id)
    if how is Format.table and not found:
        typer.echo("No retrospective was held yet. Open one on the page Retrospective: `heartline serve`.")
        return
    frame = as_frame(found)
    if how is Format.table:
        called = pl.col("team_id").replace(team_names(Lake(where), scope)).alias("team")
        day = pl.col("opened_at").dt.date().alias("opened_on")
        frame = frame.with_columns(called, day, pl.col("actions").list.len()).select(
            "id", "team", "status", "opened_on", "led_by", "took_part", "actions"
        )
    elif how is Format.csv:
        frame = frame.with_columns(pl.col("actions").list.eval(pl.element().cast(pl.String)).list.join(" "))
    show_frame(frame, how, envelope={"format": FORMAT}, rows_as="retrospectives")


@group.command("show")
def shown(
    number: Annotated[int, typer.Argument(help="The retrospective, by its number.")],
    how: Annotated[
        Shown, typer.Option("--format", help="text or markdown for people; json for programs.")
    ] = Shown.text,
    home: HomeOption = None,
) -> None:
    """Print the page that stayed of one."""
    where, scope = find_home(home), asking()
    with open_database(where) as database:
        at = leading.get(scope, database, number)
        actions = outcome.agreed(scope, database, number)
    if at.is_open:
        raise Trouble(f"Retrospective {number} is still open (code {at.code}): its page is made when it is closed.")
    team = team_names(Lake(where), scope).get(at.team_id, at.team_id)
    if how is Shown.json:
        content = {name: value for name, value in (at.summary or {}).items() if name != "format"}
        rows = [{**content, "id": at.id, "closed_at": at.closed_at, "actions": [as_content(one) for one in actions]}]
        frame = pl.DataFrame({name: pl.Series([value], dtype=pl.Object) for name, value in rows[0].items()})
        show_frame(frame, Format.json, envelope={"format": FORMAT}, rows_as="retrospectives")
        return
    page = summary.as_markdown if how is Shown.markdown else summary.as_text
    typer.echo(page(at, team, actions), nl=False)


def as_frame(found: list[Retrospective]) -> pl.DataFrame:
    """One row a retrospective: `COLUMNS`. What was written in it is in its page alone."""
    rows = [
        {
            "id": one.id,
            "team_id": one.team_id,
            "status": "open" if one.is_open else "closed",
            "opened_at": one.opened_at,
            "closed_at": one.closed_at,
            "led_by": one.led_by,
            "took_part": (one.summary or {}).get("took_part"),
            "actions": (one.summary or {}).get("actions", []),
        }
        for one in found
    ]
    return pl.DataFrame(rows, schema=COLUMNS)
