"""The season that all teams share: December is no change of the team that is read in December.

Question asked: by how much do the odds of a sign lie above or below their year's level in this week of the year, in the
whole company? Two yearly waves are fitted to each team's reference year; the company's is the median of the teams', so
that one team's change is nobody else's season. It is held back where the teams' waves differ by as much as itself,
and, once weeks after the reference year are known, where these do not follow it: one year alone cannot tell a season
from a year in which something happened.

Shapes: x, n, `share` (by mix) cells x weeks, cells of one sign; `window` true for the weeks of the reference year;
`weeks` their Mondays. Result: one a week, added to the log odds of every cell's share; zeros are no season.
Errors: fewer than 52 weeks in the window, or eight teams with enough tickets: no season.
Sources: harmonic regression (Stolwijk 1999) by one Fisher step a team; shrinkage as James & Stein's positive part; the
check on later weeks is a regression on the season foretold, with a normal prior about 1. Measured: docs/methods.md.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.special import expit, logit

from metrics.arrays import Flags, Floats, floats, ratio
from metrics.measure import own_share
from metrics.season import WEEKS_NEEDED, YEAR

FEWEST_TEAMS, FEWEST_INFORMATION = 8, 20.0
HELD_BACK = 2.0  # how many times what chance gives a season must be before half of it counts
DOUBT, COMPANY = 0.5, 0.05  # how sure a season is to come back; how far a company strays in a week by itself (log odds)


def season_odds(x: Floats, n: Floats, share: Floats, window: Flags, weeks: Sequence[date]) -> Floats:
    """What the week of the year adds to the log odds, in the whole company."""
    none = np.zeros(len(weeks))
    if window.sum() < WEEKS_NEEDED:
        return none
    mix = np.clip(np.where(n > 0, share, np.nan), 1e-6, 1 - 1e-6)
    own = own_share(x, n, mix, np.broadcast_to(window, x.shape))
    fair, room = np.nan_to_num(n * own), np.nan_to_num(n * own * (1 - own))
    off = np.where(n > 0, x - fair, 0.0)
    waves = _waves(weeks)
    common = _common(off[:, window], room[:, window], waves[window])
    return none if common is None else floats(_came_back(off, room, waves @ common, window) * (waves @ common))


def with_season(share: Floats, odds: Floats) -> Floats:
    """Shares moved by the season."""
    return floats(np.where(np.isnan(share), np.nan, expit(logit(np.clip(share, 1e-6, 1 - 1e-6)) + odds)))


def _common(off: Floats, room: Floats, waves: Floats) -> Floats | None:
    """The company's coefficients, held back; None where there are none to learn from."""
    known = room.sum(axis=1) > FEWEST_INFORMATION
    if known.sum() < FEWEST_TEAMS:
        return None
    off, room = off[known], room[known]
    flat = waves[None] - ((room @ waves) / room.sum(axis=1)[:, None])[:, None, :]
    information = np.einsum("twi,tw,twj->tij", flat, room, flat) + np.eye(waves.shape[1])
    found = np.linalg.solve(information, np.einsum("twi,tw->ti", flat, off)[..., None])[..., 0]
    weight = np.trace(information, axis1=1, axis2=2)
    share = weight / weight.sum()
    middle = np.array([_median(column, share) for column in found.T])
    apart = np.array([_median(np.abs(column - m), share) for column, m in zip(found.T, middle, strict=True)])
    by_tickets = np.sqrt(np.einsum("tii->i", np.linalg.inv(information) * (share**2)[:, None, None]))
    error = np.maximum(1.4826 * apart * np.sqrt((share**2).sum()), by_tickets) * np.sqrt(np.pi / 2)
    by_chance = float(((middle / error) ** 2).sum()) / len(middle)
    return floats(max(0.0, 1 - HELD_BACK / by_chance) * middle) if by_chance > 0 else None


def _came_back(off: Floats, room: Floats, season: Floats, window: Flags) -> float:
    """How much of the season the weeks after the reference year follow, in [0, 1]."""
    later = ~window & (np.arange(len(window)) > np.flatnonzero(window)[-1]) & (room.sum(axis=0) > 0)
    if not later.any() or not season.any():
        return 1.0
    # each team counts as far as its tickets tell, but none for more than its share of a usual week's surprise
    surprise = np.clip(ratio(off[:, later], np.sqrt(room[:, later])), -3, 3)
    weight = np.sqrt(room[:, later])
    seen = np.nansum(weight * surprise, axis=0) / room[:, later].sum(axis=0)
    sure = 1 / (1 / room[:, later].sum(axis=0) + COMPANY**2)
    told = season[later]
    kept = (1 / DOUBT**2 + (sure * told * seen).sum()) / (1 / DOUBT**2 + (sure * told**2).sum())
    return float(np.clip(kept, 0.0, 1.0))


def _median(values: Floats, share: Floats) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(share[order]), 0.5)])


def _waves(weeks: Sequence[date]) -> Floats:
    turn = 2 * np.pi * np.array([week.toordinal() / 7 for week in weeks]) / YEAR
    return np.column_stack([np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)])
