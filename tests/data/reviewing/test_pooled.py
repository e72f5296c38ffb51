"""Signs of the company and of branches: the same counts, summed by hand; small teams and lone branches are left out."""

from datetime import date

import polars as pl
import pytest

from data.ask import Company
from data.home import Home
from data.reviewing import periods
from data.reviewing.pooled import COMPANY, Pooled, Shown, last_week, shown
from data.reviewing.staff_side import staff_side
from data.scope import local_scope
from metrics.sign import all_signs

SCOPE = local_scope("maria")
Q3 = periods.parse("2026-Q3")


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


@pytest.fixture(scope="module")
def there(company: Company) -> Shown:
    return shown(company, SCOPE, Q3)


def test_teams_of_fewer_than_five_take_part_with_a_sibling(company: Company, there: Shown) -> None:
    large = {team for team, people in company.heads(last_week(company, Q3)).iter_rows() if people >= 5}
    assert set(there.teams) == large & set(company.teams(SCOPE)["team_id"])
    assert there.withheld == company.teams(SCOPE).height - len(there.teams) == 0
    small = set(company.known_teams(SCOPE)["team_id"]) - set(there.teams)
    assert small
    assert {company.unit(team) for team in small} <= set(there.teams)
    assert there.branches == ("Harbour", "North", "South")


def test_a_branch_of_one_team_is_not_told_apart() -> None:
    told = Shown({"a": "East", "b": "West", "c": "West", "d": None}, 0, ("East",))
    assert told.branches == ("West",)


def test_the_company_is_the_sum_of_its_teams(company: Company, there: Shown) -> None:
    """A naive twin: each sign's counts of the period's final weeks, added up row by row."""
    told = Pooled(company, Q3, dict.fromkeys(there.teams, COMPANY), dict.fromkeys(there.branches, COMPANY)).over()
    whole_to = company.freshness().whole_to.date()  # type: ignore[union-attr]
    for row in told.filter(pl.col("n").is_not_null()).iter_rows(named=True):
        if all_signs()[row["sign"]].unit == "branch":
            continue
        counts = company.counts_of(row["sign"], Q3.weeks[0], date(2026, 10, 1), answered=True)
        finals = {week: company.final_on(row["sign"], week) for week in Q3.weeks}
        x = n = 0
        for one in counts.iter_rows(named=True):
            final = finals.get(one["week"])
            if one["team_id"] in there.teams and final is not None and final <= whole_to:
                x, n = x + one["x"], n + one["n"]
        assert (row["sign"], row["x"], row["n"]) == (row["sign"], x, n)
        assert row["share"] == pytest.approx(x / n)


def test_branches_add_up_to_the_company(company: Company, there: Shown) -> None:
    whole = Pooled(company, Q3, dict.fromkeys(there.teams, COMPANY), dict.fromkeys(there.branches, COMPANY)).over()
    named = {team: branch for team, branch in there.teams.items() if branch}
    parts = Pooled(company, Q3, named, {one: one for one in there.branches}).over()
    summed = parts.group_by("sign").agg(pl.col("x", "n").sum()).sort("sign")
    assert summed.equals(whole.select("sign", "x", "n").sort("sign").cast(summed.schema))


def test_a_period_that_is_not_final_says_when_it_will_be(company: Company, there: Shown) -> None:
    month = periods.parse("2026-09")
    told = Pooled(company, month, dict.fromkeys(there.teams, COMPANY), dict.fromkeys(there.branches, COMPANY)).over()
    row = told.filter(sign="lost_customers").row(0, named=True)
    assert (row["status"], row["share"], row["n"]) == ("not matured", None, None)
    assert row["matures_on"] > date(2026, 10, 18)


def test_load_and_absence_are_those_of_all_teams_together(company: Company, there: Shown) -> None:
    told = {one.key: one for one in staff_side(company, there.teams, Q3.weeks)}
    people = company.lake.scan("people", company.version).collect().filter(pl.col("team_id").is_in(list(there.teams)))
    absences = company.lake.scan("absences", company.version).collect()
    lost = days = 0
    for week in Q3.weeks:
        thursday = date.fromordinal(week.toordinal() + 3)
        inside = people.filter(
            pl.col("valid_from") <= thursday, pl.col("valid_to").is_null() | (pl.col("valid_to") >= thursday)
        )["person_id"].unique()
        days += 5 * len(inside)
        for number in range(5):
            day = date.fromordinal(week.toordinal() + number)
            away = absences.filter(
                pl.col("kind") != "training", pl.col("from_on") <= day, pl.col("to_on") >= day,
                pl.col("person_id").is_in(inside.to_list()),
            )  # fmt: skip
            lost += away["person_id"].n_unique()
    # The weeks' mean, of nearly equal weeks, told in tenths of a percent.
    assert told["absence"].now == pytest.approx(lost / days, abs=0.0015)
    assert told["load"].now is not None
    assert 0 < told["load"].now < 60
    assert told["wastage_by_choice"].now <= told["wastage"].now  # type: ignore[operator]


def test_without_people_the_staffs_side_says_why(company: Company) -> None:
    told = staff_side(company, ["nobody"], Q3.weeks)
    assert {one.why for one in told} == {"the data has no people (table people)"}
    assert [one.now for one in told] == [None] * 5
