"""What is told of channels and categories: no primary cell is a combination of it, by two ways of looking."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.disclosure import FEWEST_PEOPLE
from metrics.suppression import Point, bridges, people, points_of, primary, recoverable, withheld

CREW = range(1, 9)
cells = st.dictionaries(
    st.tuples(st.sampled_from(["phone", "mail", "web"]), st.sampled_from(["bill", "move", "loss", ""])),
    st.tuples(st.integers(1, 40), st.frozensets(st.sampled_from(list(CREW)))),
    min_size=1,
    max_size=12,
)


def split(
    table: dict[Point, tuple[int, frozenset[int]]],
) -> tuple[dict[Point, float], dict[Point, dict[int, frozenset[int]]]]:
    return {cell: float(n) for cell, (n, _) in table.items()}, {
        cell: {0: who} for cell, (_, who) in table.items() if who
    }


def test_a_category_of_few_takes_the_lightest_other_with_it() -> None:
    pairs, workers = split(
        {
            ("web", "bill"): (90, frozenset(CREW)),
            ("web", "move"): (40, frozenset(CREW)),
            ("web", "loss"): (3, frozenset({1, 2})),
        }
    )
    small = primary(pairs, workers)
    assert small == {(None, "loss"), ("web", "loss")}
    assert withheld(pairs, small, workers) == {(None, "loss"), ("web", "loss"), (None, "move"), ("web", "move")}


def test_where_all_have_five_nothing_is_withheld() -> None:
    pairs, workers = split({("web", "bill"): (9, frozenset(CREW)), ("mail", "bill"): (4, frozenset(range(5)))})
    assert withheld(pairs, primary(pairs, workers), workers) == frozenset()


def test_a_pair_of_few_takes_a_rectangle_with_it() -> None:
    table = {(channel, category): (10, frozenset(CREW)) for channel in ("web", "mail") for category in ("bill", "move")}
    pairs, workers = split(table | {("web", "bill"): (2, frozenset({1}))})
    assert withheld(pairs, primary(pairs, workers), workers) == set(table)


def test_people_are_the_fewest_of_any_year_in_which_there_were_any() -> None:
    workers = {("web", "bill"): {0: {1, 2, 3}, 1: {1}}, ("web", "move"): {0: {3, 4, 5}}}
    assert people([("web", None)], workers) == 1
    assert people([("web", "move")], workers) == 3
    assert people([(None, "loss")], workers) == 0


@given(cells)
def test_no_primary_cell_can_be_computed_unless_it_is_the_total(table: dict[Point, tuple[int, frozenset[int]]]) -> None:
    pairs, workers = split(table)
    small = primary(pairs, workers)
    hidden = withheld(pairs, small, workers)
    assert small <= hidden
    alone = {point for point in small if len([pair for pair in pairs if matches(pair, point)]) == len(pairs)}
    assert set(recoverable(pairs, hidden, small)) <= alone
    told = [point for point in points_of(pairs) if point not in hidden]
    for channel, category in told:
        assert channel is None or (channel, None) not in hidden
        assert category is None or (None, category) not in hidden
    if told:
        for whole in [(None, None), *(point for point in told if None in point)]:
            rest = [pair for pair in pairs if matches(pair, whole) and pair in hidden]
            if whole != (None, None):
                assert not rest or people(rest, workers) >= FEWEST_PEOPLE


@given(cells, st.data())
@settings(max_examples=60)
def test_bridges_are_what_linear_algebra_computes(
    table: dict[Point, tuple[int, frozenset[int]]], data: st.DataObject
) -> None:
    pairs, _ = split(table)
    hidden = set(data.draw(st.lists(st.sampled_from(points_of(pairs)), unique=True)))
    assert bridges(hidden) == set(recoverable(pairs, hidden, hidden))


@pytest.mark.parametrize("many", [1, 2])
def test_the_lightest_are_chosen(many: int) -> None:
    """Against all ways of withholding `many` more: none is lighter."""
    weights = {"bill": 50, "move": 20, "loss": 3, "gift": 30}
    pairs, workers = split(
        {("web", name): (n, frozenset({1} if name == "loss" else CREW)) for name, n in weights.items()}
    )
    small = primary(pairs, workers)
    found = {category for channel, category in withheld(pairs, small, workers) if channel is None}
    enough = [
        set(some) | {"loss"}
        for some in combinations(["bill", "move", "gift"], many)
    ]  # fmt: skip
    assert sum(weights[str(one)] for one in found) <= min(sum(weights[one] for one in some) for some in enough)


def matches(pair: Point, point: Point) -> bool:
    return all(asked in (None, there) for asked, there in zip(point, pair, strict=True))


def test_of_categories_that_are_summed_apart_what_is_withheld_rests_on_five_people_too() -> None:
    pairs = {("", name): n for name, n in {"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0, "e": 50.0}.items()}
    few, many = {2026: range(3)}, {2026: range(3, 9)}
    workers = {("", name): few if name == "a" else many for name in "abcde"}
    small = primary(pairs, workers)
    assert small == {(None, "a"), ("", "a")}
    categories = {point[1] for point in withheld(pairs, small, workers, apart={"a", "d", "e"}) if point[0] is None}
    assert categories == {"a", "d"}
    assert {point[1] for point in withheld(pairs, small, workers) if point[0] is None} == {"a", "b"}
