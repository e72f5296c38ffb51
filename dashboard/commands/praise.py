"""`heartline praise`: customers' kind words, imported or typed; write one down, pass one on, take one back."""

from datetime import datetime
from typing import Annotated

import polars as pl
import typer

from dashboard import kind_said
from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption, passed_on
from dashboard.commands.printing import show
from dashboard.commands.signs import named_team
from data import praise
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.home import find_home
from data.scope import Scope

app = typer.Typer()
ABOUT = "Customers' kind words: list them, write one down, pass one on to its team."
group = typer.Typer(help=ABOUT)
app.add_typer(group, name="praise")

FORMAT = 1  # of the json: docs/json.md
BRIEF = ("key", "team_id", "on", "words", "source", "passed_on", "passed_how")
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so. Default: who is signed in to this machine.")]
DayOption = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day. Default: today.")]
TeamOption = Annotated[str | None, typer.Option(help="Only those of this team: its id or its name.")]
WeeksOption = Annotated[int, typer.Option(help="How many weeks back from the newest data.", min=1, max=1040)]
Key = Annotated[str, typer.Argument(help="The kind word, by its key: see `heartline praise list`.")]


@group.callback(invoke_without_command=True)
def kind_words(context: typer.Context, home: HomeOption = None) -> None:
    """Customers' kind words: list them, write one down, pass one on to its team."""
    if not passed_on(context, home):
        listed(home=home)


@group.command("list")
def listed(
    team: TeamOption = None, weeks: WeeksOption = 26, how: FormatOption = Format.table, home: HomeOption = None
) -> None:
    """List the kind words, newest first, and whether they reached their team."""
    scope, company = asking(), Company(find_home(home))
    team_id = None if team is None else named_team(company.teams(scope), team)
    found = company.praise(scope, team_id, weeks)
    if how is not Format.table:
        show(found, how, envelope={"format": FORMAT}, rows_as="praise")
    elif found.is_empty():
        typer.echo(f"No kind word is known of the last {weeks} weeks. To gather some:")
        typer.echo("\n".join(f"- {way}" for way in kind_said.GATHER))
    else:
        show(found.with_columns(on=pl.col("at").dt.date()).select(BRIEF), how)


@group.command("add")
def add(
    team: Annotated[str, typer.Argument(help="The team that earned it: its id or its name.")],
    words: Annotated[str, typer.Argument(help="What the customer said. No name is needed.")],
    source: Annotated[str | None, typer.Option("--from", help="Where it came from: a call, a letter.")] = None,
    on: DayOption = None,
    by: ByOption = None,
    home: HomeOption = None,
) -> None:
    """Write down a kind word for a team."""
    where, scope = find_home(home), _scope(by)
    team_id = named_team(Company(where).teams(scope), team)
    day = on.date() if on else None
    with open_database(where) as database:
        made = praise.add(scope, database, team_id=team_id, words=words, source=source, said_on=day)
    typer.echo(f"Kept as {made.key}, for {team_id}. Pass it on: `heartline praise pass-on {made.key} --how HOW`.")


@group.command("pass-on")
def pass_on(
    key: Key,
    how: Annotated[str, typer.Option(help="How it reached the team: read aloud in the Monday meeting.")],
    on: DayOption = None,
    by: ByOption = None,
    home: HomeOption = None,
) -> None:
    """Record that a kind word was passed on to its team."""
    where, scope = find_home(home), _scope(by)
    found = Company(where).praise(scope, None, weeks=5200).filter(key=key)
    if found.is_empty():
        raise Trouble(f"There is no kind word {key!r}: see `heartline praise list`.")
    team_id, day = found["team_id"][0], on.date() if on else None
    with open_database(where) as database:
        made = praise.pass_on(scope, database, praise=key, team_id=team_id, how=how, passed_on=day)
    typer.echo(f"Kept: passed on to {team_id} on {made.passed_on.isoformat()}. It can be undone.")


@group.command("undo")
def undo(key: Key, by: ByOption = None, home: HomeOption = None) -> None:
    """Take back that a kind word was passed on; where it was not, take back the word itself, if it was typed."""
    scope = _scope(by)
    with open_database(find_home(home)) as database:
        if key in praise.passed_on(scope, database):
            praise.not_passed_on(scope, database, key)
            typer.echo(f"Undone: {key} counts as not passed on.")
            return
        praise.undo(scope, database, praise.number_of(key))
    typer.echo(f"Taken back: {key} is shown no more. It stays on record.")


def _scope(by: str | None) -> Scope:
    """Who says so: the name given, else that of the machine's user."""
    return asking(by)
