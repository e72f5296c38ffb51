"""Made-up companies in which the truth is known: teams that differ and drift, and what coaching did to them. Seeded."""

import numpy as np

from benchmarks.simulated import Weeks
from metrics.arrays import Flags, Floats

TEAMS, WEEKS, START = 40, 64, 52


def company(
    seed: int, effect: float = 0.0, lasting: int = 0, n: int = 60, coached: int = 8, *, drawn: bool = False
) -> tuple[Floats, Floats, Flags]:
    """x, n, coached: 40 teams, 52 weeks before and 12 after; the worst of the last 8 weeks are coached.

    `effect` is what coaching truly does to the share. `lasting` teams got worse by 5 points for good within the 20
    weeks before. `drawn`: the lot decides who is coached, not the last weeks.
    """
    rng = np.random.default_rng([7, seed])
    level = np.repeat(rng.normal(0.15, 0.025, (TEAMS, 1)), WEEKS, axis=1)
    now = rng.normal(0, 0.02, TEAMS)
    for week in range(WEEKS):
        level[:, week] += now
        now = 0.7 * now + rng.normal(0, 0.02 * np.sqrt(1 - 0.49), TEAMS)
    for team in rng.choice(TEAMS, lasting, replace=False):
        level[team, START - rng.integers(2, 20) :] += 0.05
    of = np.full((TEAMS, WEEKS), n)
    before = rng.binomial(of, np.clip(level, 0.005, 0.995))
    mine = np.zeros(TEAMS, dtype=bool)
    worst = np.argsort(-before[:, START - 8 : START].sum(axis=1))
    mine[rng.permutation(TEAMS)[:coached] if drawn else worst[:coached]] = True
    level[mine, START:] += effect
    after = rng.binomial(of, np.clip(level, 0.005, 0.995))
    return np.where(np.arange(WEEKS) < START, before, after).astype(np.float64), of.astype(np.float64), mine


def case_mix(rng: np.random.Generator, cells: int, complex_share: Floats) -> tuple[Weeks, Weeks]:
    """Nothing wrong, but the share of complex tickets moves: as it looks crude, and with the mix known (n = 100)."""
    n, hard_rate, easy_rate, at_first = 100, 0.30, 0.08, 0.33
    hard = rng.binomial(n, np.broadcast_to(complex_share, (cells, len(complex_share))))
    x = (rng.binomial(hard, hard_rate) + rng.binomial(n - hard, easy_rate)).astype(np.float64)
    of = np.full(x.shape, float(n))
    crude = np.full(x.shape, at_first * hard_rate + (1 - at_first) * easy_rate)
    mix = (hard * hard_rate + (n - hard) * easy_rate) / n
    variance = hard * hard_rate * (1 - hard_rate) + (n - hard) * easy_rate * (1 - easy_rate)
    return Weeks(x, of, crude, of * crude * (1 - crude)), Weeks(x, of, mix, variance)
