"""`heartline replies`: what teams answered to readings and tickets; answer, accept, decline, undo."""

from typing import Annotated

import polars as pl
import typer

from dashboard import answer_words
from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption, passed_on
from dashboard.commands.printing import show
from dashboard.commands.signs import known, monday_of, named_team
from data import answerable, replies
from data.ask import Company, sign_named
from data.database import open_database
from data.home import find_home
from data.replies import Reply
from data.scope import Scope

app = typer.Typer()
group = typer.Typer(help="What teams answered to readings and tickets: list, answer, accept, decline, undo.")
app.add_typer(group, name="replies")

FORMAT = 1  # of the json: docs/json.md
INSTANT = pl.Datetime("us", "UTC")
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so. Default: who is signed in to this machine.")]
ReasonOption = Annotated[str, typer.Option(help="Why, for the team and for those who read it later.")]
Number = Annotated[int, typer.Argument(help="The answer, by its number.")]
StatusOption = Annotated[str | None, typer.Option(help="Only those open, accepted or declined.")]
TeamOption = Annotated[str | None, typer.Option(help="Only those of this team: its id or its name.")]


@group.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    team: TeamOption = None,
    status: StatusOption = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List the answers, newest first: what a team says, of what, and what was decided."""
    if passed_on(context, home):
        return
    known("status of an answer", status, replies.STATUSES)
    where, scope = find_home(home), asking()
    team_id = None if team is None else named_team(Company(where).teams(scope), team)
    with open_database(where) as database:
        found = replies.list_(scope, database, team=team_id, status=status)
    if how is Format.table:
        _for_people(found)
        return
    frame = as_frame(found)
    shown = frame.drop("tickets", "steps") if how is Format.csv else frame
    show(shown, how, envelope={"format": FORMAT}, rows_as="replies")


@group.command("answer")
def answer(
    team: Annotated[str, typer.Argument(help="The team: its id or its name.")],
    sign: Annotated[str, typer.Argument(help="The sign, by its key: see `heartline signs`.")],
    words: Annotated[str, typer.Option(help="What the team says.")],
    week: Annotated[str | None, typer.Option(help="A day of the week that was read. Default: the last final.")] = None,
    ticket: Annotated[list[str] | None, typer.Option(help="A ticket to take out; may be given again.")] = None,
    by: ByOption = None,
    home: HomeOption = None,
) -> None:
    """Answer a reading, or with --ticket some of its tickets, for a manager to decide on."""
    where, scope = find_home(home), _scope(by)
    company = Company(where)
    team_id = named_team(company.teams(scope), team)
    read = answerable.reading(company, scope, sign_named(sign).key, team_id, None if week is None else monday_of(week))
    with open_database(where) as database:
        made = replies.answer(
            scope,
            database,
            team_id=team_id,
            sign=sign,
            week=read["week"],
            words=words,
            tickets=ticket or (),
            known_tickets=answerable.ticket_ids(company, scope, read) if ticket else None,
        )
    typer.echo(
        f"Kept as answer {made.id}, of {answer_words.of_answer(made)}. A manager decides on it: "
        f"`heartline replies accept {made.id} --reason WHY`, or decline."
    )


@group.command("accept")
def accept(number: Number, reason: ReasonOption, by: ByOption = None, home: HomeOption = None) -> None:
    """Accept an answer: its tickets are taken out of the team's readings of that sign."""
    with open_database(find_home(home)) as database:
        made = replies.decide(_scope(by), database, number, accept=True, reason=reason)
    out = f"takes {answer_words.of_answer(made)} out of" if made.tickets else "stands beside"
    typer.echo(f"Accepted: answer {number} {out} the readings of {made.team_id} in {made.sign}. It can be undone.")


@group.command("decline")
def decline(number: Number, reason: ReasonOption, by: ByOption = None, home: HomeOption = None) -> None:
    """Decline an answer: the reading stays as it is, the answer and the reason are kept."""
    with open_database(find_home(home)) as database:
        replies.decide(_scope(by), database, number, accept=False, reason=reason)
    typer.echo(f"Declined: answer {number} is kept with your reason. It can be undone.")


@group.command("undo")
def undo(number: Number, reason: ReasonOption, by: ByOption = None, home: HomeOption = None) -> None:
    """Take a decision back: the answer is open again, and its tickets count again."""
    with open_database(find_home(home)) as database:
        replies.undo(_scope(by), database, number, reason)
    typer.echo(f"Undone: answer {number} is open again.")


def as_frame(found: list[Reply]) -> pl.DataFrame:
    """One row an answer, as other programs get it: docs/json.md."""
    rows = [
        {
            **{name: getattr(one, name) for name in ("id", "team_id", "sign", "week", "words", "by", "at")},
            "tickets": list(one.tickets),
            "ticket_count": len(one.tickets),
            "status": one.status,
            **_last("decided", one),
            **_last("undone", one),
            "steps": [vars(step) for step in one.steps],
            "revision": one.revision,
        }
        for one in found
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.Int64,
    "team_id": pl.String,
    "sign": pl.String,
    "week": pl.Date,
    "words": pl.String,
    "by": pl.String,
    "at": INSTANT,
    "tickets": pl.List(pl.String),
    "ticket_count": pl.Int64,
    "status": pl.String,
    **{
        f"{what}_{name}": kind
        for what in ("decided", "undone")
        for name, kind in (("by", pl.String), ("at", INSTANT), ("reason", pl.String))
    },
    "steps": pl.List(pl.Struct({"at": INSTANT, "by": pl.String, "what": pl.String, "reason": pl.String})),
    "revision": pl.Int64,
}


def _last(what: str, one: Reply) -> dict[str, object]:
    step = one.decided if what == "decided" else one.undone
    return {f"{what}_{name}": getattr(step, name) if step else None for name in ("by", "at", "reason")}


def _for_people(found: list[Reply]) -> None:
    if not found:
        typer.echo("No team has answered anything.")
        return
    told = ("id", "team_id", "sign", "week", "ticket_count", "status", "by", "words", "decided_by")
    show(as_frame(found).select(told), Format.table)


def _scope(by: str | None) -> Scope:
    """Who says so: the name given, else that of the machine's user."""
    return asking(by)
