import numpy as np
import pytest

from metrics.moments import beta_moments, james_stein, marshall
from metrics.shrinkage import beta_binomial
from tests.metrics.test_charts import column, read
from tests.metrics.test_shrinkage import scalars

# Efron & Morris 1975, table 1: hits of 18 batters in their first 45 times at bat in 1970
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7.0])


@pytest.mark.parametrize(
    ("path", "key"),
    [("funnel/teams40_input", "teams40_betabinom"), ("eb/ebbr_test500_input", "ebbr_test500")],
)
def test_moments_agree_with_ebbr(path, key):
    table = read(f"oracles/{path}.csv")
    found, wanted = beta_moments(column(table, "x"), column(table, "n")), scalars(key)["mm"]
    assert (found.alpha, found.beta) == pytest.approx((wanted["alpha"], wanted["beta"]), rel=1e-9)


def test_marshalls_ratios_agree_with_spdep():
    table = read("oracles/eb/teams40_gammapoisson_expected.csv")
    found = marshall(column(table, "obs"), column(table, "E"))
    np.testing.assert_allclose(found, column(table, "marshall"), rtol=1e-9)


def test_batters_are_drawn_together_as_efron_and_morris_did():
    wanted, share = scalars("efron_morris"), HITS / 45
    middle = share.mean()
    found, kept = james_stein(share, middle * (1 - middle) / 45)
    assert (middle, kept) == pytest.approx((wanted["ybar"], wanted["c"]), rel=1e-9)
    np.testing.assert_allclose(found, middle + wanted["c"] * (share - middle), rtol=1e-9)


def test_batters_priors_agree_with_ebbr_and_vgam():
    wanted = scalars("efron_morris_betabinom")
    by_moments, likeliest = beta_moments(HITS, np.full(18, 45)), beta_binomial(HITS, np.full(18, 45))
    assert (by_moments.alpha, by_moments.beta) == pytest.approx((wanted["mm"]["alpha"], wanted["mm"]["beta"]), rel=1e-9)
    assert (likeliest.alpha, likeliest.beta) == pytest.approx(tuple(wanted["mle"].values()), rel=1e-4)
    assert likeliest.negative_loglik == pytest.approx(wanted["negloglik"][0], rel=1e-9)


def test_moments_under_shrink_where_teams_differ_in_size():
    rng, sizes = np.random.default_rng(1), []
    for _ in range(7):
        n = rng.integers(5, 400, 60)
        x = rng.binomial(n, rng.beta(40, 160, 60))
        found, likeliest = beta_moments(x, n), beta_binomial(x, n)
        if likeliest is not None:
            sizes.append((found.alpha + found.beta, likeliest.alpha + likeliest.beta))
    by_moments, by_likelihood = np.median(sizes, axis=0)
    assert by_moments < 120 < by_likelihood


@pytest.mark.parametrize(("x", "n"), [([0, 0, 0], [5, 5, 5]), ([1, 2], [5, 5]), ([], []), ([np.nan] * 4, [0] * 4)])
def test_nothing_can_be_drawn_together_where_teams_are_few_or_alike(x, n):
    assert beta_moments(x, n) is None
    assert marshall(x, n) is None
    assert james_stein(np.array(x, dtype=float)[:3], 0.1) is None


def test_the_likeliest_prior_of_forty_teams_agrees_with_vgam():
    wanted = scalars("teams40_betabinom")
    table = read("oracles/funnel/teams40_input.csv")
    found = beta_binomial(column(table, "x"), column(table, "n"))
    assert (found.alpha, found.beta) == pytest.approx((wanted["mle"]["alpha"], wanted["mle"]["beta"]), rel=1e-5)
    assert found.negative_loglik == pytest.approx(wanted["negloglik"][0], rel=1e-9)
