import json

import numpy as np
import pytest

from metrics.funnel import Z95, Z998, against, overdispersion, ratios, share_limits, shares
from tests.metrics.test_charts import column, read
from tests.shared import shared


def scalars(name: str) -> dict[str, float]:
    return json.loads(shared("oracles/funnel/funnel_scalars.json").read_text())[name]


@pytest.mark.parametrize("name", ["medpar_PR_died", "teams40_PR", "teams40_PR_trim0"])
def test_shares_agree_with_funnelplotr(name):
    table, wanted = read(f"oracles/funnel/{name}_expected.csv"), scalars(name)
    found = shares(column(table, "numerator"), column(table, "denominator"), winsor=wanted["trim_by"])
    assert found.phi == pytest.approx(wanted["phi"], rel=1e-8)
    assert found.tau2 == pytest.approx(wanted["tau2"], rel=1e-8)
    np.testing.assert_allclose(found.z, column(table, "OD_z"), rtol=1e-7, atol=1e-9)
    large = column(table, "denominator") >= 20  # its limits are patched below
    for z, low, high in ((Z95, "odll95", "odul95"), (Z998, "odll998", "odul998")):
        ours = share_limits(found, z)
        np.testing.assert_allclose(ours[0][large], column(table, low)[large], rtol=2e-4, atol=1e-5)
        np.testing.assert_allclose(ours[1][large], column(table, high)[large], rtol=2e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["teams40_SR_CQC"])
def test_observed_over_expected_agrees_with_funnelplotr(name):
    table, wanted = read(f"oracles/funnel/{name}_expected.csv"), scalars(name)
    found = ratios(column(table, "numerator"), column(table, "denominator"))
    assert found.phi == pytest.approx(wanted["phi"], rel=1e-8)
    assert found.tau2 == pytest.approx(wanted["tau2"], rel=1e-8)
    np.testing.assert_allclose(found.z, column(table, "OD_z"), rtol=1e-7)


def test_plain_proportions_agree_with_metafor():
    table, wanted = read("oracles/funnel/teams40_identity_expected.csv"), scalars("teams40_identity")
    x, n = column(table, "x"), column(table, "n")
    error = np.sqrt(wanted["target"] * (1 - wanted["target"]) / n)
    found = against(x / n - wanted["target"], error, wanted["target"])
    np.testing.assert_allclose(found.raw_z, column(table, "z"), rtol=1e-9)
    np.testing.assert_allclose(found.z, column(table, "z_add"), rtol=1e-9)
    assert (found.phi, found.tau2) == pytest.approx((wanted["phi_winsor"], wanted["tau2_winsor"]), rel=1e-9)
    raw = against(x / n - wanted["target"], error, wanted["target"], winsor=0)
    assert (raw.phi, raw.tau2) == pytest.approx((wanted["phi_raw"], wanted["tau2_raw"]), rel=1e-9)
    assert raw.tau2 == pytest.approx(wanted["metafor_DL_tau2"], rel=1e-9)


def test_a_team_without_tickets_is_left_out_and_two_teams_have_no_spread_to_learn():
    found = shares([3, 0, 5], [10, 0, 10])
    assert np.isnan(found.z[1])
    assert found.tau2 == 0
    assert found.target == 0.4
    assert overdispersion(np.array([9.0, -9.0]), np.ones(2)) == (1.0, 0.0)


@pytest.mark.parametrize("x", [0.0, 10.0])
def test_teams_that_are_all_the_same_are_not_told_apart(x):
    found = shares(np.full(6, x), np.full(6, 10.0))
    assert (np.abs(found.z) < 1e-12).all()


def test_teams_that_do_not_differ_are_told_apart_about_as_often_as_chance_says():
    rng = np.random.default_rng(5)
    flagged = []
    for _ in range(300):
        n = rng.integers(40, 400, 40)
        flagged.append((np.abs(shares(rng.binomial(n, 0.15), n).z) > Z95).mean())
    assert np.mean(flagged) == pytest.approx(0.05, abs=0.012)


def test_teams_that_always_differ_are_not_flagged_for_being_large():
    rng = np.random.default_rng(6)
    plain, ours = [], []
    for _ in range(300):
        n = rng.integers(500, 4000, 40)
        found = shares(rng.binomial(n, np.clip(rng.normal(0.15, 0.03, 40), 0.01, 1)), n)
        plain.append((np.abs(found.raw_z) > Z95).mean())
        ours.append((np.abs(found.z) > Z95).mean())
    assert np.mean(plain) > 0.4
    assert np.mean(ours) < 0.13  # not .05: winsorising takes some of the teams' own spread for outliers
