"""Accepted answers in the readings: their tickets go out of that sign of that team and nothing else moves."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import replies
from data.answered import WITHOUT
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from metrics.clock import parse_calendar
from metrics.clock import week as local_week
from metrics.sign import all_signs
from metrics.taken_out import TAKEN, can_be_taken_out, count_without
from tests.sample_home import copy_of

ADA = local_scope("Ada")


@pytest.fixture
def own(sample: Home, tmp_path: Path) -> Home:
    copy_of(sample, tmp_path / "own")
    return Home(tmp_path / "own")


def concern(company: Company) -> dict[str, Any]:
    """The concern about tickets that began longest ago."""
    by_ticket = [key for key, sign in all_signs().items() if sign.once == "ticket_id" and can_be_taken_out(sign)]
    found = company.readings(ADA, Filters()).filter(pl.col("sign").is_in(by_ticket), status="signal", direction="worse")
    return found.sort("since", "team_id").row(0, named=True)


def behind(company: Company, row: dict[str, Any]) -> pl.DataFrame:
    first = row["week"] - timedelta(weeks=3)
    return company.tickets_behind(ADA, Filters(), row["sign"], row["team_id"], first, row["week"])


def accept(home: Home, row: dict[str, Any], tickets: list[str], week: date | None) -> int:
    cell = {"team_id": row["team_id"], "sign": row["sign"], "week": week}
    with open_database(home) as database:
        made = replies.answer(ADA, database, **cell, tickets=tickets, words="Policy forced this")
        replies.decide(ADA, database, made.id, accept=True, reason="So it did")
        return made.id


def test_an_accepted_answer_takes_its_tickets_out_and_all_else_stays(own: Home) -> None:
    company = Company(own)
    row = concern(company)
    counted = behind(company, row).filter("counted")["ticket_id"].to_list()[:5]
    accept(own, row, counted, row["week"])

    after = Company(own).readings(ADA, Filters())
    mine = pl.col("sign").eq(row["sign"]) & pl.col("team_id").eq(row["team_id"])
    [read] = after.filter(mine).to_dicts()
    assert (read["x"], read["n"]) == (row["x"] - 5, row["n"] - 5)
    assert (read["replies"], read["taken_out"]) == (1, 5)
    assert read["without_replies"] == {name: row[name] for name in WITHOUT}
    others = after.filter(~mine)
    before = company.readings(ADA, Filters()).filter(~mine)
    assert_frame_equal(others.select("sign", "team_id", "x", "n"), before.select("sign", "team_id", "x", "n"))
    assert others.select(pl.col("taken_out", "without_replies").count(), pl.col("replies").sum()).row(0) == (0, 0, 0)
    told = behind(Company(own), row)
    assert sorted(told.filter("taken_out")["ticket_id"]) == sorted(counted)
    assert told.height == behind(company, row).height


def test_undone_the_reading_is_what_it_was(own: Home) -> None:
    company = Company(own)
    row, before = concern(company), company.readings(ADA, Filters())
    number = accept(own, row, behind(company, row)["ticket_id"].to_list()[:3], None)
    with open_database(own) as database:
        replies.undo(ADA, database, number, "It did not")
    assert_frame_equal(Company(own).readings(ADA, Filters()), before)


def test_an_answer_without_tickets_is_counted_and_changes_no_number(own: Home) -> None:
    company = Company(own)
    row, before = concern(company), company.readings(ADA, Filters())
    accept(own, row, [], row["week"])
    after = Company(own).readings(ADA, Filters())
    assert_frame_equal(after.drop("replies"), before.drop("replies"))
    assert after.filter(replies=1).select("sign", "team_id").rows() == [(row["sign"], row["team_id"])]


def test_cleaning_a_number_by_answers_stays_visible(own: Home) -> None:
    company = Company(own)
    row = concern(company)
    tickets = behind(company, row)
    cleaned = tickets.filter("counted")["ticket_id"].unique().to_list()
    accept(own, row, cleaned, row["week"])
    [read] = Company(own).readings(ADA, Filters(team=row["team_id"])).filter(sign=row["sign"]).to_dicts()
    assert (read["x"], read["taken_out"]) == (0, tickets.filter(pl.col("ticket_id").is_in(cleaned)).height)
    assert (read["without_replies"]["status"], read["without_replies"]["direction"]) == ("signal", "worse")
    assert (read["without_replies"]["x"], read["without_replies"]["n"]) == (row["x"], row["n"])
    raw = Company(own).as_first_read(row["sign"])
    assert (raw.x == company.as_first_read(row["sign"]).x).all()


def test_an_answer_of_a_small_team_counts_for_its_unit(own: Home) -> None:
    company = Company(own)
    [small, *_] = company.known_teams(ADA).filter(pl.col("size_band") == "fewer than 5")["team_id"]
    unit = company.unit(small)
    [row] = company.readings(ADA, Filters(team=unit)).filter(sign="buck_passing").to_dicts()
    held = company.made.facts().let_gos.filter(pl.col("team_id") == small).collect()
    accept(own, row | {"team_id": small}, held["ticket_id"].cast(pl.String).unique().sort().to_list(), None)
    [read] = Company(own).readings(ADA, Filters(team=unit)).filter(sign="buck_passing").to_dicts()
    assert (read["team_id"], read["replies"]) == (unit, 1)
    assert read["n"] + read["taken_out"] == row["n"]
    assert read["without_replies"]["n"] == row["n"]


@pytest.mark.parametrize("key", [key for key, sign in all_signs().items() if can_be_taken_out(sign)])
def test_counts_without_some_tickets_are_those_of_a_slow_count(sample: Home, key: str) -> None:
    company, sign = Company(sample), all_signs()[key]
    facts = company._facts()
    rows = sign.rows(facts).filter(pl.col("team_id").is_not_null(), pl.col("at").is_not_null()).collect()
    rows = rows.with_columns(pl.col("team_id", "ticket_id").cast(pl.String))
    teams = rows["team_id"].unique().sort().to_list()[:2]
    weeks = {
        team: local_week(parse_calendar(calendar).zone, rows["at"])
        for team, calendar in company.teams(ADA).select("team_id", "calendar").iter_rows()
        if team in teams
    }
    out = {team: set(rows.filter(team_id=team)["ticket_id"].unique().sort().to_list()[::7]) for team in teams}
    counts: dict[Any, dict[Any, bool]] = {team: defaultdict(bool) for team in teams}
    for number, row in enumerate(rows.select("team_id", "ticket_id", "counted", once=sign.once).iter_rows()):
        team, ticket, counted, once = row
        if team in teams and ticket not in out[team]:
            counts[team][weeks[team][number], once] |= counted
    naive = {
        (team, week): (sum(tally[at, one] for at, one in tally if at == week), sum(at == week for at, _ in tally))
        for team, tally in counts.items()
        for week in {at for at, _ in tally}
    }
    taken = [(team, ticket, None, None) for team in teams for ticket in out[team]]
    found = count_without(sign, facts, pl.DataFrame(taken, schema=TAKEN, orient="row"))
    summed = found.group_by("team_id", "week").agg(pl.col("x", "n").sum())
    assert {(team, week): (x, n) for team, week, x, n in summed.iter_rows()} == naive


@pytest.mark.parametrize("key", [key for key, sign in all_signs().items() if can_be_taken_out(sign)])
def test_where_nothing_is_taken_out_the_counts_are_those_of_the_import(sample: Home, key: str) -> None:
    company = Company(sample)
    counts = company.made.counts.filter(pl.col("sign") == key)
    teams = counts["team_id"].unique().sort().to_list()[:3]
    taken = pl.DataFrame([(team, "none", None, None) for team in teams], schema=TAKEN, orient="row")
    found = count_without(all_signs()[key], company._facts(), taken)
    assert_frame_equal(found, counts.filter(pl.col("team_id").is_in(teams)))


def test_only_the_weeks_that_the_answer_speaks_of_change(sample: Home) -> None:
    company = Company(sample)
    facts, row = company._facts(), concern(company)
    sign = all_signs()[row["sign"]]
    rows = sign.rows(facts).filter(pl.col("team_id") == row["team_id"]).collect()
    middle = rows["at"].sort()[rows.height // 2]
    cell = {"team_id": [row["team_id"]] * rows.height, "ticket_id": rows["ticket_id"].cast(pl.String)}
    taken = pl.DataFrame({**cell, "since": [middle] * rows.height, "before": [None] * rows.height}, schema=TAKEN)
    found = count_without(sign, facts, taken.unique())
    early = replace(sign, rows=lambda known: sign.rows(known).filter(pl.col("at") < middle))
    kept = count_without(early, facts, taken.unique().with_columns(ticket_id=pl.lit("none")))
    assert_frame_equal(found, kept)
