"""`heartline backup` and `heartline restore`: all of a home in one file, and back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from dashboard.commands.asking import asking
from dashboard.commands.check import say
from dashboard.commands.options import HomeOption
from data.database import open_database
from data.erasing import handed_on
from data.home import find_home
from data.keeping.archive import Manifest
from data.scope import at_this_machine

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write: one that is not there yet.")],
    home: HomeOption = None,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave out what is secret: the key, and the addresses of the digest.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: read that backup to its end and say whether it is whole.")
    ] = False,
) -> None:
    """Write all that this home and its database hold into one file, while people go on working."""
    if check:
        from data.keeping.archive import check as look
        from data.keeping.archive import verifiable

        with _bar("Reading") as tell:
            key = find_home(home).key
            manifest = look(file, tell, key=key)
        typer.echo(f"{file} is whole: {_told(manifest)}.")
        _say_whether_sure(verifiable(manifest, key))
        return
    from data.keeping.backup import backup as make

    with _bar("Copying") as tell:
        manifest = make(asking(), find_home(home), file, with_key=not without_key, progress=tell)
    typer.echo(f"{file} holds {_told(manifest)}.")
    if manifest.left_out:
        typer.echo(f"Not in it: {', '.join(manifest.left_out)}.")
    typer.echo(
        "It holds the key by which people are known again: keep it as safe as the home itself."
        if manifest.key
        else "The key is not in it: keep that apart, for without it nothing can be imported after a restore."
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup to restore.")],
    home: Annotated[Path, typer.Option("--home", help="An empty folder, or one that is not there yet.")],
    forgotten: Annotated[
        Path | None,
        typer.Option("--forgotten", help="Whom to forget again: what `heartline forget --export-list` wrote."),
    ] = None,
) -> None:
    """Put a backup into an empty home and an empty database, and look whether all is well (exit status 1 if not)."""
    from data.check import findings
    from data.keeping.restore import restore as put

    where = find_home(home)
    if forgotten is not None:
        handed_on.lines_in(forgotten)  # a wrong file is said before anything is restored
    with _bar("Restoring") as tell:
        done = put(at_this_machine(), file, where, progress=tell)
    typer.echo(f"{where.path} holds {_told(done.manifest)}.")
    _say_whether_sure(done.sure)
    if done.kept:
        typer.echo(f"Left as it was: {', '.join(done.kept)}.")
    if not done.manifest.key and not where.key.exists():
        typer.echo(f"The key is not in this backup: lay it at {where.key} (chmod 600).")
    if forgotten is not None:
        with open_database(where) as database:
            count = handed_on.take(at_this_machine(), where, database, forgotten)
        typer.echo(f"Whoever is on the list {forgotten} is forgotten here, too ({count:,} since the backup).")
    else:
        typer.echo(
            f"Who was forgotten after {done.manifest.made_at[:10]} is in it again: forget them again, with "
            "`heartline forget --take-list FILE` or as your list of requests says."
        )
    found = findings(where)
    say(found)
    raise typer.Exit(1 if any(one.level == "broken" for one in found) else 0)


def _say_whether_sure(sure: bool) -> None:
    if not sure:
        typer.echo("Its key is not at hand, so it cannot be said that nobody changed it since it was made.")


def _told(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables)
    return (
        f"data version {manifest.data_version} and {rows:,} rows of the database "
        f"({manifest.size / 1e6:,.1f} MB), as of {manifest.made_at[:19].replace('T', ' ')} UTC"
    )


@contextmanager
def _bar(words: str) -> Iterator[Callable[[float], None]]:
    """A bar at a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = TextColumn(words), BarColumn(), TextColumn("{task.percentage:>3.0f}%")
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda share: bar.update(task, completed=share)
