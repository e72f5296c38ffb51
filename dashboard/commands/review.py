"""`heartline review`: freeze a review of a period, render it, list those there are."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from dashboard.commands.asking import asking
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data.ask import Company
from data.database import Database, open_database
from data.errors import Trouble
from data.home import find_home
from data.reviewing import decisions, periods, reviews
from data.reviewing.reviews import Listed, Review
from data.scope import Scope

app = typer.Typer()
group = typer.Typer(invoke_without_command=True, no_args_is_help=False)
app.add_typer(group, name="review")
FORMAT = 1  # of the json: docs/json.md


@group.callback()
def review(  # one option a line
    context: typer.Context,
    period: Annotated[
        str | None,
        typer.Option("--period", help=f"What to review: {periods.SUCH_AS}. Default: the last quarter in the data."),
    ] = None,
    branch: Annotated[str | None, typer.Option("--branch", help="One branch. Default: the company.")] = None,
    out: Annotated[
        list[Path] | None, typer.Option("-o", "--out", help="A file to write: .pdf, .pptx or .xlsx. Can be repeated.")
    ] = None,
    ask: Annotated[
        list[str] | None, typer.Option("--ask", help="A decision to ask for. Can be repeated; frozen with the review.")
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest/--no-suggest", help="Also ask for what the data suggests.")
    ] = True,
    new: Annotated[bool, typer.Option("--new", help="Make another, though one is frozen already.")] = False,
    home: HomeOption = None,
) -> None:
    """Make the executive review of a period, once: it is frozen, and rendered again it is the same to the byte."""
    if context.invoked_subcommand is not None:
        return
    from dashboard.reports import rendering

    files = [(path, rendering.kind_of(path)) for path in out or []]
    for path, _ in files:
        if not path.absolute().parent.is_dir():
            raise Trouble(f"{path} cannot be written: there is no folder {path.absolute().parent}.")
    asked = periods.parse(period) if period else None
    where, scope = find_home(home), asking()
    with open_database(where) as database:
        company = Company(where)
        asked = asked or _last_quarter(company)
        made = _made(company, scope, database, asked, branch, ask or [], suggest=suggest, anew=new)
        for path, kind in files:
            _write(database, made, kind, path)
        if not files:
            of = f" --branch '{made.branch}'" if made.branch else ""
            typer.echo(f"Write it with: heartline review --period {made.period}{of} -o review.pdf")


def _last_quarter(company: Company) -> periods.Period:
    """The last quarter that had ended when the data did."""
    from data import clock

    last = company.freshness().week
    return periods.ended(last + timedelta(weeks=1) if last else clock.now().date())[0]


def _made(
    company: Company,
    scope: Scope,
    database: Database,
    period: periods.Period,
    branch: str | None,
    asks: list[str],
    *,
    suggest: bool,
    anew: bool,
) -> Review:
    from dashboard.reports import frozen

    columns = (BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Opening", total=1.0)
        made = frozen.review(
            company, scope, database, period, branch=branch, asks=asks, suggest=suggest, anew=anew,
            progress=lambda done, what: bar.update(task, completed=done, description=what),
        )  # fmt: skip
    typer.echo(made.said)
    return made.review


def _write(database: Database, review: Review, kind: str, path: Path) -> None:
    from dashboard.reports import rendering

    file = rendering.render(database, review, kind)
    try:
        path.write_bytes(file.content)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror or error}.") from None
    typer.echo(f"{path} was written.")
    if file.differs:
        typer.echo(file.differs, err=True)


@group.command("list")
def list_(how: FormatOption = Format.table, home: HomeOption = None) -> None:
    """List the frozen reviews: of what, when, from which data, what they asked for and what was decided."""
    where, scope = find_home(home), asking()
    with open_database(where) as database:
        rows = [_row(scope, database, one) for one in reviews.list_(scope, database)]
    if not rows and how is Format.table:
        typer.echo("No review was made yet. Make the first with: heartline review --period 2026-Q3 -o review.pdf")
        return
    show(pl.DataFrame(rows, schema=COLUMNS), how, envelope={"format": FORMAT}, rows_as="reviews")


COLUMNS: dict[str, Any] = {
    "review": pl.Int64,
    "period": pl.String,
    "branch": pl.String,
    "made": pl.Datetime("us", "UTC"),
    "by": pl.String,
    "data_version": pl.Int64,
    "asked": pl.Int64,
    "recorded": pl.Int64,
}


def _row(scope: Scope, database: Database, one: Listed) -> dict[str, object]:
    stands = decisions.standing(decisions.list_(scope, database, one.number))
    return {
        "review": one.number,
        "period": one.period,
        "branch": one.branch,
        "made": one.at.replace(microsecond=0),
        "by": one.by,
        "data_version": one.data_version,
        "asked": one.asks,
        "recorded": len(stands),
    }
