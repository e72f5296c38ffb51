"""Empathy asked of the sample company: the planted gap is found, small groups are withheld, scopes hold."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import empathy, surroundings
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.sample.self_rated import record_ratings
from data.scope import local_scope, manager_scope
from metrics.answers import FAVOURABLE
from metrics.questions import STAGES, asked
from metrics.trait import all_traits
from tests.sample_home import copy_of

EVERYONE = local_scope("maria")


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


@pytest.fixture(scope="module")
def planted(sample: Home) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((sample.path / "planted.json").read_text())
    return told


def last_year(planted: dict[str, Any], **more: Any) -> Filters:
    return Filters(since=date.fromisoformat(planted["gaps"][0]["onset"]), **more)


def test_the_planted_gap_is_the_widest_of_its_team_and_further_apart_than_usual(
    company: Company, planted: dict[str, Any]
) -> None:
    (gap,) = planted["gaps"]
    found = empathy.widest(empathy.traits(company, EVERYONE, last_year(planted, team=gap["team"])))
    assert found is not None
    assert found.trait == gap["trait"]
    assert found.gap.beyond_chance
    assert found.team > found.customers
    apart = empathy.apart(company, EVERYONE, last_year(planted)).select("team_id", "trait").rows()
    assert (gap["team"], gap["trait"]) in apart
    assert len(apart) <= 3  # of some 280 that were looked at


def test_answers_are_those_that_one_would_count_by_hand(company: Company) -> None:
    team = "harbour-parcels"
    rows = empathy.traits(company, EVERYONE, Filters(team=team, since=date(2025, 12, 29), until=date(2026, 6, 29)))
    survey = company.lake.scan("surveys", company.version).filter(team_id=team, asked_of="customer").collect()
    # The weeks of two whole quarters: the last one is of the next.
    within = survey.filter(pl.col("asked_on").is_between(date(2025, 12, 29), date(2026, 6, 28)))
    for row in rows.iter_rows(named=True):
        mine = within.filter(pl.Series([asked(q) == (None, row["trait"]) for q in within["question"]]))
        assert (row["customers_x"], row["customers_n"]) == (mine.filter(FAVOURABLE).height, mine.height)


def test_every_trait_is_told_from_its_tickets(company: Company) -> None:
    rows = empathy.traits(company, EVERYONE, Filters())
    assert rows["trait"].to_list() == list(all_traits())
    for row in rows.iter_rows(named=True):
        if all_traits()[row["trait"]].sign is None:
            assert 0 < row["tickets_x"] < row["tickets_n"] <= row["tickets_asked"]
            assert row["tickets_low"] <= row["tickets_share"] <= row["tickets_high"]
        else:
            assert row["tickets_why"] is not None


def test_filters_of_channel_and_category_narrow_the_tickets_and_not_the_answers(company: Company) -> None:
    every, phone = (empathy.traits(company, EVERYONE, Filters(channel=channel)) for channel in (None, "phone"))
    helpful = [rows.filter(trait="helpfulness").row(0, named=True) for rows in (every, phone)]
    assert helpful[1]["tickets_n"] < helpful[0]["tickets_n"]
    assert helpful[1]["customers_n"] == helpful[0]["customers_n"]


def test_a_team_of_fewer_than_five_people_is_told_with_its_sibling(company: Company) -> None:
    small = company.known_teams(EVERYONE).filter(pl.col("size_band") == "fewer than 5")["team_id"].to_list()
    assert small
    rows, together = (
        empathy.traits(company, EVERYONE, Filters(team=team)) for team in (small[0], company.unit(small[0]))
    )
    assert rows.equals(together)
    assert rows["tickets_n"].null_count() < rows.height
    assert not set(small) & set(empathy.teams_shown(company, EVERYONE, Filters()))


def test_a_manager_is_one_person_and_is_not_told_of_one_team(company: Company) -> None:
    alone = empathy.traits(company, EVERYONE, Filters(team="harbour-parcels"))
    assert alone["manager_share"].null_count() == alone.height
    assert "manager" not in empathy.who_rated(company, EVERYONE, Filters(team="harbour-parcels"))["asked_of"]
    assert empathy.traits(company, EVERYONE, Filters())["manager_share"].null_count() == 0


def test_who_may_see_one_team_is_told_of_that_one_alone(company: Company) -> None:
    mine = manager_scope("sam", frozenset({"harbour-parcels"}))
    told, alone = (
        empathy.traits(company, *who) for who in ((mine, Filters()), (EVERYONE, Filters(team="harbour-parcels")))
    )
    by_sign = ("tickets_why", "tickets_reading")  # a sign is read of a team that is asked for by name
    assert told.drop(by_sign).equals(alone.drop(by_sign))
    nobody = empathy.traits(company, manager_scope("sam", frozenset()), Filters())
    assert nobody["customers_n"].null_count() == nobody.height


def test_the_journey_is_rated_by_customers_and_by_the_teams_themselves(
    sample: Home, planted: dict[str, Any], tmp_path: Path
) -> None:
    home = Home(tmp_path / "own")
    copy_of(sample, home.path)
    company = Company(home)
    team = planted["gaps"][0]["team"]
    few = {team, "north-networks", "south-bills"}
    with open_database(home) as database:
        before = empathy.journey(company, EVERYONE, database, Filters(team=team))
        some = {"ratings": [one for one in planted["ratings"] if one["asked_on"] >= "2026" and one["team_id"] in few]}
        assert record_ratings(home, some) == record_ratings(home, some) == 3 * len(STAGES) * len(all_traits())
        cells = empathy.journey(company, EVERYONE, database, Filters(team=team))
        every = empathy.journey(company, EVERYONE, database, Filters())
    assert cells.select("stage", "trait").rows() == [(stage, trait) for stage in STAGES for trait in all_traits()]
    assert before["own_score"].null_count() == before.height
    assert cells.drop(pl.selectors.starts_with("own_")).equals(before.drop(pl.selectors.starts_with("own_")))
    assert cells["own_score"].is_between(1, 5).all()
    assert set(cells["own_by"]) == {"the team in a meeting"}
    assert set(every["own_teams"]) == {3}
    assert every["own_by"].null_count() == every.height
    steps = empathy.by_step(every)
    assert steps["stage"].to_list() == list(STAGES)
    assert steps.sort("share")["stage"][0] == "set up"  # planted: see data.sample.gaps


def test_what_surrounds_a_team_is_told_by_heads_and_withheld_of_few(company: Company) -> None:
    large = company.context(EVERYONE, "harbour-parcels")
    for column in (*surroundings.SHARES, *surroundings.BY_HEADS, "out_of_hours_share"):
        assert large[column].drop_nulls().len() > 0, column
    assert (large["complaints_per_fte_day"] <= large["tickets_per_fte_day"]).all()
    small = company.known_teams(EVERYONE).filter(pl.col("size_band") == "fewer than 5")["team_id"][0]
    assert company.context(EVERYONE, small).equals(company.context(EVERYONE, company.unit(small)))
