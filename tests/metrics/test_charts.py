import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from metrics.arrays import previous
from metrics.charts import autocorrelation, long_run_factor, proportions, rates, spread_of
from tests.shared import listed, shared


def read(path: str) -> dict[str, list[str]]:
    with shared(path).open() as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def column(table: dict[str, list[str]], name: str) -> np.ndarray:
    return np.array([float(v) if v not in ("NA", "") else np.nan for v in table[name]])


KINDS = {
    "p": (proportions, False),
    "pprime": (proportions, True),
    "u": (rates, False),
    "uprime": (rates, True),
    "c": (rates, False),
}
CASES = [
    path
    for path in listed("oracles/spc/*_expected.csv")
    for kind in path.split("_screened")[0].rsplit("/", 1)[1].split("_")
    if kind in KINDS
]


@pytest.mark.parametrize("path", CASES)
def test_limits_agree_with_qicharts2(path):
    table = read(path)
    name = path.rsplit("/", 1)[1]
    method, prime = KINDS[next(kind for kind in name.split("_") if kind in KINDS)]
    n = column(table, "n")
    n = np.where(np.isnan(n), 1.0, n)
    x, part = column(table, "y.sum"), column(table, "part")
    baseline = np.array([a == "TRUE" and b == "TRUE" for a, b in zip(table["baseline"], table["include"], strict=True)])
    for each in np.unique(part):
        at = part == each
        screened = "screenedTRUE" in name
        found = method(x[at], n[at], baseline[at], prime=prime, floor=0.0, screened=screened)
        for ours, theirs in ((found.centre, "cl"), (found.lower, "lcl"), (found.upper, "ucl")):
            np.testing.assert_allclose(ours, column(table, theirs)[at], rtol=1e-6, atol=1e-9)


def test_there_are_oracles_to_hold_the_charts_against():
    shared("oracles/spc")
    assert len(CASES) >= 18


def test_orange_juice_as_printed_in_montgomery():
    table = read("oracles/spc/qcc_orangejuice_input.csv")
    trial = np.array([v == "TRUE" for v in table["trial"]])
    found = proportions(column(table, "D")[trial], column(table, "size")[trial], prime=False)
    assert (found.centre[0], found.lower[0], found.upper[0]) == pytest.approx(
        (0.231333333, 0.052427548, 0.410239119), abs=1e-8
    )


def test_a_week_without_tickets_has_no_limits_and_spoils_no_other():
    x, n = np.array([2.0, 0, 3, 1]), np.array([10.0, 0, 10, 10])
    with_gap, without = proportions(x, n), proportions(x[[0, 2, 3]], n[[0, 2, 3]])
    assert np.isnan(with_gap.centre[1])
    np.testing.assert_allclose(with_gap.upper[[0, 2, 3]], without.upper)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_zeros_and_all_ones_have_limits_at_the_edge_and_no_warning(share):
    n = np.full((2, 30), 20.0)
    found = proportions(share * n, n)
    assert (found.lower == share).all()
    assert (found.upper == share).all()


def test_a_series_without_any_ticket_has_no_centre():
    assert np.isnan(proportions(np.zeros((1, 5)), np.zeros((1, 5))).centre).all()


def test_many_series_at_once_are_the_same_as_each_alone():
    rng = np.random.default_rng(1)
    n = rng.integers(0, 40, (7, 30)).astype(float)
    x = rng.binomial(n.astype(int), 0.2).astype(float)
    together = proportions(x, n)
    for each in range(7):
        np.testing.assert_allclose(together.upper[each], proportions(x[each], n[each]).upper)


def test_autocorrelation_is_found_where_it_is_and_clipped_where_it_is_not():
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(400, 200))
    tied = np.zeros((400, 200))
    for week in range(1, 200):
        tied[:, week] = 0.6 * tied[:, week - 1] + noise[:, week]
    assert autocorrelation(tied).mean() == pytest.approx(0.6, abs=0.02)
    assert autocorrelation(noise).mean() < 0.05
    assert long_run_factor(tied).mean() == pytest.approx(2.0, abs=0.1)
    assert (long_run_factor(np.full((1, 30), 0.3)) == 1).all()


@settings(deadline=None)
@given(arrays(float, (3, 12), elements=st.one_of(st.just(float("nan")), st.floats(-5, 5))))
def test_previous_is_the_last_value_that_was_there(values):
    found = previous(values)
    for row in range(3):
        last = np.nan
        for week in range(12):
            np.testing.assert_equal(found[row, week], last)
            last = last if np.isnan(values[row, week]) else values[row, week]


def test_spread_never_falls_below_chance():
    assert spread_of(np.zeros((1, 20))) == 1.0
