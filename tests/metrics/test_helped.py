import numpy as np
import pytest

from metrics.helped import fading, judge


def company(seed: int, effect: float = 0.0, teams: int = 40, weeks: int = 64, n: int = 60, lasting: int = 0):
    """Teams that differ, drift and have luck; `lasting` of them got worse by 5 points for good."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.normal(0.15, 0.025, (teams, 1)), weeks, axis=1)
    now = rng.normal(0, 0.02, teams)
    for week in range(weeks):
        level[:, week] += now
        now = 0.7 * now + rng.normal(0, 0.02 * np.sqrt(1 - 0.49), teams)
    for team in rng.choice(teams, lasting, replace=False):
        level[team, 52 - rng.integers(2, 20) :] += 0.05
    of = np.full((teams, weeks), n)
    before = rng.binomial(of, np.clip(level, 0.005, 0.995))
    coached = np.zeros(teams, dtype=bool)
    coached[np.argsort(-before[:, 44:52].sum(axis=1))[:8]] = True
    level[coached, 52:] += effect
    after = rng.binomial(of, np.clip(level, 0.005, 0.995))
    x = np.where(np.arange(weeks) < 52, before, after).astype(float)
    return x, of.astype(float), coached, 52


def test_coaching_that_helped_is_said_to_have_helped():
    words = [judge(*company(seed, effect=-0.06)).word for seed in range(20)]
    assert words.count("helped") >= 17
    assert "made it worse" not in words


def test_where_higher_is_better_a_fall_made_it_worse():
    assert judge(*company(3, effect=-0.08), better="higher").word == "made it worse"


@pytest.mark.slow
@pytest.mark.parametrize("lasting", [0, 8])
def test_useless_coaching_of_the_worst_is_called_a_success_in_at_most_5_of_100(lasting):
    found = [judge(*company(seed, lasting=lasting)) for seed in range(300)]
    words = [each.word for each in found]
    assert words.count("helped") / 300 <= 0.05
    assert words.count("made it worse") / 300 <= 0.05
    naive = np.mean([each.naive.p < 0.05 and each.naive.effect < 0 for each in found])
    if not lasting:
        assert naive > 0.3


def test_the_interval_covers_the_truth_as_often_as_it_says():
    hits = []
    for seed in range(300):
        found = judge(*company(seed, effect=-0.03)).headline
        hits.append(found.low <= -0.03 <= found.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.03)


def test_one_team_alone_is_ranked_and_seldom_told():
    x, n, coached, start = company(4)
    one = coached & (np.cumsum(coached) == 1)
    found = judge(x, n, one, start)
    assert found.headline.method == "placebo rank"
    assert found.headline.p >= 1 / 40
    assert found.bracket is not None


def test_teams_drawn_by_lot_are_judged_by_the_draw():
    x, n, _, start = company(5)
    drawn = np.arange(16) < 8
    assert judge(x[:16], n[:16], drawn, start, drawn=True).headline.method == "permutation of the draw"


def test_before_four_weeks_it_is_too_early():
    x, n, coached, start = company(6)
    found = judge(x[:, :55], n[:, :55], coached, start)
    assert (found.word, found.why) == ("too early", "3 weeks are final since the start; it takes 4")
    assert found.headline is None


def test_too_little_history_or_company_cannot_tell_and_says_why():
    x, n, coached, start = company(7)
    assert judge(x[:, 40:], n[:, 40:], coached, 12).why == "only 12 weeks before the start; it takes 16"
    few = np.arange(40) < 11
    assert judge(x[few], n[few], np.arange(11) < 8, start).why == "3 teams to compare with; it takes 5"


def test_no_tickets_at_all_cannot_tell():
    x, n, coached, start = company(8)
    found = judge(x * 0, n * 0, coached, start)
    assert (found.word, found.headline, found.naive) == ("cannot tell", None, None)


def test_all_zeros_cannot_tell_and_no_p_of_one():
    x, n, coached, start = company(9)
    found = judge(x * 0, n, coached, start)
    assert found.word == "cannot tell"
    assert np.isnan(found.headline.p)


def test_large_calm_teams_show_no_difference():
    words = [judge(*company(seed, n=2000), worth=0.05).word for seed in range(12)]
    assert words.count("no difference seen") >= 7


def test_harder_tickets_afterwards_are_not_blamed_on_coaching():
    x, n, coached, start = company(10)
    mix = np.full(x.shape, 0.15)
    mix[coached, start:] += 0.10
    rng = np.random.default_rng(11)
    harder = x + rng.binomial(n.astype(int), np.clip(mix - 0.15, 0, 1))
    assert judge(harder, n, coached, start).word == "made it worse"
    assert judge(harder, n, coached, start, mix=mix).word != "made it worse"


def test_reviews_at_4_9_and_13_weeks_see_an_effect_fade():
    x, n, coached, start = company(12, weeks=66, n=300)
    x[coached, start : start + 4] *= 0.4
    found = fading(x, n, coached, start)
    assert [each.weeks for each in found] == [4, 5, 4]
    assert found[0].word == "helped"
    assert abs(found[2].headline.effect) < abs(found[0].headline.effect) / 2
    assert [each.word for each in fading(x[:, :60], n[:, :60], coached, start)][1:] == ["too early"] * 2
