"""Handoffs as they are asked for: within the asker's scope, the weeks and the filters; small teams never by name."""

from datetime import timedelta

import polars as pl
import pytest

from data import flows
from data.ask import Company
from data.filters import Filters
from data.home import Home
from data.scope import Scope, local_scope, manager_scope
from metrics.disclosure import may_show
from metrics.flows import OUTSIDE, SMALL
from metrics.suppression import WITHHELD

ALL = local_scope("Ada")


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


@pytest.fixture(scope="module")
def everything(company: Company) -> pl.DataFrame:
    return flows.handoffs(company, ALL, Filters())


def test_all_of_them_are_those_of_the_facts_save_what_small_teams_touch(
    company: Company, everything: pl.DataFrame
) -> None:
    facts = company.made.facts().let_gos.filter(pl.col("how") == "handoff").collect()
    large = list(may_show(company.heads()))
    units = {team: unit for unit in large for team in company.told.teams_of(unit)}
    ends = facts.select(pl.col("team_id", "to_team_id").replace_strict(units, default=None, return_dtype=pl.String))
    among = ends.drop_nulls().filter(pl.col("team_id") != pl.col("to_team_id"))
    named = everything.filter(pl.col("from_team") != SMALL, pl.col("to_team") != SMALL)
    assert named.height == among.height
    assert set(named["from_team"]) <= set(large)


def test_weeks_are_whole_and_add_up(company: Company, everything: pl.DataFrame) -> None:
    last = company.freshness().week
    assert last is not None
    since = last - timedelta(weeks=12)
    within = flows.handoffs(company, ALL, Filters(since=since, until=last))
    named = everything.filter(pl.col("week").is_between(since, last), pl.col("from_team") != SMALL)
    assert within.filter(pl.col("from_team") != SMALL, pl.col("to_team") != SMALL).height == (
        named.filter(pl.col("to_team") != SMALL).height
    )
    assert (within["week"].dt.weekday() == 1).all()


def test_who_sees_one_team_sees_no_other_teams_name_and_no_handoff_between_others(
    company: Company, everything: pl.DataFrame
) -> None:
    mine = everything["from_team"].mode().sort()[0]
    told = flows.handoffs(company, manager_scope("Bo", frozenset({mine})), Filters())
    assert {*told["from_team"], *told["to_team"]} <= {mine, SMALL, OUTSIDE}
    touched = everything.filter((pl.col("from_team") == mine) | (pl.col("to_team") == mine))
    assert told.height == touched.height
    assert flows.handoffs(company, Scope("nobody"), Filters()).is_empty()


def test_a_branch_keeps_what_goes_out_of_it_and_what_comes_in(company: Company, everything: pl.DataFrame) -> None:
    teams = company.teams(ALL).drop_nulls("branch")
    branch = teams["branch"].sort()[0]
    inside = teams.filter(branch=branch)["team_id"].to_list()
    touched = everything.filter(pl.col("from_team").is_in(inside) | pl.col("to_team").is_in(inside))
    assert flows.handoffs(company, ALL, Filters(branch=branch)).height == touched.height


def test_the_tickets_of_a_route_are_its_own_and_those_of_a_group_stay_hidden(
    company: Company, everything: pl.DataFrame
) -> None:
    one, other = everything.select("from_team", "to_team").filter(~pl.col("from_team").str.starts_with("(")).row(0)
    tickets = flows.tickets_between(company, ALL, Filters(), one, other)
    own = everything.filter(pl.col("from_team") == one, pl.col("to_team") == other)
    assert set(tickets["ticket_id"]) == set(own["ticket_id"])
    assert "customer_id" not in tickets.columns
    assert flows.tickets_between(company, ALL, Filters(), SMALL, other).is_empty()
    assert flows.tickets_between(company, ALL, Filters(), one, SMALL).is_empty()


def test_a_channel_and_a_category_narrow_it(company: Company, everything: pl.DataFrame) -> None:
    named = everything.drop_nulls(["channel", "category"])
    row = named.filter(pl.col("channel") != WITHHELD, pl.col("category") != WITHHELD).row(0, named=True)
    told = flows.handoffs(company, ALL, Filters(channel=row["channel"], category=row["category"]))
    assert set(told["channel"]) == {row["channel"]}
    assert set(told["category"]) == {row["category"]}
