"""`heartline access`: who may see what. For who owns the home; each change is on record."""

from datetime import datetime
from typing import Annotated, Any

import polars as pl
import typer

from dashboard.commands.options import Format, FormatOption, HomeOption, passed_on
from dashboard.commands.printing import show
from data import access, clock, versions
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.home import Home, find_home
from data.roles import Over, Role
from data.scope import Right, Scope, at_this_machine
from data.sign_in import tidy_subject

app = typer.Typer()
ABOUT = "Who may see what: give, withdraw and list access."
group = typer.Typer(help=ABOUT)
app.add_typer(group, name="access")

FORMAT = 1  # of the json: docs/json.md
GRANTS: dict[str, Any] = dict.fromkeys(("subject", "role", "over", "place", "given_by", "withdrawn_by"), pl.String) | {
    "id": pl.Int64, "since": pl.Date, "until": pl.Date, "given_at": pl.Datetime("us", "UTC"),
    "withdrawn_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
SHOWN = ("id", "subject", "role", "over", "place", "since", "until", "withdrawn_at")
Who = Annotated[str, typer.Argument(help="An e-mail address, issuer|subject, or local:NAME for commands typed here.")]
DAY: dict[str, Any] = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}


@group.callback(invoke_without_command=True)
def who_may(context: typer.Context, home: HomeOption = None) -> None:
    """Who may see what: give, withdraw and list access."""
    if not passed_on(context, home):
        listed(home=home)


@group.command()
def grant(
    who: Who,
    role: Annotated[Role, typer.Argument(help="What they are.")],
    branch: Annotated[str | None, typer.Option(help="Over this branch alone.")] = None,
    team: Annotated[str | None, typer.Option(help="Over this team alone: its id or its name.")] = None,
    since: Annotated[datetime | None, typer.Option("--from", help="From this day on. Default: today.", **DAY)] = None,
    until: Annotated[datetime | None, typer.Option("--until", help="Up to this day. Default: open.", **DAY)] = None,
    home: HomeOption = None,
) -> None:
    """Give somebody a role, over the company or a part of it, from a day until a day."""
    where = find_home(home)
    over, place, known = _place(where, branch, team)
    with open_database(where) as database:
        given = access.give(
            at_this_machine(),
            database,
            who,
            role,
            over=over,
            place=place,
            known=known,
            since=since and since.date(),
            until=until and until.date(),
        )
    ends = f" until {given.until}" if given.until else ""
    typer.echo(f"{given.subject} is {given.role} of {given.place or 'the company'} from {given.since}{ends}.")
    typer.echo(f"Taken back by: heartline access withdraw {given.id}")


@group.command()
def withdraw(number: Annotated[int, typer.Argument(help="The grant, by its number.")], home: HomeOption = None) -> None:
    """Take a grant away: it acts at their next click."""
    with open_database(find_home(home)) as database:
        gone = access.withdraw(at_this_machine(), database, number)
    typer.echo(f"Withdrawn: {gone.subject} is no longer {gone.role} of {gone.place or 'the company'} by this grant.")


@group.command("list")
def listed(
    every: Annotated[bool, typer.Option("--all", help="Those that were withdrawn, too.")] = False,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List the grants, the newest first."""
    with open_database(find_home(home)) as database:
        found = access.list_(at_this_machine(), database, standing=not every)
    rows = [{name: getattr(one, name) for name in GRANTS} for one in found]
    frame = pl.DataFrame(rows, schema=GRANTS).select(*SHOWN, *(name for name in GRANTS if name not in SHOWN))
    if how is not Format.table:
        show(frame, how, envelope={"format": FORMAT}, rows_as="grants")
    elif frame.is_empty():
        typer.echo("Nobody was given access. Give it: heartline access grant EMAIL ROLE [--branch B | --team T]")
    else:
        show(frame.select(SHOWN if every else SHOWN[:-1]), how)


@group.command()
def threshold(
    people: Annotated[int | None, typer.Argument(help="So many people a team needs.")] = None,
    branch: Annotated[str, typer.Option(help="Of this branch alone. Default: of every other.")] = "",
    home: HomeOption = None,
) -> None:
    """Say, or set, from how many people on a team is shown to executives."""
    with open_database(find_home(home)) as database:
        if people is not None:
            access.set_threshold(at_this_machine(), database, people, branch=branch)
        told = access.thresholds(at_this_machine(), database)
    for name, many in sorted({"": 10, **told}.items()):
        typer.echo(f"{name or 'every other branch'}: {many} people")


@group.command()
def who(who: Who, how: FormatOption = Format.table, home: HomeOption = None) -> None:
    """Say what this person would see and may do today."""
    where, subject = find_home(home), tidy_subject(who)
    scope = _scope(where, subject)
    rows = _seen(where, scope)
    if how is not Format.table:
        show(rows, how, envelope={"format": FORMAT, "subject": subject}, rows_as="teams")
        return
    if not scope.rights:
        typer.echo(f"{subject} sees nothing: no grant of theirs holds today.")
        return
    over_all = ", ".join(right for right in Right if right in scope.rights and scope.reach(right) is None)
    typer.echo(
        f"{subject} sees {rows.height} team{'' if rows.height == 1 else 's'}. "
        f"Over the whole company: {over_all or 'nothing'}."
    )
    if rows.height:
        show(rows, how)


def _scope(home: Home, subject: str) -> Scope:
    numbers = versions.numbers(home)
    company = Company(home) if numbers else None
    with open_database(home) as database:
        return access.scope_for(
            database,
            subject,
            clock.now().date(),
            branches=access.branches_of(home) if numbers else {},
            people=lambda: access.people_of(company) if company else {},
        )


def _seen(home: Home, scope: Scope) -> pl.DataFrame:
    """team_id, name, branch, may: the teams that they see, with what they may do there."""
    schema = dict.fromkeys(("team_id", "name", "branch", "may"), pl.String)
    if not versions.numbers(home):
        return pl.DataFrame(schema=schema)
    teams = Company(home).teams(scope).select("team_id", "name", "branch")
    may = [", ".join(right for right in Right if scope.may(right, team)) for team in teams["team_id"]]
    return teams.with_columns(may=pl.Series(may, dtype=pl.String))


def _place(home: Home, branch: str | None, team: str | None) -> tuple[Over, str | None, list[str] | None]:
    """What the grant is over, by id, and what there is of it. Trouble for both a branch and a team, or an unknown."""
    from dashboard.commands.signs import named_team
    from data import surroundings
    from data.lake import Lake

    if branch is not None and team is not None:
        raise Trouble("A grant is over a branch or over a team: name one of them.")
    if branch is not None:
        return Over.BRANCH, branch, sorted({one for one in access.branches_of(home).values() if one is not None})
    if team is None:
        return Over.COMPANY, None, None
    names = surroundings.every_team(at_this_machine(), Lake(home))
    listed = pl.DataFrame({"team_id": list(names), "name": list(names.values())}, schema_overrides={"name": pl.String})
    return Over.TEAM, named_team(listed, team), None
