"""Records the sample company's coaching actions, as its managers would have: on their days, with what they then saw."""

import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from data import praise
from data.ask import Company
from data.coaching import actions, planning, programmes, swaps
from data.coaching.action import Action, Json
from data.coaching.swaps import Swap
from data.database import Database, open_database
from data.filters import Filters
from data.home import Home
from data.scope import Scope, local_scope

# Readings are final two or three weeks late: a manager who starts on a Monday has read the week three before it.
SEEN_BEFORE = timedelta(weeks=3)
RAN = "Ran as agreed until its review."
READ_ALOUD = "read aloud in the weekly meeting"
SEEN = ("sign", "week", "status", "direction", "x", "n", "share", "low", "high", "expected")

# Who took the guests of a role swap along, and what came of it, in turn.
BUDDIES = ("Noor of the second line", "Jamal of the warehouse desk", "Ines of billing", "Piet of the phone team")
LEARNT = (
    "A ticket without the parcel number takes the second line ten minutes more.",
    "What we call urgent means something else to those who receive it.",
    "They ask the customer the same three questions again, because our note does not answer them.",
)
FIXED = ("The form now asks for the parcel number.", "The note has three lines that are always filled in.")

Row = Mapping[str, Any]


def record(home: Home, planted: Mapping[str, Any], tell: Callable[[Row, str], str] | None) -> int:
    """Record what is planted, unless there are actions already; how many there are.

    `tell` words a reading (a row of metrics.reading, the team's name) as it would have been read; without it, no
    reading is kept with the actions.
    """
    company = Company(home)
    with open_database(home) as database:
        everyone = local_scope("the sample company")
        there = actions.list_(everyone, database)
        if there:
            return len(there)
        for programme in planted["programmes"]:
            _programme(company, database, programme)
        _passed_on(everyone, company, database)
        names = dict(company.teams(everyone).select("team_id", "name").iter_rows())
        for one in planted["actions"]:
            seen = _seen(company, one, lambda row: tell(row, names[row["team_id"]])) if tell else None
            _one(database, one, seen, _fixed(company, database, one))
    return len(planted["actions"])


def _seen(company: Company, one: Mapping[str, Any], tell: Callable[[Row], str]) -> dict[str, Any] | None:
    starts = date.fromisoformat(one["starts_on"])
    week = starts - timedelta(days=starts.weekday()) - SEEN_BEFORE
    rows = company.readings(local_scope(one["owner"]), Filters(team=one["team_id"]), week).iter_rows(named=True)
    row = next((row for row in rows if row["sign"] == one["sign"]), None)
    if row is None:
        return None
    return {name: row[name] for name in SEEN} | {"sentence": tell(row), "data_version": company.version.number}


def _programme(company: Company, database: Database, one: Mapping[str, Any]) -> None:
    """Recorded on the day it began, each team's action closed when its quarter was over."""
    scope, starts = local_scope(one["owner"]), date.fromisoformat(one["starts_on"])
    fields = {name: one[name] for name in ("teams", "play", "sign", "why", "owner")}
    lot = programmes.Lot(**one["lot"]) if one["lot"] else None
    agreed = {team: Swap(8, BUDDIES[turn % len(BUDDIES)]) for turn, team in enumerate(one["teams"])}
    _, made = programmes.record(
        scope, company, database, **fields, starts_on=starts, lot=lot, agreed=agreed, now=_at(starts)
    )
    for turn, action in enumerate(made):
        _learnt(database, scope, action, turn)
        actions.close(
            scope,
            database,
            action.id,
            RAN,
            expected_revision=action.revision,
            now=_at(action.review_on),
        )


def _fixed(company: Company, database: Database, one: Mapping[str, Any]) -> Json:
    """The plan that was fixed on the day it began: it rests on the weeks before alone."""
    starts = date.fromisoformat(one["starts_on"])
    asked = {"team_ids": [one["team_id"]], "sign": one["sign"]}
    return planning.fix(local_scope(one["owner"]), company, database, **asked, starts_on=starts, on=starts)


def _one(database: Database, one: Mapping[str, Any], seen: Json | None, fixed: Json) -> None:
    scope = local_scope(one["owner"])
    fields = {name: one[name] for name in ("team_id", "play", "sign", "why", "owner")}
    starts, review = date.fromisoformat(one["starts_on"]), date.fromisoformat(one["review_on"])
    made = actions.create(
        scope,
        database,
        **fields,
        starts_on=starts,
        review_on=review,
        seen=seen,
        fixed=fixed,
        status="under way",
        swap=Swap(8, BUDDIES[0]),
        now=_at(starts),
    )
    _learnt(database, scope, made, 0)
    for said in one["check_ins"]:
        actions.check_in(scope, database, made.id, said["note"], now=_at(date.fromisoformat(said["on"])))
    if one["status"] in actions.CLOSED:
        actions.close(
            scope,
            database,
            made.id,
            RAN,
            expected_revision=made.revision,
            status=one["status"],
            now=_at(review),
        )


def _learnt(database: Database, scope: Scope, action: Action, turn: int) -> None:
    """Of a role swap: what was learnt after four weeks, and at some of the teams what was fixed after eight."""
    if not swaps.is_swap(action.play):
        return
    begun = action.starts_on
    told = [("learnt", LEARNT[turn % len(LEARNT)], 4)]
    told += [("fixed", FIXED[turn % len(FIXED)], 8)] if turn % 2 == 0 else []
    for kind, words, weeks in told:
        swaps.note(scope, database, action.id, kind, words, now=_at(begun + timedelta(weeks=weeks)))


def _passed_on(scope: Scope, company: Company, database: Database) -> None:
    """Of every third team the newest kind word was read to it in its weekly meeting."""
    for row in company.praise(scope).unique("team_id", keep="first", maintain_order=True).iter_rows(named=True):
        if zlib.crc32(row["team_id"].encode()) % 3 == 0:
            monday = row["at"].date() + timedelta(days=7 - row["at"].weekday())
            told = {"praise": row["key"], "team_id": row["team_id"], "how": READ_ALOUD, "passed_on": monday}
            praise.pass_on(scope, database, **told, now=_at(monday))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)
