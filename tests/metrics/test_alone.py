"""One team coached alone: seldom called where nothing was done, found where much was, whatever a few others did."""

import numpy as np
import pytest

from metrics.alone import HUBER, alone, robust_line, side_p
from metrics.helped import judge
from metrics.power import power
from tests.metrics.test_helped import company

START = 52


def teams(seed: int, others: int = 30, effect: float = 0.0, wrong: int = 0, n: int = 600):
    """Shares of one coached team (the first) and others; `wrong` of these got 15 points worse for their own reasons."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0.2, 0.04, others + 1)
    off = rng.normal(0, 0.015, others + 1) + effect * (np.arange(others + 1) == 0)
    off[others + 1 - wrong :] += 0.15
    base, trailing = level + rng.normal(0, 0.005, others + 1), level + rng.normal(0, 0.015, others + 1)
    post = rng.binomial(n, np.clip(level + off, 0, 1)) / n
    return post, base, trailing, np.arange(others + 1) == 0, np.full(others + 1, 0.2 * 0.8 / n)


def naive_line(design, y, chance):
    """The robust line once more: team by team in plain Python, the spread by halving."""
    size, terms = len(y), len(design[0])
    beyond = sum((v - sum(y) / size) ** 2 for v in y) / size
    weight, line = [1 / (beyond + c) for c in chance], [0.0] * terms
    for _ in range(30):
        normal = [
            [sum(w * row[i] * row[j] for w, row in zip(weight, design, strict=True)) for j in range(terms)]
            for i in range(terms)
        ]
        right = [sum(w * row[i] * v for w, row, v in zip(weight, design, y, strict=True)) for i in range(terms)]
        line = list(np.linalg.solve(np.array(normal), np.array(right)))
        wide = (size / (size - terms)) ** 0.5
        off = [
            (v - sum(a * b for a, b in zip(row, line, strict=True))) * wide for row, v in zip(design, y, strict=True)
        ]
        beyond = naive_spread(off, chance)
        unit = [(beyond + c) ** 0.5 for c in chance]
        weight = [min(1, HUBER / max(abs(o / u), 1e-12)) / u**2 for o, u in zip(off, unit, strict=True)]
    return line, beyond


def naive_spread(off, chance):
    """The spread at which half of the teams lie within the median of a standard normal, by halving."""
    wanted = 0.6744897501960817**2

    def within(beyond):
        return sum(o**2 <= wanted * (beyond + c) for o, c in zip(off, chance, strict=True)) * 2 - len(off)

    def reaches(enough):
        low, high = -1.0, 1.0
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (low, middle) if enough(within(middle)) else (middle, high)
        return high

    return max(0.0, (reaches(lambda more: more >= 0) + reaches(lambda more: more > 0)) / 2)


@pytest.mark.parametrize("wrong", [0, 3])
@pytest.mark.parametrize("n", [60, 600])
def test_the_line_and_its_spread_are_what_plain_python_finds(wrong, n):
    post, base, trailing, mine, chance = (values[1:] for values in teams(3, wrong=wrong, n=n))
    design = np.column_stack([np.ones(len(post)), base, trailing])
    line, beyond, _ = robust_line(design, post, chance)
    wanted, spread = naive_line(design.tolist(), post.tolist(), chance.tolist())
    np.testing.assert_allclose(line, wanted, atol=1e-6)
    assert beyond == pytest.approx(spread, abs=1e-8)
    assert not mine.any()


def test_where_chance_explains_all_there_is_no_spread_beyond_it():
    rng = np.random.default_rng(1)
    chance = np.full(40, 0.01**2)
    off = rng.normal(0, 0.005, 40)
    assert robust_line(np.ones((40, 1)), off, chance)[1] == 0.0


def test_p_is_the_share_that_lies_as_far_on_that_side():
    placebos = np.array([-3.0, -2.0, -1.0, 0.0, 4.0])
    assert side_p(-2.5, placebos) == pytest.approx(2 / 6)
    assert side_p(-9.0, placebos) == pytest.approx(1 / 6)
    assert side_p(2.0, placebos) == pytest.approx(2 / 6)


def test_nothing_done_is_called_something_in_at_most_5_of_100_and_the_interval_holds():
    found = [alone(*teams(seed)) for seed in range(400)]
    called = [each.p < 0.05 and not each.low <= 0 <= each.high for each in found]
    below = [each.effect < 0 for each in found]
    assert np.mean(np.array(called) & np.array(below)) <= 0.04  # of a side, so half of all that are called
    assert np.mean(called) <= 0.07
    assert np.mean([each.low <= 0 <= each.high for each in found]) == pytest.approx(0.95, abs=0.02)


def test_a_few_teams_that_went_wrong_do_not_hide_a_team_that_got_better():
    def told(wrong: int) -> tuple[float, float]:
        found = [alone(*teams(seed, effect=-0.09, wrong=wrong)) for seed in range(80)]
        return np.mean([each.p < 0.05 and each.high < 0 for each in found]), np.mean([each.effect for each in found])

    (calm, calm_effect), (stirred, stirred_effect) = told(0), told(3)
    assert calm >= 0.9
    assert stirred >= calm - 0.15
    assert (calm_effect, stirred_effect) == (pytest.approx(-0.09, abs=0.01), pytest.approx(-0.09, abs=0.012))


def test_a_larger_team_is_told_more_exactly():
    post, base, trailing, mine, chance = teams(5)
    small, large = (alone(post, base, trailing, mine, np.where(mine, room, chance)) for room in (0.01, 0.0001))
    assert small.effect == large.effect
    assert small.error > large.error
    assert small.p >= large.p


def test_beside_nineteen_others_nothing_can_be_called():
    assert alone(*teams(1, others=19, effect=-0.19)).p == pytest.approx(1 / 20)
    assert not alone(*teams(1, others=19, effect=-0.19)).p < 0.05
    assert alone(*teams(1, others=20, effect=-0.19)).p < 0.05


def test_fewer_than_five_others_are_too_few_and_teams_that_do_not_vary_have_no_p():
    with pytest.raises(ValueError, match="4 teams to compare with; it takes 5"):
        alone(*teams(1, others=4))
    flat, mine = np.full(10, 0.2), np.arange(10) < 1
    found = alone(flat, flat, flat, mine, np.zeros(10))
    assert found.effect == pytest.approx(0)
    assert np.isnan([found.p, found.low, found.high]).all()
    nothing = judge(np.zeros((30, 64)), np.full((30, 64), 60.0), np.arange(30) < 1, START)
    assert (nothing.word, nothing.why) == ("cannot tell", "the teams do not vary enough to say how sure it is")


def test_the_worst_team_coached_alone_for_nothing_is_called_helped_in_at_most_5_of_100():
    words = []
    for seed in range(80):
        x, n, coached, start = company(seed)
        worst = np.flatnonzero(coached)[np.argmax(x[coached, 44:52].sum(axis=1))]
        words.append(judge(x, n, np.arange(40) == worst, start).word)
    assert words.count("helped") / 80 <= 0.05
    assert words.count("made it worse") / 80 <= 0.05


def test_how_often_one_team_is_told_is_what_was_said_before():
    found, spread = [], float(np.sqrt(0.015**2 + 0.2 * 0.8 / 600))
    for seed in range(150):
        each = alone(*teams(seed, effect=-0.06))
        found.append(each.p < 0.05 and each.high < 0)
    assert np.mean(found) == pytest.approx(power(0.06, spread, 1, 30), abs=0.1)
