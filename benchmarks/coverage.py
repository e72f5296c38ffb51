"""How often each interval that is shown anywhere holds the truth. Seeded; no `main`: benchmarks.honesty prints it."""

from collections.abc import Callable

import numpy as np

from benchmarks.worlds import START, company
from metrics import helped, interrupted, intervals, pooling, shrinkage, survival
from metrics.arrays import Flags
from metrics.measure import measure_of

Hits = Callable[[np.random.Generator], Flags]


def rows() -> list[list[str]]:
    """Interval, how often it holds the truth, and the error of this simulation (two standard errors)."""
    out = []
    for place, (name, hits) in enumerate(INTERVALS.items()):
        found = hits(np.random.default_rng([6, place]))
        error = 2 * np.sqrt(0.95 * 0.05 / found.size)
        out.append([name, f"{found.mean():.1%}", f"{error:.1%}"])
    return out


def wilson(rng: np.random.Generator) -> Flags:
    n, truth = rng.integers(20, 800, 40_000), rng.uniform(0.02, 0.5, 40_000)
    low, high = intervals.wilson(rng.binomial(n, truth), n)
    return (low <= truth) & (truth <= high)


def poisson(rng: np.random.Generator) -> Flags:
    truth = rng.uniform(1, 60, 40_000)
    low, high = intervals.poisson(rng.poisson(truth))
    return (low <= truth) & (truth <= high)


def dispersion(rng: np.random.Generator) -> Flags:
    free, truth = rng.integers(3, 60, 40_000).astype(np.float64), rng.uniform(0.8, 3, 40_000)
    low, high = measure_of("dispersion").interval(truth * rng.chisquare(free), free)
    return (low <= truth) & (truth <= high)


def still_open(rng: np.random.Generator) -> Flags:
    hits = []
    for _ in range(1500):
        life, cut = rng.exponential(5, 150), rng.uniform(2, 15, 150)
        _, low, high = survival.share_open_at(survival.still_open(np.minimum(life, cut), life <= cut), 4.0)
        hits.append(low <= np.exp(-0.8) <= high)
    return np.array(hits)


def shrunk_share(rng: np.random.Generator) -> Flags:
    hits = []
    for _ in range(60):
        n = rng.integers(20, 400, 60)
        truth = rng.beta(10, 55, 60)
        x = rng.binomial(n, truth)
        prior = shrinkage.beta_binomial(x, n)
        if prior is not None:
            found = shrinkage.shrunk_shares(x, n, prior)
            hits.append((found.low <= truth) & (found.high >= truth))
    return np.concatenate(hits)


def shrunk_ratio(rng: np.random.Generator) -> Flags:
    hits = []
    for _ in range(60):
        fair = rng.uniform(3, 60, 60)
        truth = rng.gamma(12, 1 / 12, 60)
        x = rng.poisson(fair * truth)
        prior = shrinkage.gamma_poisson(x, fair)
        if prior is not None:
            found = shrinkage.shrunk_ratios(x, fair, prior)
            hits.append((found.low <= truth) & (found.high >= truth))
    return np.concatenate(hits)


def effect(coached: int, *, drawn: bool) -> Hits:
    """Of actions that truly made the share 3 points better."""

    def hits(_: np.random.Generator) -> Flags:
        found = []
        for seed in range(1500 if coached > 1 else 1000):
            case = company(seed, -0.03, coached=coached, drawn=drawn)
            headline = helped.judge(*case, START, drawn=drawn and coached > 1).headline
            found.append(headline is not None and headline.low <= -0.03 <= headline.high)
        return np.array(found)

    return hits


def play(*, ahead: bool) -> Hits:
    """Of eight actions of one play: its mean effect, or where the next action's lies."""

    def hits(rng: np.random.Generator) -> Flags:
        found = []
        for _ in range(1500):
            error = rng.uniform(0.01, 0.03, 8)
            one = pooling.pool(rng.normal(-0.02, 0.015, 8) + rng.normal(0, error), error)
            truth = rng.normal(-0.02, 0.015) if ahead else -0.02
            low, high = (one.next_low, one.next_high) if one and ahead else (one.low, one.high) if one else (1.0, 0.0)
            found.append(low <= truth <= high)
        return np.array(found)

    return hits


def step(rng: np.random.Generator) -> Flags:
    late, found = np.arange(80) >= 50, []
    for _ in range(1500):
        rate = 40 * rng.gamma(10, 0.1, 80) * np.where(late, 0.8, 1)
        one = interrupted.interrupted(rng.poisson(rate), np.ones(80), late)
        found.append(one.low <= 0.8 <= one.high)
    return np.array(found)


INTERVALS: dict[str, Hits] = {
    "share (Wilson)": wilson,
    "rate, observed over expected (exact Poisson: never under)": poisson,
    "dispersion (chi-square)": dispersion,
    "share still open (Kaplan-Meier)": still_open,
    "shrunk share": shrunk_share,
    "shrunk observed over expected": shrunk_ratio,
    "effect of coaching, the 8 worst of 40 (ANCOVA, HC3)": effect(8, drawn=False),
    "effect of coaching, 8 drawn by lot": effect(8, drawn=True),
    "effect of coaching, one team alone, any": effect(1, drawn=True),
    "effect of coaching, one team alone, the worst": effect(1, drawn=False),
    "a play's pooled effect (8 actions)": play(ahead=False),
    "the next action of a play": play(ahead=True),
    "step of an interrupted series": step,
}
