"""Held against casemix/medpar_strata but for its column `direct`: direct standardisation takes every team to have
tickets of every stratum, and these hospitals have seen two thirds of them; a rate made up for the rest would be ours.
"""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics.expected import reference_rates, with_expected
from tests.metrics.test_charts import column, read

STRATUM = ("category", "channel", "priority")


def counts(*rows) -> pl.DataFrame:
    schema = {"sign": pl.String, "category": pl.String, "channel": pl.String, "priority": pl.String}
    return pl.DataFrame(rows, schema=schema | {"x": pl.Int64, "n": pl.Int64}, orient="row")


def test_a_small_stratum_leans_on_the_one_above_and_an_unseen_one_takes_it_whole():
    reference = counts(
        ("s", "returns", "web", "1", 30, 100), ("s", "returns", "web", "2", 5, 20), ("s", None, "web", "1", 9, 99)
    )
    asked = counts(
        ("s", "returns", "web", "2", 0, 10),
        ("s", "returns", "web", "9", 0, 10),
        ("s", "returns", "post", "1", 0, 10),
        ("s", "new", "web", "1", 0, 10),
        ("s", None, "web", "1", 0, 10),
        ("other", "returns", "web", "1", 0, 10),
    )
    overall = 44 / 219
    returns = (35 + 20 * overall) / 140
    web = (35 + 20 * returns) / 140
    second = (5 + 20 * web) / 40
    none = (9 + 20 * overall) / 119
    none = (9 + 20 * ((9 + 20 * none) / 119)) / 119
    found = with_expected(asked, reference_rates(reference))["expected"].to_list()
    assert found[:5] == pytest.approx([10 * second, 10 * web, 10 * returns, 10 * overall, 10 * none])
    assert found[5] is None


def test_the_variance_is_the_binomials_and_nothing_else_of_the_frame_changes():
    asked = counts(("s", "a", "b", "c", 3, 10)).with_columns(team_id=pl.lit("t"))
    found = with_expected(asked, reference_rates(asked, weight=0))
    assert found["variance"][0] == pytest.approx(10 * 0.3 * 0.7)
    assert_frame_equal(found.drop("expected", "variance"), asked)


def test_expected_deaths_by_strata_agree_with_r():
    table = read("oracles/casemix/medpar_input.csv")
    # the oracle's strata are age80 x type
    frame = pl.DataFrame(
        {
            "sign": ["died"] * len(table["died"]),
            "category": table["age80"],
            "channel": table["type"],
            "priority": [None] * len(table["died"]),
            "x": column(table, "died").astype(int),
            "n": [1] * len(table["died"]),
            "hospital": table["provnum"],
        },
        schema_overrides={"priority": pl.String},
    )
    found = with_expected(frame, reference_rates(frame, weight=0)).group_by("hospital").agg(pl.col("expected").sum())
    ours = dict(found.iter_rows())
    wanted = read("oracles/casemix/medpar_strata_expected.csv")
    np.testing.assert_allclose([ours[h] for h in wanted["provnum"]], column(wanted, "E_strata"), rtol=1e-9)


def test_a_naive_sum_says_the_same():
    rng = np.random.default_rng(9)
    rows = [("s", rng.choice(list("ab")), rng.choice(list("wp")), "1", 0, int(rng.integers(1, 9))) for _ in range(60)]
    rows = [(*row[:4], int(rng.integers(0, row[5] + 1)), row[5]) for row in rows]
    frame = counts(*rows)
    found = with_expected(frame, reference_rates(frame, weight=0))
    for row, expected in zip(rows, found["expected"].to_list(), strict=True):
        alike = [r for r in rows if r[:4] == row[:4]]
        assert expected == pytest.approx(row[5] * sum(r[4] for r in alike) / sum(r[5] for r in alike))
