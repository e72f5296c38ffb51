"""Several teams by one plan: drawn by lot or together, all recorded or none, and judged as it was drawn."""

from datetime import date, timedelta
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from data.ask import Company
from data.coaching import actions, programmes, verdicts
from data.coaching.programmes import Lot
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.scope import Scope, manager_scope
from tests.data.coached import BUDDY, SIGN, START, at, planned

TEAMS = ["south-bills", "north-bills", "harbour-bills", "south-mobile", "north-mobile", "harbour-mobile"]


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


def record(scope: Scope, company: Company, database: Database, **more: Any) -> Any:
    told: dict[str, Any] = {
        "teams": TEAMS,
        "play": "role_swap",
        "sign": SIGN,
        "why": "Know who receives.",
        "starts_on": START,
        "owner": "Tom",
        "agreed": dict.fromkeys(TEAMS, BUDDY),
        "now": at(START),
    }
    return programmes.record(scope, company, database, **{**told, **more})


def test_the_same_seed_gives_the_same_order_and_another_another() -> None:
    assert_frame_equal(
        programmes.schedule(TEAMS, START, Lot(7)), programmes.schedule(TEAMS[::-1], START, Lot(7)), check_row_order=True
    )
    orders = {tuple(programmes.schedule(TEAMS, START, Lot(seed))["team_id"]) for seed in range(20)}
    assert len(orders) > 10


def test_without_a_lot_all_begin_together() -> None:
    plan = programmes.schedule(["b", "a", "b"], START, None)
    assert list(plan.iter_rows()) == [("a", 1, START), ("b", 1, START)]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"teams": ["south-bills"]}, "A programme takes at least two teams"),
        ({"teams": ["south-bills", "south-bills"], "lot": Lot(1)}, "A programme takes at least two teams"),
        ({"lot": Lot(1, waves=7)}, "This cannot be drawn: 6 teams cannot make 7 waves."),
        ({"lot": Lot(1, weeks_apart=0)}, "The waves must lie at least a week apart."),
        ({"why": " "}, "Please fill in the why: it is empty."),
        ({"sign": "gloom"}, "There is no sign 'gloom'"),
        ({"known_teams": TEAMS[:5]}, "There is no team 'harbour-mobile' in the data"),
    ],
)
def test_what_makes_no_programme_is_said_and_nothing_is_kept(
    company: Company, database: Database, everyone: Scope, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble, match=sentence):
        record(everyone, company, database, **more)
    assert (programmes.list_(everyone, database), actions.list_(everyone, database)) == ([], [])


def test_all_or_none_of_its_actions_are_recorded(company: Company, database: Database, everyone: Scope) -> None:
    but_one = manager_scope("nora", frozenset(TEAMS[:-1]))
    with pytest.raises(Trouble, match="'harbour-mobile' is not yours to see, so no action was recorded"):
        record(but_one, company, database)
    assert (programmes.list_(everyone, database), actions.list_(everyone, database)) == ([], [])


def test_each_team_begins_with_its_wave_and_has_a_quarter(
    company: Company, database: Database, everyone: Scope
) -> None:
    made, acts = record(everyone, company, database, lot=Lot(7))
    begins = dict(made.schedule.select("team_id", "starts_on").iter_rows())
    second = START + timedelta(weeks=13)
    assert sorted(begins.values()) == [START] * 3 + [second] * 3
    assert {one.team_id: one.starts_on for one in acts} == begins
    assert {one.status for one in acts if one.starts_on == START} == {"under way"}
    assert {one.status for one in acts if one.starts_on == second} == {"planned"}
    assert all(one.review_on - one.starts_on == timedelta(weeks=13) for one in acts)
    assert {one.programme_id for one in acts} == {made.id}
    plan = programmes.plan_of(database, made.id)
    waves = {wave: sorted(rows["team_id"]) for (wave,), rows in made.schedule.group_by("wave")}
    assert (plan["teams"], sorted(plan["compared"]), plan["until"]) == (waves[1], waves[2], "2026-05-04")
    assert all(one.fixed == plan for one in acts)


def test_it_is_read_as_it_was_recorded_by_those_who_may_see_one_of_its_teams(
    company: Company, database: Database, everyone: Scope
) -> None:
    made, _ = record(everyone, company, database, lot=Lot(7, waves=3, weeks_apart=5))
    for scope in (everyone, manager_scope("nora", frozenset({"north-bills"}))):
        again = programmes.get(scope, database, made.id)
        assert (again.play, again.sign, again.lot, again.by, again.at) == (
            "role_swap", SIGN, Lot(7, 3, 5), "maria", at(START),
        )  # fmt: skip
        seen = [scope.may_see(team) for team in made.schedule["team_id"]]
        assert_frame_equal(again.schedule, made.schedule.filter(seen))
        assert [one.id for one in programmes.list_(scope, database)] == [made.id]
    outsider = manager_scope("sam", frozenset({"south-desk"}))
    assert programmes.list_(outsider, database) == []
    for number in (made.id, 10**6):
        with pytest.raises(Trouble, match=f"There is no programme {number}, or it is not yours to see."):
            programmes.get(outsider, database, number)


def test_a_draw_is_judged_by_its_permutation_until_those_who_wait_begin(
    company: Company, database: Database, everyone: Scope
) -> None:
    everybody = {"teams": TEAMS + FOUR_MORE, "agreed": dict.fromkeys(TEAMS + FOUR_MORE, BUDDY)}
    _, acts = record(everyone, company, database, **everybody, lot=Lot(3, weeks_apart=9))
    found = [verdicts.verdict(everyone, company, database, one).judged for one in acts]
    told = found[0].verdict
    assert told.headline is not None
    assert told.headline.method == "permutation of the draw"
    assert (told.weeks, told.coached, told.compared) == (9, 5, 5)
    assert found[0].course["week"].max() == START + timedelta(weeks=8)
    assert [one.word for one in found[0].reviews][2] == "too early"
    assert {one.verdict for one in found} == {told}  # one verdict for all


def test_all_at_once_are_judged_beside_other_teams(company: Company, database: Database, everyone: Scope) -> None:
    _, acts = record(everyone, company, database)
    found = verdicts.verdict(everyone, company, database, acts[0])
    assert found.judged.verdict.headline is not None
    assert found.judged.verdict.headline.method == "ANCOVA, HC3"
    assert not set(found.judged.plan["compared"]) & set(TEAMS)
    assert found.programme == acts[0].programme_id


def test_a_team_that_begins_at_another_time_has_its_changed_plan_judged_beside_its_programme(
    company: Company, database: Database, everyone: Scope
) -> None:
    _, acts = record(everyone, company, database)
    later = START + timedelta(weeks=3)
    after = actions.edit(
        everyone,
        database,
        acts[0].id,
        {"starts_on": later},
        expected_revision=1,
        replan=lambda one: planned(everyone, company, database, team_ids=[one.team_id], starts_on=one.starts_on),
    )
    found = verdicts.verdict(everyone, company, database, after)
    assert found.judged.plan["teams"] == sorted(TEAMS)
    assert found.changed is not None
    assert (found.changed.plan["teams"], found.changed.plan["start"]) == ([after.team_id], str(later))


def test_a_programme_that_begins_later_is_planned(company: Company, database: Database, everyone: Scope) -> None:
    _, acts = record(everyone, company, database, starts_on=date(2026, 12, 7), now=at(date(2026, 10, 12)))
    assert {one.status for one in acts} == {"planned"}
    assert verdicts.verdict(everyone, company, database, acts[0]).judged.verdict.word == "too early"


FOUR_MORE = ["north-mornings", "south-mornings", "south-parcels", "north-parcels"]
