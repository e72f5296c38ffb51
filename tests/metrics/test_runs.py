import numpy as np
import pytest

from metrics.runs import runs
from tests.metrics.test_charts import column, read
from tests.shared import listed


@pytest.mark.parametrize("path", listed("oracles/spc/*_expected.csv"))
def test_runs_agree_with_qicharts2(path):
    table = read(path)
    part = column(table, "part")
    for each in np.unique(part):
        at = (part == each) & np.array([v == "TRUE" for v in table["include"]])
        found = runs(column(table, "y")[at], column(table, "cl")[at])
        for ours, theirs in (
            (found.useful, "n.useful"),
            (found.longest, "longest.run"),
            (found.longest_allowed, "longest.run.max"),
            (found.crossings, "n.crossings"),
            (found.crossings_expected, "n.crossings.min"),
        ):
            assert ours[0] == column(table, theirs)[at][0], theirs
        assert found.signal[0] == (table["runs.signal"][int(np.flatnonzero(at)[0])] == "TRUE")


def test_a_naive_count_says_the_same():
    rng = np.random.default_rng(3)
    y = np.round(rng.normal(size=(200, 30)))
    y[rng.random(y.shape) < 0.1] = np.nan
    found = runs(y, np.zeros(200))
    for row in range(200):
        signs = [np.sign(v) for v in y[row] if not np.isnan(v) and v != 0]
        longest, current, crossings = 0, 0, 0
        for place, sign in enumerate(signs):
            same = place and sign == signs[place - 1]
            crossings += bool(place and not same)
            current = current + 1 if same else 1
            longest = max(longest, current)
        assert (found.useful[row], found.longest[row], found.crossings[row]) == (len(signs), longest, crossings)


def test_a_short_or_empty_series_has_no_verdict():
    assert not runs(np.array([1.0, 1, 1, 1]), 0.0).signal[0]
    assert not runs(np.full(20, np.nan), 0.0).signal[0]


def test_a_slip_to_one_side_is_a_signal():
    assert runs(np.array([-1.0, 1] * 5 + [1.0] * 14), 0.0).signal[0]
