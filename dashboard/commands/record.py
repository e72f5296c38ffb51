"""`heartline record`: who did what, and who looked at which team."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data.errors import Trouble
from data.home import find_home

app = typer.Typer()
FORMAT = 1  # of the json: docs/json.md
MOST_LINES = 200


@app.command()
def record(
    team: Annotated[str | None, typer.Option(help="Only what concerns this team.")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Only from this day on.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")
    ] = None,
    who: Annotated[str | None, typer.Option(help="Only what this person did.")] = None,
    export: Annotated[Path | None, typer.Option("--export", help="Write all of it to this CSV.")] = None,
    form: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """Say who did what, the newest last; `heartline check` says whether anyone tampered with it."""
    from dashboard.commands.asking import asking
    from data import record as kept
    from data.database import open_database
    from data.record_reading import entries, lookers
    from data.scope import Right

    start = since and since.replace(tzinfo=UTC)
    with open_database(find_home(home)) as database:
        scope = asking()
        if not scope.may(Right.RUN) and team is not None:
            show(lookers(database, scope, team), form, envelope={"format": FORMAT}, rows_as="looks")
            return
        found = entries(database, scope, team=team, since=start, who=who)
        if export is not None:
            kept.note(database, scope, kept.TOOK_OUT, of="the record", rows=found.height)
            _write(found, export)
            typer.echo(f"{found.height:,} rows are in {export}.")
            return
    if form is not Format.table:
        show(found, form, envelope={"format": FORMAT}, rows_as="record")
    elif found.is_empty():
        typer.echo("Nothing of that is on record.")
    else:
        _told(found)


def _told(found: pl.DataFrame) -> None:
    if found.height > MOST_LINES:
        typer.echo(f"The newest {MOST_LINES} of {found.height:,}: --format csv or --export gives them all.")
    show(found.tail(MOST_LINES).with_columns(pl.col("at").dt.to_string("%Y-%m-%d %H:%M")), Format.table)


def _write(found: pl.DataFrame, path: Path) -> None:
    from data.rejects import guarded_texts

    try:
        guarded_texts(found).write_csv(path)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror or error}.") from None
