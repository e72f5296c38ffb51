"""What is promised, simulated: false alarms, delay, wrong calls, coverage, and useless coaching called a success.

`python -m benchmarks.honesty` prints the tables; with `--write` they replace those in docs/methods.md.
Fixed seeds: the same tables on every machine. How fast it is: benchmarks/readings.py.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import coverage
from benchmarks.simulated import (
    Weeks,
    alarms_a_year,
    made,
    median_delay,
    nhs_rules,
    our_calls,
    our_calls_in_season,
    red_amber_green,
    three_sigma,
    wrong_share,
)
from benchmarks.worlds import START, case_mix, company
from metrics import helped
from metrics.arrays import Flags

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

WORLDS: dict[str, dict[str, float]] = {
    "chance only": {},
    "weeks vary by 3 points besides chance": {"varies": 0.03},
    "the same, and hang together (.7)": {"varies": 0.03, "tied": 0.7},
    "a season of 2 points": {"season": 0.02},
    "volume doubles in two years": {"grows": 2.0},
}
ACTIONS: dict[str, dict[str, float]] = {
    "no effect": {},
    "no effect, 8 teams had lastingly worsened": {"lasting": 8},
    "4 points better": {"effect": -0.04},
    "8 points better": {"effect": -0.08},
    "no effect, drawn by lot": {"drawn": True},
    "4 points better, drawn by lot": {"drawn": True, "effect": -0.04},
    "no effect, the worst alone": {"coached": 1},
    "no effect, 8 had lastingly worsened, the worst alone": {"coached": 1, "lasting": 8},
    "8 points better, the worst alone": {"coached": 1, "effect": -0.08},
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
    """False alarms a team-year, and delay, where weeks are not mere chance."""
    rules, rows = ("Heartline", "three sigma", "NHS rules"), []
    for place, (world, how) in enumerate(WORLDS.items()):
        ours = our_calls_in_season if "season" in how else our_calls
        cells, found = 240 if "season" in how else CELLS, []
        for n in (50, 200):
            seed = [3, place, n]
            for rule in (ours, three_sigma, nhs_rules):
                found.append(f"{alarms_a_year(rule(made(_seed(*seed), cells, n, **how))):.2f}")  # type: ignore[arg-type]
            one = np.arange(cells) % 20 == 0  # one team of twenty rises, so that the company stays what it was
            risen = made(_seed(*seed, 1), cells, n, rise=0.10 * one, **how)  # type: ignore[arg-type]
            found.append(_weeks(median_delay(ours(risen)[one])))
        rows.append([world, *found])
    head = ["world", *(f"{what}, n = {n}" for n in (50, 200) for what in [*rules, "Heartline sees +10 points after"])]
    return "False alarms a team-year where weeks are more than chance (companies of 40 teams)", head, rows


def trap() -> Table:
    """False alarms a team-year where nothing is wrong and the mix of tickets changes."""
    weeks = np.arange(104)
    mixes = {
        "grow from 33 to 60% in one week": np.where(weeks < 52, 0.33, 0.60),
        "drift from 33 to 60% over the year": 0.33 + 0.27 * np.clip((weeks - 52) / 52, 0, 1),
    }
    rows = []
    for place, (mix, share) in enumerate(mixes.items()):
        for name, made_up in zip(
            ("crude share", "expected by mix"), case_mix(_seed(4, place), CELLS, share), strict=True
        ):
            calls = our_calls(made_up)
            within = calls[:, :26].any(axis=1).mean(), calls.any(axis=1).mean()
            rows.append([mix, name, f"{alarms_a_year(calls):.2f}", *(f"{each:.0%}" for each in within)])
    head = [
        "complex tickets",
        "judged against",
        "false alarms a team-year",
        "teams falsely called in half a year",
        "in a year",
    ]
    return "The mix of tickets gets harder, nothing is wrong (n = 100)", head, rows


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


def covered() -> Table:
    """How often each 95% interval holds the truth."""
    return "Coverage of 95% intervals", ["interval", "holds the truth", "error of the simulation"], coverage.rows()


def coaching() -> Table:
    """What is said of coaching that did nothing, or something, of teams chosen for looking their worst."""
    rows = []
    for title, how in ACTIONS.items():
        drawn, coached = bool(how.get("drawn")), int(how.get("coached", 8))
        found = [helped.judge(*company(seed, **how), START, drawn=drawn) for seed in range(600)]  # type: ignore[arg-type]
        words: list[str] = [each.word for each in found]
        naive = np.mean([e.naive is not None and e.naive.p < 0.05 and e.naive.effect < 0 for e in found])
        said = ("helped", "made it worse", "no difference seen", "cannot tell")
        rows.append([str(coached), title, *(f"{words.count(word) / len(words):.0%}" for word in said), f"{naive:.0%}"])
    head = [
        "coached",
        "truth",
        "helped",
        "made it worse",
        "no difference seen",
        "cannot tell",
        "before and after: helped",
    ]
    return "Coaching the worst of 40 teams (60 tickets a week), judged after 12 weeks", head, rows


def _weeks(delay: float) -> str:
    return f"{delay:.0f}" if np.isfinite(delay) else "over 52"


def _seed(*parts: int) -> np.random.Generator:
    return np.random.default_rng(parts)


def shown(table: Table) -> str:
    """A table in Markdown."""
    title, head, rows = table
    lines = [head, ["---"] * len(head), *rows]
    return f"**{title}**\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    """Print every table; with --write put them into docs/methods.md."""
    tables = []
    for make in (detection, stress, trap, many_cells, covered, coaching):
        tables.append(shown(make()))
        print(tables[-1], flush=True)
    if "--write" in sys.argv:
        write("\n".join(tables))


def write(measured: str) -> None:
    """Replace what stands between the marks of docs/methods.md."""
    text = METHODS.read_text("utf-8") if METHODS.exists() else f"# Methods\n\n{BEGIN}\n{END}\n"
    before, rest = text.split(BEGIN)
    METHODS.write_text(f"{before}{BEGIN}\n{measured}{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
