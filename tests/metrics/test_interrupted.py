import numpy as np
import pytest

from metrics.interrupted import interrupted
from tests.metrics.test_charts import column, read
from tests.metrics.test_effect import scalars

YEARLY = {"harmonics": 2, "period": 12}


def sicily(**how):
    """Heart attacks by month; smoking in public places was banned in January 2005."""
    table = read("oracles/effect/sicily_input.csv")
    month = {"phase": column(table, "month")} if "harmonics" in how else {}
    return interrupted(column(table, "aces"), column(table, "stdpop"), column(table, "smokban") == 1, **how, **month)


@pytest.mark.parametrize(
    ("model", "how"),
    [
        ("m1_poisson", {"chance_only": True}),
        ("m2_quasi", {}),
        ("m3_quasi_harm", YEARLY),
        ("m4_slope", YEARLY | {"slope": True}),
    ],
)
def test_the_sicilian_ban_agrees_with_r(model, how):
    found, wanted = sicily(**how), scalars("sicily")[model]
    np.testing.assert_allclose(found.coefficients, list(wanted["coef"].values()), rtol=1e-9)
    assert (found.ratio, found.low, found.high) == pytest.approx((wanted["RR"], wanted["lo"], wanted["hi"]), rel=1e-9)
    assert (found.p, found.dispersion) == pytest.approx((wanted["p"], wanted["dispersion"]), rel=1e-9)
    assert found.errors[1] == pytest.approx(wanted["se"], rel=1e-9)
    assert np.exp(12 * found.coefficients[2]) == pytest.approx(wanted["trend_per_year"], rel=1e-9)


def test_errors_of_months_that_hang_together_agree_with_newey_and_west():
    found = sicily(**YEARLY)
    assert found.long_run_errors[1] == pytest.approx(scalars("sicily")["m3_neweywest_lag3_se"], rel=1e-9)


def test_a_step_that_is_there_is_found_and_a_trend_is_not_taken_for_one():
    rng = np.random.default_rng(1)
    time, n = np.arange(104), np.full(104, 300.0)
    late, rate = time >= 70, 0.2 * np.exp(0.004 * time)
    assert interrupted(rng.poisson(n * rate), n, late).low < 1 < interrupted(rng.poisson(n * rate), n, late).high
    found = interrupted(rng.poisson(n * rate * np.where(late, 0.7, 1)), n, late)
    assert found.low < 0.7 < found.high < 1


def test_the_interval_covers_the_truth_where_weeks_vary_more_than_chance():
    rng, hits = np.random.default_rng(2), []
    late = np.arange(80) >= 50
    for _ in range(300):
        rate = 40 * rng.gamma(10, 0.1, 80) * np.where(late, 0.8, 1)
        found = interrupted(rng.poisson(rate), np.ones(80), late)
        hits.append(found.low <= 0.8 <= found.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_weeks_without_a_count_are_left_out():
    x = np.array([3.0, 4, np.nan, 5, 3, 6, 7, 8, 6, 7])
    n, late = np.full(10, 9.0), np.arange(10) > 5
    assert np.isfinite(interrupted(x, n, late).p)


@pytest.mark.parametrize(
    ("x", "late", "match"),
    [
        ([1.0] * 10, [False] * 10, "before the start and after"),
        ([0.0] * 10, [False] * 5 + [True] * 5, "nothing was counted"),
        ([1.0] * 3, [False, True, True], "too few"),
    ],
)
def test_what_cannot_be_said_is_refused(x, late, match):
    with pytest.raises(ValueError, match=match):
        interrupted(x, np.ones(len(x)), late)
