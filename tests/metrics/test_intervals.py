import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from scipy.stats import poisson as poisson_law

from metrics.intervals import byar, clopper_pearson, observed_over_expected, poisson, wilson
from tests.metrics.test_charts import column, read


def test_poisson_and_byar_agree_with_r():
    table = read("oracles/casemix/medpar_oe_expected.csv")
    observed, expected = column(table, "O"), column(table, "E")
    for ours, name in zip(observed_over_expected(observed, expected), ("SMR", "pois_lo", "pois_hi"), strict=True):
        np.testing.assert_allclose(ours, column(table, name), rtol=1e-8, atol=1e-12)
    for method, name in ((poisson, "pois"), (byar, "byar")):
        low, high = method(observed)
        np.testing.assert_allclose(low / expected, column(table, f"{name}_lo"), rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(high / expected, column(table, f"{name}_hi"), rtol=1e-8)


@settings(deadline=None)
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_shares_agree_with_scipy(pair):
    x, n = pair
    for method, name in ((wilson, "wilson"), (clopper_pearson, "exact")):
        theirs = binomtest(x, n).proportion_ci(method=name)
        low, high = method(x, n)
        assert (float(low), float(high)) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_no_tickets_no_interval():
    for method in (wilson, clopper_pearson):
        low, high = method([0, 3], [0, 9])
        assert np.isnan([low[0], high[0]]).all()
        assert 0 < low[1] < high[1] < 1


def test_a_confidence_outside_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, 95)


def coverage(method, n, p):
    x = np.arange(n + 1)
    low, high = method(x, np.full(n + 1, n))
    return binom.pmf(x, n, p)[(low <= p) & (p <= high)].sum()


def test_wilson_covers_95_percent_on_average_and_the_exact_one_always():
    shares = np.linspace(0.02, 0.5, 97)
    for n in (20, 50, 200):
        assert np.mean([coverage(wilson, n, p) for p in shares]) == pytest.approx(0.95, abs=0.01)
        assert min(coverage(clopper_pearson, n, p) for p in shares) >= 0.95


def test_the_poisson_interval_covers_at_least_95_percent():
    x = np.arange(400)
    low, high = poisson(x)
    for mean in (0.5, 3.0, 10.0, 100.0):
        assert poisson_law.pmf(x, mean)[(low <= mean) & (mean <= high)].sum() >= 0.95
