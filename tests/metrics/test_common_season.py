import numpy as np
import pytest
from scipy.special import expit, logit

from metrics.common_season import season_odds, with_season
from metrics.panel import panel
from metrics.reading import read
from tests.metrics.weekly import calendar, counts

WEEKS = 104
YEAR = np.arange(WEEKS) < 52


def company(height: float, seed: int = 1, teams: int = 40, n: int = 60) -> tuple[np.ndarray, ...]:
    """x, n, share by mix, and the season that is there (log odds)."""
    rng = np.random.default_rng(seed)
    season = height * np.sin(2 * np.pi * np.arange(WEEKS) / 52.18)
    share = expit(logit(rng.uniform(0.1, 0.25, (teams, 1))) + season)
    of = np.full((teams, WEEKS), float(n))
    return rng.binomial(n, share).astype(float), of, np.full(of.shape, 0.17), season


def test_a_season_that_all_teams_share_is_found():
    x, n, mix, season = company(0.3)
    found = season_odds(x, n, mix, YEAR, calendar(WEEKS))
    assert np.abs(found - season).max() < 0.1


def test_where_there_is_none_little_or_none_is_found():
    found = [np.abs(season_odds(*company(0.0, seed)[:3], YEAR, calendar(WEEKS))).max() for seed in range(30)]
    assert np.mean(found) < 0.02
    assert max(found) < 0.08


def test_one_teams_change_is_nobody_elses_season():
    x, n, mix, _ = company(0.0)
    x[3, 20:52] = np.minimum(x[3, 20:52] + 30, 60)
    assert np.abs(season_odds(x, n, mix, YEAR, calendar(WEEKS))).max() < 0.08


def test_what_does_not_come_back_is_soon_no_season():
    x, n, mix, season = company(0.3)
    calm = company(0.0)[0]
    x[:, 52:] = calm[:, 52:]
    late = season_odds(x, n, mix, YEAR, calendar(WEEKS))
    early = season_odds(x[:, :56], n[:, :56], mix[:, :56], YEAR[:56], calendar(56))
    assert np.abs(late).max() < 0.1
    assert np.abs(early).max() > 0.1
    assert np.abs(season).max() > 0.29


@pytest.mark.parametrize("weeks", [10, 51])
def test_less_than_a_year_has_no_season(weeks):
    x, n, mix, _ = company(0.5)
    found = season_odds(x[:, :weeks], n[:, :weeks], mix[:, :weeks], YEAR[:weeks], calendar(weeks))
    assert not found.any()


def test_few_teams_or_none_counted_have_no_season():
    x, n, mix, _ = company(0.5, teams=7)
    assert not season_odds(x, n, mix, YEAR, calendar(WEEKS)).any()
    assert not season_odds(x * 0, n * 0, mix, YEAR, calendar(WEEKS)).any()


def test_a_share_that_is_missing_stays_so_and_the_others_stay_shares():
    moved = with_season(np.array([np.nan, 0.0, 0.5, 1.0]), np.array([5.0, 5.0, 5.0, -5.0]))
    assert np.isnan(moved[0])
    assert ((moved[1:] >= 0) & (moved[1:] <= 1)).all()


def test_the_same_season_as_last_year_is_no_change_for_anybody():
    x, _, _, season = company(0.5, n=200)
    weeks = 52 + int(np.argmax(season[52:])) + 1
    found = read(panel(counts(x[:, :weeks], 200), calendar(weeks), {"s": "lower"}))
    assert (found["status"] == "signal").sum() <= 2
    assert found["mix_expected"].mean() > 0.2
