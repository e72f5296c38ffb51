"""What is promised, simulated: false alarms, delay, wrong calls, coverage, and useless coaching called a success.

`python -m benchmarks.honesty` prints the tables; with `--write` they replace those in docs/methods.md.
Fixed seeds: the same tables on every machine, but for the timings, which are printed only.
"""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.simulated import (
    Weeks,
    alarms_a_year,
    made,
    median_delay,
    nhs_rules,
    our_calls,
    red_amber_green,
    three_sigma,
    wrong_share,
)
from metrics import helped, intervals, pooling, shrinkage, survival
from metrics.arrays import Flags, Floats
from metrics.panel import panel
from metrics.reading import read

Table = tuple[str, list[str], list[list[str]]]
METHODS = Path(__file__).resolve().parents[1] / "docs" / "methods.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
CELLS = 1000
VOLUMES = (20, 50, 100, 200)
RIVALS: dict[str, Callable[[Weeks], Flags]] = {
    "Heartline": our_calls,
    "p chart, three sigma": three_sigma,
    "NHS Making Data Count": nhs_rules,
    "red-amber-green, +10% on the last month (red already by chance)": red_amber_green,
}


def detection() -> Table:
    """False alarms a team-year, and median weeks until a rise from 15% is seen."""
    rows = []
    for name, rule in RIVALS.items():
        for n in VOLUMES:
            seed = [1, n]
            alarms = alarms_a_year(rule(made(np.random.default_rng(seed), CELLS, n)))
            delays = [
                median_delay(rule(made(np.random.default_rng([2, n]), CELLS, n, rise=r))) for r in (0.05, 0.10, 0.15)
            ]
            rows.append([name, str(n), f"{alarms:.2f}", *(_weeks(delay) for delay in delays)])
    head = ["rule", "tickets a week", "false alarms a team-year", "+5 points", "+10 points", "+15 points"]
    return "False alarms, and weeks until a lasting rise from 15% is seen (median; 52 weeks of baseline)", head, rows


def stress() -> Table:
    """False alarms a team-year where weeks are not mere chance."""
    worlds: dict[str, dict[str, float]] = {
        "chance only": {},
        "weeks vary by 3 points besides chance": {"varies": 0.03},
        "the same, and hang together (.7)": {"varies": 0.03, "tied": 0.7},
        "a season of 2 points": {"season": 0.02},
        "volume doubles in two years": {"grows": 2.0},
    }
    rows = []
    for place, (world, how) in enumerate(worlds.items()):
        found = []
        for n in (50, 200):
            weeks = made(np.random.default_rng([3, place, n]), CELLS, n, **how)  # type: ignore[arg-type]
            found += [f"{alarms_a_year(rule(weeks)):.2f}" for rule in (our_calls, three_sigma, nhs_rules)]
        rows.append([world, *found])
    rules = ["Heartline", "three sigma", "NHS rules"]
    head = ["world", *(f"{rule}, n = {n}" for n in (50, 200) for rule in rules)]
    return "False alarms a team-year where weeks are more than chance", head, rows


def trap() -> Table:
    """False alarms a team-year where nothing is wrong and the mix of tickets changes."""
    crude, adjusted = case_mix_trap(np.random.default_rng(4), CELLS)
    title = "Complex tickets grow from 33 to 60% in one week, nothing is wrong (n = 100)"
    rows = []
    for name, weeks in (("crude share", crude), ("expected by mix", adjusted)):
        calls = our_calls(weeks)
        rows.append([name, f"{alarms_a_year(calls):.2f}", f"{calls[:, :26].any(axis=1).mean():.0%}"])
    return title, ["judged against", "false alarms a team-year", "teams falsely called within half a year"], rows


def case_mix_trap(rng: np.random.Generator, cells: int) -> tuple[Weeks, Weeks]:
    """Nothing wrong, but complex tickets grow from 33 to 60%: as it looks crude, and with the mix known."""
    n, complex_share = 100, np.where(np.arange(104) < 52, 0.33, 0.60)
    hard = rng.binomial(n, np.broadcast_to(complex_share, (cells, 104)))
    x = (rng.binomial(hard, 0.30) + rng.binomial(n - hard, 0.08)).astype(np.float64)
    of = np.full(x.shape, float(n))
    crude = np.full(x.shape, 0.33 * 0.30 + 0.67 * 0.08)
    mix = (hard * 0.30 + (n - hard) * 0.08) / n
    variance = hard * 0.30 * 0.70 + (n - hard) * 0.08 * 0.92
    return Weeks(x, of, crude, of * crude * (1 - crude)), Weeks(x, of, mix, variance)


def many_cells() -> Table:
    """Wrong share of what is called in 240 cells, a half year on."""
    rows = []
    for title, count, rise in (("12 rose by 10 points", 12, 0.10), ("12 rose by 6", 12, 0.06), ("none moved", 0, 0.0)):
        rng, moved = np.random.default_rng([5, count]), np.arange(240) < count
        shares, wrong, delays = [], [], []
        for _ in range(15):
            weeks = made(rng, 240, rng.choice(VOLUMES, 240), rise=rise * moved, weeks=78)
            calls = our_calls(weeks, alone=False)
            shares.append(wrong_share(calls, moved))
            wrong.append(calls[~moved].sum(axis=0).mean())
            if count:
                delays.append(median_delay(calls[moved]))
        delay = _weeks(float(np.median(delays))) if delays else ""
        rows.append([title, f"{np.mean(shares):.3f}", f"{np.mean(wrong):.2f}", delay])
    return (
        "240 cells, 20 to 200 tickets a week",
        ["world", "wrong share of calls", "wrong calls a week", "weeks to see"],
        rows,
    )


def coverage() -> Table:
    """How often each 95% interval holds the truth."""
    rng = np.random.default_rng(6)
    rows = []
    x = rng.binomial(240, 0.15, 20_000)
    for name, method in (("share (Wilson)", intervals.wilson), ("share, exact", intervals.clopper_pearson)):
        low, high = method(x, np.full(x.shape, 240))
        rows.append([name, _share((low <= 0.15) & (high >= 0.15))])
    low, high = intervals.poisson(rng.poisson(12.0, 20_000))
    rows.append(["observed over expected (exact Poisson; never under)", _share((low <= 12) & (high >= 12))])
    rows += [["share still open (Kaplan-Meier)", _share(_open_hits(rng))], ["shrunk share", _share(_shrunk_hits(rng))]]
    rows.append(["effect of coaching (ANCOVA, HC3)", _share(np.array([_effect_hit(seed) for seed in range(400)]))])
    rows.append(["a play's pooled effect (8 actions)", _share(_pooled_hits(rng))])
    return "Coverage of 95% intervals", ["interval", "holds the truth"], rows


def _open_hits(rng: np.random.Generator) -> Flags:
    hits = []
    for _ in range(800):
        life, cut = rng.exponential(5, 150), rng.uniform(2, 15, 150)
        _, low, high = survival.share_open_at(survival.still_open(np.minimum(life, cut), life <= cut), 4.0)
        hits.append(low <= np.exp(-0.8) <= high)
    return np.array(hits)


def _shrunk_hits(rng: np.random.Generator) -> Flags:
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


def _pooled_hits(rng: np.random.Generator) -> Flags:
    hits = []
    for _ in range(2000):
        error = rng.uniform(0.01, 0.03, 8)
        found = pooling.pool(rng.normal(-0.02, 0.015, 8) + rng.normal(0, error), error)
        hits.append(found is not None and found.low <= -0.02 <= found.high)
    return np.array(hits)


def company(seed: int, effect: float = 0.0, lasting: int = 0, n: int = 60) -> tuple[Floats, Floats, Flags]:
    """40 teams that differ and drift, 52 weeks before and 12 after; the 8 worst of the last 8 weeks are coached.

    `lasting` teams got worse by 5 points for good within the 20 weeks before.
    """
    rng, teams, weeks = np.random.default_rng([7, seed]), 40, 64
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
    return np.where(np.arange(weeks) < 52, before, after).astype(np.float64), of.astype(np.float64), coached


def _effect_hit(seed: int) -> bool:
    found = helped.judge(*company(seed, -0.03), 52).headline
    return found is not None and found.low <= -0.03 <= found.high


def coaching() -> Table:
    """What is said of coaching that did nothing, or something, of teams chosen for looking their worst."""
    rows = []
    for title, effect, lasting in (
        ("no effect", 0.0, 0),
        ("no effect, 8 teams had lastingly worsened", 0.0, 8),
        ("4 points better", -0.04, 0),
        ("8 points better", -0.08, 0),
    ):
        found = [helped.judge(*company(seed, effect, lasting), 52) for seed in range(400)]
        words: list[str] = [each.word for each in found]
        naive = np.mean([e.naive is not None and e.naive.p < 0.05 and e.naive.effect < 0 for e in found])
        said = ("helped", "made it worse", "no difference seen", "cannot tell")
        rows.append([title, *(f"{words.count(word) / len(words):.0%}" for word in said), f"{naive:.0%}"])
    head = ["truth", "helped", "made it worse", "no difference seen", "cannot tell", "before and after alone: helped"]
    return "Coaching the 8 worst of 40 teams, judged after 12 weeks", head, rows


def speed() -> Table:
    """Readings of 200 teams x 10 signs x 104 weeks; verdicts of 500 actions. Aims: 2 s and 30 s."""
    rng, weeks = np.random.default_rng(8), [date(2024, 1, 1) + timedelta(weeks=week) for week in range(104)]
    team, sign, week = (part.ravel() for part in np.meshgrid(np.arange(200), np.arange(10), np.arange(104)))
    n = rng.poisson(60, team.size)
    frame = pl.DataFrame(
        {
            "sign": np.char.add("sign ", sign.astype(str)),
            "team_id": np.char.add("team ", team.astype(str)),
            "week": pl.Series(np.array(weeks, dtype="datetime64[D]")[week]),
            "category": np.array(["a", "b", "c", "d"])[team % 4],
            "channel": ["web"] * team.size,
            "priority": ["3"] * team.size,
            "x": rng.binomial(n, 0.15),
            "n": n,
        }
    )
    better = {f"sign {place}": "lower" for place in range(10)}
    read(panel(frame, weeks, better))  # type: ignore[arg-type]
    begun = time.perf_counter()
    read(panel(frame, weeks, better))  # type: ignore[arg-type]
    readings = time.perf_counter() - begun
    cases = [company(seed) for seed in range(50)]
    begun = time.perf_counter()
    for place in range(500):
        helped.judge(*cases[place % 50], 52)
    verdicts = time.perf_counter() - begun
    rows = [["2,000 readings from 208,000 weekly counts", f"{readings:.2f} s", "2 s"]]
    return "Speed", ["what", "takes", "aim"], [*rows, ["500 verdicts on actions", f"{verdicts:.2f} s", "30 s"]]


def _weeks(delay: float) -> str:
    return f"{delay:.0f}" if np.isfinite(delay) else "over 52"


def _share(hits: Flags) -> str:
    return f"{hits.mean():.1%}"


def shown(table: Table) -> str:
    """A table in Markdown."""
    title, head, rows = table
    lines = [head, ["---"] * len(head), *rows]
    return f"**{title}**\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    """Print every table; with --write put all but the timings into docs/methods.md."""
    tables = []
    for make in (detection, stress, trap, many_cells, coverage, coaching):
        tables.append(shown(make()))
        print(tables[-1], flush=True)
    print(shown(speed()))
    if "--write" in sys.argv:
        write("\n".join(tables))


def write(measured: str) -> None:
    """Replace what stands between the marks of docs/methods.md."""
    text = METHODS.read_text("utf-8") if METHODS.exists() else f"# Methods\n\n{BEGIN}\n{END}\n"
    before, rest = text.split(BEGIN)
    METHODS.write_text(f"{before}{BEGIN}\n{measured}{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
