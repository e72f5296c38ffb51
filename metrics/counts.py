"""Facts -> counts: for each sign a numerator and a denominator by team, week and stratum.

Counts are additive: partitions are counted apart, anywhere, and summed.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
import polars as pl

from metrics.clock import MINUTE, Calendar, deadline, end_of_week
from metrics.clocks import Clocks
from metrics.facts import Facts, facts
from metrics.log import Logged
from metrics.roster import TEAM, codes
from metrics.sign import STRATUM, Sign, all_signs

COUNTS = pl.Schema(
    {
        "sign": pl.String,
        "team_id": pl.String,
        "week": pl.Date,
        **dict.fromkeys(STRATUM, pl.String),
        "x": pl.Int64,
        "n": pl.Int64,
    }
)
KEY = [name for name in COUNTS if name not in {"x", "n"}]


def count(sign: Sign, facts: Facts) -> pl.DataFrame:
    """How many tickets does this sign count, of how many, by team, local week and stratum? Returns `COUNTS`.

    A ticket counts once for a team in a week, and counts if any of its rows does. Rows that no team answers for, and
    tickets without a date, are left out.
    """
    rows = sign.rows(facts).filter(pl.col("team_id").is_not_null(), pl.col("at").is_not_null()).collect()
    weekly = _once(rows.with_columns(week=_weeks(rows, facts.clocks)))
    counts = weekly.lazy().group_by("team_id", "week", *STRATUM).agg(x=pl.col("counted").sum(), n=pl.len())
    return counts.select(pl.lit(sign.key).alias("sign"), "*").cast(dict(COUNTS)).select(COUNTS.names()).collect()


def _weeks(rows: pl.DataFrame, clocks: Clocks) -> pl.Series:
    """The Monday of each row's week, where its team is."""
    earliest, latest = rows["at"].min(), rows["at"].max()
    if not isinstance(earliest, datetime) or not isinstance(latest, datetime):
        return pl.Series([], dtype=pl.Date)
    team = codes(rows["team_id"], TEAM)
    calendar = np.zeros(max(int(team.max()) + 1, 1), dtype=np.int32)
    listed = codes(pl.Series(list(clocks.of_team), dtype=pl.String), TEAM)
    here = listed < len(calendar)
    calendar[listed[here]] = np.fromiter(clocks.of_team.values(), dtype=np.int32)[here]
    minutes = rows["at"].to_physical().to_numpy() // MINUTE
    return pl.Series(clocks.over(earliest, latest).monday(calendar[team], minutes)).cast(pl.Date)


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a ticket, team and week; counted if any of them is."""
    twin = rows["ticket_id"].is_duplicated()
    alone, shared = rows.filter(~twin), rows.filter(twin)
    merged = (
        shared.lazy()
        .group_by("ticket_id", "team_id", "week")
        .agg(pl.col(*STRATUM).first(), pl.col("counted").any())
        .collect()
    )
    return pl.concat([alone.select(merged.columns), merged])


@dataclass(frozen=True, eq=False)
class Shared:
    """What the reading of every partition needs to know of the whole company."""

    teams: pl.DataFrame
    absences: pl.DataFrame
    standards: pl.DataFrame | None
    logged: Logged
    horizon: datetime


# Reads one partition: its tickets and its events, sorted as in the lake. Must travel to another process (pickle).
Partition = Callable[[], tuple[pl.LazyFrame, pl.LazyFrame]]


def count_partition(shared: Shared, keys: Sequence[str], partition: Partition) -> pl.DataFrame:
    """All these signs' counts of one partition. Returns `COUNTS`."""
    tickets, events = partition()
    known = facts(
        tickets,
        events,
        shared.teams,
        shared.absences,
        shared.standards,
        horizon=shared.horizon,
        logged=shared.logged,
        in_order=True,
        coded=True,
    )
    signs = all_signs()
    return pl.concat([count(signs[key], known) for key in keys])


def count_all(
    partitions: Iterable[Partition],
    shared: Shared,
    keys: Sequence[str] | None = None,
    executor: Executor | None = None,
) -> pl.DataFrame:
    """The company's counts: its partitions counted by `executor.map` (default: threads of this process) and summed.

    A cluster's executor (for example Dask's `Client.get_executor()`) may be given instead. Returns `COUNTS`, sorted.
    """
    counted = partial(count_partition, shared, list(all_signs() if keys is None else keys))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) if executor is None else nullcontext(executor) as workers:
        return add_up(workers.map(counted, partitions))


def add_up(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The sum of counts. Returns `COUNTS`, sorted."""
    parts = [COUNTS.to_frame(), *counts]
    return pl.concat(parts).group_by(KEY).agg(pl.col("x", "n").sum()).sort(KEY)


def matures_at(sign: Sign, weeks: Sequence[date], clocks: Clocks, standards: pl.DataFrame | None) -> pl.DataFrame:
    """When is each week's cohort final, whichever team's? Returns sign, week, matures_at (UTC), the latest of all.

    A week is mature when the horizon is at or after `matures_at`. With `matures="standard"` it is the deadline of a
    ticket opened as the week ends, by the longest standard of a simple category.
    """
    ends = [[end_of_week(calendar.zone, week) for week in weeks] for calendar in clocks.calendars]
    if isinstance(sign.matures, timedelta):
        latest = [max(column) + sign.matures for column in zip(*ends, strict=True)]
    else:
        longest = _longest(standards)
        due = [_due(calendar, end, longest) for calendar, end in zip(clocks.calendars, ends, strict=True)]
        latest = [max(column) for column in zip(*due, strict=True)]
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
