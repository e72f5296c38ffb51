"""Grants become a Scope: deny by default, each right with the teams of its own grant, never beyond its days."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.roles import MAY_BE_OVER, RIGHTS, Grant, Over, People, Places, Role, scope_of
from data.scope import Right, Scope

DAY = date(2026, 10, 12)
BRANCHES = {"n1": "North", "n2": "North", "n3": "North", "s1": "South", "s2": "South", "lone": None}
PEOPLE = {"n1": 12, "n2": 7, "n3": 6, "s1": 10, "s2": 4, "lone": 30}


def places(thresholds: dict[str, int] | None = None) -> Places:
    return Places(BRANCHES, lambda: PEOPLE, thresholds or {})


def grant(role: Role, place: str | None = None, since: date = DAY, until: date | None = None, **told: Any) -> Grant:
    over = Over.COMPANY if place is None else Over.BRANCH if place in BRANCHES.values() else Over.TEAM
    return Grant(
        1, "ada@example.com", role, over, place, since, until, "root", datetime(2026, 1, 1, tzinfo=UTC), **told
    )


def scope(*grants: Grant, day: date = DAY, thresholds: dict[str, int] | None = None) -> Scope:
    return scope_of("ada@example.com", grants, places(thresholds), day)


def test_who_was_given_nothing_sees_nothing_and_may_do_nothing() -> None:
    nobody = scope()
    assert (nobody.teams, nobody.rights, nobody.own) == (frozenset(),) * 3
    assert not any(nobody.may(right) or nobody.may(right, "n1") for right in Right)


@pytest.mark.parametrize(
    ("held", "holds"),
    [
        (grant(Role.ANALYST, since=date(2026, 10, 13)), False),
        (grant(Role.ANALYST, since=DAY, until=DAY), True),
        (grant(Role.ANALYST, since=date(2026, 1, 1), until=date(2026, 10, 11)), False),
        (grant(Role.ANALYST, withdrawn_by="root", withdrawn_at=datetime(2026, 10, 1, tzinfo=UTC)), False),
    ],
    ids=["begins tomorrow", "its only day", "ended yesterday", "withdrawn"],
)
def test_a_grant_holds_on_its_days_and_until_it_is_withdrawn(held: Grant, holds: bool) -> None:
    assert scope(held).may(Right.READ) is holds


def test_who_manages_one_team_and_analyses_the_company_coaches_that_one_team_alone() -> None:
    both = scope(grant(Role.MANAGER, "n1"), grant(Role.ANALYST))
    assert both.teams is None
    assert both.may(Right.COACH, "n1")
    assert not both.may(Right.COACH, "s1")
    assert both.reach(Right.COACH) == frozenset({"n1"})
    assert both.reach(Right.EXPORT) is None
    assert both.only(Right.FOLLOW).teams == frozenset({"n1"})


def test_an_admin_runs_the_installation_and_sees_no_team() -> None:
    admin = scope(grant(Role.ADMIN))
    assert admin.teams == frozenset()
    assert admin.may(Right.RUN)
    assert not admin.may(Right.READ)
    assert admin.reach(Right.SETTLE) is None


def test_an_executive_sees_teams_from_the_threshold_of_their_branch_on_and_reviews_all_of_it() -> None:
    north = scope(grant(Role.EXECUTIVE, "North"))
    assert north.teams == frozenset({"n1"})
    assert north.reach(Right.REVIEW) == frozenset({"n1", "n2", "n3"})
    assert scope(grant(Role.EXECUTIVE, "North"), thresholds={"North": 6}).teams == frozenset({"n1", "n2", "n3"})
    assert scope(grant(Role.EXECUTIVE)).teams == frozenset({"n1", "s1", "lone"})
    assert scope(grant(Role.EXECUTIVE), thresholds={"South": 1}).teams == frozenset(
        {"n1", "s1", "lone"}
    )  # never under five
    assert scope(grant(Role.EXECUTIVE)).reach(Right.REVIEW) is None


def test_an_executive_is_not_left_with_one_hidden_team_of_a_sum() -> None:
    # n3 alone would be what North has beside n1 and n2: n2 is hidden along
    assert scope(grant(Role.EXECUTIVE, "North"), thresholds={"North": 7}).teams == frozenset({"n1"})
    # two hidden teams of 13 people together, where 14 are asked for: n1 is hidden along
    assert scope(grant(Role.EXECUTIVE, "North"), thresholds={"North": 14}).teams == frozenset()
    # s1 is all of South that is in any sum, so it hides among what the company has beside its branches
    assert scope(grant(Role.EXECUTIVE), thresholds={"": 11}).teams == frozenset({"n1"})


def test_a_hidden_team_that_nothing_can_hide_among_is_in_no_sum() -> None:
    branches = {"a": "North", "b": "North", "c": "North", "alone": "South"}
    people = {"a": 12, "b": 15, "c": 20, "alone": 7}
    found = Places(branches, lambda: people, {})
    asks = scope_of("ada@example.com", [grant(Role.EXECUTIVE)], found, DAY)
    assert asks.reach(Right.REVIEW) == frozenset({"a", "b", "c"})
    assert asks.teams == frozenset({"c"})  # a and b are hidden with it, or it were all of "teams that you do not see"


def test_small_teams_that_are_read_as_one_count_as_one() -> None:
    branches = {"a": "North", "b": "North", "c": "North", "d": "North"}
    people = People({"b+c": 7, "b": 7, "c": 7, "a": 11, "d": 20}, {"b": "b+c", "c": "b+c"})
    assert Places(branches, lambda: people, {}).large(None) == frozenset({"d"})


teams = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.sampled_from(["North", "South", "West", None]), st.integers(1, 16))
)


@given(teams, st.dictionaries(st.sampled_from(["", "North", "South"]), st.integers(5, 15)))
def test_no_adding_and_taking_away_of_what_an_executive_is_told_gives_a_hidden_team(
    of: dict[str, tuple[str | None, int]], thresholds: dict[str, int]
) -> None:
    """The attacker: each shown team, each branch's sum and the company's sum, as equations."""
    found = Places(
        {one: told[0] for one, told in of.items()}, lambda: {a: told[1] for a, told in of.items()}, thresholds
    )
    counted = sorted(one for one, told in of.items() if told[1] >= 5)
    shown, alone = found.large(None), found.alone()
    assert shown <= set(counted)
    hidden = [one for one in counted if of[one][1] < found.threshold(of[one][0])]
    assert not shown & set(hidden)
    branches = {of[one][0] for one in counted} - {None}
    sums = [[one for one in counted if of[one][0] == branch and one not in alone] for branch in branches]
    sums = [one for one in sums if len(one) > 1] + [[one for one in counted if one not in alone]]
    sums += [[one] for one in shown]
    told = np.array([[float(one in each) for one in counted] for each in sums]).reshape(len(sums), len(counted))
    for one in hidden:
        wanted = np.array([float(one == other) for other in counted])
        more = np.linalg.matrix_rank(np.vstack([told, wanted]))
        assert more > np.linalg.matrix_rank(told), (one, shown, alone)
    # "(teams that you do not see)" of the handoffs are never one team, where another is there to hide it
    assert not hidden or len(counted) == 1 or len(set(counted) - shown) > 1


def test_a_member_sees_their_own_team_and_answers_for_it() -> None:
    member = scope(grant(Role.MEMBER, "s2"))
    assert (member.teams, member.own) == (frozenset({"s2"}), frozenset({"s2"}))
    assert member.may(Right.ANSWER, "s2")
    assert not member.may(Right.COACH)


every_grant = st.sampled_from(
    [
        grant(role, place)
        for role in Role
        for place in (None, "North", "South", "n1", "s2")
        if (Over.COMPANY if place is None else Over.BRANCH if place in BRANCHES.values() else Over.TEAM)
        in MAY_BE_OVER[role]
    ]
)


@given(st.lists(every_grant, max_size=4))
def test_several_grants_give_what_each_gives_and_nothing_more(held: list[Grant]) -> None:
    """The naive twin: a right holds of a team exactly where one grant alone gives it."""
    together, alone = scope(*held), [scope(one) for one in held]
    for right in Right:
        assert together.may(right) is any(one.may(right) for one in alone)
        for team in (*BRANCHES, "unknown"):
            assert together.may(right, team) is any(one.may(right, team) for one in alone), (right, team)
    for team in BRANCHES:
        assert together.may_see(team) is any(one.may_see(team) for one in alone)
        assert not together.may(Right.READ, team) or together.may_see(team)
    assert together.signed_in


def test_every_role_has_rights_and_places() -> None:
    assert set(RIGHTS) == set(MAY_BE_OVER) == set(Role)
