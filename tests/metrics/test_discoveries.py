import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom, norm

from metrics.discoveries import binomial_score, false_discovery_q, family_wise_p, tails, two_sided
from tests.metrics.test_charts import column, read


def test_q_agrees_with_p_adjust_and_four_are_found():
    table = read("oracles/fdr/bh1995_expected.csv")
    found = false_discovery_q(column(table, "p"))
    np.testing.assert_allclose(found, column(table, "BH"), rtol=1e-12)
    assert (found <= 0.05).sum() == 4
    for ours, theirs in (
        (false_discovery_q(column(table, "p"), dependent=True), "BY"),
        (family_wise_p(column(table, "p")), "holm"),
        (family_wise_p(column(table, "p"), holm=False), "bonferroni"),
    ):
        np.testing.assert_allclose(ours, column(table, theirs), rtol=1e-12)
    assert (family_wise_p(column(table, "p"), holm=False) <= 0.05).sum() == 3


def test_what_is_missing_takes_no_part():
    np.testing.assert_allclose(false_discovery_q([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])
    assert np.isnan(false_discovery_q([np.nan])).all()
    assert false_discovery_q([]).shape == (0,)
    np.testing.assert_allclose(family_wise_p([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])


counts = st.integers(2, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None)
@given(counts, st.floats(0.02, 0.98), st.floats(1.01, 6))
def test_tails_are_the_beta_binomials(pair, share, inflation):
    x, n = pair
    rho = min((inflation - 1) / (n - 1), 0.999)
    law = betabinom(n, share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho)
    lower, upper = tails([x], [n], [share], [inflation])
    below, mass = law.pmf(np.arange(x)).sum(), law.pmf(x)
    assert lower[0] == pytest.approx(below + mass / 2, abs=1e-9)
    assert upper[0] == pytest.approx(1 - below - mass / 2, abs=1e-9)


@settings(deadline=None)
@given(counts, st.floats(0.02, 0.98))
def test_without_inflation_they_are_the_binomials(pair, share):
    x, n = pair
    lower, upper = tails([x], [n], [share], [1.0])
    exact = np.clip(binom.cdf(x, n, share) - binom.pmf(x, n, share) / 2, 0, 1)
    wanted = norm.cdf(np.clip(norm.ppf(exact), -8, 8))
    assert lower[0] == pytest.approx(wanted, abs=1e-9)
    assert two_sided(lower, upper)[0] == pytest.approx(min(1, 2 * min(wanted, 1 - wanted)), abs=1e-8)


def test_large_counts_go_over_to_the_normal_law_smoothly():
    n, share = 20_000.0, 0.03
    rho = 1.0 / (n - 1)
    law = betabinom(int(n), share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho)
    for x in (500, 700):
        lower, upper = tails([x], [n], [share], [2.0])
        exact = law.pmf(np.arange(x)).sum() + law.pmf(x) / 2
        assert min(lower[0], upper[0]) == pytest.approx(min(exact, 1 - exact), rel=0.25)


@pytest.mark.parametrize(("x", "n"), [(0, 50), (50, 50), (3, 0)])
def test_none_all_and_nothing_have_scores_without_a_warning(x, n):
    score = binomial_score(x, n, 0.2)
    assert np.isnan(score) if n == 0 else (score > 0) == (x > 0)


def test_a_certain_share_is_no_division_by_zero():
    assert binomial_score(1, 50, 0.0) > 6.0
    assert abs(binomial_score(0, 50, 0.0)) < 1.0


def test_scores_of_chance_are_standard_normal():
    rng = np.random.default_rng(10)
    scores = binomial_score(rng.binomial(80, 0.2, 20_000), 80, 0.2)
    assert scores.mean() == pytest.approx(0, abs=0.02)
    assert scores.std() == pytest.approx(1, abs=0.02)
