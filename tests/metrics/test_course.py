"""The course of an action by week: what was, what the others did, and where the team would have been."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics.course import course
from tests.metrics.test_helped import company

COLUMNS = ["week", "coached", "compared", "expected", "low", "high", "n"]


def test_coached_and_compared_are_shares_of_all_their_tickets():
    x = np.array([[1.0, 0, 4], [3, 0, 6], [5, 2, 0]])
    n = np.array([[10.0, 0, 10], [30, 0, 10], [10, 10, 0]])
    found = course(x, n, np.array([True, True, False]), 2)
    none = pl.Series([None] * 3, dtype=pl.Float64)
    wanted = pl.DataFrame({"week": [0, 1, 2], "coached": [0.1, None, 0.5], "compared": [0.5, 0.2, None]})
    wanted = wanted.with_columns(expected=none, low=none, high=none, n=pl.Series([40, 0, 20], dtype=pl.Int64))
    assert_frame_equal(found.cast({"week": pl.Int64}), wanted)
    assert found.columns == COLUMNS


def test_where_nothing_stirs_the_team_would_have_stayed_where_it_was():
    level = np.linspace(0.1, 0.4, 12)
    x = np.repeat(1000 * level[:, None], 30, axis=1)
    n = np.full(x.shape, 1000.0)
    coached = np.arange(12) == 5
    x[coached, 24:] -= 80
    found = course(x, n, coached, 24)
    np.testing.assert_allclose(found["expected"], level[5], atol=1e-9)
    np.testing.assert_allclose(found["coached"][24:], level[5] - 0.08)
    assert (found["low"] < found["expected"]).all()
    assert (found["high"] > found["expected"]).all()


def test_what_moves_all_teams_moves_what_is_expected():
    level = np.repeat(np.linspace(0.1, 0.4, 12)[:, None], 30, axis=1)
    level[:, 26:] += 0.05
    n = np.full(level.shape, 1000.0)
    found = course(level * n, n, np.arange(12) == 5, 24)
    np.testing.assert_allclose(found["expected"], found["coached"], atol=1e-9)


def test_harder_tickets_move_what_is_expected_too():
    level = np.repeat(np.linspace(0.1, 0.4, 12)[:, None], 30, axis=1)
    mix = np.full(level.shape, 0.2)
    coached = np.arange(12) == 5
    for layer in (level, mix):
        layer[coached, 24:] += 0.1
    n = np.full(level.shape, 1000.0)
    found = course(level * n, n, coached, 24, mix)
    np.testing.assert_allclose(found["expected"], found["coached"], atol=1e-9)


def test_each_week_is_a_line_through_the_compared_teams_as_plain_python_draws_it():
    x, n, coached, start = company(3)
    n[2] = 20
    x[2] = np.minimum(x[2], 20)
    found = course(x, n, coached, start)
    base = [sum(row[:44]) / sum(of[:44]) for row, of in zip(x, n, strict=True)]
    trailing = [sum(row[44:52]) / sum(of[44:52]) for row, of in zip(x, n, strict=True)]
    for week in (0, 51, 52, 63):
        rows, right = np.zeros((3, 3)), np.zeros(3)
        for team in np.flatnonzero(~coached):
            term = np.array([1, base[team], trailing[team]])
            rows += n[team, week] * np.outer(term, term)
            right += n[team, week] * term * x[team, week] / n[team, week]
        line = np.linalg.solve(rows, right)
        mine = np.flatnonzero(coached)
        told = sum(n[t, week] * (line @ [1, base[t], trailing[t]]) for t in mine) / sum(n[t, week] for t in mine)
        assert found["expected"][week] == pytest.approx(told, rel=1e-9)


def test_the_band_holds_a_week_of_a_team_that_nobody_coached_19_times_of_20():
    held = []
    for seed in range(60):
        x, n, _, start = company(seed)
        found = course(x, n, np.arange(40) == seed % 40, start)[start:]
        held += ((found["coached"] >= found["low"]) & (found["coached"] <= found["high"])).to_list()
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_too_few_teams_or_too_short_a_past_foretell_nothing():
    x, n, coached, _ = company(1)
    few = np.r_[0:4, np.flatnonzero(coached)[:1]]
    for found in (
        course(x[few], n[few], np.arange(len(few)) == len(few) - 1, 52),
        course(x[:, :30], n[:, :30], coached, 15),
        course(x[:, :30], n[:, :30], coached, -3),
        course(x[:, :30], n[:, :30], coached, 31),
    ):
        assert found.select("expected", "low", "high").null_count().row(0) == (found.height,) * 3
        assert found["coached"].null_count() == 0


def test_before_the_first_coached_week_is_final_the_past_is_told():
    x, n, coached, _ = company(1)
    assert course(x[:, :30], n[:, :30], coached, 30)["expected"].null_count() == 0
