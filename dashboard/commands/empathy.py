"""`heartline empathy`: each trait as customers, the team and the tickets see it; for people or for other programs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import polars as pl
import typer

from dashboard import empathy_words, words
from dashboard.commands import asking as who
from dashboard.commands.options import AsOfOption, Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from dashboard.commands.signs import named_team
from data import empathy as asking
from data.ask import Company
from data.errors import Trouble
from data.filters import Filters
from data.home import find_home
from metrics.trait import all_traits

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
WEEKS = 52
TABLE = ("trait", "customers", "the team", "points apart", "tickets")


@app.command()
def empathy(
    team: Annotated[str | None, typer.Option(help="Only this team: its id or its name. Default: all together.")] = None,
    branch: Annotated[str | None, typer.Option(help="Only the teams of this branch, together.")] = None,
    weeks: Annotated[int, typer.Option(help="So many weeks up to the last complete one.", min=1)] = WEEKS,
    as_of: AsOfOption = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """Read the eight traits of empathy: what customers say, what the team says of itself, what the tickets show."""
    company, scope = Company(find_home(home), as_of), who.asking()
    teams = company.teams(scope)
    until = company.freshness().week
    since = until - timedelta(weeks=weeks - 1) if until else None
    asked = Filters(
        since=since, until=until, branch=_branch(teams, branch), team=None if team is None else named_team(teams, team)
    )
    rows = asking.traits(company, scope, asked)
    if how is Format.table:
        typer.echo(_opening(rows, several=team is None).replace("*", ""))
        show(_for_people(rows), how)
        return
    fresh = company.freshness()
    envelope = {"format": FORMAT, "data_version": fresh.version, "since": since, "until": until, "team_id": asked.team}
    told = {key: (trait.name, trait.asks) for key, trait in all_traits().items()}
    named = rows.with_columns(
        name=pl.col("trait").replace_strict({key: name for key, (name, _) in told.items()}, return_dtype=pl.String),
        asks=pl.col("trait").replace_strict({key: asks for key, (_, asks) in told.items()}, return_dtype=pl.String),
        verdict=pl.Series([empathy_words.verdict(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
    )
    first = ["trait", "name", "asks", "verdict"]
    show(named.select(*first, pl.exclude(first)), how, envelope=envelope, rows_as="traits")


def _opening(rows: pl.DataFrame, *, several: bool) -> str:
    return empathy_words.opening(rows.iter_rows(named=True), asking.widest(rows), all_traits(), several)


def _for_people(rows: pl.DataFrame) -> pl.DataFrame:
    told = [
        {
            "trait": all_traits()[row["trait"]].name,
            "customers": _side(row, "customers"),
            "the team": _side(row, "team"),
            "points apart": None if row["gap"] is None else f"{100 * row['gap']:+.0f}",
            "tickets": row["tickets_reading"] or _side(row, "tickets"),
        }
        for row in rows.iter_rows(named=True)
    ]
    return pl.DataFrame(told, schema=dict.fromkeys(TABLE, pl.String))


def _side(row: Mapping[str, Any], side: str) -> str | None:
    """ "41% (36 to 46%) of 540"; else why there is nothing to say."""
    if row[f"{side}_share"] is None:
        return row[f"{side}_why"]  # type: ignore[no-any-return]
    low_high = words.interval(row[f"{side}_low"], row[f"{side}_high"])
    return f"{words.share(row[f'{side}_share'])} ({low_high}) of {row[f'{side}_n']:,}"


def _branch(teams: pl.DataFrame, given: str | None) -> str | None:
    known = teams["branch"].drop_nulls().unique().sort().to_list()
    if given is not None and given not in known:
        raise Trouble(f"The data has no branch {given!r}" + (f": it has {', '.join(known)}." if known else "."))
    return given
