"""`heartline settings`: what holds, and where it is from."""

from typing import Annotated, Any

import polars as pl
import typer

from dashboard.commands.options import Format, HomeOption
from dashboard.commands.printing import show
from data.home import find_home
from data.settings import DECLARED, Held, read_settings

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
COLUMNS = {"setting": pl.String, "value": pl.String, "from": pl.String, "variable": pl.String}
HIDDEN = "(hidden)"


@app.command()
def settings(
    home: HomeOption = None,
    how: Annotated[Format, typer.Option("--format", help="table for people; json and csv for other programs.")] = (
        Format.table
    ),
) -> None:
    """Say what each setting is and where it is from. Secrets are hidden; docs/settings.md says what each does."""
    read = read_settings(find_home(home))
    for sentence in read.wrong:
        typer.echo(sentence, err=True)
    rows = [_row(one) for one in read.held]
    show(pl.DataFrame(rows, schema=COLUMNS), how, envelope={"format": FORMAT}, rows_as="settings")
    raise typer.Exit(1 if read.wrong else 0)


def _row(held: Held) -> dict[str, str]:
    value = HIDDEN if held.setting.secret and held.value else told(held.value)
    return {
        "setting": held.setting.key,
        "value": value,
        "from": held.source or "default",
        "variable": held.setting.variable,
    }


def told(value: Any) -> str:
    """A value as one would write it, without quotes."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def documented() -> str:
    """The table of docs/settings.md: `python -m dashboard.commands.settings` prints it."""
    lines = ["| setting | takes | not set | what it does |", "| --- | --- | --- | --- |"]
    for one in DECLARED:
        example = f" Such as `{one.example}`." if one.example else ""
        default = f"`{told(one.default)}`" if told(one.default) else ""
        takes, says = (text.replace("|", "\\|") for text in (one.kind.takes, one.says + example))
        lines.append(f"| `{one.key}`<br>`{one.variable}` | {takes} | {default} | {says} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    typer.echo(documented(), nl=False)
