"""`heartline check`: what is wrong with this installation and its data, and how to mend it."""

from typing import Annotated

import typer
from rich.console import Console

from dashboard.commands.options import Format, HomeOption
from dashboard.commands.printing import show
from data.check import Finding, findings
from data.home import find_home

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md


@app.command()
def check(
    home: HomeOption = None,
    how: Annotated[Format, typer.Option("--format", help="table for people; json and csv for other programs.")] = (
        Format.table
    ),
) -> None:
    """Say what is wrong with this installation and its data, and how to mend it (exit status 1 if anything is)."""
    found = findings(find_home(home))
    if how is Format.table:
        say(found)
    else:
        import polars as pl

        schema = {"level": pl.String, "what": pl.String, "mend": pl.String}
        show(
            pl.DataFrame([vars(one) for one in found], schema=schema),
            how,
            envelope={"format": FORMAT},
            rows_as="findings",
        )
    raise typer.Exit(1 if any(one.level == "broken" for one in found) else 0)


def say(found: list[Finding]) -> None:
    console = Console()
    for one in found:
        mend = f" {one.mend}" if one.mend else ""
        console.print(f"{one.level}: {one.what}{mend}", markup=False, highlight=False, soft_wrap=True)
    broken = sum(one.level == "broken" for one in found)
    console.print("Nothing is broken." if not broken else f"{broken} to mend.", markup=False, highlight=False)
