"""The one rule that says whether a team's sign is a signal. Everything that shows or sends a reading goes by it.

A cell (a team and a sign) is judged by the weeks up to the one that is read, mature ones only:

1. *Baseline*: its first 52 weeks with tickets (26 while there are fewer than 65; all but the last 4 while
   there are fewer than 30). Under 12 the limits are on trial; under 8, or on under 50 tickets, or when the last four
   weeks hold under 10: "too few to say".
2. *Each week's score*: the exact mid-p of its count as a normal value, given its mix of tickets and the baseline's
   level, over the baseline's long-run spread (never under 1), which is learnt from all teams of the sign together
   (metrics.spread). The mix's share carries the season that all teams have in common (metrics.common_season).
3. *Chart*: an EWMA of the scores (lambda .3) over its own error, the centre's included. It turns on above a limit
   found so that a steady team is called worse once in 400 weeks and better once in 1600, and off at .7 of that limit.
   Getting worse is looked for harder than getting better, because that is what one would act on.
4. *All cells at once*: p is the smaller of two: that of the last four weeks (exact beta-binomial predictive) and that
   of the EWMA, times 1.3 because it is the better of two. Benjamini-Hochberg over all cells that could be judged;
   q <= .10 is needed.
5. The last four weeks lie on the side that the chart says.

`signal` needs 3, 4 and 5; so it is about now, stays while the change lasts, and goes when it goes.

*Worth watching* is quieter than a signal and never one: a CUSUM of the scores (k = .5), for the worse alone, is over
the limit that a steady team passes once in two years. It only bids to look again next week.

Measured (benchmarks/honesty.py, 52 weeks of baseline, share 15%, companies of 40 teams, one cell alone): .10 to .14
false alarms a team-year at n = 20 to 200 a week; a lasting rise of 10 points is seen after a median of 7, 3, 2 and 2
weeks at n = 20, 50, 100, 200, one of 5 points after 23, 9, 5 and 3. Where weeks vary by 3 points besides chance, hang
together as well (.7), or have a season of 2 points: .12 to .16. Among 240 cells of which 12 rose by 10 points the wrong
share of calls is .05; a calm company of 240 cells shows a false signal in one week of ten.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from metrics.arrays import Flags, Floats, Places, ratio
from metrics.cusum import cusum
from metrics.cusum import limit_for as cusum_limit
from metrics.discoveries import false_discovery_q
from metrics.ewma import ewma, limit_for
from metrics.monitor import WINDOW, Standard, trailing, window_p

LAMBDA = 0.3
WORSE_EVERY = 400.0  # weeks between false alarms of a steady team, were its level known
BETTER_EVERY = 1600.0
OFF = 0.7
WATCH_EVERY = 104.0  # weeks between false early warnings of a steady team
WATCH_K = 0.5
FALSE_SHARE = 0.10
TWO_LOOKS = 1.3  # the smaller of two p that go together is itself no p; with this a calm company is one at .10
FEWEST_TICKETS = 10
FEWEST_BASELINE_TICKETS = 50
FEWEST_WEEKS, TRIAL_WEEKS = 8, 12
FEWEST_WAVES = 3


def limits() -> tuple[float, float]:
    """The chart's limits for worse and for better, in units of the EWMA's own error."""
    return limit_for(WORSE_EVERY / 2, LAMBDA), limit_for(BETTER_EVERY / 2, LAMBDA)


def baseline_weeks(active: Flags, at: Places, waves: Flags | None = None) -> Flags:
    """Which weeks are the baseline, cells x weeks: `active` ones (mature, with tickets) up to each cell's week `at`.

    `waves`: cells whose points lie some weeks apart. Theirs is what their first 52 weeks hold, or all but the last
    while they know of fewer than 65.
    """
    known = active & (np.arange(active.shape[1])[None, :] <= at[:, None])
    weeks = known.sum(axis=1)
    size = np.select([weeks >= 65, weeks >= 30], [52, 26], np.maximum(weeks - WINDOW, 0))
    usual = known & (np.cumsum(known, axis=1) <= size[:, None])
    if waves is None or not waves.any():
        return usual
    place = np.arange(active.shape[1])[None, :]
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)
    long = (at - first + 1 >= 65)[:, None]
    of_waves = known & np.where(long, place < first[:, None] + 52, np.cumsum(known, axis=1) < weeks[:, None])
    return np.where(waves[:, None], of_waves, usual)


@dataclass(frozen=True)
class Chart:
    """Cells x weeks: the EWMA in units of its own error, and its state (1 high, -1 low, 0 calm)."""

    ewma: Floats
    state: Places


def chart(standard: Standard, baseline: Flags, n: Floats, higher_is_worse: Flags, waves: Flags | None = None) -> Chart:
    """The early-warning chart of every cell. Of `waves`, which come some weeks apart, one alone may be warning enough:
    theirs is the wave's own score over its error where that lies further out than the average.
    """
    z = standard.z / standard.spread[:, None]
    usual = ratio(n.sum(axis=1), (n > 0).sum(axis=1))
    of_centre = np.nan_to_num(ratio(usual, standard.baseline_n), nan=1.0)
    level = ewma(z, LAMBDA) / np.sqrt(LAMBDA / (2 - LAMBDA) + of_centre)[:, None]
    if waves is not None and waves.any():
        alone = z / np.sqrt(1 + of_centre)[:, None]
        further = np.abs(np.nan_to_num(alone)) > np.abs(np.nan_to_num(level))
        level = np.where(waves[:, None] & further, alone, level)
    worse, better = limits()
    above, below = np.where(higher_is_worse, worse, better), np.where(higher_is_worse, better, worse)
    return Chart(level, _states(level, above, below))


def _states(level: Floats, above: Floats, below: Floats) -> Places:
    """Turned on beyond a limit, off within `OFF` of it."""
    state = np.zeros(len(level), dtype=np.int64)
    states = np.empty(level.shape, dtype=np.int64)
    for week in range(level.shape[1]):
        now = np.nan_to_num(level[:, week])
        kept = np.where(state > 0, now > OFF * above, np.where(state < 0, now < -OFF * below, False))
        fresh = np.where(now > above, 1, np.where(now < -below, -1, 0))
        state = np.where(fresh != 0, fresh, np.where(kept, state, 0))
        states[:, week] = state
    return states


def since(standard: Standard, signal: Places, at: Places) -> Places:
    """The week in which each cell's change most likely began: the one from which its scores, summed up to `at` and
    divided by the root of their number, lie furthest on the signal's side (Hinkley 1970). No signal, no meaning.
    """
    weeks = np.arange(standard.z.shape[1])
    z = np.nan_to_num(standard.z) * np.sign(signal)[:, None]
    z = np.where(weeks[None, :] <= at[:, None], z, 0.0)
    onward = np.cumsum(z[:, ::-1], axis=1)[:, ::-1]
    length = np.maximum(at[:, None] - weeks[None, :] + 1, 1)
    start: Places = (onward / np.sqrt(length)).argmax(axis=1)
    return start


@dataclass(frozen=True)
class Verdict:
    """Per cell: `signal` 1 high, -1 low, 0 none; p and q (NaN where it could not be judged)."""

    signal: Places
    p: Floats
    q: Floats


def judge(
    standard: Standard, drawn: Chart, x: Floats, n: Floats, at: Places, judged: Flags, *, alone: bool = False
) -> Verdict:
    """The rule, for each cell at its own week `at`; `judged` are the cells with enough to say.

    `alone`: each cell as if it were the only one, as when one team asks about one sign (and in simulations).
    """
    rows = np.arange(len(x))
    place = np.maximum(at, 0)
    window = _p_at(standard, x, n, place)
    level = drawn.ewma[rows, place]
    p = np.where(judged, np.minimum(TWO_LOOKS * np.fmin(window, 2 * ndtr(-np.abs(level))), 1.0), np.nan)
    q = p if alone else false_discovery_q(p)
    off = trailing(x)[rows, place] - trailing(n * standard.share)[rows, place]
    state = drawn.state[rows, place]
    called = judged & (q <= FALSE_SHARE) & (np.sign(off) == state)
    return Verdict(np.where(called, state, 0), p, q)


def watched(standard: Standard, n: Floats, higher_is_worse: Flags, at: Places, judged: Flags, signal: Places) -> Places:
    """Early warning: the week since which each cell's scores have added up to something worth watching, -1 where not.

    Only for the worse, and only where there is enough to say and no signal.
    """
    usual = ratio(n.sum(axis=1), (n > 0).sum(axis=1))
    error = standard.spread * np.sqrt(1 + np.nan_to_num(ratio(usual, standard.baseline_n), nan=1.0))
    z = standard.z / error[:, None] * np.where(higher_is_worse, 1.0, -1.0)[:, None]
    sums = cusum(z, WATCH_K)
    rows, place = np.arange(len(z)), np.maximum(at, 0)
    over = sums.up[rows, place] > cusum_limit(WATCH_EVERY, WATCH_K, two_sided=False)
    since: Places = np.where(judged & (signal == 0) & over, sums.up_since[rows, place], -1)
    return since


def _p_at(standard: Standard, x: Floats, n: Floats, place: Places) -> Floats:
    found = np.full(len(x), np.nan)
    for week in np.unique(place):
        mine = place == week
        part = Standard(
            standard.share[mine], standard.variance[mine], standard.z[mine],
            standard.chart_spread[mine], standard.spread[mine], standard.baseline_n[mine],
            None if standard.kinds is None else standard.kinds[mine],
        )  # fmt: skip
        found[mine] = window_p(part, x[mine], n[mine], int(week))
    return found
