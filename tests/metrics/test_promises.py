"""What is promised of readings is simulated with fixed seeds. Bounds leave room for the error of the simulation."""

import numpy as np
import polars as pl
import pytest

from benchmarks.simulated import (
    Weeks,
    alarms_a_year,
    made,
    median_delay,
    nhs_rules,
    our_calls,
    our_calls_in_season,
    red_amber_green,
    wrong_share,
)
from metrics.intervals import wilson
from metrics.panel import panel
from metrics.reading import read
from tests.metrics.weekly import calendar, counts

pytestmark = pytest.mark.slow
CELLS, FEWER = 800, 480


@pytest.mark.parametrize("n", [20, 50, 100, 200])
def test_at_most_15_false_alarms_in_a_hundred_team_years(n):
    calls = our_calls(made(np.random.default_rng([1, n]), CELLS, n))
    assert alarms_a_year(calls) <= 0.15


@pytest.mark.parametrize(("n", "within"), [(20, 8), (50, 3), (100, 2), (200, 2)])
def test_ten_points_are_seen_within_weeks(n, within):
    calls = our_calls(made(np.random.default_rng([2, n]), CELLS, n, rise=0.10))
    assert median_delay(calls) <= within


@pytest.mark.parametrize(("share", "n"), [(0.002, 50), (0.01, 20), (0.01, 200), (0.9, 20), (0.15, 5), (0.15, 3000)])
def test_rare_and_frequent_things_and_tiny_and_huge_teams_alarm_no_more_often(share, n):
    assert alarms_a_year(our_calls(made(np.random.default_rng([3, n]), FEWER, n, share))) <= 0.17


def test_half_a_year_of_baseline_alarms_no_more_often():
    weeks = made(np.random.default_rng(4), FEWER, 50, weeks=26 + 52, begins=26)
    assert alarms_a_year(our_calls(weeks, 26)) <= 0.15


@pytest.mark.parametrize("tied", [0.0, 0.7])
def test_weeks_that_vary_more_than_chance_and_hang_together_alarm_hardly_more(tied):
    weeks = made(np.random.default_rng(5), FEWER, 200, varies=0.03, tied=tied)
    assert alarms_a_year(our_calls(weeks)) <= 0.18


def test_a_company_with_a_season_alarms_hardly_more_and_still_sees_a_team_that_rose():
    one = np.arange(80) % 20 == 0
    calls = our_calls_in_season(made(np.random.default_rng(13), 80, 100, season=0.02, rise=0.1 * one, weeks=84))
    assert alarms_a_year(calls[~one]) <= 0.25
    assert median_delay(calls[one]) <= 3


def test_other_rules_alarm_far_more_often():
    weeks = made(np.random.default_rng(6), FEWER, 50)
    assert alarms_a_year(red_amber_green(weeks)) > 2.5
    assert alarms_a_year(nhs_rules(weeks)) > 0.6


def test_of_240_cells_of_which_12_moved_at_most_one_call_in_ten_is_wrong():
    shares, rng = [], np.random.default_rng(7)
    moved = np.arange(240) < 12
    for _ in range(8):
        n = rng.choice([20, 50, 100, 200], 240)
        calls = our_calls(made(rng, 240, n, rise=0.1 * moved, weeks=78), alone=False)
        shares.append(wrong_share(calls, moved))
    assert np.mean(shares) <= 0.10


def test_a_calm_company_shows_a_false_signal_in_few_weeks():
    rng = np.random.default_rng(8)
    weeks = [our_calls(made(rng, 240, 60, weeks=78), alone=False).any(axis=0).mean() for _ in range(6)]
    assert np.mean(weeks) <= 0.15


def mixed(rng: np.random.Generator, cells: int) -> tuple[Weeks, Weeks]:
    """Nothing wrong, but the complex share grows from 33 to 60%: as it looks crude, and with the mix known."""
    n, complex_share = 100, np.where(np.arange(78) < 52, 0.33, 0.60)
    hard = rng.binomial(n, np.broadcast_to(complex_share, (cells, 78)))
    x = (rng.binomial(hard, 0.30) + rng.binomial(n - hard, 0.08)).astype(float)
    of = np.full(x.shape, float(n))
    crude = np.full(x.shape, 0.33 * 0.30 + 0.67 * 0.08)
    mix = (hard * 0.30 + (n - hard) * 0.08) / n
    variance = hard * 0.30 * 0.70 + (n - hard) * 0.08 * 0.92
    return Weeks(x, of, crude, of * crude * (1 - crude)), Weeks(x, of, mix, variance)


def test_the_case_mix_trap_catches_the_crude_share_and_not_the_adjusted_one():
    crude, adjusted = mixed(np.random.default_rng(9), 400)
    assert our_calls(crude).any(axis=1).mean() > 0.8
    assert our_calls(adjusted).any(axis=1).mean() < 0.10


def test_intervals_cover_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(10)
    hits = []
    for n in (20, 60, 200):
        x = rng.binomial(4 * n, 0.15, 6000)
        low, high = wilson(x, np.full(6000, 4 * n))
        hits.append(np.mean((low <= 0.15) & (high >= 0.15)))
    assert np.mean(hits) == pytest.approx(0.95, abs=0.01)


def test_teams_that_do_not_differ_are_told_apart_by_chance_only():
    rng = np.random.default_rng(11)
    told = []
    for seed in range(12):
        x = rng.binomial(60, 0.15, (40, 20))
        found = read(panel(counts(x, 60), calendar(20), {"s": "lower"}))
        told.append((found["compared"] != "cannot be told apart").mean())
        assert len(found) == 40, seed
    assert np.mean(told) <= 0.07


def test_a_thousand_teams_are_read_in_a_moment():
    rng = np.random.default_rng(12)
    frame = counts(rng.binomial(30, 0.15, (1000, 60)), 30)
    found = read(panel(frame, calendar(60), {"s": "lower"}))
    assert found["status"].value_counts().sort("status")["status"].to_list() in (["no change"], ["no change", "signal"])
    assert found.filter(pl.col("status") == "signal").height <= 3
