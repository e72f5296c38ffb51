import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.online import addis, lond, lord, saffron
from tests.metrics.test_charts import column, read

RULES = {"LOND": lond, "LORD": lord, "SAFFRON": saffron, "ADDIS": addis}


@pytest.mark.parametrize("name", list(RULES))
def test_levels_and_calls_agree_with_onlinefdr(name):
    table = read("oracles/fdr/online_expected.csv")
    found = RULES[name](column(table, "pval"))
    np.testing.assert_allclose(found.level, column(table, f"{name}_alpha"), rtol=1e-9)
    assert found.called.tolist() == (column(table, f"{name}_R") == 1).tolist()


@settings(deadline=None)
@given(st.sampled_from(list(RULES)), st.lists(st.floats(0, 1), max_size=30), st.integers(0, 30))
def test_a_level_depends_on_earlier_answers_only(name, p, at):
    whole, part = RULES[name](p), RULES[name](p[:at])
    np.testing.assert_array_equal(whole.level[: len(part.level)], part.level)


@pytest.mark.parametrize("name", list(RULES))
def test_among_what_is_called_few_are_wrong(name):
    rng, shares = np.random.default_rng(2), []
    for _ in range(200):
        true = rng.random(200) < 0.1
        p = np.where(true, rng.random(200) ** 12, rng.random(200))
        called = RULES[name](p).called
        shares.append((called & ~true).sum() / max(1, called.sum()))
    assert np.mean(shares) <= 0.055


def test_what_was_never_asked_takes_no_place():
    found = lond([0.001, np.nan, 0.3])
    assert np.isnan(found.level[1])
    assert not found.called[1]
    np.testing.assert_array_equal(found.level[[0, 2]], lond([0.001, 0.3]).level)


def test_what_is_no_p_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        lord([1.2])
    with pytest.raises(ValueError, match="alpha"):
        saffron([0.2], alpha=5)
