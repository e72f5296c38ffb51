import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.spread import hanging_together, long_run_spread, moderated


def tied(r: float, cells: int = 40, weeks: int = 52, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(cells, weeks))
    for week in range(1, weeks):
        z[:, week] = r * z[:, week - 1] + np.sqrt(1 - r**2) * z[:, week]
    return z


@pytest.mark.parametrize("r", [0.3, 0.6])
def test_many_teams_tell_how_weeks_hang_together(r):
    """The variance of an EWMA that keeps .7 grows by (1 + .7 r) / (1 - .7 r) where weeks follow an AR(1)."""
    wanted = np.sqrt((1 + 0.7 * r) / (1 - 0.7 * r))
    found = np.mean([hanging_together(tied(r, seed=seed)) for seed in range(12)])
    assert found == pytest.approx(wanted, rel=0.06)


def test_weeks_of_pure_chance_seldom_seem_to_hang_together():
    found = [hanging_together(tied(0.0, seed=seed)) for seed in range(100)]
    assert np.mean(np.array(found) > 1) <= 0.12
    assert max(found) < 1.15


def test_an_odd_teams_spread_is_drawn_towards_the_rest_and_all_the_way_where_only_chance_parts_them():
    rng = np.random.default_rng(2)
    freedom = np.full(200, 51.0)
    alike = rng.chisquare(51, 200) / 51
    assert moderated(alike, freedom).std() < alike.std() / 4
    differ = alike * rng.uniform(0.3, 3, 200)
    drawn = moderated(differ, freedom)
    assert drawn.std() > 0.8 * differ.std()
    assert (np.abs(drawn - drawn.mean()) <= np.abs(differ - differ.mean()) + 0.2).all()


def test_it_is_what_a_plain_sum_gives():
    z = tied(0.5, 6, 40)
    r = []
    for lag in range(1, 13):
        each = []
        for row in z:
            off = row - row.mean()
            each.append(sum(off[t] * off[t - lag] for t in range(lag, 40)) / sum(v * v for v in off))
        r.append(np.mean(sorted(each)))  # of six none is trimmed
    fading = [max(1 - k / 9, 0) for k in range(1, 13)]
    long_run = (1 + 2 * sum(f * each for f, each in zip(fading, r, strict=True))) / (1 - 2 * sum(fading) / 40)
    wanted = np.sqrt(1 + 2 * sum(0.7**k * (each + long_run / 40) for k, each in enumerate(r, 1)))
    assert hanging_together(z) == pytest.approx(wanted, rel=1e-9)


def test_a_cell_without_peers_or_weeks_stands_on_its_own():
    z = tied(0.0, 4, 30)
    based = np.ones(z.shape, dtype=bool)
    alone = long_run_spread(z, based)
    np.testing.assert_array_equal(alone, long_run_spread(z, based, np.zeros(4, dtype=int)))  # four are too few
    assert (long_run_spread(np.full((7, 30), np.nan), np.ones((7, 30), dtype=bool), np.zeros(7, dtype=int)) == 1).all()


def test_signs_do_not_tell_each_other():
    calm, moody = tied(0.0, 20), 3 * tied(0.6, 20, seed=3)
    both, based = np.vstack([calm, moody]), np.ones((40, 52), dtype=bool)
    together = long_run_spread(both, based, np.repeat([0, 1], 20))
    np.testing.assert_allclose(together[:20], long_run_spread(calm, based[:20], np.zeros(20, dtype=int)))
    assert together[20:].min() > 2 * together[:20].max()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 60))
def test_it_is_never_below_chance(seed, cells, weeks):
    rng = np.random.default_rng(seed)
    z = np.where(rng.random((cells, weeks)) < 0.2, np.nan, rng.normal(size=(cells, weeks)) * rng.choice([0, 1, 4]))
    found = long_run_spread(z, np.ones(z.shape, dtype=bool), rng.integers(0, 2, cells))
    assert (found >= 1).all()
    assert np.isfinite(found).all()
