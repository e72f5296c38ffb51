"""Made-up weeks of many teams, and what our rule and others would have called in them. Seeded by the caller.

Shapes: counts are cells x weeks; calls are cells x monitored weeks (those after the baseline), true where called.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from metrics import charts, verdict
from metrics.arrays import Flags, Floats, floats
from metrics.common_season import season_odds, with_season
from metrics.monitor import standardise
from metrics.xmr import special_causes, xmr

BASELINE, YEAR = 52, 52


@dataclass(frozen=True)
class Weeks:
    """x of n, the share expected by the mix, and the variance that goes with it."""

    x: Floats
    n: Floats
    mix: Floats
    variance: Floats


def made(
    rng: np.random.Generator,
    cells: int,
    n: npt.ArrayLike,
    share: float = 0.15,
    *,
    rise: npt.ArrayLike = 0.0,
    weeks: int = BASELINE + YEAR,
    begins: int = BASELINE,
    varies: float = 0.0,
    tied: float = 0.0,
    season: float = 0.0,
    grows: float = 1.0,
) -> Weeks:
    """Teams at `share`, risen by `rise` (points / 100) from week `begins` on.

    `varies`: standard deviation of the weekly share besides chance, `tied` its lag-1 autocorrelation; `season`: height
    of a yearly wave in the share; `grows`: volume at the end over that at the start.
    """
    volume = np.broadcast_to(floats(n).reshape(-1, 1), (cells, weeks)) * np.linspace(1.0, grows, weeks)[None, :]
    level = np.full((cells, weeks), share) + season * np.sin(2 * np.pi * np.arange(weeks) / 52)[None, :]
    if varies:
        step, now = varies * np.sqrt(1 - tied**2), rng.normal(0, varies, cells)
        for week in range(weeks):
            level[:, week] += now
            now = tied * now + rng.normal(0, step, cells)
    level[:, begins:] += floats(rise).reshape(-1, 1)
    of = np.round(volume)
    x = rng.binomial(of.astype(np.int64), np.clip(level, 0.001, 0.999)).astype(np.float64)
    return Weeks(x, of, np.full(of.shape, share), of * share * (1 - share))


def our_calls(weeks: Weeks, baseline: int = BASELINE, *, alone: bool = True, company: int = 40) -> Flags:
    """What the rule of metrics.verdict calls a rise or a fall, week by week, higher being worse.

    `company`: how many cells are of one sign of one company, and tell each other how much weeks vary.
    """
    based = np.broadcast_to(np.arange(weeks.x.shape[1]) < baseline, weeks.x.shape)
    peers = np.arange(len(weeks.x)) // company
    standard = standardise(weeks.x, weeks.n, weeks.mix, weeks.variance, based, peers=peers)
    every = np.ones(len(weeks.x), dtype=bool)
    drawn = verdict.chart(standard, based, np.where(based, weeks.n, 0.0), every)
    calls = []
    for week in range(baseline, weeks.x.shape[1]):
        at = np.full(len(weeks.x), week)
        calls.append(verdict.judge(standard, drawn, weeks.x, weeks.n, at, every, alone=alone).signal != 0)
    return np.stack(calls, axis=1)


def our_calls_in_season(weeks: Weeks, baseline: int = BASELINE, *, company: int = 40) -> Flags:
    """The same where companies have a season: each week is judged by what is known of it by then (slow)."""
    cells, many = weeks.x.shape
    based, every = np.broadcast_to(np.arange(many) < baseline, weeks.x.shape), np.ones(cells, dtype=bool)
    days = [date(2024, 1, 1) + timedelta(weeks=week) for week in range(many)]
    peers, calls = np.arange(cells) // company, []
    for week in range(baseline, many):
        upto = slice(0, week + 1)
        x, n, based_on = weeks.x[:, upto], weeks.n[:, upto], based[:, upto]
        mix = weeks.mix[:, upto].copy()
        for one in np.unique(peers):
            mine = peers == one
            odds = season_odds(x[mine], n[mine], mix[mine], based_on[0], days[: week + 1])
            mix[mine] = with_season(mix[mine], odds)
        standard = standardise(x, n, mix, n * mix * (1 - mix), based_on, peers=peers)
        drawn = verdict.chart(standard, based_on, np.where(based_on, n, 0.0), every)
        calls.append(verdict.judge(standard, drawn, x, n, np.full(cells, week), every, alone=True).signal != 0)
    return np.stack(calls, axis=1)


def red_amber_green(weeks: Weeks, baseline: int = BASELINE) -> Flags:
    """Red: this four weeks' share is a tenth or more above the four before. The rule of many boards."""
    block = weeks.x.shape[1] // 4
    share = weeks.x[:, : block * 4].reshape(-1, block, 4).sum(2) / weeks.n[:, : block * 4].reshape(-1, block, 4).sum(2)
    red = np.zeros(share.shape, dtype=bool)
    red[:, 1:] = share[:, 1:] > 1.1 * share[:, :-1]
    return np.repeat(red, 4, axis=1)[:, baseline:]


def three_sigma(weeks: Weeks, baseline: int = BASELINE) -> Flags:
    """A week outside the p chart's limits."""
    based = np.broadcast_to(np.arange(weeks.x.shape[1]) < baseline, weeks.x.shape)
    limits = charts.proportions(weeks.x, weeks.n, based, prime=False)
    share = weeks.x / weeks.n
    return ((share > limits.upper) | (share < limits.lower))[:, baseline:]


def nhs_rules(weeks: Weeks, baseline: int = BASELINE) -> Flags:
    """Any of the four rules of Making Data Count, the latest point being part of it."""
    share = weeks.x / weeks.n
    based = np.broadcast_to(np.arange(share.shape[1]) < baseline, share.shape)
    limits = xmr(share, based)
    calls = []
    for week in range(baseline, share.shape[1]):
        seen = slice(max(0, week - 7), week + 1)
        part = charts.Limits(limits.centre[:, seen], limits.lower[:, seen], limits.upper[:, seen], limits.spread)
        found = special_causes(share[:, seen], part)
        calls.append(np.any([pattern[:, -1] != 0 for pattern in found.values()], axis=0))
    return np.stack(calls, axis=1)


def alarms_a_year(calls: Flags) -> float:
    """How often a call begins, a team-year."""
    before = np.concatenate([np.zeros((len(calls), 1), dtype=bool), calls[:, :-1]], axis=1)
    return float((calls & ~before).sum() / len(calls) / (calls.shape[1] / YEAR))


def median_delay(calls: Flags) -> float:
    """Median number of weeks until the first call; infinite where most never see it."""
    first = np.where(calls.any(axis=1), calls.argmax(axis=1) + 1.0, np.inf)
    return float(np.median(first))


def wrong_share(calls: Flags, moved: Flags) -> float:
    """Mean over weeks of the share of calls that are wrong (0 in a week without calls)."""
    wrong, every = calls[~moved].sum(axis=0), calls.sum(axis=0)
    return float(np.mean(wrong / np.maximum(every, 1)))
