"""What of the sample company's planted troubles is found, how soon, and how often a steady team is called changed; and
whether the cause of what was found is named rightly (benchmarks/named.py)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl

from benchmarks.named import LATER, Explainer, Told, table
from data.sample.company import make
from data.sample.truth import SIGNS
from metrics import standards
from metrics.clocks import clocks_of
from metrics.counts import COUNTS, count
from metrics.facts import Facts, facts
from metrics.panel import Panel, panel
from metrics.reading import read
from metrics.sign import all_signs

SEEDS = range(1, 1 + int(os.environ.get("HEARTLINE_BENCH_SEEDS", "5")))
FIRST_READ = 53  # weeks: the baseline's year comes first
ECHO = timedelta(weeks=10)  # a trouble that has ended still stands in the window and the chart for a while
Cell = tuple[str, str]


@dataclass
class Found:
    """What a company showed: weeks to find each trouble (None: never), episodes of false signals, steady cell-weeks."""

    weeks: dict[tuple[str, str], int | None] = field(default_factory=dict)
    tiny: set[tuple[str, str]] = field(default_factory=set)
    false: int = 0
    steady: int = 0
    found_in: dict[tuple[str, str], date] = field(default_factory=dict)
    told_first: dict[tuple[str, str], Told] = field(default_factory=dict)
    told_later: dict[tuple[str, str], Told] = field(default_factory=dict)


def known_of(tables: Mapping[str, pl.DataFrame]) -> Facts:
    """A company's facts, standards derived from its first year as an import does."""
    log = (tables["tickets"], tables["events"], tables["teams"], tables["absences"])
    derived = standards.derive(facts(*log).tickets, clocks_of(tables["teams"]))
    return facts(*log, derived)


def counted(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The counts of a company's signs of tickets."""
    return counts_of(known_of(tables))


def counts_of(known: Facts) -> pl.DataFrame:
    return pl.concat([COUNTS.to_frame(), *(count(all_signs()[key], known) for key in SIGNS)])


def look(seed: int) -> Found:
    """Read every week of the second year as it was known then, and hold each signal against what was planted."""
    sample = make(seed)
    known, planted = known_of(sample.tables), sample.planted
    counts = counts_of(known)
    begin, end = (date.fromisoformat(planted[name]) for name in ("first_day", "last_day"))
    weeks = [begin + timedelta(weeks=k) for k in range((end - begin).days // 7)]
    troubles = [one for one in planted["troubles"] if not one["outage"]]
    explainer = Explainer(sample.tables, known, planted["troubles"], weeks)
    result, called = Found(), set[tuple[Cell, str]]()
    for one in troubles:
        result.weeks[one["key"], one["team"]] = None
        if one["too_small_to_see"]:
            result.tiny.add((one["key"], one["team"]))
    better = {key: all_signs()[key].better for key in SIGNS}
    for week in weeks[FIRST_READ:]:
        laid_out = panel(counts, weeks, better, until=week)
        readings = read(laid_out)
        rows = readings.filter(status="signal").select("sign", "team_id", "direction").rows()
        now = {((sign, team), direction) for sign, team, direction in rows}
        _note(result, troubles, now, week)
        _tell(result, explainer, planted["troubles"], laid_out, readings.filter(status="signal"), week)
        moved = _moved(planted, week)
        result.false += sum(one not in called and one[0] not in moved for one in now)
        result.steady += sum(cell not in moved for cell in readings.select("sign", "team_id").iter_rows())
        called = now
    return result


def _note(result: Found, troubles: list[dict[str, Any]], now: set[tuple[Cell, str]], week: date) -> None:
    for one in troubles:
        key, onset = (one["key"], one["team"]), date.fromisoformat(one["onset"])
        seen = ((one["sign"], one["team"]), one["direction"]) in now
        if seen and result.weeks[key] is None and week >= onset:
            result.weeks[key] = (week - onset).days // 7 + 1


def _tell(
    result: Found, explainer: Explainer, troubles: list[dict[str, Any]], laid_out: Panel, now: pl.DataFrame, week: date
) -> None:
    """Ask for the cause of each trouble in the week in which it was found, and four weeks later."""
    rows = {(row["sign"], row["team_id"], row["direction"]): row for row in now.iter_rows(named=True)}
    for one in troubles:
        key, onset = (one["key"], one["team"]), date.fromisoformat(one["onset"])
        row = rows.get((one["sign"], one["team"], one["direction"]))
        over = (
            date.fromisoformat(one["until"]) + (timedelta(weeks=1) if one["outage"] else ECHO) if one["until"] else None
        )
        if row is None or one["too_small_to_see"] or week < onset or (over is not None and week >= over):
            continue
        since = result.found_in.setdefault(key, week)
        if week in (since, since + LATER):
            told = explainer.told(one, laid_out, row)
            result.told_first.setdefault(key, told)
            result.told_later[key] = told


def _moved(planted: Mapping[str, Any], week: date) -> set[Cell]:
    """The cells in which something truly is, or just was, going on."""
    cells: set[Cell] = set()
    for one in planted["troubles"]:
        over = date.fromisoformat(one["until"]) + ECHO if one["until"] else date.max
        if date.fromisoformat(one["onset"]) <= week < over:
            cells.add((one["sign"], one["team"]))
    for one in planted["actions"]:
        if one["truth"]["points"] and date.fromisoformat(one["starts_on"]) <= week:
            cells.add((one["sign"], one["team_id"]))
    return cells


def main() -> None:
    print(
        "Weeks to find: of data from the onset on, before a sign's time to mature. False: episodes, by team and sign."
    )
    print(f"{'seed':<6}{'found':>10}{'median weeks':>14}{'slowest':>9}{'tiny, found':>13}{'false a team-year':>18}")
    totals = Found()
    for seed in SEEDS:
        one = look(seed)
        print(_row(str(seed), one), flush=True)
        totals.weeks |= {(f"{seed} {key}", team): weeks for (key, team), weeks in one.weeks.items()}
        totals.tiny |= {(f"{seed} {key}", team) for key, team in one.tiny}
        totals.told_first |= {(f"{seed} {key}", team): told for (key, team), told in one.told_first.items()}
        totals.told_later |= {(f"{seed} {key}", team): told for (key, team), told in one.told_later.items()}
        totals.false, totals.steady = totals.false + one.false, totals.steady + one.steady
    print(_row("all", totals))
    print("\n".join(table(totals.told_first, totals.told_later)))


def _row(name: str, one: Found) -> str:
    visible = [weeks for key, weeks in one.weeks.items() if key not in one.tiny]
    found = [weeks for weeks in visible if weeks is not None]
    tiny = sum(one.weeks[key] is not None for key in one.tiny)
    rate = one.false / (one.steady / 52)
    middle, slowest = (median(found), max(found)) if found else ("-", "-")
    of = f"{len(found)} of {len(visible)}"
    return f"{name:<6}{of:>10}{middle:>14}{slowest:>9}{f'{tiny} of {len(one.tiny)}':>13}{rate:>18.2f}"


if __name__ == "__main__":
    main()
