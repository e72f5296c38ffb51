"""`heartline import`, `rejects`, `history`: what comes in, what was set aside, and the versions of the data."""

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dashboard.commands.options import Format, FormatOption, HomeOption
from data.home import find_home

app = typer.Typer()
_STEPS = {"reading": "Reading", "checking": "Checking", "writing": "Writing", "counting": "Counting"}


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, Excel or Parquet; plain, gzip or zip.")],
    table: Annotated[
        str | None, typer.Option("--as", help="The contract's table, whose own columns the file has.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="How to read it. Default: the one that fits.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Take a file in: all of it as one version, or nothing."""
    from data.intake import import_file

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def tell(what: str, share: float) -> None:
            bar.update(task, description=_STEPS.get(what, what), total=1.0 if share else None, completed=share)

        summary = import_file(find_home(home), file, table, profile, progress=tell)
    Console().print(said(summary.as_dict()), markup=False, highlight=False, soft_wrap=True)


def said(summary: dict[str, Any]) -> str:
    """An import's summary in words: what was read, what became of it, and what to do about what was set aside."""
    counts = [
        f"{summary[name]:,} {name.replace('_', ' ')}" for name in ("accepted", "replaced", "unchanged", "set_aside")
    ]
    lines = [
        f"{summary['file']}: read {summary['read']:,} rows as {', '.join(summary['profiles'])}: {', '.join(counts)}."
    ]
    for table, made in summary["tables"].items():
        lines.append(f"  {table}: " + ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in made.items()))
    lines += [f"  Note: {note}." for note in summary["notes"]]
    if summary["mended"]:
        lines.append(f"  {summary['mended']:,} rows set aside before are now in.")
    if summary["set_aside"]:
        lines.append("  See `heartline rejects` for what was set aside and why, and --export to mend it.")
    changed = f"Data version {summary['version']}."
    lines.append(changed if summary["new_version"] else f"Nothing changed: still data version {summary['version']}.")
    return "\n".join(lines)


@app.command()
def rejects(
    number: Annotated[int | None, typer.Option("--import", help="Only of the import with this number.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="Only of the file of this name.")] = None,
    table: Annotated[str | None, typer.Option("--table", help="Only of this table.")] = None,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write them to this CSV, to be mended and imported.")
    ] = None,
    mended: Annotated[bool, typer.Option("--mended", help="Also those that came in since.")] = False,
    form: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List the rows that were set aside, each with its reason; or export them."""
    from data import rejects as kept

    where = find_home(home)
    if export is not None:
        count = kept.export(where, export, number, file, table)
        typer.echo(f"{count:,} rows are in {export}: mend their cells, then `heartline import {export}`.")
        return
    found = kept.listing(where, number, file, table, mended=mended).drop("cells", "reject_id")
    _listed(found.to_dicts(), form, "Nothing is set aside.", limit=200)


@app.command()
def history(form: FormatOption = Format.table, home: HomeOption = None) -> None:
    """List the versions of the data, the newest first."""
    from data.lake import Lake

    rows = [
        {
            "version": version.number,
            "at": version.at and version.at.isoformat(timespec="seconds"),
            "source": version.source,
            "data_until": version.horizon and version.horizon.isoformat(timespec="seconds"),
            **{name: version.summary.get(name) for name in ("read", "accepted", "replaced", "unchanged", "set_aside")},
            "rows": version.rows if form is Format.json else sum(version.rows.values()),
        }
        for version in reversed(Lake(find_home(home)).history())
    ]
    _listed(rows, form, "Nothing was imported yet: begin with `heartline import FILE` or `heartline demo`.")


def _listed(rows: list[dict[str, Any]], form: Format, nothing: str, limit: int = 10_000) -> None:
    if form is Format.json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
    elif form is Format.csv:
        writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif not rows:
        typer.echo(nothing)
    else:
        shown = Table(box=None, header_style="bold")
        for name in rows[0]:
            shown.add_column(name.replace("_", " "), overflow="fold")
        for row in rows[:limit]:
            shown.add_row(*("" if value is None else str(value).replace("[", r"\[") for value in row.values()))
        Console().print(shown)
        if len(rows) > limit:
            typer.echo(f"... and {len(rows) - limit:,} more: --format csv gives them all.")
