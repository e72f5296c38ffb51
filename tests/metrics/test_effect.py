import json
from itertools import combinations

import numpy as np
import pytest

from metrics.effect import ancova, before_after, difference, permutation, placebo, rank_p
from metrics.regression import least_squares
from tests.metrics.test_charts import column, read
from tests.shared import shared


def scalars(name: str) -> dict:
    return json.loads(shared("oracles/effect/effect_scalars.json").read_text())[name]


def test_difference_in_differences_of_pairs_is_card_and_kruegers():
    table, wanted = read("oracles/effect/card_krueger_pairs.csv"), scalars("card_krueger")["balanced"]
    pre, post, new_jersey = column(table, "pre"), column(table, "post"), column(table, "NJ") == 1
    there = ~np.isnan(pre) & ~np.isnan(post)
    found = difference(post[there], pre[there], new_jersey[there])
    assert (new_jersey[there].sum(), (~new_jersey[there]).sum()) == (wanted["nNJ"], wanted["nPA"])
    assert found.effect == pytest.approx(wanted["did"], rel=1e-9)
    assert found.high - found.effect == pytest.approx(wanted["se"] * 1.97, rel=0.02)


@pytest.mark.parametrize(("errors", "key"), [("classical", "se_ols"), ("HC1", "se_hc1")])
def test_regression_and_its_errors_are_card_and_kruegers(errors, key):
    table, wanted = read("oracles/effect/card_krueger_input.csv"), scalars("card_krueger")
    fte, state, after = column(table, "fte"), column(table, "NJ"), column(table, "post")
    there = ~np.isnan(fte)
    design = np.column_stack([np.ones(there.sum()), state[there], after[there], (state * after)[there]])
    found = least_squares(design, fte[there], errors)
    assert found.coefficients[3] == pytest.approx(wanted["did"], rel=1e-9)
    assert found.errors[3] == pytest.approx(wanted[key], rel=1e-9)


def test_hc3_is_what_leaving_each_row_out_by_hand_gives():
    rng = np.random.default_rng(1)
    design = np.column_stack([np.ones(20), rng.normal(size=(20, 2))])
    y = rng.normal(size=20)
    found = least_squares(design, y)
    inverse, meat = np.linalg.inv(design.T @ design), np.zeros((3, 3))
    for row in range(20):
        others = np.arange(20) != row
        beta = np.linalg.lstsq(design[others], y[others], rcond=None)[0]
        meat += (y[row] - design[row] @ beta) ** 2 * np.outer(design[row], design[row])
    np.testing.assert_allclose(found.errors, np.sqrt(np.diag(inverse @ meat @ inverse)), rtol=1e-9)


def test_proposition_99_by_difference_and_by_rank():
    table, wanted = read("oracles/effect/prop99_input.csv"), scalars("prop99")
    year, packs, state = column(table, "Year"), column(table, "PacksPerCapita"), np.array(table["State"])
    names = np.unique(state)
    post, before = (
        np.array([packs[(state == s) & span].mean() for s in names]) for span in (year >= 1989, year < 1989)
    )
    change, mine = post - before, names == "California"
    assert change[mine].mean() - change[~mine].mean() == pytest.approx(wanted["did"], rel=1e-7)
    ratios = wanted["simplex"]["mspe_ratio"]
    others = np.array([v for s, v in ratios.items() if s != "California"])
    assert rank_p(ratios["California"], others) == pytest.approx(wanted["simplex"]["p_perm"], rel=1e-9)


def teams(seed: int = 2, size: int = 40, effect: float = 0.0, coached: int = 8):
    rng = np.random.default_rng(seed)
    level = rng.normal(0.15, 0.03, size)
    base, trailing = level + rng.normal(0, 0.004, size), level + rng.normal(0, 0.015, size)
    mine = np.arange(size) < coached
    return level + rng.normal(0, 0.012, size) + effect * mine, base, trailing, mine


def test_ancova_finds_an_effect_that_is_there():
    found = ancova(*teams(effect=-0.04))
    assert found.low < -0.04 < found.high < 0
    assert found.p < 0.001


def test_placebo_ranks_one_team_among_the_others():
    found = placebo(*teams(effect=-0.08, coached=1))
    assert found.p == pytest.approx(1 / 40)
    assert found.low < -0.08 < found.high < 0


def test_the_permutation_tries_every_draw():
    post, base, trailing, mine = teams(seed=3, size=12, effect=-0.03, coached=6)
    found = permutation(post, base, trailing, mine)
    design = np.column_stack([np.ones(12), base, trailing])
    off = post - design @ np.linalg.lstsq(design, post, rcond=None)[0]
    every = [off[list(d)].mean() - np.delete(off, list(d)).mean() for d in combinations(range(12), 6)]
    seen = off[mine].mean() - off[~mine].mean()
    assert found.p == pytest.approx(np.mean(np.abs(every) >= abs(seen) - 1e-12))
    assert found.p == permutation(post, base, trailing, mine).p


def test_a_large_draw_is_sampled_the_same_way_each_time():
    case = teams(size=40, coached=20)
    assert permutation(*case, seed=5).p == permutation(*case, seed=5).p


@pytest.mark.parametrize("method", [ancova, placebo, permutation])
def test_too_few_teams_are_said_not_guessed(method):
    post, base, trailing, _ = teams(size=4)
    with pytest.raises(ValueError, match="it takes"):
        method(post, base, trailing, np.array([True, False, False, False]) & (method is not permutation))


def test_teams_that_do_not_vary_have_an_effect_but_no_p():
    mine = np.arange(10) < 4
    flat = np.full(10, 0.2)
    assert np.isnan(ancova(flat, flat, flat, mine).p)
    assert np.isnan(difference(flat, flat, mine).p)


def test_before_and_after_is_the_naive_two_shares():
    found = before_after(60, 300, 30, 300)
    assert found.effect == pytest.approx(-0.10)
    assert found.p < 0.001
    assert np.isnan(before_after(0, 10, 0, 10).p)
    with pytest.raises(ValueError, match="no tickets"):
        before_after(0, 0, 1, 2)


def test_what_cannot_be_told_apart_is_refused():
    with pytest.raises(ValueError, match="cannot tell"):
        least_squares(np.ones((5, 2)), np.arange(5.0))
