"""What joining, and taking one told number from another, would tell beside the sums: it tells nothing."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest

from data import bringing, empathy, flows
from data.ask import Company
from data.filters import Filters
from data.scope import manager_scope
from data.standards_store import as_told
from data.veil import FOLLOWS
from metrics.sign import all_signs
from metrics.suppression import WITHHELD
from tests.data import attacked
from tests.data.attacker import EVERYONE, strata

pytestmark = pytest.mark.xdist_group("attacked")
ANSWERED = (("honesty", "customers"), ("helpfulness", "customers"), ("honesty", "team"), ("honesty", "manager"))
SINCE = [attacked.ASKED_FROM + timedelta(weeks=week) for week in (0, 1, 2, 12, 13, 14, 25)]


def named(company: Company) -> Iterator[tuple[str, str | None]]:
    """Each ticket's category wherever a list of tickets tells it."""
    yield from company.tickets(EVERYONE).select("ticket_id", "category").iter_rows()
    weeks = company.as_read(Filters()).weeks
    for channel, category in strata(company):
        filters = Filters(channel=channel, category=category)
        yield from flows.handoffs(company, EVERYONE, filters).select("ticket_id", "category").iter_rows()
    for sign in (key for key, one in all_signs().items() if not one.whole and key not in company.lacking()):
        for unit in company.told.units():
            rows = company.tickets_behind(EVERYONE, Filters(), sign, unit, weeks[0], weeks[-1])
            yield from rows.select("ticket_id", "category").iter_rows()


def test_a_category_that_one_list_withholds_is_told_by_none_that_names_the_ticket(
    in_two_versions: list[Company],
) -> None:
    company = in_two_versions[1]
    found = defaultdict(set)
    for ticket, category in named(company):
        found[ticket].add(category)
    hidden = {ticket for ticket, told in found.items() if WITHHELD in told}
    assert hidden
    assert not [ticket for ticket in hidden if len(found[ticket]) > 1]


def test_a_withheld_category_does_not_follow_from_its_standard(in_two_versions: list[Company]) -> None:
    standards = in_two_versions[1].standards()
    assert standards["standard_minutes"].n_unique() == len(attacked.CATEGORIES)  # so that a standard names a category
    tickets = in_two_versions[1].tickets(EVERYONE)
    told, hidden = tickets.filter(pl.col("category") != WITHHELD), tickets.filter(pl.col("category") == WITHHELD)
    assert hidden.height > 0
    assert hidden.select(pl.col(FOLLOWS).count()).row(0) == (0,) * len(FOLLOWS)
    assert told["standard_minutes"].null_count() == 0


def test_what_standards_rest_on_is_a_band(in_two_versions: list[Company]) -> None:
    told = as_told(in_two_versions[1].standards())
    assert set(told["n"]) <= {"under 200", "200 to 999"}
    few = told.filter(pl.col("n") == "under 200")
    assert few["one_touch_share"].null_count() == few.height


def test_how_many_rows_came_in_is_for_who_may_import(in_two_versions: list[Company]) -> None:
    company = in_two_versions[1]
    shown = company.freshness().rows
    assert shown["tickets"] == company.tickets(EVERYONE).height < company.version.rows["tickets"]
    exact = company.version.rows["events"]
    assert shown["events"] < exact
    assert len(str(shown["events"]).rstrip("0")) == 1
    reader = manager_scope("a manager", frozenset({"bills"}))
    assert [(one.rows, one.summary, one.source) for one in bringing.history(reader, company.home)] == [({}, {}, "")] * 2
    assert bringing.history(EVERYONE, company.home)[-1].rows == company.version.rows


def answered(company: Company, filters: Filters) -> dict[str, int]:
    """How many answers are told of each side and trait."""
    rows = empathy.traits(company, EVERYONE, filters).rows_by_key("trait", named=True, unique=True)
    return {f"{trait} {side}": rows[trait][f"{side}_n"] or 0 for trait, side in ANSWERED}


def left_over(company: Company) -> list[int]:
    """What is left of what is told of each period and set of teams, less what is told of a part of it."""
    branches = company.teams(EVERYONE).drop_nulls("branch").group_by("branch").agg("team_id").rows()
    found: list[int] = []
    every = {
        (since, branch, team): answered(company, Filters(since=since, branch=branch, team=team))
        for since in SINCE
        for branch, team in [(None, None), *((branch, None) for branch, _ in branches),
                             *((None, team) for _, teams in branches for team in teams)]
    }  # fmt: skip
    for side in every[SINCE[0], None, None]:
        of = {key: told[side] for key, told in every.items()}
        for since in SINCE:
            found.append(of[since, None, None] - sum(of[since, branch, None] for branch, _ in branches))
            found += [
                of[since, branch, None] - sum(of[since, None, team] for team in teams) for branch, teams in branches
            ]
        for (since, *where), n in of.items():
            found += [n - of[later, where[0], where[1]] for one, later in pairwise(SINCE) if one == since]
    return found


def test_no_answer_is_left_over_between_teams_and_branches_or_one_week_and_the_next(
    in_two_versions: list[Company],
) -> None:
    found = left_over(in_two_versions[1])
    assert max(found) >= 5
    assert not [n for n in found if 0 < abs(n) < 5]


def test_without_blocks_a_few_answers_are_left_over(
    in_two_versions: list[Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    def plainly(told: pl.DataFrame, units: list[str], since: date | None, until: date | None) -> pl.DataFrame:
        within = pl.col("asked_on").is_between(since or date.min, until or date.max)
        return told.filter(pl.col("team_id").is_in(units), within)

    def every(answers: pl.DataFrame, _reached: date) -> pl.DataFrame:
        return answers.with_columns(own=pl.lit(value=True))

    monkeypatch.setattr(empathy, "asked_about", plainly)
    monkeypatch.setattr(empathy, "blocks", every)
    company = Company(in_two_versions[1].home, in_two_versions[1].version.number)
    assert [n for n in left_over(company) if 0 < abs(n) < 5]
