"""What is fixed when an action is recorded: from the data before its start alone, and what it will be able to show."""

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from data.ask import Company
from data.coaching import actions, planning
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.scope import Scope
from metrics.disclosure import WHY, may_show
from tests.data.coached import SIGN, START, TEAM, Known, agreed, at, planned


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_first_whole_week_begins_on_that_day_or_the_monday_after(day: date) -> None:
    monday = planning.first_week(day)
    assert monday.weekday() == 0
    assert 0 <= (monday - day).days < 7


def test_a_plan_says_all_that_is_fixed(company: Company, database: Database, everyone: Scope) -> None:
    plan = planned(everyone, company, database, starts_on=START + timedelta(days=-3))
    kept = ("compared", "likeness", "left_out", "outlook", "more")
    assert {name: value for name, value in plan.items() if name not in kept} == {
        "format": 1,
        "on": "2026-02-02",
        "by": "maria",
        "data_version": company.version.number,
        "sign": "buck_passing",
        "teams": ["south-bills"],
        "start": "2026-02-02",
        "baseline": ["2025-02-03", "2025-12-01"],
        "trailing": ["2025-12-08", "2026-01-26"],
        "reviews": [
            {"week": 4, "on": "2026-03-02"},
            {"week": 9, "on": "2026-04-06"},
            {"week": 13, "on": "2026-05-04"},
        ],
        "drawn": False,
        "until": None,
        "worth": 0.05,
    }
    assert list(plan["likeness"]) == plan["compared"]
    assert plan["likeness"][plan["compared"][0]] == max(plan["likeness"].values()) <= 1
    assert TEAM not in {*plan["compared"], *plan["left_out"]}
    assert plan == json.loads(json.dumps(plan))


@pytest.mark.parametrize("sign", ["buck_passing", "repeat_complaints"])
def test_a_plan_rests_on_what_came_before_its_start_alone(
    sample: Home, company: Company, database: Database, everyone: Scope, sign: str
) -> None:
    then = planned(everyone, Known(sample, START), database, sign=sign)
    assert then["compared"] == planned(everyone, company, database, sign=sign)["compared"]
    assert then["left_out"] == planned(everyone, company, database, sign=sign)["left_out"]
    laid = planning.lay_out(company, sign, [TEAM], then["compared"], START, before=START)
    assert max(laid.weeks) < START
    assert laid.start == len(laid.weeks)


def test_teams_coached_at_that_time_are_left_out_and_why_is_said_and_small_ones_take_part_in_their_unit(
    company: Company, database: Database, everyone: Scope
) -> None:
    before = planned(everyone, company, database)
    first, second, third = before["compared"][:3]
    own = agreed(everyone, database)
    agreed(everyone, database, team_id=first)
    agreed(everyone, database, team_id=second, starts_on=START + timedelta(weeks=12), status="planned")
    long_ago = START - timedelta(weeks=30)
    agreed(everyone, database, team_id=third, starts_on=long_ago, review_on=long_ago + timedelta(weeks=4))
    gone = actions.list_(everyone, database, team=third)[0]
    actions.close(everyone, database, gone.id, "Ran.", expected_revision=1, now=at(long_ago + timedelta(weeks=4)))
    plan = planned(everyone, company, database, but=[own.id])
    coached = {team for team, why in plan["left_out"].items() if why == "it was coached itself at that time"}
    assert coached == {first, second}
    assert third in plan["compared"]
    assert WHY not in plan["left_out"].values()
    counted = set(company.counts_of(SIGN, START - timedelta(weeks=52), START)["team_id"])
    assert counted <= may_show(company.heads())
    assert any("~" in team for team in counted)  # a unit of several
    downstream = company.downstream([TEAM], START - timedelta(weeks=52), START)
    assert not set(downstream) & set(plan["compared"])


@pytest.mark.parametrize(
    ("starts", "review", "closed", "runs"),
    [
        (0, 4, None, True),
        (13, 17, None, False),  # begins when the other is over
        (-20, -8, None, True),  # its review is the first day that counts
        (-20, -9, None, False),
        (-20, 4, -9, False),  # it was stopped early
        (-20, -12, 2, True),  # it ran on
        (12, 2, None, True),  # its review was set before its start
    ],
)
def test_an_action_runs_from_its_start_to_its_end_or_its_review(
    database: Database, everyone: Scope, starts: int, review: int, closed: int | None, runs: bool
) -> None:
    def week(number: int) -> date:
        return START + timedelta(weeks=number)

    action = agreed(everyone, database, starts_on=week(starts), review_on=week(max(starts, review)))
    if closed is not None:
        action = actions.close(everyone, database, action.id, "x", expected_revision=1, now=at(week(closed)))
    assert planning.runs(action, week(-8), week(13)) is runs


def test_those_who_wait_are_the_whole_comparison(company: Company, database: Database, everyone: Scope) -> None:
    until = START + timedelta(weeks=13)
    plan = planned(everyone, company, database, waiting=["north-bills", "harbour-bills"], until=until)
    assert (plan["compared"], plan["left_out"], plan["likeness"]) == (["north-bills", "harbour-bills"], {}, {})
    assert (plan["drawn"], plan["until"]) == (True, "2026-05-04")


def test_what_could_be_seen_is_smaller_later_and_with_more_teams(
    company: Company, database: Database, everyone: Scope
) -> None:
    one = planned(everyone, company, database)
    two = planned(everyone, company, database, team_ids=[TEAM, "north-bills"])
    four = planned(everyone, company, database, team_ids=[TEAM, "north-bills", "harbour-bills", "south-mobile"])
    for plan in (one, two, four):
        assert plan["outlook"]["13"] < plan["outlook"]["4"]
    assert four["outlook"]["13"] < two["outlook"]["13"]
    assert one["more"] is None or one["more"] >= 2


def test_a_change_of_more_than_everything_is_not_said_to_show(
    company: Company, database: Database, everyone: Scope
) -> None:
    plan = planned(everyone, company, database, sign="late_escalation")
    assert all(effect is None or effect < 1 for effect in plan["outlook"].values())


@pytest.mark.parametrize("start", [date(2019, 1, 7), date(2040, 1, 2)])
def test_far_from_the_data_there_is_nobody_to_compare_with_and_nothing_could_be_seen(
    company: Company, database: Database, everyone: Scope, start: date
) -> None:
    plan = planned(everyone, company, database, starts_on=start)
    assert plan["compared"] == []
    assert plan["outlook"] == {"4": None, "9": None, "13": None}


def test_a_sign_that_is_none_is_refused(company: Company, database: Database, everyone: Scope) -> None:
    with pytest.raises(Trouble, match="There is no sign 'gloom': choose one of"):
        planned(everyone, company, database, sign="gloom")


def test_the_weeks_are_those_final_from_a_year_before_the_start_to_thirteen_after(company: Company) -> None:
    laid = planning.lay_out(company, SIGN, [TEAM], ["north-bills", "no such team"], START)
    assert laid.teams == (TEAM, "north-bills")
    assert laid.coached.tolist() == [True, False]
    assert laid.weeks[0] == START - timedelta(weeks=52)
    assert laid.weeks[laid.start] == START
    assert laid.weeks[-1] == START + timedelta(weeks=12)
    shape = (2, len(laid.weeks))
    assert (laid.x.shape, laid.n.shape, laid.mix.shape) == (shape,) * 3
    counted = company.counts_of(SIGN, START, START + timedelta(weeks=13)).filter(team_id=TEAM)
    assert np.array([laid.x[0, 52:].sum(), laid.n[0, 52:].sum()]).tolist() == [counted["x"].sum(), counted["n"].sum()]


def test_the_comparison_as_a_table() -> None:
    plan = {"compared": ["b"], "likeness": {"b": 0.9}, "left_out": {"d": "too small", "c": "coached"}}
    expected = pl.DataFrame(
        {
            "team_id": ["b", "c", "d"],
            "taken": [True, False, False],
            "likeness": [0.9, None, None],
            "why": [None, "coached", "too small"],
        }
    )
    assert_frame_equal(planning.in_words(plan), expected)
