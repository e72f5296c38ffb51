"""Favourable answers, their intervals and how far two views lie apart; each beside a naive twin."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.answers import FAVOURABLE, FEWEST_ANSWERS, gap, shares, unusual
from metrics.intervals import wilson

DAY = date(2026, 3, 2)


def answers(*rows: tuple[str, int, float], scale_max: float = 5.0) -> pl.DataFrame:
    """(asked of, wave, score)."""
    told = [
        {
            "trait": "honesty",
            "asked_of": of,
            "asked_on": DAY + timedelta(weeks=wave),
            "score": score,
            "scale_max": scale_max,
        }
        for of, wave, score in rows
    ]
    return pl.DataFrame(told, schema=SCHEMA)


SCHEMA = {"trait": pl.String, "asked_of": pl.String, "asked_on": pl.Date, "score": pl.Float64, "scale_max": pl.Float64}


@pytest.mark.parametrize(("scale", "lowest"), [(5, 4), (10, 7), (7, 5), (100, 61), (3, 2)])
def test_the_top_forty_percent_of_a_scale_are_favourable(scale: int, lowest: int) -> None:
    scores = pl.DataFrame({"score": [float(s) for s in range(scale + 1)], "scale_max": float(scale)})
    assert scores.filter(FAVOURABLE)["score"].min() == lowest


def test_customers_are_counted_by_the_answer_and_staff_by_the_head() -> None:
    rows = [("customer", wave, score) for wave in (0, 1) for score in (5.0, 4.0, 3.0, 2.0, 1.0)]
    rows += [("staff", wave, 4.0) for wave in (0, 1) for _ in range(6)]
    told = shares(answers(*rows), ["trait"])
    assert told.select("asked_of", "x", "n", "waves", "heads", "share").rows() == [
        ("customer", 4, 10, 2, 10.0, 0.4),
        ("staff", 12, 12, 2, 6.0, 1.0),
    ]
    low, high = wilson([4, 6], [10, 6])
    assert told["low"].to_list() == pytest.approx(list(low))
    assert told["high"].to_list() == pytest.approx(list(high))
    assert (told["first"][0], told["last"][0]) == (DAY, DAY + timedelta(weeks=1))


def test_a_wave_in_which_fewer_than_five_of_the_staff_answered_is_left_out() -> None:
    rows = [("staff", 0, 5.0)] * 4 + [("staff", 1, 1.0)] * 5
    assert shares(answers(*rows), ["trait"]).select("x", "n", "waves").rows() == [(0, 5, 1)]


def test_fewer_than_five_answers_have_no_row() -> None:
    assert shares(answers(*[("customer", wave, 5.0) for wave in range(4)]), ["trait"]).is_empty()
    assert shares(answers(*[("customer", wave, 5.0) for wave in range(5)]), ["trait"]).height == 1


def naive(rows: list[tuple[str, int, float]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for of in {of for of, _, _ in rows}:
        waves: dict[int, list[float]] = {}
        for who, wave, score in rows:
            if who == of:
                waves.setdefault(wave, []).append(score)
        kept = [w for w in waves.values() if of == "customer" or len(w) >= FEWEST_ANSWERS]
        n = sum(len(w) for w in kept)
        if n >= FEWEST_ANSWERS:
            found[of] = (sum(score >= 4 for w in kept for score in w), n)
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["customer", "staff"]), st.integers(0, 2), st.sampled_from([1.0, 3.0, 4.0, 5.0])),
        max_size=40,
    )
)
def test_shares_are_what_one_would_count_by_hand(rows: list[Any]) -> None:
    told = shares(answers(*rows), ["trait"])
    assert {row["asked_of"]: (row["x"], row["n"]) for row in told.iter_rows(named=True)} == naive(rows)


def test_the_gap_of_newcombes_own_example() -> None:
    # Newcombe 1998, table II: 56/70 less 48/80, method 10.
    found = gap((56 / 70, 70), (48 / 80, 80))
    assert found.gap == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    assert found.beyond_chance


@given(st.integers(1, 200), st.integers(1, 200), st.floats(0, 1), st.floats(0, 1))
def test_a_gap_lies_within_its_interval_and_turns_round_with_its_sides(
    n: int, m: int, one: float, other: float
) -> None:
    found, turned = gap((one, n), (other, m)), gap((other, m), (one, n))
    assert -1 <= found.low <= found.gap <= found.high <= 1
    assert (turned.low, turned.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


def test_a_gap_needs_two_sides() -> None:
    with pytest.raises(ValueError, match="two shares"):
        gap((0.5, 0), (0.5, 10))


def test_only_a_gap_wider_than_everywhere_is_unusual() -> None:
    teams = 40
    frame = pl.DataFrame(
        {
            "team_share": [0.66] * (teams - 1) + [0.9],
            "team_heads": [20.0] * teams,
            "customers_share": [0.5] * (teams - 1) + [0.25],
            "customers_heads": [150.0] * teams,
            "usual": [0.16] * teams,
        }
    )
    assert unusual(frame).to_list() == [False] * (teams - 1) + [True]
    assert unusual(frame.clear()).to_list() == []
