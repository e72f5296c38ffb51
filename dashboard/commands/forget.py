"""`heartline forget`, `heartline retention`: what is to go, goes, and is proved to be gone."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, HomeOption
from dashboard.commands.printing import show
from data.clock import now
from data.database import Database, open_database
from data.erasing import forgetting, forgotten, handed_on, mentions, proof, retention
from data.erasing.retention import Dropped
from data.errors import Trouble
from data.home import Home, find_home
from data.scope import Right, Scope

app = typer.Typer()
MOST_LINES = 50


class Kind(StrEnum):
    """Who is to be forgotten: a customer, or somebody who works here (an agent, a person of HR)."""

    customer = "customer"
    person = "person"


@app.command()
def forget(
    kind: Annotated[Kind | None, typer.Argument(help="customer or person.", case_sensitive=False)] = None,
    given: Annotated[str | None, typer.Argument(metavar="ID", help="Their id in the source system.")] = None,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="Also look for this name in what people wrote. Can be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Mask found names without asking.")] = False,
    lift: Annotated[int | None, typer.Option("--lift", help="Take this number off the list again.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it is lifted.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Who is on the list: numbers and days, no names.")] = False,
    export_list: Annotated[
        Path | None,
        typer.Option("--export-list", help="Write who is on the list, as fingerprints, to keep beside backups."),
    ] = None,
    take_list: Annotated[
        Path | None, typer.Option("--take-list", help="Forget whoever is on such a list, in a home that was restored.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Remove somebody from every version of the data, the database and what was set aside, and prove it."""
    where, scope = find_home(home), asking()
    with open_database(where) as database:
        if listed:
            _listed(scope, database)
        elif export_list is not None:
            count = handed_on.export(scope, where, database, export_list)
            typer.echo(f"{count:,} who are forgotten are in {export_list}, as fingerprints: no id, no name.")
        elif take_list is not None:
            count = handed_on.take(scope, where, database, take_list)
            typer.echo(f"{count:,} more are forgotten here; all on the list were taken out.")
        elif lift is not None:
            _lift(scope, database, lift, reason)
        elif kind is None or given is None:
            raise Trouble("Say whom: `heartline forget customer ID` or `heartline forget person ID`.")
        else:
            _forget(scope, where, database, kind.value, given.strip())
            if name:
                _names(scope, where, database, name, yes)
            _prove(where, database, kind.value, given.strip())


def _forget(scope: Scope, home: Home, database: Database, kind: str, given: str) -> None:
    console = Console(stderr=True)
    with console.status("Beginning") as status:
        done = forgetting.forget(
            scope, home, database, kind, given, progress=lambda words, _: status.update(words.capitalize())
        )
    rows = ", ".join(f"{count:,} of {table}" for table, count in done.rows.items()) or "none"
    typer.echo(f"The {kind} is number {done.number} of the list of who is forgotten (their id is not kept).")
    typer.echo(f"Rows that went, over all versions of the data: {rows}. Texts of the database: {done.texts:,}.")


def _names(scope: Scope, home: Home, database: Database, names: list[str], yes: bool) -> None:
    pattern = mentions.mask_of(names)
    with database.reading() as session:
        found = mentions.mentions(session, pattern)
    if not found:
        typer.echo("The name is in nothing that people wrote in the database.")
    else:
        for one in found[:MOST_LINES]:
            typer.echo(f"  {one.table} {one.row}, {one.column}: ... {one.excerpt} ...")
        if yes or typer.confirm(f"Mask it in these {len(found)} texts?", default=False):
            count = forgetting.mask_in_database(scope, home, database, pattern)
            typer.echo(f"{count:,} texts were masked.")
    words = forgetting.mask_in_lake(scope, home, database, pattern, dry=True)
    if words and (yes or typer.confirm(f"Mask it in {words} texts of the data (kind words, managers)?", default=False)):
        forgetting.mask_in_lake(scope, home, database, pattern)
        typer.echo(f"{words:,} texts of the data were masked.")
    mentions.clean_up(database)
    typer.echo("The record of who did what names people until it is old enough; it is only added to.")


def _prove(home: Home, database: Database, kind: str, given: str) -> None:
    """Look through all of it, and say what was looked at. Trouble where anything was found."""
    name = forgotten.pseudonym_of(home, kind, given)
    with Console(stderr=True).status("Looking through every file"):
        looked = proof.look(home, database, [name], given, lambda *_: None)
    typer.echo(
        f"Looked through {looked.files:,} files ({looked.bytes / 1e6:,.1f} MB), {looked.parquet:,} of them Parquet "
        f"with {looked.values:,} different values, and {looked.rows:,} rows of the database."
    )
    if looked.of("the pseudonym"):
        places = ", ".join(sorted({one.where for one in looked.of("the pseudonym")})[:5])
        raise Trouble(
            f"The pseudonym is still in {places}: run this again, and if it stays, say so to whoever runs it."
        )
    typer.echo("Their pseudonym is nowhere in them.")
    if looked.too_short:
        typer.echo("The id itself is too short to be looked for by itself; it is not kept anywhere on the way in.")
    elif others := sorted({one.where for one in looked.of("the id")}):
        typer.echo(f"The same characters as the id are in {', '.join(others[:5])}: look whether they are theirs.")
    elif looked.id_sought:
        typer.echo("Neither is the id.")
    typer.echo(
        "Not reached: backups, copies of this folder, files that were exported, and the system the data is from."
    )


def _lift(scope: Scope, database: Database, number: int, reason: str | None) -> None:
    scope.require(Right.RUN)
    if not (reason or "").strip():
        raise Trouble("Say why with --reason: it is kept with the number.")
    forgotten.lift(database, number, scope.asker, str(reason).strip(), now())
    typer.echo(f"Number {number} is off the list: their rows come in again with the next import.")


def _listed(scope: Scope, database: Database) -> None:
    scope.require(Right.RUN)
    rows = [
        (one.id, one.kind, one.asked_on, one.by, one.lifted_at and one.lifted_at.date())
        for one in forgotten.listed(database)
    ]
    if not rows:
        typer.echo("Nobody was asked to be forgotten.")
        return
    frame = pl.DataFrame(rows, schema=["number", "kind", "asked_on", "by", "lifted_on"], orient="row")
    show(frame, Format.table)


@app.command(name="retention")
def retention_(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and leave it.")] = False,
    home: HomeOption = None,
) -> None:
    """Drop what is older than the recorded purpose allows; runs by itself at each import and once a day."""
    where, scope = find_home(home), asking()
    with open_database(where) as database:
        done = (retention.would_go if dry_run else retention.keep_to_it)(where, database, scope)
    for line in told(done, dry=dry_run):
        typer.echo(line)


def told(done: Dropped, *, dry: bool) -> list[str]:
    """What went, or would go, in sentences."""
    if done.tickets_before is None:
        return ["No purpose is recorded, so it is not known how long to keep anything: `heartline purpose set`."]
    verb = "Would go" if dry else "Went"
    lines = []
    if rows := ", ".join(f"{count:,} of {table}" for table, count in done.rows.items()):
        lines.append(f"{verb}, of before {_day(done.tickets_before)}, over all versions of the data: {rows}.")
    if notes := ", ".join(f"{count:,} {kind}" for kind, count in done.notes.items()):
        lines.append(f"{verb}, of before {_day(done.notes_before)}: {notes}.")
    if done.record:
        lines.append(f"{verb}, of before {_day(done.record_before)}: {done.record:,} rows of the record.")
    return lines or ["Nothing is too old."]


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"
