"""The options that several commands share, worded once."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


def _here(home: Path | None) -> Path | None:
    """From here on this is the home of the process: settings asked for without one are its own."""
    if home is not None:
        os.environ["HEARTLINE_HOME"] = str(home)
    return home


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The folder that holds it all. Default: HEARTLINE_HOME, else the platform's data folder.",
        callback=_here,
    ),
]


def passed_on(context: typer.Context, home: Path | None) -> bool:
    """Was a command of the group named? Then `GROUP --home DIR list` means the same as `GROUP list --home DIR`."""
    if context.invoked_subcommand is not None and home is not None:
        context.default_map = {context.invoked_subcommand: {"home": home}}
    return context.invoked_subcommand is not None


class Format(StrEnum):
    """How a list is printed: for people, or for other programs."""

    table = "table"
    json = "json"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="table for people; json and csv for other programs.")]

AsOfOption = Annotated[
    int | None, typer.Option("--as-of", help="Read as of this data version (see `heartline history`).", min=1)
]
