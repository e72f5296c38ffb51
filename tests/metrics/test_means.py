import numpy as np
import pytest

from metrics.means import c4, deviations, means
from tests.metrics.test_charts import column, read
from tests.shared import listed


def weeks(path: str):
    """Mean, deviation and number of the values of each week."""
    table = read(path.replace("_expected", "_input"))
    sample, value = column(table, "sample"), column(table, "obs")
    groups = [value[sample == each] for each in np.unique(sample)]
    return ([g.mean() for g in groups], [g.std(ddof=1) for g in groups], [len(g) for g in groups])


@pytest.mark.parametrize("path", listed("oracles/spc/*_xbar_*_expected.csv"))
def test_charts_of_means_agree_with_qicharts2(path):
    wanted, (mean, sd, n) = read(path), weeks(path)
    np.testing.assert_allclose(mean, column(wanted, "y"), rtol=1e-12)
    for sigmas, low, high in ((3.0, "lcl", "ucl"), (2.0, "lcl.95", "ucl.95")):
        found = means(mean, sd, n, sigmas=sigmas)
        for ours, theirs in ((found.centre, "cl"), (found.lower, low), (found.upper, high)):
            np.testing.assert_allclose(ours, column(wanted, theirs), rtol=1e-12)


def test_charts_of_deviations_as_printed_in_montgomery():
    """Table 6.3: s-bar .0094, B4 2.089, B3 0, n = 5."""
    found = deviations(np.full(25, 0.0094), np.full(25, 5))
    assert found.upper[0] == pytest.approx(2.089 * 0.0094, abs=1e-5)
    assert found.lower[0] == 0


def test_c4_as_tabled():
    np.testing.assert_allclose(c4([2, 5, 25]), [0.7979, 0.9400, 0.9896], atol=5e-5)
    assert np.isnan(c4([1, 0])).all()


def test_a_week_of_one_value_has_no_limits_and_none_makes_no_chart():
    found = means([3.0, 4.0, 5.0], [1.0, np.nan, 1.0], [4, 1, 4])
    assert np.isnan(found.upper[1])
    assert found.upper[0] > found.centre[0]
    assert np.isnan(means([np.nan], [np.nan], [0]).centre).all()


def test_many_series_at_once_are_the_same_as_each_alone():
    rng = np.random.default_rng(1)
    mean, sd, n = rng.normal(size=(3, 9)), rng.random((3, 9)), rng.integers(2, 6, (3, 9))
    together = means(mean, sd, n, np.arange(9) < 6)
    for row in range(3):
        np.testing.assert_allclose(together.upper[row], means(mean[row], sd[row], n[row], np.arange(9) < 6).upper)
