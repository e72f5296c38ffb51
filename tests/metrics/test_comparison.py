"""Which teams an action is compared with: as alike as can be, not coached, not downstream, and why others are not."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from metrics.comparison import MOST, WANTED, choose, downstream, likeness

COUNTS = {"team_id": pl.String, "category": pl.String, "channel": pl.String, "priority": pl.String, "n": pl.Int64}


def counts(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def alike(**shares: float | None) -> pl.DataFrame:
    return pl.DataFrame(list(shares.items()), schema={"team_id": pl.String, "likeness": pl.Float64}, orient="row")


def test_likeness_is_the_mix_in_common_of_category_channel_and_priority():
    seen = counts(
        ("a", "bill", "phone", None, 60),
        ("a", "move", "phone", None, 40),
        ("b", "bill", "phone", None, 10),
        ("b", "bill", "web", None, 10),
        ("b", "move", "web", None, 60),
        ("c", "other", "fax", "high", 5),
        ("none", "bill", "phone", None, 0),
    )
    # b: min(.6, .25) + min(.4, .75) = .65 of the category, 1/8 of the channel, all of the priority that nobody gave.
    expected = alike(b=(0.65 + 0.125 + 1) / 3, c=0.0, none=None)
    assert_frame_equal(likeness(seen, ["a"]), expected)


def test_several_coached_teams_are_one_mix_and_not_compared_with_themselves():
    seen = counts(("a", "bill", "p", "x", 30), ("b", "move", "p", "x", 10), ("c", "bill", "p", "x", 4))
    assert_frame_equal(likeness(seen, ["a", "b"]), alike(c=(0.75 + 1 + 1) / 3))


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"),
            st.sampled_from(["x", "y", None]),
            st.sampled_from(["p", "q"]),
            st.sampled_from(["1", None]),
            st.integers(0, 50),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_likeness_is_what_plain_python_makes_of_it(rows: list[tuple[Any, ...]]):
    found = dict(likeness(counts(*rows), ["a"]).iter_rows())
    assert set(found) == {row[0] for row in rows} - {"a"}
    for team, told in found.items():
        theirs = [row for row in rows if row[0] == team]
        if sum(row[4] for row in theirs) == 0:
            assert told is None
            continue
        mine = [row for row in rows if row[0] == "a"]
        assert told == pytest.approx(sum(common(mine, theirs, place) for place in (1, 2, 3)) / 3)


def common(mine: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]], place: int) -> float:
    def shares(rows: list[tuple[Any, ...]]) -> dict[str | None, float]:
        total = sum(row[4] for row in rows)
        return {k: sum(r[4] for r in rows if r[place] == k) / total for k in {r[place] for r in rows}} if total else {}

    left, right = shares(mine), shares(theirs)
    return sum(min(share, right.get(level, 0.0)) for level, share in left.items())


def test_all_that_are_alike_are_taken_the_most_alike_first_and_why_others_are_not_is_said():
    many = {f"t{place:02}": 0.99 - 0.01 * place for place in range(25)}
    found = choose(alike(**many, far=0.2, none=None, coached=0.9), {"coached": "it was coached itself"})
    assert found.teams == tuple(many)
    assert found.likeness == pytest.approx(many)
    assert found.left_out == {
        "coached": "it was coached itself",
        "far": "its mix of tickets is too different",
        "none": "it had no such tickets in the baseline",
    }


def test_where_fewer_than_twenty_are_alike_the_next_most_alike_make_twenty():
    found = choose(alike(**{f"t{place:02}": 0.6 - 0.02 * place for place in range(30)}), {})
    assert found.teams == tuple(f"t{place:02}" for place in range(WANTED))
    assert found.likeness["t19"] < 0.5
    assert set(found.left_out) == {f"t{place}" for place in range(20, 30)}


def test_no_more_than_forty_are_taken_and_equals_by_their_name():
    found = choose(alike(**{f"t{place:02}": 0.8 for place in reversed(range(60))}), {})
    assert found.teams == tuple(f"t{place:02}" for place in range(MOST))


def test_nobody_to_compare_with_is_nobody():
    assert choose(alike(), {"a": "fewer than five people"}).teams == ()


def test_a_team_that_gets_a_tenth_of_its_tickets_from_the_coached_is_downstream():
    columns = {"team_id": pl.String, "to_team_id": pl.String, "tickets": pl.Int64}
    passed = pl.DataFrame(
        [("a", "x", 6), ("b", "x", 4), ("a", "y", 9), ("c", "y", 90), ("a", "gone", 9)], schema=columns, orient="row"
    )
    held = pl.DataFrame({"team_id": ["x", "y", "z"], "tickets": [100, 100, 100]})
    assert downstream(passed, held, ["a", "b"]) == ["x"]
    assert downstream(passed, held, ["c"]) == ["y"]
    assert downstream(passed, held, []) == []
