"""What of the sample company's planted troubles is found, how soon, and how often a steady team is called changed; and
whether the cause of what was found is named rightly (benchmarks/named.py).

All signs are read together, as the product reads them. `troubles` are those of the four signs of tickets, whose size is
known in points; `further` what is planted of the six others, each in its own unit; `games` the ways in which a team
makes its numbers look better.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl

from benchmarks.named import LATER, Explainer, Told, table
from data import units
from data.sample.company import Sample, make
from data.sample.further import TURNS
from data.sample.truth import SIGNS
from metrics import pressure, standards
from metrics.clocks import clocks_of
from metrics.counts import COUNTS, count, matures_at
from metrics.facts import Facts, facts
from metrics.panel import Panel, panel
from metrics.reading import read
from metrics.sign import all_signs, counted_signs

SEEDS = range(1, 1 + int(os.environ.get("HEARTLINE_BENCH_SEEDS", "5")))
FIRST_READ = 53  # weeks: the baseline's year comes first
ECHO = timedelta(weeks=10)  # a trouble that has ended still stands in the window and the chart for a while
# A branch's teams serve the same customers: who leaves one leaves all, and buys no more of any.
SPILLS = {"lost_customers": ("lost_customers", "repeat_business"), "repeat_business": ("repeat_business",)}
Cell = tuple[str, str]


@dataclass
class Found:
    """What a company showed: weeks to find each trouble (None: never), episodes of false signals, steady cell-weeks."""

    weeks: dict[tuple[str, str], int | None] = field(default_factory=dict)
    tiny: set[tuple[str, str]] = field(default_factory=set)
    further: dict[tuple[str, str], int | None] = field(default_factory=dict)
    games: dict[tuple[str, str], int | None] = field(default_factory=dict)
    false: Counter[str] = field(default_factory=Counter)
    steady: Counter[str] = field(default_factory=Counter)
    false_games: int = 0
    asked: float = 0.0
    found_in: dict[tuple[str, str], date] = field(default_factory=dict)
    told_first: dict[tuple[str, str], Told] = field(default_factory=dict)
    told_later: dict[tuple[str, str], Told] = field(default_factory=dict)


def known_of(tables: Mapping[str, pl.DataFrame]) -> Facts:
    """A company's facts, standards derived from its first year as an import does."""
    log = (tables["tickets"], tables["events"], tables["teams"], tables["absences"])
    derived = standards.derive(facts(*log).tickets, clocks_of(tables["teams"]))
    customers, orders, surveys = (tables.get(name) for name in ("customers", "orders", "surveys"))
    return facts(*log, derived, customers=customers, orders=orders, surveys=surveys)


def counts_of(known: Facts, keys: Sequence[str]) -> pl.DataFrame:
    return pl.concat([COUNTS.to_frame(), *(count(counted_signs()[key], known) for key in keys)])


def look(seed: int) -> Found:
    """Read every week of the second year as it was known then, and hold each signal against what was planted."""
    sample = make(seed)
    known, planted = known_of(sample.tables), sample.planted
    counts, signs = counts_of(known, list(counted_signs())), counted_signs()
    begin, end = (date.fromisoformat(planted[name]) for name in ("first_day", "last_day"))
    weeks = [begin + timedelta(weeks=k) for k in range((end - begin).days // 7)]
    troubles = [one for one in planted["troubles"] if not one["outage"]]
    games = [
        {**one, "sign": sign, "key": one["way"], "until": None} for one in planted["gaming"] for sign in one["moves"]
    ]
    explainer = Explainer(sample.tables, known, planted["troubles"], weeks, besides=games)
    result, called = _unfound(troubles, planted), set[tuple[Cell, str]]()
    better = {key: sign.better for key, sign in signs.items()}
    how = units.how_read(sample.tables["teams"])
    branches = dict(sample.tables["teams"].group_by("branch").agg("team_id").iter_rows())
    beside = {team: teams for teams in branches.values() for team in teams}
    # Nothing is read that was not final when the log ended.
    derived = standards.derive(known.tickets, known.clocks)
    final = pl.concat([matures_at(sign, weeks, known.clocks, derived) for sign in signs.values()])
    for week in weeks[FIRST_READ:]:
        laid_out = panel(counts, weeks, better, until=week, maturity=final, horizon=known.horizon, how=how)
        readings = read(laid_out)
        shown = readings.filter(pl.col("sign").is_in(list(all_signs())))
        rows = readings.filter(status="signal").select("sign", "team_id", "direction").rows()
        now = {((sign, team), direction) for sign, team, direction in rows}
        _note(result.weeks, troubles, now, week)
        _note(result.further, [_as_trouble(one) for one in planted["further"]], now, week)
        _tell(result, explainer, planted["troubles"], laid_out, readings.filter(status="signal"), week)
        moved = _moved(planted, week, beside)
        result.false.update(cell[0] for cell, way in now - called if cell not in moved and cell[0] in all_signs())
        result.steady.update(
            sign for sign, team in shown.select("sign", "team_id").iter_rows() if (sign, team) not in moved
        )
        called = now
    _play(result, sample, known, weeks)
    return result


def _unfound(troubles: list[dict[str, Any]], planted: Mapping[str, Any]) -> Found:
    return Found(
        weeks={(one["key"], one["team"]): None for one in troubles},
        tiny={(one["key"], one["team"]) for one in troubles if one["too_small_to_see"]},
        further={(one["key"], one["team"] or one["branch"]): None for one in planted["further"]},
        games={(one["way"], one["team"]): None for one in planted["gaming"]},
    )


def _as_trouble(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "team": one["team"] or one["branch"]}


def _play(result: Found, sample: Sample, known: Facts, weeks: list[date]) -> None:
    """When is each way of flattering a number noticed, and how often where nobody plays it?"""
    used = pressure.ways(known, sample.tables["events"].lazy())
    games = [{**one, "sign": one["way"], "key": one["way"], "direction": "worse"} for one in sample.planted["gaming"]]
    played, called = {(one["way"], one["team"]) for one in games}, set[tuple[Cell, str]]()
    for week in weeks[FIRST_READ:]:
        every = pressure.noticed(used, weeks, week)
        found = every.filter(status="signal", direction="worse")
        result.asked += (every.height - len(played)) / 52
        now = {((sign, team), "worse") for sign, team in found.select("sign", "team_id").iter_rows()}
        _note(result.games, games, now, week)
        result.false_games += sum(cell not in played for cell, _ in now - called)
        called = now


def _note(
    weeks: dict[tuple[str, str], int | None], troubles: list[dict[str, Any]], now: set[tuple[Cell, str]], week: date
) -> None:
    """How many weeks of data each took that shows now and had not yet."""
    for one in troubles:
        key, onset = (one["key"], one["team"]), date.fromisoformat(one["onset"])
        seen = ((one["sign"], one["team"]), one["direction"]) in now
        if seen and weeks[key] is None and week >= onset:
            weeks[key] = (week - onset).days // 7 + 1


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


def _moved(planted: Mapping[str, Any], week: date, beside: Mapping[str, list[str]]) -> set[Cell]:
    """The cells in which something truly is, or just was, going on. `beside`: the teams of each team's branch."""
    cells: set[Cell] = set()
    for one in planted["troubles"]:
        over = date.fromisoformat(one["until"]) + ECHO if one["until"] else date.max
        if date.fromisoformat(one["onset"]) <= week < over:
            cells.add((one["sign"], one["team"]))
    for one in planted["actions"]:
        if one["truth"]["points"] and date.fromisoformat(one["starts_on"]) <= week:
            cells.add((one["sign"], one["team_id"]))
    for one in planted["further"]:
        if date.fromisoformat(one["onset"]) <= week:
            cells.add((one["sign"], one["team"] or one["branch"]))
            cells.update((sign, team) for sign in SPILLS.get(one["sign"], ()) for team in beside[one["team"]])
    for one in planted["gaming"]:
        if date.fromisoformat(one["onset"]) <= week:
            cells.update((sign, one["team"]) for sign in one["moves"])
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
        _add(totals, one, seed)
    print(_row("all", totals))
    print("\n".join(table(totals.told_first, totals.told_later)))
    print("\n".join(_further(totals)))


def _add(totals: Found, one: Found, seed: int) -> None:
    for name in ("weeks", "further", "games", "told_first", "told_later"):
        getattr(totals, name).update({(f"{seed} {key}", team): of for (key, team), of in getattr(one, name).items()})
    totals.tiny |= {(f"{seed} {key}", team) for key, team in one.tiny}
    totals.false += one.false
    totals.steady += one.steady
    totals.false_games += one.false_games
    totals.asked += one.asked


def _row(name: str, one: Found) -> str:
    visible = [weeks for key, weeks in one.weeks.items() if key not in one.tiny]
    found = [weeks for weeks in visible if weeks is not None]
    tiny = sum(one.weeks[key] is not None for key in one.tiny)
    middle, slowest = (median(found), max(found)) if found else ("-", "-")
    of = f"{len(found)} of {len(visible)}"
    rate = _rate(one, SIGNS)
    return f"{name:<6}{of:>10}{middle:>14}{slowest:>9}{f'{tiny} of {len(one.tiny)}':>13}{rate:>18.2f}"


def _rate(one: Found, keys: Sequence[str]) -> float:
    return sum(one.false[key] for key in keys) / (sum(one.steady[key] for key in keys) / 52)


def _further(totals: Found) -> list[str]:
    """The lines on the six further signs and on the games."""
    lines = []
    for key in (key for key in all_signs() if key not in SIGNS):
        ours = {turn.key for turn in TURNS if turn.sign.split(".")[0] == key}
        lines.append(
            _line(key, [of for (one, _), of in totals.further.items() if one.split()[1] in ours])
            + f"; false a team-year: {_rate(totals, [key]):.2f}"
        )
    for way in pressure.WAYS:
        lines.append(_line(way, [of for (one, _), of in totals.games.items() if one.split()[1] == way]))
    return [*lines, f"a game noticed where nobody played it, a team-year: {totals.false_games / totals.asked:.2f}"]


def _line(name: str, weeks: list[int | None]) -> str:
    found = [one for one in weeks if one is not None]
    middle = f", after a median of {median(found):g} weeks" if found else ""
    return f"{name}: found {len(found)} of {len(weeks)}{middle}"


if __name__ == "__main__":
    main()
