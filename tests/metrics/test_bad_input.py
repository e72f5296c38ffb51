"""What can go wrong with counts, held against every public method: an answer or "cannot be said", never a stand-in.

Contract: no warning (warnings are errors here) and no infinity; the only error is a ValueError that says why; where
nothing was counted nothing is said (NaN, None), neither 0 nor p = 1; what is impossible is taken for missing.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import (
    charts,
    cusum,
    discoveries,
    effect,
    ewma,
    funnel,
    helped,
    interrupted,
    intervals,
    logistic,
    means,
    moments,
    monitor,
    online,
    pooling,
    power,
    runs,
    shrinkage,
    survival,
    synthetic,
    verdict,
    xmr,
)
from metrics.arrays import ratio
from metrics.delay import weeks_to_see
from metrics.panel import panel
from metrics.reading import read
from metrics.series import series
from tests.metrics.weekly import calendar, counts

TEAMS, WEEKS, START = 14, 40, 24
Case = tuple[np.ndarray, np.ndarray]


def usual(teams: int = TEAMS, weeks: int = WEEKS) -> Case:
    rng = np.random.default_rng(1)
    n = rng.integers(20, 60, (teams, weeks)).astype(float)
    return rng.binomial(n.astype(int), 0.2).astype(float), n


def changed(x=None, n=None, at=slice(None)) -> Case:
    counted, of = usual()
    if x is not None:
        counted[at] = x
    if n is not None:
        of[at], counted[at] = n, np.minimum(counted[at], n)
    return counted, of


CASES: dict[str, Case] = {
    "all zeros": (np.zeros((TEAMS, WEEKS)), np.full((TEAMS, WEEKS), 30.0)),
    "all ones": (np.full((TEAMS, WEEKS), 30.0), np.full((TEAMS, WEEKS), 30.0)),
    "no denominator": (np.zeros((TEAMS, WEEKS)), np.zeros((TEAMS, WEEKS))),
    "one team": usual(1),
    "one week": usual(TEAMS, 1),
    "one of one": (np.ones((1, 1)), np.ones((1, 1))),
    "a gap of weeks": changed(n=0, at=np.s_[:, 10:16]),
    "a team that begins late": changed(n=0, at=np.s_[3, :30]),
    "a team that ends early": changed(n=0, at=np.s_[3, 12:]),
    "a team without tickets": changed(n=0, at=np.s_[3]),
    "NaN": changed(x=np.nan, at=np.s_[2, 5:9]),
    "NaN of what": changed(n=np.nan, at=np.s_[2, 5:9]),
    "all NaN": (np.full((TEAMS, WEEKS), np.nan), np.full((TEAMS, WEEKS), np.nan)),
    "negative": changed(x=-3.0, at=np.s_[2, 5]),
    "more than there were": changed(x=500.0, at=np.s_[2, 5]),
    "negative of what": changed(n=-5.0, at=np.s_[2, 5]),
    "infinite": changed(x=np.inf, at=np.s_[2, 5]),
    "huge": (np.full((TEAMS, WEEKS), 3e8), np.full((TEAMS, WEEKS), 2e9)),
    "no teams": (np.zeros((0, WEEKS)), np.zeros((0, WEEKS))),
}


def coached(x: np.ndarray, many: int) -> np.ndarray:
    return np.arange(len(x)) < many


def past(x: np.ndarray, n: np.ndarray) -> helped.Shares:
    start = min(START, max(x.shape[1] - 1, 0))
    return helped.shares(x, n, start, 12)


def standard(x: np.ndarray, n: np.ndarray) -> monitor.Standard:
    mix = np.full(x.shape, 0.2)
    return monitor.standardise(x, n, mix, n * 0.16, np.arange(x.shape[1])[None, :] < np.full((len(x), 1), START))


def by_prior(fit: Callable, use: Callable) -> Callable:
    def method(x, n):
        prior = fit(x.sum(axis=1), n.sum(axis=1))
        return None if prior is None else (prior, use(x.sum(axis=1), n.sum(axis=1), prior))

    return method


# Each takes counts x of n, teams x weeks, as a stranger would pass them.
METHODS: dict[str, Callable[[np.ndarray, np.ndarray], object]] = {
    "p chart": lambda x, n: charts.proportions(x, n, prime=False),
    "p' chart": charts.proportions,
    "u chart": lambda x, n: charts.rates(x, n, prime=False),
    "u' chart": charts.rates,
    "long-run spread": lambda x, n: charts.long_run_factor(ratio(x, n)),
    "XmR": lambda x, n: xmr.xmr(ratio(x, n)),
    "variation": lambda x, n: xmr.variation(ratio(x, n), xmr.xmr(ratio(x, n)), "lower"),
    "assurance": lambda x, n: xmr.assurance(xmr.xmr(ratio(x, n)), 0.3, "lower"),
    "runs": lambda x, n: runs.runs(ratio(x, n), xmr.xmr(ratio(x, n)).centre[..., 0]),
    "means": lambda x, n: means.means(ratio(x, n), x, n),
    "deviations": means.deviations,
    "CUSUM": lambda x, n: cusum.cusum(standard(x, n).z),
    "EWMA": lambda x, n: ewma.ewma(standard(x, n).z),
    "standard values": standard,
    "window p": lambda x, n: monitor.window_p(standard(x, n), x, n, slice(None)),
    "chart": lambda x, n: verdict.chart(standard(x, n), n > 0, np.nan_to_num(n), coached(x, len(x))),
    "Wilson": intervals.wilson,
    "Clopper-Pearson": intervals.clopper_pearson,
    "Poisson": lambda x, n: intervals.poisson(x),
    "Byar": lambda x, n: intervals.byar(x),
    "observed over expected": lambda x, n: intervals.observed_over_expected(x.sum(axis=1), 0.2 * n.sum(axis=1)),
    "binomial score": lambda x, n: discoveries.binomial_score(x, n, 0.2),
    "tails": lambda x, n: discoveries.tails(x, n, 0.2, 1.5),
    "q": lambda x, n: discoveries.false_discovery_q(discoveries.two_sided(*discoveries.tails(x, n, 0.2, 1.5))),
    "family-wise p": lambda x, n: discoveries.family_wise_p(discoveries.tails(x, n, 0.2, 1.5)[1]),
    "online": lambda x, n: online.saffron(discoveries.tails(x, n, 0.2, 1.5)[1].ravel()[:60]),
    "funnel of shares": lambda x, n: funnel.shares(x.sum(axis=1), n.sum(axis=1)),
    "funnel of ratios": lambda x, n: funnel.ratios(x.sum(axis=1), 0.2 * n.sum(axis=1)),
    "funnel of log ratios": lambda x, n: funnel.log_ratios(x.sum(axis=1), 0.2 * n.sum(axis=1)),
    "funnel of counts": lambda x, n: funnel.counts(x.sum(axis=1), n.sum(axis=1)),
    "funnel limits": lambda x, n: funnel.limits(funnel.shares(x.sum(axis=1), n.sum(axis=1))),
    "exact funnel limits": lambda x, n: funnel.exact_share_limits(n.sum(axis=1), 0.2),
    "shrunk shares": by_prior(shrinkage.beta_binomial, shrinkage.shrunk_shares),
    "shrunk ratios": by_prior(shrinkage.gamma_poisson, shrinkage.shrunk_ratios),
    "chance above": by_prior(shrinkage.beta_binomial, lambda x, n, prior: shrinkage.chance_above(x, n, prior, 0.2)),
    "beta moments": lambda x, n: moments.beta_moments(x.sum(axis=1), n.sum(axis=1)),
    "Marshall": lambda x, n: moments.marshall(x.sum(axis=1), n.sum(axis=1)),
    "James and Stein": lambda x, n: moments.james_stein(ratio(x, n).ravel()[:30], 0.003),
    "Kaplan-Meier": lambda x, n: survival.still_open(x.ravel(), (n > 0).ravel()),
    "share still open": lambda x, n: survival.share_open_at(survival.still_open(x.ravel(), (n > 25).ravel()), 8.0),
    "logrank": lambda x, n: survival.logrank(x.ravel(), (n > 0).ravel(), np.arange(x.size) % 2 == 0),
    "judge, eight coached": lambda x, n: helped.judge(x, n, coached(x, 8), START),
    "judge, one coached": lambda x, n: helped.judge(x, n, coached(x, 1), START),
    "judge, drawn": lambda x, n: helped.judge(x, n, coached(x, 6), START, drawn=True),
    "fading": lambda x, n: helped.fading(x, n, coached(x, 4), START),
    "ANCOVA": lambda x, n: effect.ancova(past(x, n).post, past(x, n).base, past(x, n).trailing, coached(x, 4)),
    "difference": lambda x, n: effect.difference(past(x, n).post, past(x, n).base, coached(x, 4)),
    "placebo": lambda x, n: effect.placebo(past(x, n).post, past(x, n).base, past(x, n).trailing, coached(x, 1)),
    "permutation": lambda x, n: effect.permutation(
        past(x, n).post, past(x, n).base, past(x, n).trailing, coached(x, 6)
    ),
    "before and after": lambda x, n: effect.before_after(x[:, :1].sum(), n[:, :1].sum(), x.sum(), n.sum()),
    "pooled": lambda x, n: pooling.pool(ratio(x, n).ravel()[:9], np.sqrt(np.abs(ratio(0.16, n))).ravel()[:9]),
    "outlook": lambda x, n: power.outlook(x, n, 3, 10),
    "synthetic control": lambda x, n: synthetic.synthetic_control(ratio(x, n), coached(x, 1), START),
    "synthetic difference": lambda x, n: synthetic.synthetic_difference(ratio(x, n), coached(x, 1), START),
    "interrupted": lambda x, n: interrupted.interrupted(x.sum(axis=0), n.sum(axis=0), np.arange(x.shape[1]) >= START),
    "logistic": lambda x, n: logistic.fit(np.ones((x.size, 1)), ratio(x, n).ravel(), n.ravel()),
}


def numbers(found: object) -> list[np.ndarray]:
    """Every float array in an answer, however deep."""
    if is_dataclass(found):
        return [each for field in fields(found) for each in numbers(getattr(found, field.name))]
    if isinstance(found, dict):
        return [each for value in found.values() for each in numbers(value)]
    if isinstance(found, list | tuple):
        return [each for value in found for each in numbers(value)]
    if isinstance(found, float | np.ndarray) and np.asarray(found).dtype.kind == "f":
        return [np.asarray(found)]
    return []


@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("method", list(METHODS))
def test_there_is_an_answer_or_a_reason(method, case):
    x, n = CASES[case]
    before = x.copy(), n.copy()
    try:
        found = METHODS[method](x, n)
    except ValueError as reason:
        said = str(reason)
    else:
        said = ""
    np.testing.assert_array_equal(before, (x, n))  # what was given is left as it was
    if said:
        assert len(said.split()) >= 4, "a reason is a sentence"
        return
    for each in numbers(found):
        assert not np.isinf(each).any()
    p = getattr(found, "p", None)
    assert p is None or np.isnan(p).all() or np.logical_and(p >= 0, p <= 1).all()


NOTHING_COUNTED = [
    name for name in METHODS if name not in {"CUSUM", "chart", "assurance", "variation", "runs", "long-run spread"}
]


@pytest.mark.parametrize("case", ["no denominator", "all NaN"])
@pytest.mark.parametrize("method", NOTHING_COUNTED)
def test_where_nothing_was_counted_nothing_is_said(method, case):
    x, n = CASES[case]
    try:
        found = METHODS[method](x, n)
    except ValueError:
        return
    if isinstance(found, helped.Helped):
        assert (found.word, found.headline) == ("cannot tell", None)
        assert found.why
        return
    if method in {"Poisson", "Byar", "Kaplan-Meier"} and case == "no denominator":
        return  # none seen is a count, and no time a time, like any other
    said = {
        "p",
        "z",
        "raw_z",
        "centre",
        "lower",
        "upper",
        "middle",
        "low",
        "high",
        "share",
        "effect",
        "ratio",
        "called",
    }
    parts = [getattr(found, name) for name in said if hasattr(found, name)] or numbers(found)
    for each in parts:
        values = np.asarray(each)
        assert not values.any() if values.dtype == bool else np.isnan(values).all()


@pytest.mark.parametrize(
    "case", ["NaN", "NaN of what", "negative", "more than there were", "negative of what", "infinite"]
)
@pytest.mark.parametrize(
    "method",
    [
        "p chart",
        "p' chart",
        "u chart",
        "u' chart",
        "Wilson",
        "Clopper-Pearson",
        "binomial score",
        "tails",
        "standard values",
    ],
)
def test_what_is_impossible_is_as_if_it_were_missing(method, case):
    x, n = (values.copy() for values in CASES[case])
    if method in {"u chart", "u' chart"} and case == "more than there were":
        return  # more events than units is a rate like any other
    clean = (n > 0) & (x >= 0) & (x <= n)
    found = numbers(METHODS[method](x, n))
    wanted = numbers(METHODS[method](np.where(clean, x, 0.0), np.where(clean, n, 0.0)))
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("case", [name for name in CASES if name not in {"no teams", "huge"}])
def test_readings_answer_or_say_why(case):
    x, n = (np.nan_to_num(values, nan=0.0, posinf=1e6) for values in CASES[case])
    n = np.where(np.isfinite(CASES[case][1]), n, 0.0)
    frame = pl.concat([counts(x[:, :0], n[:, :0]), _rows(x, n)])
    try:
        laid = panel(frame, calendar(x.shape[1]), {"s": "lower"})
    except ValueError as reason:
        assert "impossible counts" in str(reason)  # noqa: PT017
        assert case in {"negative", "negative of what", "more than there were", "infinite"}
        return
    assert case not in {"negative", "more than there were", "infinite"}
    found = read(laid)
    unsaid = ~found["status"].is_in(["signal", "no change"])
    assert found.filter(unsaid)["why"].null_count() == 0
    assert found.filter(unsaid)["p"].null_count() == unsaid.sum()
    assert found.filter(~unsaid)["p"].null_count() == 0
    for team in frame["team_id"].unique():
        assert len(series(laid, "s", team)) == x.shape[1]


def _rows(x: np.ndarray, n: np.ndarray) -> pl.DataFrame:
    """All weeks, those with impossible counts too."""
    frame = counts(np.ones(x.shape), np.ones(x.shape))
    there = pl.Series("there", ((n != 0) | (x != 0)).ravel())
    whole = frame.with_columns(x=pl.Series(x.ravel().astype(int)), n=pl.Series(n.ravel().astype(int)))
    return whole.filter(there)


def test_weeks_out_of_order_and_twice_in_the_calendar_change_nothing():
    x, n = usual()
    frame, weeks = counts(x, n), calendar(WEEKS)
    mixed = frame.sample(fraction=1, shuffle=True, seed=2)
    assert read(panel(mixed, weeks[::-1] + weeks[:3], {"s": "lower"})).equals(read(panel(frame, weeks, {"s": "lower"})))


def test_a_null_count_is_refused_with_a_reason():
    frame = counts(*usual()).with_columns(x=pl.when(pl.col("week") > calendar(3)[2]).then("x"))
    with pytest.raises(ValueError, match="impossible counts"):
        panel(frame, calendar(WEEKS), {"s": "lower"})


@pytest.mark.parametrize("method", list(METHODS))
def test_a_thousand_teams_are_no_trouble(method):
    if method in {"Kaplan-Meier", "logistic", "synthetic difference", "funnel of counts"}:
        x, n = usual(300)
    else:
        x, n = usual(1000)
    try:
        METHODS[method](x, n)
    except ValueError as reason:
        pytest.fail(str(reason))


pairs = st.tuples(
    st.sampled_from([0.0, 1, 5, 30, 4000, -1, np.nan, np.inf]), st.sampled_from([0.0, 1, 5, 30, 90000, -2, np.nan])
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(list(METHODS)), st.integers(1, 9), st.integers(1, 45), st.data())
def test_whatever_is_passed_there_is_an_answer_or_a_reason(method, teams, weeks, data):
    few = data.draw(st.lists(pairs, min_size=1, max_size=8))
    cells = [few[place % len(few)] for place in range(teams * weeks)]
    x, n = (np.array([pair[part] for pair in cells]).reshape(teams, weeks) for part in (0, 1))
    try:
        found = METHODS[method](x, n)
    except ValueError:
        return
    for each in numbers(found):
        assert not np.isinf(each).any()


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([0.0, -1.0, 1.0, 50.0, 1e7, np.nan]),
    st.sampled_from([0.0, 1.0, 0.5, -0.2, 1.4, np.nan]),
    st.sampled_from([0.0, 0.1, -0.1, 2.0, np.nan]),
    st.sampled_from([1.0, 0.0, 3.0, np.nan]),
)
def test_the_delay_of_what_cannot_be_is_none(n, share, rise, spread):
    weeks = weeks_to_see(n, share, rise, spread=spread)
    assert weeks is None or 1 <= weeks <= 52
