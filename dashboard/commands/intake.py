"""`heartline import`, `rejects`, `history`: what comes in, what was set aside, and the versions of the data."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data.erasing.coming_in import OF_FORGOTTEN
from data.errors import Trouble
from data.home import find_home

app = typer.Typer()
MOST_LINES = 200
FORMAT = 1  # of the json: docs/json.md


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, Excel, Parquet or XES; plain, gzip or zip.")],
    table: Annotated[
        str | None, typer.Option("--as", help="The contract's table, whose own columns the file has.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="How to read it. Default: the one that fits.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Take a file in: all of it as one version, or nothing."""
    from data.bringing import take_in
    from data.derived import derive
    from data.lake import Lake

    where = find_home(home)
    _stand_back()
    with _bar() as tell:
        summary = take_in(asking(), where, file, table, profile, progress=tell)
    Console().print(said(summary.as_dict()), markup=False, highlight=False, soft_wrap=True)
    if summary.read and summary.set_aside == summary.read:
        raise Trouble("No row of it could be taken in: mend what `heartline rejects` says, and import it again.")
    version = Lake(where).current()
    if version.rows.get("tickets"):
        try:
            with _bar() as tell:
                derive(where, version, progress=tell)
        except Trouble as trouble:
            raise Trouble(
                f"The file is in as version {version.number}, but readings cannot be made: {trouble}"
            ) from None


def _stand_back() -> None:
    """Let whoever is reading the pages of this machine go first: nobody waits for the end of an import at a screen."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, 10)


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar on the error stream; call with what is being done and how much of it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, share: float) -> None:
            bar.update(task, description=what.capitalize(), total=1.0 if share else None, completed=share)

        yield tell


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
    from data import bringing

    scope, where = asking(), find_home(home)
    if export is not None:
        count = bringing.export(scope, where, export, number, file, table)
        found = bringing.set_aside(scope, where, number, file, table)
        forgotten = found.filter(pl.col("reason").str.starts_with(OF_FORGOTTEN))["reject_id"].n_unique()
        left = found["reject_id"].n_unique() - count - forgotten
        typer.echo(f"{count:,} rows are in {export}: mend their cells, then `heartline import {export}`.")
        if forgotten:
            typer.echo(f"{forgotten:,} more are of people who asked to be forgotten: they stay out, without an id.")
        if left > 0:
            typer.echo(f"{left:,} more are lines that do not split into their columns: mend them in their source.")
        return
    found = bringing.set_aside(scope, where, number, file, table, mended=mended)
    if form is not Format.table:
        show(found.drop("cells"), form, envelope={"format": FORMAT}, rows_as="rejects")
    elif found.is_empty():
        typer.echo("Nothing is set aside.")
    else:
        _told(found)


def _told(found: pl.DataFrame) -> None:
    """One line a bad cell; the value only where it fits a line."""
    lines = found.head(MOST_LINES).select(
        pl.format("{}, row {}", "file", "row").alias("where"),
        pl.concat_str(pl.col("column").replace("", None), pl.format('"{}"', "value"), separator=" ", ignore_nulls=True)
        .str.slice(0, 60)
        .alias("cell"),
        pl.col("reason").alias("why"),
        pl.col("advice").alias("what to do"),
    )
    show(lines, Format.table)
    if found.height > MOST_LINES:
        typer.echo(f"... and {found.height - MOST_LINES:,} more: --format csv gives them all.")


@app.command()
def history(form: FormatOption = Format.table, home: HomeOption = None) -> None:
    """List the versions of the data, the newest first."""
    from data import bringing

    versions = list(reversed(bringing.history(asking(), find_home(home))))
    if not versions and form is Format.table:
        typer.echo("Nothing was imported yet: begin with `heartline import FILE` or `heartline demo`.")
        return
    counts = ("read", "accepted", "replaced", "unchanged", "set_aside")
    rows = [
        (
            one.number,
            one.at,
            one.source,
            one.horizon,
            *(one.summary.get(name) for name in counts),
            sum(one.rows.values()) if one.rows else None,
        )
        for one in versions
    ]
    instant, count = pl.Datetime("us", "UTC"), pl.Int64
    schema: dict[str, Any] = {"version": count, "at": instant, "source": pl.String, "data_until": instant}
    frame = pl.DataFrame(rows, schema={**schema, **dict.fromkeys((*counts, "rows"), count)}, orient="row")
    if form is Format.table:
        frame = frame.with_columns(pl.col(instant).dt.to_string("%Y-%m-%d %H:%M"))
    show(frame, form, envelope={"format": FORMAT}, rows_as="versions")
