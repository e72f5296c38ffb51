"""Measures: each law against scipy's own or plain sums, its scores calibrated, and mixed panels read as pure ones."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import stats

from metrics.measure import MEASURES, SHARE, kinds_of, measure_of, variance_of
from metrics.panel import How, panel
from metrics.reading import read
from metrics.series import series
from tests.metrics.weekly import calendar, counts

RATE, DISPERSION, RATIO = (measure_of(key) for key in ("rate", "dispersion", "ratio"))
ONE = np.array([1.0])


def arrays(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


@pytest.mark.parametrize(("x", "mean"), [(0, 0.3), (0, 4), (3, 4), (9, 4), (250, 200), (2000, 2000)])
def test_tails_of_a_rate_are_poisson_s_mid_p(x: int, mean: float):
    below, exact = stats.poisson.cdf(x - 1, mean), stats.poisson.pmf(x, mean)
    lower, upper = RATE.tails(*arrays(x, 100, mean / 100), ONE)
    assert (lower[0], upper[0]) == pytest.approx((below + exact / 2, 1 - below - exact / 2), abs=1e-9)


@pytest.mark.parametrize(("x", "mean", "grown"), [(0, 4, 1.5), (3, 4, 2), (9, 4, 3), (250, 200, 1.2)])
def test_more_variance_than_poisson_s_is_negative_binomial(x: int, mean: float, grown: float):
    law = stats.nbinom(mean / (grown - 1), 1 / grown)
    assert law.var() == pytest.approx(mean * grown)
    lower, upper = RATE.tails(*arrays(x, 10, mean / 10, grown))
    assert lower[0] == pytest.approx(law.cdf(x - 1) + law.pmf(x) / 2, abs=1e-9)
    assert lower[0] + upper[0] == pytest.approx(1)


@pytest.mark.parametrize(("x", "n", "level", "grown"), [(20, 12, 1, 1), (5, 12, 0.8, 1), (40, 12, 1.5, 2)])
def test_tails_of_a_dispersion_are_those_of_chi_square(x: float, n: float, level: float, grown: float):
    law = stats.chi2(n / grown, scale=level * grown)
    assert (law.mean(), law.var()) == pytest.approx((n * level, 2 * n * level**2 * grown))
    lower, upper = DISPERSION.tails(*arrays(x, n, level, grown))
    assert (lower[0], upper[0]) == pytest.approx((law.cdf(x), law.sf(x)))


def test_intervals_hold_what_they_promise():
    rng = np.random.default_rng(1)
    n = np.full(4000, 300.0)
    low, high = RATE.interval(rng.poisson(300 * 0.05, 4000).astype(float), n)
    assert ((low <= 0.05) & (high >= 0.05)).mean() > 0.945
    free = np.full(4000, 14.0)
    low, high = DISPERSION.interval(1.3 * rng.chisquare(14, 4000), free)
    assert ((low <= 1.3) & (high >= 1.3)).mean() == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize("measure", MEASURES[:3], ids=lambda measure: measure.key)
def test_scores_of_chance_are_standard_normal(measure):
    rng = np.random.default_rng(2)
    n = np.full(20_000, 40.0)
    drawn = {"share": rng.binomial(40, 0.2, 20_000), "rate": rng.poisson(40 * 0.2, 20_000), "dispersion":
             0.2 * rng.chisquare(40, 20_000)}[measure.key].astype(float)  # fmt: skip
    score = measure.score(drawn, n, np.full(20_000, 0.2))
    assert (score.mean(), score.std()) == pytest.approx((0, 1), abs=0.03)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_the_level_of_a_series_is_where_its_baseline_fits(measure):
    x, n = np.array([[30.0, 50.0, 10.0]]), np.array([[100.0, 200.0, 40.0]])
    mix = np.array([[0.2, 0.1, np.nan]])
    level = measure.own_level(x, n, mix, np.array([[True, True, False]]))
    assert (level[0, :2] * n[0, :2]).sum() == pytest.approx(80, rel=0.01)
    assert np.isnan(level[0, 2])
    assert level[0, 0] > level[0, 1]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_nothing_counted_says_nothing(measure):
    nothing = arrays(0, 0, 0.5)
    assert np.isnan(measure.score(*nothing)).all()
    assert np.isnan(measure.apart(*nothing)[1]).all()
    assert np.isnan(measure.interval(*nothing[:2])[0]).all()


def test_variance_is_each_sign_s_own():
    frame = pl.DataFrame({"sign": ["a", "b", "c", "d"], "n": [10] * 4, "rate": [0.5] * 4})
    keys = {"b": "rate", "c": "dispersion", "d": "share"}
    told = frame.select(variance_of(pl.col("n"), pl.col("rate"), keys))  # type: ignore[arg-type]
    assert told.to_series().to_list() == [2.5, 5.0, 5.0, 2.5]
    assert kinds_of(["share", "ratio"]).tolist() == [0, 3]
    assert measure_of("share") is SHARE


def mixed() -> tuple[pl.DataFrame, dict[str, How]]:
    rng = np.random.default_rng(3)
    share, rate = rng.binomial(60, 0.15, (5, 80)), rng.poisson(30, (5, 80))
    share[1, 74:] += 14
    rate[2, 74:] += 25
    frame = pl.concat([counts(share, 60, sign="a"), counts(rate, 10, sign="b")])
    return frame, {"b": How(measure="rate", thing="event")}


def test_signs_of_several_measures_read_together_as_each_alone():
    frame, how = mixed()
    together = read(panel(frame, calendar(80), {"a": "lower", "b": "lower"}, how=how))
    for sign in ("a", "b"):
        alone = read(panel(frame.filter(pl.col("sign") == sign), calendar(80), {sign: "lower"}, how=how))
        assert_frame_equal(alone.drop("q"), together.filter(pl.col("sign") == sign).drop("q"))
    called = together.filter(pl.col("status") == "signal").select("sign", "team_id", "measure").rows()
    assert called == [("a", "t01", "share"), ("b", "t02", "rate")]


def test_a_rate_may_lie_above_one_and_a_share_may_not():
    frame, how = mixed()
    with pytest.raises(ValueError, match="impossible counts"):
        panel(frame, calendar(80), {"b": "lower"})
    shown = series(panel(frame, calendar(80), {"b": "lower"}, how=how), "b", "t00")
    assert shown["centre"].min() > 2
    assert (shown["upper"] > shown["centre"]).all()


def test_rates_alarm_no_more_often_than_shares_do():
    calls = 0
    for seed in range(3):
        x = np.random.default_rng(seed).poisson(20, (60, 80))
        how = {"s": How(measure="rate")}
        calls += (read(panel(counts(x, 10), calendar(80), {"s": "lower"}, how=how))["status"] == "signal").sum()
    assert calls <= 3


def test_a_ratio_is_judged_by_how_much_its_own_weeks_vary():
    rng = np.random.default_rng(4)
    n = rng.integers(90_000, 110_000, (4, 80))
    x = (n * (2 + rng.normal(0, 0.1, (4, 80)))).astype(int)
    x[1, 76:] = (x[1, 76:] * 0.7).astype(int)
    found = read(panel(counts(x, n), calendar(80), {"s": "higher"}, how={"s": How(measure="ratio")}))
    assert found["status"].to_list() == ["no change", "signal", "no change", "no change"]
    assert found["direction"][1] == "worse"
    assert found["low"].null_count() == 4


def waves(x: list[int], n: int = 40, every: int = 13) -> pl.DataFrame:
    laid = np.zeros((2, every * len(x)), dtype=int)
    of = np.zeros_like(laid)
    laid[:, ::every], of[:, ::every] = np.array([x, [5] * len(x)]), n
    return counts(laid, of)


def read_waves(frame: pl.DataFrame, weeks: int, week: date | None = None) -> pl.DataFrame:
    return read(panel(frame, calendar(weeks), {"s": "lower"}, how={"s": How(rhythm="wave", thing="answer")}), week)


def test_a_wave_is_read_until_the_next_one_against_those_before():
    found = read_waves(waves([4, 6, 5, 5, 18]), 60)
    assert found["status"].to_list() == ["signal", "no change"]
    row = found.row(0, named=True)
    assert (row["week"], row["x"], row["n"]) == (calendar(60)[52], 18, 40)
    assert row["baseline_weeks"] == 4
    later = read_waves(waves([4, 6, 5, 5, 18]), 64, calendar(64)[63])
    assert later["week"].to_list() == [calendar(64)[52]] * 2


def test_steady_waves_are_seldom_called():
    """The mid-p of one wave in 60 teams, three years of them: at most one false call in a hundred."""
    calls = 0
    for seed in range(4):
        x = np.random.default_rng(seed).binomial(40, 0.2, (60, 12))
        laid, of = np.zeros((60, 156), dtype=int), np.zeros((60, 156), dtype=int)
        laid[:, ::13], of[:, ::13] = x, 40
        calls += (read_waves(counts(laid, of), 156)["status"] == "signal").sum()
    assert calls <= 2


def test_two_waves_are_too_few_and_half_a_year_without_one_is_too_long():
    row = read_waves(waves([4, 6, 5]), 39).row(0, named=True)
    assert (row["status"], row["why"]) == ("too few to say", "only 2 earlier waves to compare with; it takes 3")
    row = read_waves(waves([4, 6, 5, 5, 18]), 52 + 40).row(0, named=True)
    assert (row["status"], row["why"]) == ("too few to say", "no such answers in the last wave")
