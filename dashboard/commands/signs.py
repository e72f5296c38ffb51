"""`heartline signs`: the readings of every team and sign, for people or for other programs."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated

import polars as pl
import typer

from dashboard import cause_words, measures, words
from dashboard.commands.asking import asking
from dashboard.commands.options import AsOfOption, Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data import causes
from data.ask import Company, sign_named
from data.errors import Trouble
from data.filters import Filters
from data.freshness import Freshness
from data.home import find_home
from metrics.explained import Explained
from metrics.sign import all_signs

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
TABLE = ("team", "sign", "reading", "week of", "counted", "share", "expected", "since or why")


@app.command()
def signs(
    team: Annotated[str | None, typer.Option(help="Only this team: its id or its name.")] = None,
    sign: Annotated[str | None, typer.Option(help="Only this sign, by its key.")] = None,
    week: Annotated[str | None, typer.Option(help="A day of the week to read, as 2026-10-12 or 2026-W42.")] = None,
    branch: Annotated[str | None, typer.Option(help="Only teams of this branch.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only tickets of this channel.")] = None,
    category: Annotated[str | None, typer.Option(help="Only tickets of this category.")] = None,
    as_of: AsOfOption = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """Read every sign of every team: signal, no change, too few to say, not matured or not measured."""
    company, scope = Company(find_home(home), as_of), asking()
    teams = company.teams(scope)
    offered = company.choices(scope)
    known("branch", branch, teams["branch"].drop_nulls().unique().sort())
    known("channel", channel, offered.channels)
    known("category", category, offered.categories)
    asked = Filters(
        branch=branch, team=None if team is None else named_team(teams, team), channel=channel, category=category
    )
    readings = company.readings(scope, asked, None if week is None else monday_of(week))
    if sign is not None:
        readings = readings.filter(pl.col("sign") == sign_named(sign).key)
    fresh = company.freshness()
    beside = company.companions(scope, asked, None if week is None else monday_of(week))
    named = _named(readings, teams, beside).with_columns(standards_version=pl.lit(fresh.standards_version, pl.Int64))
    if how is Format.table:
        show(_for_people(named), how)
    elif how is Format.csv:
        show(named.drop("without_replies"), how)
    else:
        found = causes.causes(scope, company, asked, None if week is None else monday_of(week))
        show(_with_cause(named, found), how, envelope=_envelope(fresh), rows_as="readings")


def known(what: str, given: str | None, there: Iterable[str]) -> None:
    """Trouble, naming some that there are, where the data has none of that name."""
    names = list(there)
    if given is not None and given not in names:
        some = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        raise Trouble(f"The data has no {what} {given!r}" + (f": it has {some}." if names else " and none at all."))


def named_team(teams: pl.DataFrame, given: str) -> str:
    """The id of the team that is meant, by id or by name. Trouble where there is none such."""
    found = teams.filter((pl.col("team_id") == given) | (pl.col("name").str.to_lowercase() == given.lower()))
    if found.is_empty() and "known_as" in teams.columns:  # a small team, which is told with others
        found = teams.filter(pl.col("known_as").list.contains(given.lower()))
    if found.is_empty():
        raise Trouble(f"There is no team {given!r}: see `heartline teams`.")
    return str(found["team_id"][0])


def monday_of(given: str) -> date:
    """The Monday of the week that is meant. Trouble where it is no day and no week."""
    try:
        text = given if "W" not in given.upper() else f"{given}-1"
        day = date.fromisoformat(text)
    except ValueError:
        raise Trouble(f"{given!r} is no week: write a day such as 2026-10-12, or a week such as 2026-W42.") from None
    return day - timedelta(days=day.weekday())


def _named(readings: pl.DataFrame, teams: pl.DataFrame, companions: pl.DataFrame) -> pl.DataFrame:
    """The readings with the team's name, the sign's question, the sentence and what is read beside it, in a stable
    order."""
    names = teams.select("team_id", pl.col("name").alias("team"), "branch")
    joined = readings.join(names, on="team_id", how="left").sort("team", "team_id", "sign")
    said = [words.sentence(row, all_signs()[row["sign"]], _subject(row)) for row in joined.iter_rows(named=True)]
    read = {team[0]: rows.to_dicts() for team, rows in companions.group_by("team_id")}
    beside = [
        words.beside(row, all_signs()[row["sign"]], read.get(row["team_id"], ())) or None
        for row in joined.iter_rows(named=True)
    ]
    asks = {key: one.asks for key, one in all_signs().items()}
    first = ["sign", "team_id", "team", "branch"]
    return joined.with_columns(
        asks=pl.col("sign").replace_strict(asks, return_dtype=pl.String),
        sentence=pl.Series(said, dtype=pl.String),
        beside=pl.Series(beside, dtype=pl.String),
    ).select(*first, pl.exclude(first))


def _with_cause(named: pl.DataFrame, found: Mapping[tuple[str, str], Explained]) -> pl.DataFrame:
    """The readings with `cause`: what moved a signal; null where there is none."""
    cells = named.select("sign", "team_id").rows()
    said = [
        {**(causes.as_json(one) or {}), "sentence": " ".join(cause_words.told(one))} if one else None
        for one in (found.get(cell) for cell in cells)
    ]
    return named.with_columns(cause=pl.Series(said, dtype=causes.AS_JSON))


def _for_people(named: pl.DataFrame) -> pl.DataFrame:
    """One line a reading: what it is, on what it rests, since when or why not."""
    told = [
        {
            "team": row["team"],
            "sign": row["sign"],
            "reading": row["status"] if row["direction"] is None else f"{row['status']}, {row['direction']}",
            "week of": None if row["week"] is None else row["week"].isoformat(),
            "counted": measures.counted(row),
            "share": _share(row),
            "expected": None if row["expected"] is None else measures.level(row["expected"], row),
            "since or why": row["why"] if row["since"] is None else f"since {row['since']}",
        }
        for row in named.iter_rows(named=True)
    ]
    return pl.DataFrame(told, schema=dict.fromkeys(TABLE, pl.String))


def _share(row: words.Row) -> str | None:
    if row["low"] is None:
        return None
    return f"{measures.level(row['share'], row)} ({measures.interval(row['low'], row['high'], row)})"


def _subject(row: words.Row) -> str:
    """Of whom the reading speaks: of its team, or of the team's branch."""
    of_branch = all_signs()[row["sign"]].unit == "branch" and row["branch"]
    return f"Branch {row['branch']}" if of_branch else str(row["team"])


def _envelope(fresh: Freshness) -> dict[str, object]:
    return {
        "format": FORMAT,
        "data_version": fresh.version,
        "data_to": fresh.horizon,
        "standards_version": fresh.standards_version,
        "standards_provisional": fresh.provisional,
    }
