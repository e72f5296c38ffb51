import numpy as np
import pytest
from scipy.optimize import minimize

from metrics.synthetic import gap_ratio, placebo_rank, simplex_weights, synthetic_control, synthetic_difference
from tests.metrics.test_charts import column, read
from tests.metrics.test_effect import scalars


def smoking():
    """Packs a head, states x years 1970 to 2000; California raised its tax in 1989."""
    table = read("oracles/effect/prop99_input.csv")
    year, packs, state = column(table, "Year"), column(table, "PacksPerCapita"), np.array(table["State"])
    names = np.unique(state)
    return names, np.array([packs[state == s][np.argsort(year[state == s])] for s in names]), names == "California"


def test_synthetic_california_agrees_with_the_simplex_solution():
    (names, packs, mine), wanted = smoking(), scalars("prop99")["simplex"]
    found = synthetic_control(packs, mine, 19)
    assert found.effect == pytest.approx(wanted["att"], rel=1e-6)
    np.testing.assert_allclose(found.gap, list(wanted["gap"].values()), atol=1e-4)
    assert np.sqrt((found.gap[:19] ** 2).mean()) == pytest.approx(wanted["preRMSPE"], rel=1e-6)
    weights = dict(zip(names[~mine], found.weights, strict=True))
    for state, weight in weights.items():
        assert weight == pytest.approx(wanted["weights"].get(state, 0.0), abs=1e-5), state


def test_every_states_ratio_of_gaps_and_the_rank_agree():
    (names, packs, mine), wanted = smoking(), scalars("prop99")["simplex"]
    others = names[~mine]
    for state in others[::6]:
        assert gap_ratio(packs[~mine], others == state, 19) == pytest.approx(wanted["mspe_ratio"][state], rel=2e-4)
    assert gap_ratio(packs, mine, 19) == pytest.approx(wanted["mspe_ratio"]["California"], rel=1e-5)
    assert placebo_rank(packs, mine, 19) == pytest.approx(wanted["p_perm"], rel=1e-12)


def test_synthetic_difference_in_differences_agrees_with_synthdid():
    """synthdid stops its search early (1e-3 of the noise) and drops small weights; ours is the minimum itself."""
    (_, packs, mine), wanted = smoking(), scalars("prop99")
    found = synthetic_difference(packs, mine, 19)
    assert found.effect == pytest.approx(wanted["sdid"], rel=2e-4)
    np.testing.assert_allclose(found.week_weights[-3:], list(wanted["sdid_time_weights"].values()), rtol=1e-5)
    assert synthetic_control(packs, mine, 19).effect == pytest.approx(wanted["sc"], rel=6e-3)


def test_weights_are_those_of_a_general_solver():
    rng = np.random.default_rng(1)
    columns, target = rng.normal(size=(12, 5)), rng.normal(size=12)
    for intercept, ridge in ((False, 0.0), (True, 0.4)):

        def loss(w, intercept=intercept, ridge=ridge):
            off = columns @ w - target
            off = off - off.mean() * intercept
            return off @ off + ridge**2 * 12 * w @ w

        found = minimize(
            loss,
            np.full(5, 0.2),
            bounds=[(0, 1)] * 5,
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
            options={"ftol": 1e-14},
        )
        np.testing.assert_allclose(
            simplex_weights(columns, target, intercept=intercept, ridge=ridge), found.x, atol=1e-5
        )


def test_an_effect_that_is_there_is_found_and_ranked_first():
    rng = np.random.default_rng(2)
    level = rng.normal(0.2, 0.03, (30, 1)) + 0.02 * np.sin(np.arange(60) / 5)
    share = rng.binomial(200, np.clip(level, 0.01, 1)) / 200
    usual = int(np.argmin(np.abs(level[:, 0] - 0.2)))  # a mix of others cannot follow the best or the worst team
    mine = np.arange(30) == usual
    share[usual, 50:] -= 0.08
    for method in (synthetic_control, synthetic_difference):
        assert method(share, mine, 50).effect == pytest.approx(-0.08, abs=0.02)
    assert placebo_rank(share, mine, 50) == pytest.approx(1 / 30)


def test_several_treated_teams_are_taken_as_one():
    (_, packs, _), two = smoking(), np.arange(39) < 2
    found = synthetic_control(packs, two, 19)
    assert len(found.weights) == 37
    assert found.weights.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="one treated"):
        placebo_rank(packs, two, 19)


@pytest.mark.parametrize(
    ("shape", "start", "match"), [((2, 9), 4, "other teams"), ((5, 9), 9, "weeks"), ((5, 9), 1, "weeks")]
)
def test_what_cannot_be_compared_is_refused(shape, start, match):
    with pytest.raises(ValueError, match=match):
        synthetic_control(np.ones(shape), np.arange(shape[0]) == 0, start)


def test_a_missing_week_is_refused():
    with pytest.raises(ValueError, match="missing"):
        synthetic_control(np.full((5, 9), np.nan), np.arange(5) == 0, 4)
