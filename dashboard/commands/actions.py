"""`heartline actions`: what was agreed with which team, and when it is to be looked at again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import polars as pl
import typer

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data import clock
from data.coaching import planning
from data.coaching.action import STATUSES, Action, as_content
from data.coaching.actions import list_
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.lake import Lake
from data.surroundings import team_names

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
BRIEF = ("id", "team", "play", "sign", "status", "starts_on", "review_on", "owner")
NESTED = ("seen", "fixed")
INTEGERS = ("id", "revision")


@app.command()
def actions(
    team: Annotated[str | None, typer.Option(help="Only this team's, by its id.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help=f"Only those {', '.join(STATUSES)}. May be repeated.")
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only those to look at by the sixth day from today (UTC).")
    ] = False,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List the coaching actions, by the day on which they are to be reviewed."""
    if strange := sorted(set(status or []) - set(STATUSES)):
        raise Trouble(f"An action is one of {', '.join(STATUSES)}, not {strange[0]!r}.")
    scope, today = asking(), clock.now().date()
    with open_database(find_home(home)) as database:
        found = list_(scope, database, team=team, status=status or None)
    if due:
        found = [one for one in found if one.is_overdue(today) or one.is_due(today)]
    if how is Format.table and not found:
        typer.echo("No action is recorded that fits. Record one on a team's page: `heartline serve`.")
        return
    found = [replace(one, fixed=one.fixed and planning.seen_by(scope, one.fixed)) for one in found]
    names = team_names(Lake(find_home(home)), scope) if how is Format.table else {}
    show(as_frame(found, how, names), how, envelope={"format": FORMAT}, rows_as="actions")


def as_frame(found: list[Action], how: Format, called: Mapping[str, str]) -> pl.DataFrame:
    """One row an action: the brief columns for people, all for programs (csv cannot hold what is nested).

    `called`: what the teams are called, for people.
    """
    rows = [as_content(one) for one in found]
    names = list(Action.__dataclass_fields__)
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(names, pl.String)
    kinds |= dict.fromkeys(INTEGERS, pl.Int64) | dict.fromkeys(NESTED, pl.Object)
    frame = pl.DataFrame(rows, schema=kinds)
    if how is Format.table:
        team = pl.col("team_id").replace(dict(called)).alias("team")
        return frame.with_columns(team).select(BRIEF)
    return frame if how is Format.json else frame.drop(NESTED)
