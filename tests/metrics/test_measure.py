import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, nbinom, norm
from scipy.stats import poisson as poisson_law

from metrics.intervals import poisson
from metrics.measure import MEASURES, groups, kinds_of, measure_of

RATE, DISPERSION, RATIO = (measure_of(key) for key in ("rate", "dispersion", "ratio"))


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value], dtype=float) for value in values]


@settings(deadline=None)
@given(st.integers(0, 200), st.floats(0.5, 120), st.floats(1.05, 5))
def test_tails_of_a_rate_are_the_negative_binomials(x, mean, grown):
    law = nbinom(mean / (grown - 1), 1 / grown)
    lower, upper = RATE.tails(*one(x, mean, 1.0, grown))
    middle = law.cdf(x) - law.pmf(x) / 2
    assert (lower[0], upper[0]) == pytest.approx((middle, 1 - middle), abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 200), st.floats(0.5, 120))
def test_scores_of_a_rate_are_those_of_the_poissons_mid_p(x, mean):
    law = poisson_law(mean)
    wanted = np.clip(norm.ppf(np.clip(law.cdf(x) - law.pmf(x) / 2, 1e-300, 1 - 1e-16)), -8, 8)
    assert RATE.score(*one(x, mean, 1.0))[0] == pytest.approx(wanted, abs=1e-6 if abs(wanted) < 7 else 1.0)


@settings(deadline=None)
@given(st.floats(0.1, 300), st.integers(1, 200), st.floats(0.3, 4), st.floats(0.5, 4))
def test_tails_of_a_dispersion_are_the_chi_squares(x, free, level, grown):
    lower, upper = DISPERSION.tails(*one(x, free, level, grown))
    law = chi2(free / grown)
    assert (lower[0], upper[0]) == pytest.approx((law.cdf(x / level / grown), law.sf(x / level / grown)), abs=1e-9)


def test_intervals_of_a_rate_and_a_dispersion_are_exact():
    low, high = RATE.interval(*one(12, 40))
    assert (low[0], high[0]) == pytest.approx([float(v[0]) / 40 for v in poisson([12])], rel=1e-12)
    low, high = DISPERSION.interval(*one(30, 20))
    assert (low[0], high[0]) == pytest.approx((30 / chi2.ppf(0.975, 20), 30 / chi2.ppf(0.025, 20)), rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_what_was_not_counted_says_nothing(measure):
    x, n, level = one(0, 0, 0.2)
    for found in (measure.score(x, n, level), *measure.tails(x, n, level, np.ones(1)), *measure.interval(x, n)):
        assert np.isnan(found).all()
    assert np.isnan(measure.apart(x, n, level)[0]).all()


@pytest.mark.parametrize("measure", MEASURES[:3], ids=lambda measure: measure.key)
def test_the_own_level_makes_the_baselines_total_fit(measure):
    rng = np.random.default_rng(1)
    n, mix = rng.integers(50, 90, (3, 30)).astype(float), np.full((3, 30), 0.3)
    x = np.round(n * 0.2)
    level = measure.own_level(x, n, mix, np.arange(30)[None, :] < np.full((3, 1), 20))
    np.testing.assert_allclose((n * level)[:, :20].sum(axis=1), x[:, :20].sum(axis=1), rtol=0.01)


def test_cells_are_parted_by_what_they_count():
    kinds = kinds_of(["share", "rate", "share", "ratio"])
    found = {measure.key: np.flatnonzero(mine).tolist() for measure, mine in groups(kinds)}
    assert found == {"share": [0, 2], "rate": [1], "ratio": [3]}
    assert [measure.key for measure, _ in groups(None)] == ["share"]
