"""`heartline one-on-ones`: who talks with whom, when, and what is still open between them. Never what was said."""

import polars as pl
import typer

from dashboard import address
from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data.database import open_database
from data.home import find_home
from data.talks import action_points, conversations
from data.talks.action_points import OPEN

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
COLUMNS: dict[str, type[pl.DataType] | pl.DataType] = {
    "id": pl.Int64,
    "on": pl.Date,
    "host": pl.String,
    "guest": pl.String,
    "teams": pl.List(pl.String),
    "open_points": pl.Int64,
    "link": pl.String,
}


@app.command("one-on-ones")
def one_on_ones(how: FormatOption = Format.table, home: HomeOption = None) -> None:
    """List the one-on-ones, the latest day first, with how many action points are open between the two."""
    scope = asking()
    with open_database(find_home(home)) as database:
        found = conversations.list_(scope, database)
        points = action_points.list_(scope, database, states=(OPEN,))
    if how is Format.table and not found:
        typer.echo("No one-on-one is opened yet. Open one on the page One-on-one: `heartline serve`.")
        return
    series = {talk.id: talk.series for talk in found}
    still = [series[point.conversation_id] for point in points]
    rows = [
        (
            talk.id,
            talk.held_on,
            talk.host,
            talk.guest,
            list(talk.teams),
            still.count(talk.series),
            address.link("one_on_one", conversation=talk.id),
        )
        for talk in found
    ]
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    flat = frame.with_columns(pl.col("teams").list.join(", "))
    shown = {Format.table: flat.drop("link"), Format.csv: flat, Format.json: frame}[how]
    show(shown, how, envelope={"format": FORMAT}, rows_as="one_on_ones")
