"""An action is judged by the plan fixed with it; what was changed later, and what else happened, stand beside it."""

from datetime import date, timedelta

import polars as pl
import pytest

from data import rebases, standards_store
from data.ask import Company
from data.coaching import actions, planning, verdicts
from data.coaching.action import Action, Json
from data.coaching.verdicts import Verdict
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.scope import Scope, manager_scope
from metrics.floods import FOUND
from tests.data.coached import SIGN, START, TEAM, agreed, at, company_with, ended, planned


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


def judged(scope: Scope, company: Company, database: Database, action: Action) -> Verdict:
    return verdicts.verdict(scope, company, database, action)


def test_an_action_is_judged_by_the_plan_that_was_fixed(company: Company, database: Database, everyone: Scope) -> None:
    plan = planned(everyone, company, database)
    action = agreed(everyone, database, fixed=plan)
    found = judged(everyone, company, database, action)
    assert (found.judged.plan, found.fixed_then, found.changed, found.programme) == (plan, True, None, None)
    told = found.judged.verdict
    assert (told.coached, told.compared, told.weeks) == (1, len(plan["compared"]), 13)
    assert told.headline is not None
    assert told.headline.method == "placebo rank"
    course = found.judged.course
    assert course.columns == ["week", "coached", "compared", "expected", "low", "high", "n", "after"]
    assert course.filter("after")["week"].to_list() == [START + timedelta(weeks=week) for week in range(13)]
    assert len(found.judged.reviews) == 3


def test_a_fixed_comparison_stays_though_one_of_its_teams_is_coached_later(
    company: Company, database: Database, everyone: Scope
) -> None:
    plan = planned(everyone, company, database)
    action = agreed(everyone, database, fixed=plan)
    before = judged(everyone, company, database, action)
    agreed(everyone, database, team_id=plan["compared"][0], starts_on=START + timedelta(weeks=2))
    found = judged(everyone, company, database, actions.get(everyone, database, action.id))
    assert found.judged.verdict == before.judged.verdict
    assert [(one.on, one.what) for one in found.happened if "compared" in one.what] == [
        (
            START + timedelta(weeks=2),
            "1 compared team was coached too in these weeks, so the difference may look smaller than it is",
        )
    ]


def test_after_a_change_of_start_the_plan_as_fixed_is_judged_and_the_changed_one_beside_it(
    company: Company, database: Database, everyone: Scope
) -> None:
    plan = planned(everyone, company, database)
    action = agreed(everyone, database, fixed=plan)
    later = START + timedelta(weeks=3)

    def replan(after: Action) -> Json:
        return planned(everyone, company, database, starts_on=after.starts_on, on=later, but=[after.id])

    change = {"starts_on": later}
    after = actions.edit(
        everyone, database, action.id, change, expected_revision=1, replan=replan, now=at(START + timedelta(days=2))
    )
    assert after.fixed is not None
    assert {name: value for name, value in after.fixed.items() if name != "changes"} == plan
    [kept] = after.fixed["changes"]
    assert (kept["at"], kept["by"], kept["starts_on"], kept["sign"]) == (
        "2026-02-04T09:00:00+00:00", "maria", "2026-02-23", SIGN,
    )  # fmt: skip
    found = judged(everyone, company, database, after)
    assert found.judged.plan["start"] == "2026-02-02"
    assert found.changed is not None
    assert found.changed.plan["start"] == "2026-02-23"
    assert found.changed.verdict.naive != found.judged.verdict.naive


def test_a_change_of_other_fields_leaves_the_plan_alone(database: Database, everyone: Scope) -> None:
    action = agreed(everyone, database, fixed={"format": 1})

    def never(_: Action) -> Json:
        raise AssertionError

    after = actions.edit(everyone, database, action.id, {"owner": "Ann"}, expected_revision=1, replan=never)
    assert after.fixed == {"format": 1}
    unplanned = agreed(everyone, database)
    moved = {"starts_on": START + timedelta(weeks=1)}
    assert actions.edit(everyone, database, unplanned.id, moved, expected_revision=1, replan=never).fixed is None


def test_an_action_from_before_plans_were_kept_is_judged_by_what_the_rule_makes_of_the_data_then(
    company: Company, database: Database, everyone: Scope
) -> None:
    action = agreed(everyone, database)
    found = judged(everyone, company, database, action)
    assert not found.fixed_then
    plan = planned(everyone, company, database, but=[action.id])
    assert found.judged.plan == {**plan, "by": "the rule"}
    assert found.judged.verdict.weeks == 13


def test_before_four_weeks_are_final_it_is_too_early(company: Company, database: Database, everyone: Scope) -> None:
    last = company.freshness().week
    assert last is not None
    start = last - timedelta(weeks=2)
    action = agreed(everyone, database, starts_on=start, review_on=start + timedelta(weeks=13), now=at(start))
    told = judged(everyone, company, database, action).judged.verdict
    assert (told.word, told.headline) == ("too early", None)


@pytest.mark.parametrize("start", [date(2020, 1, 6), date(2024, 12, 2)])
def test_where_the_past_is_missing_it_cannot_be_told_and_why(
    company: Company, database: Database, everyone: Scope, start: date
) -> None:
    action = agreed(everyone, database, starts_on=start, review_on=start, now=at(start))
    told = judged(everyone, company, database, action).judged.verdict
    assert told.word in ("cannot tell", "too early")
    assert told.headline is None
    assert told.why


@pytest.mark.parametrize("sign", ["new_accounts", "staff_discontent", "uneven_treatment"])
def test_a_sign_without_such_tickets_of_the_team_cannot_be_told(
    company: Company, database: Database, everyone: Scope, sign: str
) -> None:
    action = agreed(everyone, database, sign=sign)
    told = judged(everyone, company, database, action).judged.verdict
    assert (told.word, told.headline) == ("cannot tell", None)
    assert told.why == "the coached team had nothing to count before, or nothing after"


def test_what_is_not_ones_own_is_not_judged(company: Company, database: Database, everyone: Scope) -> None:
    action = agreed(everyone, database)
    with pytest.raises(Trouble, match=f"There is no action {action.id}, or it is not yours to see."):
        judged(manager_scope("sam", frozenset({"north-bills"})), company, database, action)
    assert verdicts.verdicts(manager_scope("sam", frozenset({"north-bills"})), company, database) == []


def test_an_action_of_a_sign_or_a_team_that_is_gone_is_passed_over(
    company: Company, database: Database, everyone: Scope
) -> None:
    gone = agreed(everyone, database, sign="gloom")
    agreed(everyone, database, team_id="closed-branch")
    kept = agreed(everyone, database)
    assert [one.action.id for one in verdicts.verdicts(everyone, company, database)] == [kept.id]
    with pytest.raises(Trouble, match="There is no sign 'gloom'"):
        judged(everyone, company, database, gone)


def test_what_else_happened_is_named_and_nobody_is(sample: Home, database: Database, everyone: Scope) -> None:
    stays = pl.DataFrame(
        {
            "team_id": [TEAM, TEAM, "north-bills", TEAM],
            "role": ["Team lead", "agent", "Team lead", "Manager"],
            "valid_from": [START + timedelta(days=2), START, START, START - timedelta(weeks=9)],
            "valid_to": pl.Series([None] * 4, dtype=pl.Date),
        }
    )
    weeks = [START + timedelta(weeks=1), START + timedelta(weeks=13)]
    floods = pl.DataFrame({"week": weeks, "category": ["Bill", None], "tickets": [1200, 9], "usual": [400.0, 3.0]})
    company = company_with(sample, stays=stays, floods=floods.cast(FOUND))  # type: ignore[arg-type]
    plan = planned(everyone, company, database)
    own = agreed(everyone, database, fixed=plan)
    agreed(everyone, database, play="relieve_load", sign="slow_simple", starts_on=START + timedelta(weeks=5))
    seen = at(START + timedelta(weeks=20))
    for week in (START + timedelta(weeks=3), START - timedelta(weeks=9)):
        rebases.acknowledge(everyone, database, team_id=TEAM, sign=SIGN, week=week, reason="New tool", now=seen)
    undone = rebases.acknowledge(
        everyone, database, team_id=TEAM, sign=SIGN, week=START + timedelta(weeks=4), reason="Old", now=seen
    )
    rebases.undo(everyone, database, undone.id, "Mistaken", now=seen)
    found = judged(everyone, company, database, own).happened
    assert [(one.on, one.what, one.teams, one.play) for one in found] == [
        (START + timedelta(days=2), "another lead came", (TEAM,), None),
        (
            START + timedelta(weeks=1),
            "a flood of Bill tickets in the company: 1,200 that week, 400 are usual",
            (),
            None,
        ),
        (START + timedelta(weeks=3), "a lasting change was acknowledged (New tool)", (TEAM,), None),
        (START + timedelta(weeks=5), "another action on the same team", (TEAM,), "relieve_load"),
    ]


def test_a_standard_that_was_changed_meanwhile_is_named(company: Company, database: Database, everyone: Scope) -> None:
    table = company.standards()
    standards_store.save_derived(everyone, database, table, data_version=1, provisional=False, now=at(START))
    category = table["category"][0]
    changed = START + timedelta(weeks=6)
    standards_store.overrule(everyone, database, category, reason="Law", standard_minutes=60, now=at(changed))
    action = agreed(everyone, database, fixed=planned(everyone, company, database))
    happened = judged(everyone, company, database, action).happened
    assert (changed, f"what counts as simple or late was changed for {category}") in [
        (one.on, one.what) for one in happened
    ]


def test_the_stamp_changes_with_every_change_of_an_action(database: Database, everyone: Scope) -> None:
    seen = [actions.stamp(database)]
    made = agreed(everyone, database)
    seen.append(actions.stamp(database))
    ended(everyone, database, made)
    seen.append(actions.stamp(database))
    assert len(set(seen)) == 3
    assert planning.FORMAT == 1
