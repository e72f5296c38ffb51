"""`heartline digest`: each manager's week, by e-mail or chat, sent once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

import typer

from dashboard import digest as week_of
from dashboard import words
from dashboard.commands.asking import asking, is_guarded
from dashboard.commands.options import HomeOption
from dashboard.commands.signs import monday_of
from data import access, clock
from data.ask import Company
from data.database import Database, open_database
from data.digests import outbox, recipients, sending
from data.digests.outbox import Kept
from data.digests.recipients import Recipient, Way
from data.errors import Trouble
from data.home import Home, find_home
from data.scope import Scope, manager_scope

app = typer.Typer()
NO_ACCESS = (
    "With sign-in a digest tells what its reader may see: give each recipient of digest.toml `user`, the address with "
    "which they sign in, and access to these teams."
)


@app.command()
def digest(
    to: Annotated[list[str] | None, typer.Option(help="Only to this manager, by name. May be repeated.")] = None,
    week: Annotated[str | None, typer.Option(help="Of this week: a day, or 2026-W42. Default: this week.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Send again what was cut short, though it may have arrived.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Send each manager of digest.toml their week: what needs a look, what is due, what got better."""
    where, today = find_home(home), clock.now().date()
    monday = today - timedelta(days=today.weekday()) if week is None else monday_of(week)
    if monday > today:
        raise Trouble(f"The week of {monday.isoformat()} is yet to come, so there is nothing to tell of it.")
    company = Company(where)
    teams = dict(company.teams(asking()).select("team_id", "branch").iter_rows())
    declared = recipients.declared(where, teams)
    for trouble in declared.troubles:
        typer.echo(trouble, err=True)
    chosen = _chosen(declared.recipients, to)
    with open_database(where) as database:
        scopes = {one.name: _scope(where, company, database, one) for one in chosen}
        if untold := [one.name for one in chosen if not scopes[one.name].teams]:
            typer.echo(f"Not told: {', '.join(untold)}. {NO_ACCESS}", err=True)
            chosen = [one for one in chosen if one.name not in untold]
        if dry_run:
            for one in chosen:
                _print(one, week_of.gather(company, database, one, monday, today, scopes[one.name]))
            return
        if again:
            outbox.again(database)
        for one in chosen:
            _put(database, one, week_of.gather(company, database, one, monday, today, scopes[one.name]))
        well = not untold and _send(database, {one.name: one for one in chosen})
    if declared.troubles or not well:
        raise typer.Exit(1)


def _scope(home: Home, company: Company, database: Database, one: Recipient) -> Scope:
    """What a manager is told by: with sign-in their own grants, within the teams that the file names."""
    if not is_guarded(home):
        return manager_scope(one.name, frozenset(one.teams))
    if one.user is None:
        return Scope(one.name)
    granted = access.scope_for(
        database,
        one.user,
        clock.now().date(),
        branches=access.branches_of(home),
        people=lambda: access.people_of(company),
    )
    return granted.within_teams(frozenset(one.teams))


def _chosen(every: tuple[Recipient, ...], to: list[str] | None) -> list[Recipient]:
    if not to:
        return list(every)
    known = {one.name.casefold(): one for one in every}
    if strange := [name for name in to if name.casefold() not in known]:
        names = ", ".join(one.name for one in every) or "nobody"
        raise Trouble(f"{recipients.FILE} has no {strange[0]!r} that can be sent to; it has {names}.")
    return [known[name.casefold()] for name in dict.fromkeys(to)]


def _print(one: Recipient, found: week_of.Digest) -> None:
    """Title and plain text, as a chat would get them."""
    if found.is_empty:
        typer.echo(f"{one.name}: nothing this week, so nothing would be sent.\n")
        return
    made = week_of.message(one, found)
    ways = ", ".join(way.service for way in one.ways)
    dates = " With a calendar file." if made.ics else ""
    typer.echo(f"To {one.name} by {ways}.{dates}\n{made.title}\n\n{made.text}")


def _put(database: Database, one: Recipient, found: week_of.Digest) -> None:
    """Into the outbox, so that nothing is lost whatever happens next."""
    if found.is_empty:
        typer.echo(f"{one.name}: nothing this week, so nothing is sent.")
        return
    made = week_of.message(one, found)
    for way in one.ways:
        kept = outbox.put(database, one.name, found.week, way.name, made)
        if kept.state == outbox.SENT:
            typer.echo(f"{one.name}: sent already by {way.service}.")


def _send(database: Database, chosen: Mapping[str, Recipient]) -> bool:
    """Send all that is due, also what failed before. True where nothing is left unsent."""
    well = True
    for kept in outbox.unsent(database):
        one = chosen.get(kept.recipient)
        if one is None:
            continue
        way = next((way for way in one.ways if way.name == kept.way), None)
        well &= _sent(database, kept, way)
    return well


def _sent(database: Database, kept: Kept, way: Way | None) -> bool:
    told, at = f"{kept.recipient}, week of {_day(kept.week)}", clock.now()
    if kept.is_lost(at):
        typer.echo(f"{told}: was being sent when the program ended; it may have arrived. --again sends it again.")
        return False
    if not kept.is_due(at):
        return True  # another run is at it, or it is too old to be worth telling
    if way is None:
        typer.echo(f"{told}: its address is in {recipients.FILE} no more, so it is not sent.")
        return True
    message = outbox.claim(database, kept.id)
    if message is None:
        return True
    why = sending.send(way.url, message)
    outbox.done(database, kept.id, why)
    typer.echo(f"{told}: sent by {way.service}." if why is None else f"{told}: {why}; kept, and tried at the next run.")
    return why is None


def _day(week: date) -> str:
    return words.long_day(week, clock.now().date())
