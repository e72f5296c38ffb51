import json

import numpy as np
import pytest

from metrics.survival import logrank, median, share_open_at, still_open
from tests.metrics.test_charts import column, read
from tests.shared import shared


def scalars(name: str) -> dict:
    return json.loads(shared("oracles/survival/survival_scalars.json").read_text())[name]


def groups(name: str):
    table = read(f"oracles/survival/{name}_input.csv")
    time, event, label = column(table, "time"), column(table, "event") == 1, np.array(table["group"])
    return time[~np.isnan(event)], event, label


@pytest.mark.parametrize("name", ["gehan_leukemia", "lung_by_sex"])
def test_the_curve_and_its_interval_agree_with_r_survival(name):
    time, event, label = groups(name)
    wanted = read(f"oracles/survival/{name}_km_expected.csv")
    for each in np.unique(label):
        rows = np.array(wanted["group"]) == f"grp={each}"
        found = still_open(time[label == each], event[label == each])
        np.testing.assert_allclose(found.time, column(wanted, "time")[rows])
        np.testing.assert_allclose(found.at_risk, column(wanted, "n.risk")[rows])
        np.testing.assert_allclose(found.share, column(wanted, "surv")[rows], rtol=1e-9, atol=1e-12)
        above = found.share > 0
        for ours, theirs in ((found.error, "std.err"), (found.low, "lower"), (found.high, "upper")):
            np.testing.assert_allclose(ours[above], column(wanted, theirs)[rows][above], rtol=1e-9)


@pytest.mark.parametrize(("name", "key"), [("gehan_leukemia", "gehan"), ("lung_by_sex", "lung")])
def test_logrank_and_medians_agree_with_r_survival(name, key):
    time, event, label = groups(name)
    wanted, first = scalars(key), sorted(np.unique(label))[0]
    found = logrank(time, event, label == first)
    assert (found.chi_square, found.p) == pytest.approx((wanted["chisq"], wanted["p"]), rel=1e-9)
    assert (found.observed, found.expected, found.variance) == pytest.approx(
        (wanted["obs"][0], wanted["exp"][0], wanted["var"]), rel=1e-9
    )
    for group, middle in wanted["median"].items():
        mine = label == group.removeprefix("grp=")
        high = wanted["ucl"][group]
        ours = median(still_open(time[mine], event[mine]))
        np.testing.assert_allclose(ours, (middle, wanted["lcl"][group], np.nan if high == "NA" else high))


def test_open_tickets_are_not_forgotten():
    table, wanted = read("oracles/survival/tickets_snapshot_input.csv"), scalars("tickets")
    recent = column(table, "open_day") >= 60
    assert recent.sum() == wanted["n_recent"]
    curve = still_open(column(table, "observed")[recent], column(table, "closed")[recent] == 1)
    assert median(curve)[0] == pytest.approx(wanted["median_km"], rel=1e-9)
    assert share_open_at(curve, 10)[0] == pytest.approx(wanted["share_gt10_km"], rel=1e-9)


def test_nothing_closed_nothing_there_and_beyond_the_data():
    assert share_open_at(still_open([], []), 3.0) == pytest.approx((np.nan,) * 3, nan_ok=True)
    still = still_open([5.0, 6.0], [False, False])
    assert share_open_at(still, 4.0)[0] == 1.0
    assert np.isnan(share_open_at(still, 7.0)[0])
    assert np.isnan(median(still)[0])
    assert share_open_at(still_open([1.0, 2.0], [True, True]), 9.0)[0] == 0.0
    assert np.isnan(logrank([1.0, 2.0], [True, True], [True, True]).p)


def test_the_intervals_cover_what_they_say():
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(800):
        life, cut = rng.exponential(5, 150), rng.uniform(2, 15, 150)
        curve = still_open(np.minimum(life, cut), life <= cut)
        _, low, high = share_open_at(curve, 4.0)
        hits.append(low <= np.exp(-4 / 5) <= high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.02)
