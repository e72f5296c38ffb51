import json
from dataclasses import replace

import numpy as np
import pytest

from metrics.funnel import (
    Z95,
    Z998,
    against,
    counts,
    exact_share_limits,
    limits,
    log_ratios,
    overdispersion,
    ratios,
    share_at,
    share_limits,
    shares,
    spread_of_shares,
    winsorised,
)
from metrics.intervals import poisson
from metrics.pooling import between
from tests.metrics.test_charts import column, read
from tests.shared import shared


def scalars(name: str) -> dict[str, float]:
    return json.loads(shared("oracles/funnel/funnel_scalars.json").read_text())[name]


LIMITS = ((Z95, "95"), (Z998, "998"))


def agrees(found, name: str) -> dict:
    """phi, tau2 and each team's z as FunnelPlotR has them; returns its table."""
    table, wanted = read(f"oracles/funnel/{name}_expected.csv"), scalars(name)
    assert (found.phi, found.tau2) == pytest.approx((wanted["phi"], wanted["tau2"]), rel=1e-9)
    np.testing.assert_allclose(found.raw_z, column(table, "Uzscore"), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.z, column(table, "OD_z"), rtol=1e-9, atol=1e-12)
    return table


@pytest.mark.parametrize("name", ["medpar_PR_died", "teams40_PR", "teams40_PR_trim0"])
def test_shares_agree_with_funnelplotr(name):
    table, wanted = read(f"oracles/funnel/{name}_expected.csv"), scalars(name)
    found = shares(column(table, "numerator"), column(table, "denominator"), winsor=wanted["trim_by"])
    agrees(found, name)
    large = column(table, "denominator") >= 20  # its limits are patched below
    for z, width in LIMITS:
        for spread, prefix in ((True, "od"), (False, "")):
            for ours, side in zip(limits(found, z, spread=spread), "lu", strict=True):
                theirs = column(table, f"{prefix}{side}l{width}")
                np.testing.assert_allclose(ours[large], theirs[large], rtol=1e-6, atol=1e-8)


def test_observed_over_expected_on_the_root_scale_agrees_with_funnelplotr():
    table = read("oracles/funnel/teams40_SR_CQC_expected.csv")
    found = ratios(column(table, "numerator"), column(table, "denominator"))
    agrees(found, "teams40_SR_CQC")
    # it draws its limits on the root scale; ours are in the unit of observed / expected
    for z, width in LIMITS:
        for ours, side in zip(limits(found, z), "lu", strict=True):
            theirs = np.maximum(column(table, f"od{side}l{width}"), 0)
            np.testing.assert_allclose(np.sqrt(ours), theirs, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["teams40_SR_SHMI", "medpar_SR_SHMI"])
def test_observed_over_expected_on_the_log_scale_agrees_with_funnelplotr(name):
    table = read(f"oracles/funnel/{name}_expected.csv")
    expected = 1 / column(table, "s") ** 2  # what it counted with; its column is rounded
    found = log_ratios(column(table, "numerator"), expected)
    agrees(found, name)
    for z, width in LIMITS:
        for ours, side in zip(limits(found, z), "lu", strict=True):
            np.testing.assert_allclose(ours, column(table, f"od{side}l{width}"), rtol=1e-6)
        for ours, side in zip(poisson(expected, 0.95 if width == "95" else 0.998), "lu", strict=True):
            np.testing.assert_allclose(ours / expected, column(table, f"{side}l{width}"), rtol=1e-6)


def test_six_groups_as_its_own_tests_have_them():
    wanted = scalars("FunnelPlotR_package_test_6groups")
    found = log_ratios(wanted["num"], wanted["den"])
    assert (found.phi, found.tau2) == pytest.approx((wanted["phi"], wanted["tau2"]), rel=1e-6)


def test_ratios_of_counts_agree_with_funnelplotr():
    table = read("oracles/funnel/medpar_RC_expected.csv")
    found = counts(column(table, "numerator"), column(table, "denominator"))
    assert found.target == pytest.approx(scalars("medpar_RC")["target"], rel=1e-12)
    agrees(found, "medpar_RC")
    # its limits take 1 / (2 sqrt n) for the error that its z take from both counts
    drawn = replace(found, error=1 / (2 * np.sqrt(column(table, "denominator"))))
    for z, width in LIMITS:
        for ours, side in zip(limits(drawn, z), "lu", strict=True):
            np.testing.assert_allclose(ours, column(table, f"od{side}l{width}"), rtol=1e-6)


def test_without_trimming_the_spread_is_dersimonian_and_lairds():
    for name, kind in (("medpar_RC", counts), ("teams40_SR_CQC", ratios), ("teams40_PR", shares)):
        table, wanted = read(f"oracles/funnel/{name}_expected.csv"), scalars(name)
        found = kind(column(table, "numerator"), column(table, "denominator"), winsor=0)
        off = found.raw_z * found.error
        assert between(off, found.error**2) == pytest.approx(wanted["metafor_DL_tau2_no_trim"], rel=1e-9)


def test_nothing_observed_has_no_logarithm_but_a_root():
    assert np.isnan(log_ratios([0, 5, 6, 7], [4.0, 5, 6, 7]).z[0])
    assert ratios([0, 5, 6, 7], [4.0, 5, 6, 7]).z[0] < -1


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
    np.testing.assert_allclose(limits(found, Z998)[0], column(table, "lo_add998"), rtol=1e-7)
    np.testing.assert_allclose(limits(found, Z998)[1], column(table, "hi_add998"), rtol=1e-7)
    np.testing.assert_allclose(winsorised(found.raw_z), column(table, "wz"), rtol=1e-9)
    # the other way to allow for the spread, not used in readings: chance error times root phi
    np.testing.assert_allclose(found.raw_z / np.sqrt(found.phi), column(table, "z_mult"), rtol=1e-9)
    for z, width in LIMITS:
        low, high = exact_share_limits(n, wanted["target"], z)
        np.testing.assert_allclose(low, np.maximum(column(table, f"ex_lo{width}"), 0), rtol=1e-9)
        np.testing.assert_allclose(high, column(table, f"ex_hi{width}"), rtol=1e-9)


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


def test_a_limit_of_the_drawn_funnel_is_that_of_the_counts_themselves():
    x, n = np.array([10.0, 30, 44, 90, 61]), np.array([100.0, 200, 300, 400, 250])
    found = shares(x, n)
    target, tau2 = spread_of_shares(x, n, np.full(5, found.target))
    assert (target, tau2) == pytest.approx((found.target, found.tau2), abs=2e-4)
    low, high = (share_at(z, n, found.target, found.tau2) for z in (-Z95, Z95))
    np.testing.assert_allclose((low, high), share_limits(found), rtol=1e-12)
    np.testing.assert_allclose(share_at(found.z, n, found.target, found.tau2), x / n, rtol=1e-9)


def test_a_funnel_of_nobody_has_no_target_and_no_spread():
    assert spread_of_shares([], [], [])[1] == 0.0
    assert np.isnan(share_at(1.0, [0.0], 0.2, 0.0)).all()
