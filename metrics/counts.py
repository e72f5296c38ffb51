"""Facts -> counts: for each sign a numerator and a denominator by team, week and stratum.

Counts are additive: partitions are counted apart, anywhere, and summed. A sign that is counted of the whole company
(`whole`) gathers sums in each partition, and they are put together before it counts.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from metrics.cells import COUNTS, KEY, Cells, Gathered, in_words
from metrics.clock import Calendar, deadline, end_of_week
from metrics.clocks import Clocks
from metrics.deadlines import STOPPED
from metrics.facts import Facts, facts
from metrics.log import Bools, Codes, Ints, Logged
from metrics.packing import pack, pack_with, tally
from metrics.roster import TEAM, codes, names_of
from metrics.sign import STRATUM, Sign, Whole, counted_signs
from metrics.strata import KINDS as STRATA
from metrics.strata import strata_of
from metrics.weeks import monday_of, week_numbers

__all__ = [
    "COUNTS",
    "KEY",
    "Part",
    "Partition",
    "Shared",
    "add_up",
    "count",
    "count_all",
    "count_partition",
    "matures_at",
]
ASKED = ("ticket_id", "team_id", "at", "counted")
Counted = Cells | Gathered
WORKERS = min(4, os.cpu_count() or 1)


def count(sign: Sign, facts: Facts) -> pl.DataFrame:
    """How many tickets does this sign count, of how many, by team, local week and stratum? Returns `COUNTS`, sorted.

    A ticket (or what else the sign counts `once`) counts once for a team in a week, and counts if any of its rows does.
    Rows that no team answers for, and rows without a date, are left out.
    """
    if sign.whole is None:
        return in_words(sign.key, [count_cells(sign, facts)])
    first = facts.tickets.select(pl.col("opened_at").min()).collect().item()
    whole = Whole(facts.teams, None if first is None else monday_of(first.date()), facts.horizon)
    return _of_the_whole(sign, [sign.rows(facts).collect()], whole)


def _of_the_whole(sign: Sign, rows: Sequence[pl.DataFrame], whole: Whole) -> pl.DataFrame:
    """The counts of a sign with a `whole` step: strata that it does not name are null."""
    if sign.whole is None or not rows:
        return COUNTS.to_frame()
    found = sign.whole(pl.concat(rows), whole)
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in STRATUM if name not in found.columns]
    return found.with_columns(pl.lit(sign.key).alias("sign"), *missing).select(COUNTS.names()).cast(COUNTS).sort(KEY)


def count_cells(sign: Sign, facts: Facts) -> Cells:
    """As `count`, by number: cheap to add up."""
    # Of coded facts the ticket's number tells its stratum: no three names need be gathered for every row.
    of_tickets = facts.strata() if facts.strata and not sign.own_strata else None
    asked = dict.fromkeys([*ASKED, sign.once, *(() if of_tickets else STRATUM)])
    rows = sign.rows(facts).select(list(asked)).collect()
    known = rows["team_id"].is_not_null() & rows["at"].is_not_null()
    rows = rows if known.all() else rows.filter(known)
    strata = of_tickets or strata_of({name: codes(rows[name], kind) for name, kind in STRATA.items()})
    stratum = strata.number[rows["ticket_id"].to_numpy()] if of_tickets else strata.number
    team, counted = codes(rows["team_id"], TEAM), rows["counted"].to_numpy()
    week = week_numbers(team, rows["at"], facts.clocks)
    keep = _once(rows[sign.once], team, week, counted)
    if keep is not None:
        team, week, stratum, counted = team[keep], week[keep], stratum[keep], counted[keep]
    key, packing = pack_with([team, week], stratum, strata.packing)
    names = {"team_id": names_of(TEAM, int(team.max(initial=-1)) + 1), **strata.names}
    return Cells(sign.key, *tally(key, counted), packing, names)


def _once(ticket: pl.Series, team: Codes, week: Codes, counted: Bools) -> Ints | None:
    """Which rows to keep, that a ticket counts once for a team in a week: one that is counted, if any is. None: all."""
    coded = ticket.dtype == pl.UInt32
    number = (ticket if coded else ticket.cast(pl.String).rank("dense").cast(pl.UInt32)).to_numpy().view(np.int32)
    again = _may_repeat(number, team) if len(number) else np.empty(0, bool)
    if not again.any():
        return None
    rows = np.flatnonzero(again)
    # Those of one ticket, team and week side by side, a counted one last: keep the last.
    key, _ = pack([number[rows], team[rows], week[rows]])
    order = np.argsort(key * 2 + counted[rows], kind="stable")
    last = np.append(key[order][1:] != key[order][:-1], True)
    return np.concatenate([np.flatnonzero(~again), rows[order[last]]])


def _may_repeat(number: Codes, team: Codes) -> Bools:
    """The rows of tickets that may have two for one team: two rows of the same team, or three or more of any."""
    times = np.bincount(number)
    one, other = np.empty(len(times), dtype=np.int32), np.empty(len(times), dtype=np.int32)
    one[number], other[number[::-1]] = team, team[::-1]  # where there are two rows, each array keeps another one
    may: Bools = ((times > 2) | ((times == 2) & (one == other)))[number]
    return may


@dataclass(frozen=True, eq=False)
class Shared:
    """What the reading of every partition needs to know of the whole company. `since`: the Monday of its first week."""

    teams: pl.DataFrame
    absences: pl.DataFrame
    standards: pl.DataFrame | None
    logged: Logged
    horizon: datetime
    since: date | None = None

    @property
    def whole(self) -> Whole:
        return Whole(self.teams, self.since, self.horizon)


class Part(NamedTuple):
    """One partition's tables: all that belongs to its customers. Tickets and events are sorted as in the lake."""

    tickets: pl.LazyFrame
    events: pl.LazyFrame
    customers: pl.LazyFrame | None = None
    orders: pl.LazyFrame | None = None
    surveys: pl.LazyFrame | None = None


# Reads one partition: a Part, or as many of its frames as there are. Must travel to another process (pickle).
Partition = Callable[[], tuple[pl.LazyFrame | None, ...]]


def count_partition(shared: Shared, keys: Sequence[str], partition: Partition) -> list[Counted]:
    """All these signs' counts of one partition, to be summed by `add_up`."""
    part = Part(*partition())  # type: ignore[arg-type]  # tickets and events are always there
    known = facts(
        part.tickets,
        part.events,
        shared.teams,
        shared.absences,
        shared.standards,
        horizon=shared.horizon,
        logged=shared.logged,
        in_order=True,
        coded=True,
        customers=part.customers,
        orders=part.orders,
        surveys=part.surveys,
    )
    signs = counted_signs()
    return [
        count_cells(sign, known) if sign.whole is None else Gathered(sign.key, sign.rows(known).collect())
        for sign in (signs[key] for key in keys)
    ]


def count_all(
    partitions: Iterable[Partition],
    shared: Shared,
    keys: Sequence[str] | None = None,
    executor: Executor | None = None,
) -> pl.DataFrame:
    """The company's counts: its partitions counted by `executor.map` (default: threads of this process) and summed.

    A cluster's executor (for example Dask's `Client.get_executor()`) may be given instead. Returns `COUNTS`, sorted.
    """
    counted = partial(count_partition, shared, list(counted_signs() if keys is None else keys))
    with ThreadPoolExecutor(WORKERS) if executor is None else nullcontext(executor) as workers:
        return add_up(workers.map(counted, partitions), shared.whole)


def add_up(partitions: Iterable[Sequence[Counted]], whole: Whole | None = None) -> pl.DataFrame:
    """The sum of what partitions counted. Returns `COUNTS`, sorted by `KEY`.

    `whole`: what is known of the company, for those signs that are counted of all of it.
    """
    by_sign: dict[str, list[Counted]] = {}
    for part in (part for partition in partitions for part in partition):
        by_sign.setdefault(part.sign, []).append(part)
    with ThreadPoolExecutor(WORKERS) as workers:
        keys = sorted(by_sign)
        told = workers.map(partial(_summed, whole), keys, [by_sign[key] for key in keys])
        return pl.concat([COUNTS.to_frame(), *told])


def _summed(whole: Whole | None, key: str, parts: Sequence[Counted]) -> pl.DataFrame:
    gathered = [part.rows for part in parts if isinstance(part, Gathered)]
    if not gathered:
        return in_words(key, [part for part in parts if isinstance(part, Cells)])
    if whole is None:
        raise ValueError(f"{key} is counted of the whole company: say what is known of it")
    return _of_the_whole(counted_signs()[key], gathered, whole)


def matures_at(sign: Sign, weeks: Sequence[date], clocks: Clocks, standards: pl.DataFrame | None) -> pl.DataFrame:
    """When is each week's cohort final, whichever team's? Returns sign, week, matures_at (UTC), the latest of all.

    A week is mature when the horizon is at or after `matures_at`. With `matures="standard"` it is the deadline of a
    ticket opened as the week ends, by the longest standard of a simple category, and two days to come back.
    """
    ends = [[end_of_week(calendar.zone, week) for week in weeks] for calendar in clocks.calendars]
    if isinstance(sign.matures, timedelta):
        latest = [max(column) + sign.matures for column in zip(*ends, strict=True)]
    else:
        longest = _longest(standards)
        due = [_due(calendar, end, longest) for calendar, end in zip(clocks.calendars, ends, strict=True)]
        latest = [max(column) + STOPPED for column in zip(*due, strict=True)]
    return pl.DataFrame(
        {"sign": [sign.key] * len(weeks), "week": list(weeks), "matures_at": latest},
        schema={"sign": pl.String, "week": pl.Date, "matures_at": pl.Datetime("us", "UTC")},
    )


def _due(calendar: Calendar, ends: list[datetime], minutes: int) -> list[datetime]:
    """Instants are read to the minute: what happened in the deadline's own minute is known once it is over."""
    opened = pl.Series(ends, dtype=pl.Datetime("us", "UTC"))
    due = deadline(calendar, opened, pl.Series([minutes] * len(ends), dtype=pl.Int64))
    return [at + timedelta(minutes=1) for at in due]


def _longest(standards: pl.DataFrame | None) -> int:
    if standards is None:
        return 0
    longest = standards.filter("simple")["standard_minutes"].max()
    return longest if isinstance(longest, int) else 0
