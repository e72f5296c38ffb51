"""All readings of 200 teams x 10 signs x 104 weeks, and 500 verdicts on actions, beside plain Python a team at a time.

The rival works on a tenth and its time is taken ten times. Both must come to the same readings and words.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl

from benchmarks import in_python
from benchmarks.worlds import company
from metrics import helped
from metrics.panel import Better, panel
from metrics.reading import read

TEAMS, SIGNS, WEEKS, ACTIONS, TENTH = 200, 10, 104, 500, 10
AIMS = {"readings": 2.0, "verdicts": 30.0}


def weekly_counts(rng: np.random.Generator, teams: int, signs: int, weeks: int) -> pl.DataFrame:
    """Counts of every team, sign and week, some of which rose; categories by team."""
    team, sign, week = (part.ravel() for part in np.meshgrid(np.arange(teams), np.arange(signs), np.arange(weeks)))
    n = rng.poisson(60, team.size)
    share = 0.12 + 0.02 * (team % 4) + 0.15 * ((team % 50 == 7) & (week > weeks - 9))
    return pl.DataFrame(
        {
            "sign": np.char.add("sign ", sign.astype(str)),
            "team_id": np.char.add("team ", team.astype(str)),
            "week": pl.Series(np.array(calendar(weeks), dtype="datetime64[D]")[week]),
            "category": np.array(["a", "b", "c", "d"])[team % 4],
            "channel": ["web"] * team.size,
            "priority": ["3"] * team.size,
            "x": rng.binomial(n, share),
            "n": n,
        }
    )


def calendar(weeks: int) -> list[date]:
    return [date(2024, 1, 1) + timedelta(weeks=week) for week in range(weeks)]


def ours(frame: pl.DataFrame, weeks: list[date]) -> dict[tuple[str, str], str]:
    """(sign, team) -> status."""
    better: dict[str, Better] = dict.fromkeys(sorted(frame["sign"].unique().to_list()), "lower")
    found = read(panel(frame, weeks, better))
    return {(sign, team): status for sign, team, status in found.select("sign", "team_id", "status").iter_rows()}


def readings() -> tuple[float, float]:
    """Seconds of ours, of the rival."""
    rng, weeks = np.random.default_rng(8), calendar(WEEKS)
    whole, part = (weekly_counts(rng, teams, SIGNS, WEEKS) for teams in (TEAMS, TEAMS // TENTH))
    same(ours(part, weeks), in_python.statuses(part.rows(), weeks))
    return timed(lambda: ours(whole, weeks), 3), timed(lambda: in_python.statuses(part.rows(), weeks), 1) * TENTH


def verdicts() -> tuple[float, float]:
    """Each action is judged as a whole and at the two reviews that are due; the rival as often, as a whole."""
    cases = [company(seed, -0.04 * (seed % 2)) for seed in range(ACTIONS // TENTH)]
    lists = [(x.tolist(), n.tolist(), coached.tolist()) for x, n, coached in cases]

    def every() -> None:
        for place in range(ACTIONS):
            x, n, coached = cases[place % len(cases)]
            helped.judge(x, n, coached, 52)
            helped.fading(x, n, coached, 52)

    same(
        {place: helped.judge(x, n, coached, 52).word for place, (x, n, coached) in enumerate(cases)},
        {place: in_python.verdict(x, n, coached, 52) for place, (x, n, coached) in enumerate(lists)},
    )
    rival = timed(lambda: [in_python.verdict(*case, 52) for case in lists for _ in range(3)], 2)
    return timed(every, 2), rival * TENTH


def same(left: object, right: object) -> None:
    if left != right:
        raise SystemExit("the two do not come to the same")


def timed(work: Callable[[], object], runs: int) -> float:
    """The best of so many runs, in seconds of this process, so that what else the machine does is left out."""
    best = float("inf")
    for _ in range(runs):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def main() -> None:
    """Print seconds, the aim, and how many times as long plain Python takes."""
    print(f"{'':<52}{'ours':>9}{'aim':>8}{'plain Python':>15}{'ratio':>8}")
    for name, what, work in (
        ("readings", f"{TEAMS} teams x {SIGNS} signs x {WEEKS} weeks", readings),
        ("verdicts", f"{ACTIONS} actions, each with two reviews", verdicts),
    ):
        mine, rival = work()
        print(f"{what:<52}{mine:>7.2f} s{AIMS[name]:>6.0f} s{rival:>13.1f} s{rival / mine:>7.1f}x", flush=True)


if __name__ == "__main__":
    main()
