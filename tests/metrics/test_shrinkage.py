import json

import numpy as np
import pytest

from metrics.shrinkage import beta_binomial, chance_above, gamma_poisson, shrunk_ratios, shrunk_shares
from tests.metrics.test_charts import column, read
from tests.shared import shared


def scalars(name: str) -> dict:
    return json.loads(shared("oracles/eb/eb_scalars.json").read_text())[name]


def test_the_prior_of_forty_teams_agrees_with_the_precise_maximum():
    table = read("oracles/funnel/teams40_input.csv")
    wanted = json.loads(shared("oracles/eb/teams40_betabinom_mle_highprec.json").read_text())
    found = beta_binomial(column(table, "x"), column(table, "n"))
    assert (found.alpha, found.beta) == pytest.approx((wanted["alpha"], wanted["beta"]), rel=1e-5)
    assert found.negative_loglik == pytest.approx(wanted["nll"], rel=1e-10)


def test_the_prior_of_five_hundred_agrees_with_vgam():
    table, wanted = read("oracles/eb/ebbr_test500_input.csv"), scalars("ebbr_test500")
    found = beta_binomial(column(table, "x"), column(table, "n"))
    assert (found.alpha, found.beta) == pytest.approx((wanted["mle"]["alpha"], wanted["mle"]["beta"]), rel=1e-4)
    assert found.negative_loglik == pytest.approx(wanted["negloglik"][0], rel=1e-9)


def test_shrunk_shares_agree_with_ebbr():
    table = read("oracles/eb/teams40_betabinom_expected.csv")
    prior = beta_binomial(column(table, "x"), column(table, "n"))
    found = shrunk_shares(column(table, "x"), column(table, "n"), prior)
    for ours, theirs in ((found.middle, "fitted"), (found.low, "low"), (found.high, "high")):
        np.testing.assert_allclose(ours, column(table, theirs), rtol=1e-6)
    middle = prior.alpha / (prior.alpha + prior.beta)
    for share, name in ((middle, "pr_gt_prior_mean"), (0.20, "pr_gt_020")):
        above = chance_above(column(table, "x"), column(table, "n"), prior, share)
        np.testing.assert_allclose(above, column(table, name), rtol=1e-4, atol=1e-12)


def test_shrunk_ratios_agree_with_glm_nb():
    table, wanted = read("oracles/eb/teams40_gammapoisson_expected.csv"), scalars("teams40_gammapoisson")
    prior = gamma_poisson(column(table, "obs"), column(table, "E"))
    assert prior.alpha == pytest.approx(wanted["glmnb_theta"], rel=1e-4)
    assert prior.alpha / prior.beta == pytest.approx(wanted["glmnb_mu"], rel=1e-5)
    found = shrunk_ratios(column(table, "obs"), column(table, "E"), prior)
    for ours, theirs in ((found.middle, "gp_fitted"), (found.low, "gp_low"), (found.high, "gp_high")):
        np.testing.assert_allclose(ours, column(table, theirs), rtol=1e-5)


@pytest.mark.parametrize(
    ("x", "n"),
    [([0, 0, 0, 0], [9, 9, 9, 9]), ([9, 9, 9], [9, 9, 9]), ([3, 4], [9, 9]), ([5] * 30, [50] * 30), ([], [])],
)
def test_no_prior_where_teams_are_too_few_or_do_not_differ(x, n):
    assert beta_binomial(x, n) is None


@pytest.mark.parametrize(("x", "fair"), [([0, 0, 0], [2.0, 3, 4]), ([3, 4], [3.0, 4]), ([5] * 30, [5.0] * 30)])
def test_no_gamma_prior_either(x, fair):
    assert gamma_poisson(x, fair) is None


def test_a_team_without_tickets_gets_the_middle():
    prior = beta_binomial([1, 9, 4, 20], [30, 30, 30, 30])
    assert shrunk_shares([0], [0], prior).middle[0] == pytest.approx(prior.alpha / (prior.alpha + prior.beta))
