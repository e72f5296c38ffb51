"""`heartline facts` and `heartline teams`: what is known of each ticket, and of each team."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.asking import asking
from dashboard.commands.options import AsOfOption, Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data.ask import Company
from data.errors import Trouble
from data.home import find_home

app = typer.Typer()


@app.command()
def facts(
    out: Annotated[Path, typer.Option("-o", "--out", help="The Parquet file to write: one row a ticket.")],
    home: HomeOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Write one row a ticket to a Parquet file: stations, handoffs by kind, reopens, resolutions on both clocks."""
    if not out.parent.is_dir():  # the writer would make it: a misspelt folder is not meant to be made
        raise Trouble(f"{out} cannot be written: there is no folder {out.parent}. Make it, or choose another with -o.")
    tickets = Company(find_home(home), as_of).tickets(asking())
    try:
        tickets.write_parquet(out)
    except OSError as error:
        raise Trouble(f"{out} cannot be written ({error}): choose another file with -o.") from None
    typer.echo(f"{tickets.height:,} tickets in {out}.")


@app.command()
def teams(home: HomeOption = None, how: FormatOption = Format.table, as_of: AsOfOption = None) -> None:
    """List the teams."""
    company = Company(find_home(home), as_of)
    columns = ["team_id", "name", "branch", "function", "line", "manager", "size_band", "calendar"]
    envelope = {"format": 1, "data_version": company.version.number}
    show(company.teams(asking()).select(columns), how, envelope=envelope, rows_as="teams")
