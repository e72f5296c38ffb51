"""`heartline handoffs`: who passes tickets to whom, by pair of teams; for people or for other programs."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated

import polars as pl
import typer

from dashboard import flow_words, words
from dashboard.commands.asking import asking
from dashboard.commands.options import AsOfOption, Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from dashboard.commands.signs import known, monday_of, named_team
from data import flows
from data.ask import Company
from data.errors import Trouble
from data.filters import Filters
from data.home import find_home
from metrics.flows import NO_KIND, kinds, pairs, summary
from metrics.handoffs import HANDOFF_KINDS

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
WEEKS = 52
_ENDS = ("from_team", "to_team")


@app.command()
def handoffs(
    team: Annotated[str | None, typer.Option(help="Only from or to this team: its id or its name.")] = None,
    since: Annotated[str | None, typer.Option(help="From this week on, as 2026-10-12 or 2026-W42.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this week. Default: the last complete one.")] = None,
    branch: Annotated[str | None, typer.Option(help="Only from or to teams of this branch.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only tickets of this channel.")] = None,
    category: Annotated[str | None, typer.Option(help="Only tickets of this category.")] = None,
    as_of: AsOfOption = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List who passes how many tickets to whom, of what kind, what came back, and how long customers waited for it."""
    company, scope = Company(find_home(home), as_of), asking()
    if not flows.tells_of_handoffs(company):
        raise Trouble("The data has no log of events, so that nobody can tell who passed a ticket to whom: import one.")
    teams, offered = company.teams(scope), company.choices(scope)
    known("branch", branch, teams["branch"].drop_nulls().unique().sort())
    known("channel", channel, offered.channels)
    known("category", category, offered.categories)
    first, last = _weeks(company, offered.first_week, since, until)
    asked = Filters(first, last, branch, None if team is None else named_team(teams, team), channel, category)
    rows = flows.handoffs(company, scope, asked)
    found, names = pairs(rows), dict(teams.select("team_id", "name").iter_rows())
    told = summary(rows)
    called = {one: words.first_up(words.called("team", name)) for one, name in names.items()}
    sentence = flow_words.sentence(told, found, called, first, last)
    named = _named(found, names)
    if how is Format.table:
        typer.echo(sentence)
        show(_for_people(named), how)
        return
    envelope = {
        "format": FORMAT,
        "data_version": company.version.number,
        "since": first,
        "until": last,
        "sentence": sentence,
        "summary": asdict(told),
        "kinds": _of_kind(kinds(rows)),
    }
    show(named, how, envelope=envelope, rows_as="pairs")


def _weeks(
    company: Company, earliest: date | None, since: str | None, until: str | None
) -> tuple[date | None, date | None]:
    """The first and the last week. Trouble where the one lies behind the other."""
    last = monday_of(until) if until else company.freshness().week
    first = monday_of(since) if since else last and last - timedelta(weeks=WEEKS - 1)
    first = max(first, earliest) if first and earliest else first
    if first and last and first > last:
        raise Trouble(f"The week of {first} lies after that of {last}: turn --since and --until round.")
    return first, last


def _of_kind(found: pl.DataFrame) -> dict[str, int]:
    told = dict(found.select("kind", "handoffs").iter_rows())
    return {kind.replace(NO_KIND, "none").replace(" ", "_"): n for kind, n in told.items()}


def _named(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """With the names of the teams; a group of teams has a name, and no id."""
    columns = []
    for end in _ENDS:
        called = [flow_words.name(team, names) for team in found[end]]
        ids = [None if flow_words.is_group(team) else team for team in found[end]]
        columns += [pl.Series(end, called, dtype=pl.String), pl.Series(f"{end}_id", ids, dtype=pl.String)]
    first = [column.name for column in columns]
    return found.with_columns(columns).select(*first, pl.exclude(first))


def _for_people(named: pl.DataFrame) -> pl.DataFrame:
    """One line a pair, the waits in words; kinds that did not occur are left out."""
    kinds_there = [kind for kind in HANDOFF_KINDS if named[kind].sum()]
    return named.select(
        pl.col("from_team").alias("from"),
        pl.col("to_team").alias("to"),
        "handoffs",
        "tickets",
        pl.col("bounce_backs").alias("way back"),
        pl.col("ping_pong").alias("to and fro"),
        pl.Series("waited", [_span(minutes) for minutes in named["lost_minutes"]], dtype=pl.String),
        pl.Series("half over", [_span(minutes) for minutes in named["median_minutes"]], dtype=pl.String),
        *kinds_there,
    )


def _span(minutes: float | None) -> str:
    return words.share(None) if minutes is None else flow_words.span(minutes)
