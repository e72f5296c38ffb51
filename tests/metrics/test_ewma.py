import json

import numpy as np
import pytest

from metrics.ewma import ewma, limit_for, run_length, spread_after
from tests.metrics.test_charts import column, read
from tests.shared import shared


def test_averages_and_limits_as_printed_in_montgomery():
    table = read("oracles/arl/montgomery_t9.1_cusum_ewma_expected.csv")
    found = ewma(column(table, "x"), lam=0.1, start=10.0)[0]
    reach = 2.7 * spread_after(np.arange(1.0, len(found) + 1), 0.1)
    np.testing.assert_allclose(found, column(table, "z"), rtol=1e-8)
    np.testing.assert_allclose(10 - reach, column(table, "lcl"), rtol=1e-8)
    np.testing.assert_allclose(10 + reach, column(table, "ucl"), rtol=1e-8)


def test_averages_and_limits_agree_with_qcc_on_piston_rings():
    wanted = json.loads(shared("oracles/spc/qcc27_expected.json").read_text())
    diameters = column(read("oracles/spc/qcc_pistonrings_input.csv"), "diameter").reshape(-1, 5)
    means, centre = diameters.mean(axis=1), diameters[:25].mean()
    found = ewma(means, start=centre)[0]
    np.testing.assert_allclose(found, wanted["ewma"]["y"], rtol=1e-9)
    sd = np.ptp(diameters[:25], axis=1).mean() / 2.326 / np.sqrt(5)
    reach = 3 * sd * spread_after(np.arange(1.0, len(means) + 1))
    np.testing.assert_allclose(centre + reach, wanted["ewma"]["ucl"], rtol=1e-9)


def test_with_no_memory_it_is_a_plain_chart_of_three_spreads():
    table = read("oracles/arl/shewhart_normal_arl.csv")
    for mean, wanted in zip(column(table, "mu"), column(table, "arl_3sigma"), strict=True):
        assert run_length(3.0, lam=1.0, mean=mean) == pytest.approx(wanted, rel=1e-6)


def test_run_length_is_what_is_simulated():
    rng = np.random.default_rng(4)
    limit = limit_for(100.0)
    weeks = ewma(rng.normal(size=(4000, 900)))
    out = np.abs(weeks) > limit * np.sqrt(0.2 / 1.8)
    first = np.where(out.any(axis=1), out.argmax(axis=1) + 1, 900)
    assert first.mean() == pytest.approx(100, abs=5)


def test_limit_of_lucas_and_saccucci():
    """Their table: lambda .25, L 2.998 gives 500."""
    assert run_length(2.998, 0.25) == pytest.approx(500, rel=0.01)
    assert limit_for(500, 0.25) == pytest.approx(2.998, abs=0.005)


def test_a_gap_changes_nothing_and_nothing_is_nothing():
    np.testing.assert_allclose(ewma([1.0, np.nan, 1.0]), [[0.2, 0.2, 0.36]])
    assert np.isnan(ewma(np.full((1, 3), np.nan))).all()


def test_a_run_length_of_a_week_is_refused():
    with pytest.raises(ValueError, match="no warning"):
        limit_for(0.5)
