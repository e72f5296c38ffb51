import numpy as np
import pytest

from metrics.xmr import assurance, latest, special_causes, variation, xmr
from tests.metrics.test_charts import column, read
from tests.shared import listed

WORDS = {
    "outside": ("Above UCL", "Below LCL"),
    "seven": ("7 Points Above CL", "7 Points Below CL"),
    "trend": ("7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"),
    "near": ("2 in 3 Above CL", "2 in 3 Below CL"),
}


@pytest.mark.parametrize("path", listed("oracles/spc/ptd_*.csv"))
def test_limits_and_special_causes_agree_with_nhsrplotthedots(path):
    table = read(path)
    y, group = column(table, "y"), column(table, "rebase_group")
    fixed = 20 if "fix20" in path else None
    for each in np.unique(group):
        at = group == each
        baseline = np.arange(at.sum()) < (fixed or at.sum())
        limits = xmr(y[at], baseline, screened="screenF" not in path)
        for ours, theirs in ((limits.centre, "mean_col"), (limits.lower, "lpl"), (limits.upper, "upl")):
            np.testing.assert_allclose(ours, column(table, theirs)[at], rtol=1e-9)
        found = special_causes(y[at], limits)
        for place, wanted in enumerate(np.array(table["special_cause_type"])[at]):
            said = [WORDS[name][0 if signs[place] > 0 else 1] for name, signs in found.items() if signs[place]]
            assert (said[0] if said else "Common Cause") == wanted, place


def test_individuals_chart_as_printed_in_montgomery():
    table = read("oracles/spc/montgomery_t6.7_I_freeze20_screenedFALSE_expected.csv")
    baseline = np.array([v == "TRUE" for v in table["baseline"]])
    found = xmr(column(table, "y"), baseline, screened=False, factor=3 / 1.128)
    np.testing.assert_allclose(found.upper, column(table, "ucl"), rtol=1e-6)
    np.testing.assert_allclose(found.lower, column(table, "lcl"), rtol=1e-6)


def test_variation_says_which_way_and_assurance_says_whether_the_target_is_in_reach():
    y = np.array([[10.0, 12, 11, 9, 10, 12, 9, 11, 10, 40], [10.0, 12, 11, 9, 10, 12, 9, 11, 10, 10]])
    limits = xmr(y, np.arange(10) < 9)
    assert variation(y, limits, "lower") == ["concern", "common cause"]
    assert variation(y, limits, "higher") == ["improvement", "common cause"]
    assert assurance(limits, 30.0, "lower") == ["will reach", "will reach"]
    assert assurance(limits, 1.0, "lower") == ["will miss", "will miss"]
    assert assurance(limits, 10.0, "higher") == ["now and then", "now and then"]
    assert assurance(limits, None, "higher") == ["no target", "no target"]


@pytest.mark.parametrize("y", [np.array([3.0]), np.full(8, 5.0), np.full(8, np.nan)])
def test_nothing_to_see_is_common_cause(y):
    limits = xmr(y)
    assert latest(np.atleast_2d(y), xmr(np.atleast_2d(y)))[0] == 0
    assert limits.centre.shape == y.shape
