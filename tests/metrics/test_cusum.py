import csv
import json

import numpy as np
import pytest
from scipy.stats import norm

from metrics.cusum import (
    accumulate,
    cusum,
    limit_for,
    risk_run_length,
    risk_weights,
    run_length,
    run_length_two_sided,
)
from tests.metrics.test_charts import column, read
from tests.shared import shared

D2_OF_5 = 2.326  # mean range of five normal values over their standard deviation


def test_run_lengths_agree_with_r_spc():
    with shared("oracles/arl/cusum_normal_arl.csv").open() as file:
        for row in csv.DictReader(file):
            k, h, mean = (float(row[name]) for name in ("k", "h", "mu"))
            assert run_length(h, k, mean) == pytest.approx(float(row["arl_one"]), rel=1e-6)
            assert run_length_two_sided(h, k, mean) == pytest.approx(float(row["arl_two"]), rel=1e-6)
            ahead = run_length_two_sided(h, k, mean, head_start=h / 2)
            assert ahead == pytest.approx(float(row["arl_two_fir"]), rel=1e-4)


def test_the_run_length_is_what_a_markov_chain_says():
    """Brook & Evans: [0, h) cut into 400 states; differs by the width of a state."""
    h, k, states = 4.0, 0.5, 400
    width = 2 * h / (2 * states - 1)
    at = np.arange(states) * width
    moves = norm.cdf(at[None, :] - at[:, None] + width / 2 + k) - norm.cdf(at[None, :] - at[:, None] - width / 2 + k)
    moves[:, 0] = norm.cdf(width / 2 - at + k)
    assert np.linalg.solve(np.eye(states) - moves, np.ones(states))[0] == pytest.approx(run_length(h, k), rel=1e-3)


@pytest.mark.parametrize("wanted", [50.0, 370.0, 465.443506032])
def test_the_limit_gives_the_run_length_that_was_asked_for(wanted):
    assert run_length_two_sided(limit_for(wanted)) == pytest.approx(wanted, rel=1e-6)


def test_the_limit_for_465_weeks_is_five():
    assert limit_for(465.443506032) == pytest.approx(5.0, abs=1e-6)


def test_a_run_length_of_a_week_is_refused():
    with pytest.raises(ValueError, match="no warning"):
        limit_for(1.0)


def test_sums_as_printed_in_montgomery():
    table = read("oracles/arl/montgomery_t9.1_cusum_ewma_expected.csv")
    found = cusum(column(table, "x") - 10)
    np.testing.assert_allclose(found.up[0], column(table, "Cplus"), atol=1e-9)
    np.testing.assert_allclose(found.down[0], column(table, "Cminus"), atol=1e-9)


def test_sums_agree_with_qcc_on_piston_rings():
    wanted = json.loads(shared("oracles/spc/qcc27_expected.json").read_text())
    table = read("oracles/spc/qcc_pistonrings_input.csv")
    means = column(table, "diameter").reshape(-1, 5).mean(axis=1)
    trial = means[:25]
    sd = np.ptp(column(table, "diameter").reshape(-1, 5)[:25], axis=1).mean() / D2_OF_5 / np.sqrt(5)
    found = cusum((means - trial.mean()) / sd)
    np.testing.assert_allclose(found.up[0], wanted["cusum"]["pos"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(-found.down[0], wanted["cusum"]["neg"], rtol=1e-6, atol=1e-8)


def test_since_is_the_first_week_after_the_last_zero_and_gaps_are_passed_over():
    z = np.array([[-1.0, 2, -5, 1.5, np.nan, 1.5, 1.5]])
    found = cusum(z)
    np.testing.assert_allclose(found.up[0], [0, 1.5, 0, 1, 1, 2, 3])
    assert found.up_since[0].tolist() == [-1, 1, -1, 3, 3, 3, 3]


def test_weights_and_sums_of_a_risk_adjusted_cusum_agree_with_vlad():
    scalars = json.loads(shared("oracles/racusum/racusum_scalars.json").read_text())
    slope = 0.077
    low, high = (1 / (1 + np.exp(3.68 - slope * s)) for s in (0, 50))
    ours = [risk_weights(y, p, 2.0) for p in (low, high) for y in (0, 1)]
    np.testing.assert_allclose(ours, scalars["steiner_scores_OR2"], rtol=1e-9)
    ours = [risk_weights(y, p, 0.5) for p in (low, high) for y in (0, 1)]
    np.testing.assert_allclose(ours, scalars["steiner_scores_OR05"], rtol=1e-9)
    table = read("oracles/racusum/cardiac_racusum_expected.csv")
    y, p = column(table, "y"), column(table, "p")
    np.testing.assert_allclose(accumulate(risk_weights(y, p, 2.0))[0], column(table, "cusum_up"), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(accumulate(risk_weights(y, p, 0.5))[0], column(table, "cusum_dn"), rtol=1e-6, atol=1e-8)


def parsonnet_mix():
    scalars = json.loads(shared("oracles/racusum/racusum_scalars.json").read_text())
    table = read("oracles/racusum/parsonnet_phaseI_mix.csv")
    return scalars, column(table, "Parsonnet"), column(table, "w")


@pytest.mark.parametrize("h", [2.0, 3.0, 4.5])
@pytest.mark.parametrize(("key", "ratio"), [("ARL0", 1.0), ("ARL1_OR2", 2.0)])
def test_run_length_of_a_risk_adjusted_cusum_agrees_with_vlad(h, key, ratio):
    scalars, score, shares = parsonnet_mix()
    risk = 1 / (1 + np.exp(-scalars["coef"]["(Intercept)"] - scalars["coef"]["Parsonnet"] * score))
    assert risk_run_length(h, risk, shares, 2.0, ratio) == pytest.approx(scalars[key][f"h{h:g}"], rel=1e-9)


def test_run_length_with_steiners_coefficients_agrees_with_vlad():
    scalars, score, shares = parsonnet_mix()
    found = risk_run_length(4.5, 1 / (1 + np.exp(3.68 - 0.077 * score)), shares)
    assert found == pytest.approx(scalars["ARL0_steinercoef_h4.5"], rel=1e-9)


def test_the_first_alarm_of_the_cardiac_series_is_where_vlad_has_it():
    scalars = json.loads(shared("oracles/racusum/racusum_scalars.json").read_text())
    table = read("oracles/racusum/cardiac_racusum_expected.csv")
    up = accumulate(risk_weights(column(table, "y"), column(table, "p")))[0]
    assert len(up) == scalars["N"]
    assert up.max() == pytest.approx(scalars["cusum_up_max"], rel=1e-9)
    assert np.argmax(up > 4.5) + 1 == scalars["first_up_gt_4.5"]


def test_the_run_length_of_a_risk_adjusted_cusum_is_what_is_simulated():
    rng = np.random.default_rng(3)
    risk = rng.choice([0.1, 0.3], (1500, 1200))
    out = accumulate(risk_weights(rng.random(risk.shape) < risk, risk)) > 1.5
    length = np.where(out.any(axis=1), out.argmax(axis=1) + 1, 1200)
    assert risk_run_length(1.5, [0.1, 0.3], [1, 1]) == pytest.approx(length.mean(), rel=0.1)


def test_a_limit_or_a_risk_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="risks between 0 and 1"):
        risk_run_length(3.0, [0.0, 0.5], [1, 1])
