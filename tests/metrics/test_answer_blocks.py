"""Answers are told in whole blocks of five or more: no difference of two sums leaves one to four over."""

from datetime import date, timedelta
from itertools import product

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from metrics.answer_blocks import asked_about, blocks

REACHED = date(2026, 12, 31)
SCHEMA = {
    "team_id": pl.String, "branch": pl.String, "asked_on": pl.Date,
    "asked_of": pl.String, "stage": pl.String, "trait": pl.String,
}  # fmt: skip


def answers(*rows: tuple[str, date, str, str | None, int]) -> pl.DataFrame:
    """team (its branch is its first letter), day, asked_of, stage, how many."""
    told = [(team, team[0], day, of, stage, "patience") for team, day, of, stage, many in rows for _ in range(many)]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def counted(told: pl.DataFrame, *units: str, since: date | None = None, until: date | None = None) -> int:
    return asked_about(told, list(units), since, until).height


def test_a_quarter_with_four_answers_of_a_unit_is_told_with_its_branch_alone() -> None:
    day = date(2026, 2, 1)
    told = blocks(answers(("n1", day, "customer", None, 4), ("n2", day, "customer", None, 3)), REACHED)
    assert (counted(told, "n1", "n2"), counted(told, "n1"), counted(told, "n2")) == (7, 0, 0)


def test_what_stays_under_five_enters_no_sum_at_all() -> None:
    day = date(2026, 2, 1)
    told = blocks(answers(("n1", day, "customer", "buy", 4), ("n1", day, "customer", "use", 6)), REACHED)
    assert told["stage"].unique().to_list() == ["use"]


def test_a_period_cuts_at_whole_blocks() -> None:
    told = blocks(
        answers(("n1", date(2026, 1, 5), "customer", None, 4), ("n1", date(2026, 3, 2), "customer", None, 6)), REACHED
    )
    assert counted(told, "n1", since=date(2026, 1, 5)) == 10
    assert counted(told, "n1", since=date(2026, 1, 6)) == 0


def test_managers_are_told_of_five_units_of_a_branch_together() -> None:
    day = date(2026, 2, 1)
    units = [f"n{number}" for number in range(6)]
    told = blocks(answers(*((unit, day, "manager", None, 1) for unit in units)), REACHED)
    assert (counted(told, *units), counted(told, *units[1:])) == (6, 0)
    assert blocks(answers(*((unit, day, "manager", None, 2) for unit in units[:4])), REACHED).is_empty()


def test_a_quarter_that_is_not_over_is_not_told_yet() -> None:
    told = blocks(answers(("n1", date(2026, 11, 1), "customer", None, 9)), date(2026, 12, 30))
    assert told.is_empty()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["n1", "n2", "s1"]), st.integers(0, 30), st.sampled_from(["customer", "staff"]),
        st.sampled_from([None, "buy"]), st.integers(1, 7),
    ),
    max_size=14,
)  # fmt: skip


@given(ROWS)
def test_no_two_periods_or_sets_of_units_differ_by_one_to_four_answers(
    rows: list[tuple[str, int, str, str | None, int]],
) -> None:
    begin = date(2026, 2, 2)
    dated = ((team, begin + timedelta(weeks=at), of, stage, many) for team, at, of, stage, many in rows)
    told = blocks(answers(*dated), REACHED)
    sets = [("n1",), ("n2",), ("n1", "n2"), ("n1", "n2", "s1")]
    ends = [begin + timedelta(weeks=at) for at in (0, 7, 8, 9, 20, 31)]
    for asked_of in ("customer", "staff"):
        of = told.filter(asked_of=asked_of)
        found = [set(asked_about(of.with_row_index(), list(units), since, None)["index"])
                 for units, since in product(sets, ends)]  # fmt: skip
        assert all(len(one - other) not in range(1, 5) for one, other in product(found, repeat=2))
