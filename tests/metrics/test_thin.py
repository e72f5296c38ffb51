import numpy as np
import polars as pl
import pytest

from metrics.expected import LEVELS, STRATUM, reference_rates, with_expected
from metrics.logistic import fit
from metrics.thin import with_model
from tests.metrics.test_expected import counts


def company(seed: int = 1, usual: tuple[int, ...] = (0, 2, 8, 200)) -> pl.DataFrame:
    """Strata whose log odds are sums over their parts, some of them thin; `q` is the truth."""
    rng, rows = np.random.default_rng(seed), []
    odds = [rng.normal(0, 0.6, size) for size in (12, 4, 4)]
    for c, category in enumerate(odds[0]):
        for h, channel in enumerate(odds[1]):
            for p, priority in enumerate(odds[2]):
                n = int(rng.poisson(rng.choice(usual)))
                q = 1 / (1 + np.exp(1.7 - category - channel - priority - rng.normal(0, 0.15)))
                rows.append(("s", f"c{c}", f"h{h}", f"p{p}", int(rng.binomial(n, q)), n, q))
    return pl.DataFrame(rows, schema=["sign", *STRATUM, "x", "n", "q"], orient="row")


def error(reference: pl.DataFrame, rows: pl.DataFrame, weight: float = 20.0) -> float:
    """Root mean squared error of the rates expected of `rows`, in shares."""
    asked = rows.with_columns(n=pl.lit(1))
    found = with_expected(asked.drop("q"), reference_rates(reference.drop("q"), weight))["expected"]
    return float(((found - rows["q"]) ** 2).mean() ** 0.5)


def test_thin_and_unseen_strata_are_told_better_than_by_the_level_above(monkeypatch):
    whole = company()
    seen, thin, unseen = whole.filter(pl.col("n") > 0), pl.col("n").is_between(1, 19), whole.filter(n=0)
    ours = error(seen, whole.filter(thin)), error(seen, unseen)
    monkeypatch.setattr("metrics.expected.with_model", lambda strata: strata)
    assert ours[0] < 0.7 * error(seen, whole.filter(thin))
    assert ours[1] < 0.7 * error(seen, unseen)


def test_where_no_stratum_is_thin_or_only_one_thing_varies_nothing_changes():
    thick = company(usual=(400,)).drop("q").with_columns(parent=pl.lit(0.2))
    assert with_model(thick).equals(thick)
    narrow = thick.with_columns(channel=pl.lit("web"), priority=pl.lit("1"), n=pl.lit(5), x=pl.lit(1))
    assert with_model(narrow).equals(narrow)


def test_a_level_of_one_ticket_says_little():
    reference = counts(("s", "a", "w", "1", 30, 100), ("s", "b", "w", "1", 10, 100), ("s", "a", "w", "2", 1, 1))
    rate = reference_rates(reference)[-1].filter(priority="2")["rate"][0]
    assert 0.25 < rate < 0.45


def test_what_never_happened_and_what_always_did_settle():
    reference = counts(*(("s", c, h, "1", 0 if h == "w" else 9, 9) for c in "abc" for h in "wpe"))
    rates = reference_rates(reference)[-1]
    assert rates["rate"].is_between(0, 1, closed="none").all()
    assert rates.filter(channel="w")["rate"].max() < rates.filter(channel="p")["rate"].min()


def test_unknown_parts_are_a_level_like_any_other():
    reference = counts(("s", None, "w", "1", 30, 100), ("s", "b", "w", None, 1, 9), ("s", "b", None, "1", 50, 100))
    rates = reference_rates(reference)[-1]
    assert rates["rate"].null_count() == 0
    assert rates.select(LEVELS[-1]).n_unique() == len(rates)


def test_no_counts_no_model():
    assert len(reference_rates(counts())[-1]) == 0


def test_held_back_coefficients_are_smaller_and_with_nothing_held_the_likeliest():
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(60), rng.normal(size=60)])
    y = (rng.random(60) < 1 / (1 + np.exp(-design[:, 1]))).astype(float)
    free, held = fit(design, y), fit(design, y, ridge=10.0)
    assert 0 < held.coefficients[1] < free.coefficients[1]
    # at the maximum the likelihood's slope is the prior's
    slope = design.T @ (y - 1 / (1 + np.exp(-design @ held.coefficients)))
    np.testing.assert_allclose(slope, [0, 10 * held.coefficients[1]], atol=1e-6)
    assert pytest.approx(free.coefficients, rel=1e-9) == fit(design, y, ridge=0.0).coefficients
