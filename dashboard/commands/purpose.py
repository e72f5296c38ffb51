"""`heartline purpose`, `heartline staff-page`: why this is done, and what staff are told of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.asking import asking
from dashboard.commands.options import HomeOption, passed_on
from data import purpose as kept
from data.clock import now
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.purpose import Consulted, Purpose

app = typer.Typer()
group = typer.Typer(invoke_without_command=True, no_args_is_help=False)
app.add_typer(group, name="purpose")


@group.callback()
def purpose(context: typer.Context, home: HomeOption = None) -> None:
    """Say what is recorded of why this is done, who was asked, and how long it is kept."""
    if passed_on(context, home):
        return
    with open_database(find_home(home)) as database:
        held = kept.current(database)
    if held is None:
        typer.echo("Nothing is recorded yet: `heartline purpose set --help`.")
        return
    for line in told(held):
        typer.echo(line)


def told(held: Purpose) -> list[str]:
    """What was recorded, one line a thing."""
    at = f"{held.at.day} {held.at:%B %Y}" if held.at else ""
    asked = "; ".join(f"{one.who} ({one.on}){': ' + one.words if one.words else ''}" for one in held.consulted)
    return [
        f"Version {held.number}, recorded by {held.by} on {at}.",
        f"Purpose: {held.purpose}",
        f"Legal basis: {held.legal_basis}",
        f"Asked before: {asked}",
        f"Kept: tickets {held.ticket_months} months, notes {held.note_months}, the record {held.record_months}.",
        f"Responsible: {held.responsible}",
        f"Whom staff may ask: {held.ask}",
        f"How to object: {held.object_by}",
    ]


@group.command("set")
def set_(
    purpose: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    legal_basis: Annotated[str | None, typer.Option(help="What allows it.")] = None,
    consulted: Annotated[
        list[str] | None, typer.Option(help="Who was asked: 'WHO, YYYY-MM-DD, WHAT CAME OF IT'. Can be repeated.")
    ] = None,
    ticket_months: Annotated[int | None, typer.Option(help="How long tickets, absences and surveys are kept.")] = None,
    note_months: Annotated[int | None, typer.Option(help="How long notes of conversations are kept.")] = None,
    record_months: Annotated[int | None, typer.Option(help="How long the record is kept.")] = None,
    responsible: Annotated[str | None, typer.Option(help="Who is responsible.")] = None,
    ask: Annotated[str | None, typer.Option(help="Whom staff may ask.")] = None,
    object_by: Annotated[str | None, typer.Option("--object", help="How one can object.")] = None,
    home: HomeOption = None,
) -> None:
    """Record it as the next version. What is not given stays as it was recorded last."""
    given = {
        "purpose": purpose,
        "legal_basis": legal_basis,
        "consulted": tuple(map(parsed, consulted)) if consulted else None,
        "ticket_months": ticket_months,
        "note_months": note_months,
        "record_months": record_months,
        "responsible": responsible,
        "ask": ask,
        "object_by": object_by,
    }
    said = {name: one for name, one in given.items() if one is not None}
    with open_database(find_home(home)) as database:
        held = kept.current(database)
        if held is None and (lacking := sorted(set(given) - set(said))):
            options = ", ".join("--" + {"object_by": "object"}.get(name, name).replace("_", "-") for name in lacking)
            raise Trouble(f"Nothing is recorded yet, so all of it is needed: {options}.")
        made = Purpose(**said) if held is None else replace(held, **said)  # type: ignore[arg-type]
        done = kept.keep(asking(), database, made)
    typer.echo(f"It is recorded as version {done.number}.")


def parsed(written: str) -> Consulted:
    """'Works council, 2026-05-04, agreed' -> who, on which day, and what came of it."""
    pieces = [piece.strip() for piece in written.split(",", 2)]
    try:
        return Consulted(pieces[0], date.fromisoformat(pieces[1]), pieces[2] if len(pieces) > 2 else "")
    except (IndexError, ValueError):
        raise Trouble(f"{written!r} does not say who was asked and when: write 'Works council, 2026-05-04'.") from None


@app.command("staff-page")
def staff_page(
    out: Annotated[Path, typer.Option("-o", "--out", help="The PDF to write.")],
    team: Annotated[str | None, typer.Option(help="Say who looked at this team (its id).")] = None,
    home: HomeOption = None,
) -> None:
    """Write the page for staff: what is measured, what never is, who may look, who did, how long it is kept."""
    from dashboard.staff import paper
    from dashboard.staff.gathered import gathered

    where, scope, at = find_home(home), asking(), now()
    with open_database(where) as database:
        content = paper.render(gathered(scope, where, database, team, at.date()), at, scope.asker)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Trouble(f"{out} cannot be written: {error.strerror or error}.") from None
    typer.echo(f"The page for staff is in {out}.")
