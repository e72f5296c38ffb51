"""Power, the draw, and pooling: what is said before an action starts and after many have ended."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics.draw import who_goes_first
from metrics.effect import ancova
from metrics.pooling import between, pool
from metrics.power import outlook, own_spread, power, smallest_effect
from tests.metrics.test_charts import column, read
from tests.metrics.test_funnel import scalars


def test_power_is_what_is_simulated():
    rng = np.random.default_rng(1)
    mine, found = np.arange(40) < 8, []
    for _ in range(600):
        level = rng.normal(0.15, 0.03, 40)
        noise = rng.normal(0, 0.02, 40)
        found.append(ancova(level + noise - 0.02 * mine, level, rng.normal(size=40), mine).p < 0.05)
    assert np.mean(found) == pytest.approx(power(0.02, 0.02, 8, 32), abs=0.08)


def test_more_teams_see_smaller_effects_and_too_few_see_none():
    one, three = smallest_effect(0.02, 1, 30), smallest_effect(0.02, 3, 30)
    assert three < one
    assert power(three, 0.02, 3, 30) == pytest.approx(0.8, abs=1e-6)
    assert np.isnan(smallest_effect(0.02, 1, 3))
    assert np.isnan(smallest_effect(0.02, 1, 10))  # the smallest p there could be is 1 in 11
    assert np.isnan(smallest_effect(float("nan"), 3, 30))


def test_the_outlook_is_better_the_longer_one_waits():
    rng = np.random.default_rng(2)
    n = np.full((30, 60), 50.0)
    x = rng.binomial(50, np.repeat(rng.normal(0.2, 0.03, (30, 1)), 60, axis=1)).astype(float)
    found = outlook(x, n, 3, 27)
    assert list(found) == [4, 9, 13]
    assert found[13] < found[4]
    assert np.isnan(own_spread(x[:, :10], n[:, :10], 4))


def test_the_same_seed_gives_the_same_plan_whatever_the_order():
    wanted = pl.DataFrame(
        {
            "team_id": ["c", "a", "e", "b", "d"],
            "wave": [1, 1, 1, 2, 2],
            "starts_on": [date(2026, 1, 5)] * 3 + [date(2026, 4, 6)] * 2,
        }
    )
    found = who_goes_first(["a", "b", "c", "d", "e"], 7, date(2026, 1, 5))
    assert_frame_equal(found, who_goes_first(["e", "d", "c", "b", "a"], 7, date(2026, 1, 5)))
    assert found.select("wave", "starts_on").equals(wanted.select("wave", "starts_on"))
    assert sorted(found["team_id"]) == sorted(wanted["team_id"])


def test_every_team_goes_first_about_as_often():
    first = [who_goes_first(list("abcdef"), seed, date(2026, 1, 5))["team_id"].head(3).to_list() for seed in range(600)]
    for team in "abcdef":
        assert sum(team in wave for wave in first) == pytest.approx(300, abs=50)


def test_a_draw_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="twice"):
        who_goes_first(["a", "a"], 1, date(2026, 1, 5))
    with pytest.raises(ValueError, match="cannot make"):
        who_goes_first(["a"], 1, date(2026, 1, 5))


def test_the_variance_between_agrees_with_metafor():
    table, wanted = read("oracles/funnel/teams40_identity_expected.csv"), scalars("teams40_identity")
    x, n = column(table, "x"), column(table, "n")
    variance = wanted["target"] * (1 - wanted["target"]) / n
    assert between(x / n, variance) == pytest.approx(wanted["metafor_DL_tau2"], rel=1e-9)


def test_a_lucky_action_is_drawn_towards_the_rest():
    effect, error = np.array([-0.02, -0.03, -0.10, np.nan, -0.02]), np.array([0.01, 0.01, 0.05, 0.01, 0.01])
    found = pool(effect, error)
    assert found.actions == 4
    assert -0.10 < found.shrunk[2] < -0.02
    assert np.isnan(found.shrunk[3])
    assert found.next_low <= found.low < found.effect < found.high <= found.next_high
    assert pool(effect[:1], error[:1]) is None


def test_two_actions_do_not_tell_where_a_third_would_lie():
    found = pool(np.array([-0.02, -0.03]), np.array([0.01, 0.01]))
    assert np.isnan(found.next_low)
    assert found.low < found.effect < found.high


def test_the_next_action_lies_where_it_was_foretold():
    rng, hits = np.random.default_rng(4), []
    for _ in range(300):
        error = rng.uniform(0.01, 0.03, 6)
        found = pool(rng.normal(-0.02, 0.02, 6) + rng.normal(0, error), error)
        hits.append(found.next_low <= rng.normal(-0.02, 0.02) <= found.next_high)
    assert np.mean(hits) == pytest.approx(0.955, abs=0.025)


def test_the_pooled_interval_covers_the_truth():
    rng, hits = np.random.default_rng(3), []
    for _ in range(300):
        error = rng.uniform(0.01, 0.03, 8)
        found = pool(rng.normal(-0.02, 0.01, 8) + rng.normal(0, error), error)
        hits.append(found.low <= -0.02 <= found.high)
    assert 0.93 <= np.mean(hits) <= 0.985
