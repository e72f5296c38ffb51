"""Worth watching: earlier and quieter than a signal, for the worse alone, wrong as often as it says."""

from datetime import timedelta

import numpy as np
import pytest

from metrics import verdict
from metrics.cusum import limit_for
from metrics.monitor import standardise
from metrics.panel import panel
from metrics.reading import read
from tests.metrics.weekly import START, calendar, counts

YEAR, TEAMS = 52, 300


def watched_from(x, n, weeks):
    """Teams by the weeks after the first year: is each worth watching then?"""
    based = np.broadcast_to(np.arange(x.shape[1]) < YEAR, x.shape)
    share = np.full(x.shape, 0.15)
    standard = standardise(x, n, share, n * share * 0.85, based)
    every = np.ones(len(x), dtype=bool)
    told = [
        verdict.watched(standard, n, every, np.full(len(x), week), every, np.zeros(len(x), dtype=np.int64)) >= 0
        for week in range(YEAR, YEAR + weeks)
    ]
    return np.stack(told, axis=1)


def test_a_steady_team_is_worth_watching_about_once_in_two_years():
    rng = np.random.default_rng(3)
    n = np.full((TEAMS, 2 * YEAR), 50.0)
    found = watched_from(rng.binomial(50, 0.15, n.shape).astype(float), n, YEAR)
    begun = np.diff(found.astype(int), axis=1, prepend=0) > 0
    assert begun.sum() / TEAMS == pytest.approx(52 / verdict.WATCH_EVERY, abs=0.15)
    assert found.mean() < 0.06


def test_half_of_all_rises_of_five_points_are_worth_watching_within_six_weeks():
    rng = np.random.default_rng(4)
    n = np.full((TEAMS, YEAR + 6), 50.0)
    share = np.where(np.arange(YEAR + 6) < YEAR, 0.15, 0.2)
    assert watched_from(rng.binomial(50, share, n.shape).astype(float), n, 6).any(axis=1).mean() > 0.5


@pytest.mark.parametrize(("better", "watched"), [("lower", True), ("higher", False)])
def test_a_lean_to_the_worse_is_told_with_the_week_in_which_it_began(better, watched):
    x = np.tile([7, 8], 40)
    x[-4:] = [11, 11, 12, 11]  # 15% of 50, then 22%
    laid = panel(counts(np.vstack([x, np.tile([7, 8], 40)]), 50), calendar(80), {"s": better})
    found = read(laid).sort("team_id")
    began = START + timedelta(weeks=76)
    assert found["watch_since"].to_list() == [began if watched and found["status"][0] != "signal" else None, None]
    assert found["status"].to_list() == ["no change", "no change"]


def test_a_signal_and_a_team_of_too_few_are_not_worth_watching_besides():
    x = np.tile([7, 8], 40)
    x[-4:] = 30
    found = read(panel(counts(np.vstack([x, x // 7]), [[50], [7]]), calendar(80), {"s": "lower"}))
    assert found.filter(status="signal").height >= 1
    assert found["watch_since"].null_count() == 2


def test_the_limit_is_found_and_no_constant():
    assert limit_for(verdict.WATCH_EVERY, verdict.WATCH_K, two_sided=False) == pytest.approx(2.886, abs=0.001)
