"""How often a standard was kept: the late ones told the other way round, and a share of nothing is missing."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.adherence import KEPT, adherence
from metrics.cells import COUNTS
from metrics.intervals import wilson

WEEK = date(2026, 10, 5)


def counts(rows: list[tuple[str | None, int, int]]) -> pl.DataFrame:
    """category, late, of."""
    told = [("slow_simple", "north", WEEK, category, "web", None, x, n) for category, x, n in rows]
    return pl.DataFrame(told, schema=COUNTS, orient="row")


def test_what_was_late_is_told_as_what_was_in_time_by_category() -> None:
    found = adherence(counts([("b", 1, 4), ("a", 0, 3), ("b", 1, 6), ("none", 0, 0)]), "category")
    assert found.select("category", "kept", "n", "share").rows() == [("a", 3, 3, 1.0), ("b", 8, 10, 0.8)]
    low, high = wilson([3, 8], [3, 10])
    assert found["low"].to_list() == pytest.approx(list(low))
    assert found["high"].to_list() == pytest.approx(list(high))


def test_of_no_ticket_nothing_is_said() -> None:
    found = adherence(counts([]), "category")
    assert (found.height, found.columns) == (0, ["category", *KEPT])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_it_is_what_a_loop_counts(rows: list[tuple[str, int, int]]) -> None:
    told = [(category, late, late + more) for category, late, more in rows]
    naive = {
        name: (sum(n - x for c, x, n in told if c == name), sum(n for c, _, n in told if c == name))
        for name in {category for category, _, n in told if n}
    }
    found = adherence(counts(list(told)), "category")
    assert {name: (kept, n) for name, kept, n in found.select("category", "kept", "n").iter_rows()} == naive
    assert found.filter((pl.col("low") > pl.col("share")) | (pl.col("high") < pl.col("share"))).is_empty()
