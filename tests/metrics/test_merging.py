"""Small teams are read with siblings: every unit rests on five people, whatever the company, and what was once told
together is never told apart again for the same weeks."""

import random

from hypothesis import given
from hypothesis import strategies as st

from metrics.disclosure import FEWEST_PEOPLE
from metrics.merging import Partition, Team, joined, merged

people = st.one_of(st.none(), st.integers(0, 12))
companies = st.lists(
    st.tuples(people, st.sampled_from(["North", "South", None]), st.sampled_from(["desk", "sales"])), max_size=14
).map(lambda rows: [Team(f"t{number:02}", many, branch, (kin,)) for number, (many, branch, kin) in enumerate(rows)])


def of(*units: str, out: str = "") -> Partition:
    return Partition(frozenset(frozenset(unit.split("+")) for unit in units), frozenset(out.split()))


def team(name: str, many: int | None, branch: str = "North", kin: str = "") -> Team:
    return Team(name, many, branch, (kin,))


def test_teams_of_five_stand_alone_and_small_ones_are_put_together() -> None:
    assert merged([team("a", 5), team("b", 3), team("c", 2), team("d", 9)]) == of("a", "b+c", "d")


def test_what_is_still_too_small_joins_the_smallest_sibling() -> None:
    assert merged([team("a", 7), team("b", 3), team("c", 6)]) == of("a", "b+c")


def test_what_is_left_over_joins_another_such_group_before_it_touches_a_large_team() -> None:
    small = [team("b", 3), team("c", 3), team("e", 4)]
    assert merged([team("a", 5), *small]) == of("a", "b+c+e")


def test_like_is_put_together_with_like() -> None:
    small = [team("a", 3, kin="x"), team("b", 3, kin="y"), team("c", 3, kin="x"), team("d", 3, kin="y")]
    assert merged(small) == of("a+c", "b+d")


def test_a_branch_without_a_sibling_is_left_out_and_so_is_a_team_of_unknown_size() -> None:
    assert merged([team("a", 4), team("b", 9, "South"), team("c", None, "South")]) == of("b", out="a c")


def test_the_units_of_last_time_stay_while_they_are_needed() -> None:
    three = [team("a", 3), team("b", 3), team("c", 3), team("d", 3)]
    assert merged(three) == of("a+b", "c+d")
    before = of("a+d", "b+c").units
    assert merged(three, before) == of("a+d", "b+c")
    grown = [team("a", 6), team("b", 3), team("c", 3), team("d", 6)]
    assert merged(grown, before) == of("a", "b+c", "d")


def test_what_was_told_together_by_any_stays_together() -> None:
    assert joined([of("a+b", "c"), of("a", "b+c")]) == of("a+b+c")
    assert joined([of("a", "b", "c"), of("a+b", "c")]) == of("a+b", "c")
    assert joined([of("b", out="a"), of("a", "b")]) == of("a", "b", out="a")


def test_a_team_that_comes_later_is_told_only_where_its_whole_unit_is_new() -> None:
    assert joined([of("a"), of("a", "b")]) == of("a", "b")
    assert joined([of("a"), of("a", "b+c")]) == of("a", "b+c")
    assert joined([of("a"), of("a+b")]) == of("a+b", out="b")
    # Told as b+c by the second, and with a by the third: each of the sums was told before.
    assert joined([of("a"), of("a", "b+c"), of("a+b+c")]) == of("a+b+c")


@given(companies, st.randoms())
def test_of_any_company_each_unit_rests_on_five_people_of_one_branch(teams: list[Team], shuffle: random.Random) -> None:
    found, known = merged(teams), {one.id: one for one in teams}
    assert found.teams == set(known)
    for unit in found.units:
        assert sum(known[one].people or 0 for one in unit) >= FEWEST_PEOPLE
        assert len({known[one].branch for one in unit}) == 1
        assert len(unit) == 1 or any((known[one].people or 0) < FEWEST_PEOPLE for one in unit)
    assert sum(len(unit) for unit in found.units) + len(found.left_out) == len(teams)
    mixed = list(teams)
    shuffle.shuffle(mixed)
    assert merged(mixed) == found
    assert merged(teams, found.units) == found


@given(st.lists(companies, min_size=1, max_size=4))
def test_what_is_joined_is_a_sum_of_what_each_told(versions: list[list[Team]]) -> None:
    parts = [merged(one) for one in versions]
    found = joined(parts)
    assert len([one for unit in found.units for one in unit]) == len(frozenset().union(*found.units))
    for part in parts:
        assert part.left_out <= found.left_out
        for unit in part.units:
            assert any(unit <= whole for whole in found.units)
            # Of a unit that was told nothing is cut off: it is told whole, or no more at all of what it held.
            first = parts.index(part) == 0
            assert not first or unit - found.left_out in (unit, frozenset()) or any(
                unit & other.left_out for other in parts
            )  # fmt: skip
