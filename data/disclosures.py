"""What may be told of a data version: which teams together, which channels and categories; and the log of it.

A version's pattern (metrics.merging, metrics.suppression) is worked out when the version is first read, not when it is
imported, and is written down once, in the order of reading. From the first week that nobody has read yet it stands as
it is. Of weeks that were read before, whatever any pattern since then withholds is withheld: a difference between two
versions then is a difference between sums that could both be told. A version that was read keeps the patterns up to its
own, so it always reads the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import polars as pl
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data import clock
from data.database import Database
from data.disclosure_table import DisclosureRow
from metrics.disclosure import FEWEST_PEOPLE
from metrics.merging import Partition, Team, Unit, joined, merged
from metrics.suppression import Point, Workers, people, primary, withheld

LOCK = 0xD15C  # any number that all our processes agree on
CELL = ("channel", "category")


@dataclass(frozen=True)
class Pattern:
    """What is told of a version: its units, and by unit the points (channel, category) that are not told."""

    partition: Partition
    untold: Mapping[Unit, frozenset[Point]]


@dataclass(frozen=True)
class Decision:
    """A pattern as it was written down: for the weeks from `since` (None: all) on, the last of which was `until`."""

    since: date | None
    until: date | None
    pattern: Pattern


@dataclass(frozen=True)
class Basis:
    """What a pattern rests on: the teams as they may be merged, who works on what, how much there is of each cell.

    `workers`: as data.workers. `cells`: team_id, channel, category, n. `last`: the last week of which anything is told.
    `apart`: the categories that count as simple, over which signs of their own are summed.
    """

    teams: Sequence[Team]
    workers: pl.DataFrame
    cells: pl.DataFrame
    last: date | None
    apart: frozenset[str] = frozenset()


def decide(database: Database, number: int, state: str, basis: Basis) -> list[Decision]:
    """The decisions under which this version is read, oldest first; its own is made now if it was not before.

    One transaction: of two processes that read a version for the first time at once, the second finds what was decided.
    """
    known = _up_to(database, number, state)
    if known is not None:
        return known
    with database.writing() as session:
        if session.get_bind().dialect.name != "sqlite":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        before = _rows(session)
        if not any((row.data_version, row.state) == (number, state) for row in before):
            session.add(_decided(number, state, basis, _decisions(before)))
    return _up_to(database, number, state) or []


def _up_to(database: Database, number: int, state: str) -> list[Decision] | None:
    """The decisions up to that of this version; None where it has none yet."""
    with database.reading() as session:
        rows = _rows(session)
    places = [place for place, row in enumerate(rows) if (row.data_version, row.state) == (number, state)]
    return _decisions(rows[: places[0] + 1]) if places else None


def _decided(number: int, state: str, basis: Basis, before: list[Decision]) -> DisclosureRow:
    told = [one.until for one in before if one.until is not None]
    since = max(told) + timedelta(weeks=1) if told else None
    pattern = pattern_of(basis, before[-1].pattern if before else None)
    kept = {} if before and pattern == before[-1].pattern else _as_json(pattern)
    return DisclosureRow(
        data_version=number, state=state, since=since, until=basis.last, pattern=kept, at=clock.now()
    )  # fmt: skip


def pattern_of(basis: Basis, before: Pattern | None = None) -> Pattern:
    """What may be told of a version by itself; `before`: the pattern of the one before, which stays where it can."""
    partition = merged(basis.teams, before.partition.units if before else ())
    return Pattern(partition, _untold(partition, basis, before.untold if before else {}))


def _untold(
    partition: Partition, basis: Basis, before: Mapping[Unit, frozenset[Point]]
) -> dict[Unit, frozenset[Point]]:
    """By unit the points that are not told; where a unit has no agents in the data its people are all there is."""
    if basis.workers.is_empty():
        return {}
    units = sorted(partition.units, key=sorted)
    place = {team: number for number, unit in enumerate(units) for team in unit}
    workers, cells = _workers(basis.workers, place), _pairs(basis.cells, place)
    known = {unit: found for unit, found in cells.items() if unit in workers}
    small = {unit: primary(found, workers[unit]) for unit, found in known.items()}
    then = {unit: before.get(units[unit], frozenset()) for unit in known}
    hidden = {
        unit: withheld(found, small[unit], workers[unit], then[unit], basis.apart) for unit, found in known.items()
    }
    while more := _alone(hidden, known, workers, then):
        for unit, point in more:
            small[unit] |= {point}
            hidden[unit] = withheld(known[unit], small[unit], workers[unit], then[unit], basis.apart)
    return {units[unit]: points for unit, points in hidden.items() if points}


def _alone(
    hidden: Mapping[int, frozenset[Point]],
    pairs: Mapping[int, Mapping[Point, float]],
    workers: Mapping[int, Workers],
    before: Mapping[int, frozenset[Point]],
) -> list[tuple[int, Point]]:
    """A channel or category that is withheld of few people in all the company: its sum less the rest tells of them.

    It is withheld of the unit with the least of it, too; first of one of which it was withheld `before`.
    """
    weight: dict[Point, dict[int, float]] = {}
    for unit, found in pairs.items():
        for (channel, category), n in found.items():
            margins: tuple[Point, Point] = ((channel, None), (None, category))
            for point in margins:
                of = weight.setdefault(point, {})
                of[unit] = of.get(unit, 0.0) + n
    more: list[tuple[int, Point]] = []
    for point, of in weight.items():
        mine = [unit for unit in of if point in hidden[unit]]
        others = [unit for unit in of if unit not in mine]
        few = len(mine) == 1 or sum(people([point], workers[unit]) for unit in mine) < FEWEST_PEOPLE
        if mine and few and others:
            more.append((_least(others, of, {unit for unit in others if point in before[unit]}), point))
    return more


def _least(units: Iterable[int], weight: Mapping[int, float], first: Collection[int]) -> int:
    return min(units, key=lambda unit: (unit not in first, weight[unit], unit))


def _pairs(cells: pl.DataFrame, place: Mapping[str, int]) -> dict[int, dict[Point, float]]:
    """By unit how much there is of each channel and category."""
    summed = _by_unit(cells, place).group_by("unit", *CELL).agg(pl.col("n").sum()).sort("unit", *CELL)
    found: dict[int, dict[Point, float]] = {}
    for unit, channel, category, n in summed.rows():
        found.setdefault(unit, {})[channel, category] = float(n)
    return found


def _workers(seen: pl.DataFrame, place: Mapping[str, int]) -> dict[int, dict[Point, dict[int, frozenset[int]]]]:
    """By unit and cell the agents of each year."""
    by = _by_unit(seen, place).group_by("unit", *CELL, "year").agg(pl.col("agent").unique())
    found: dict[int, dict[Point, dict[int, frozenset[int]]]] = {}
    for unit, channel, category, year, agents in by.rows():
        found.setdefault(unit, {}).setdefault((channel, category), {})[year] = frozenset(agents)
    return found


def _by_unit(frame: pl.DataFrame, place: Mapping[str, int]) -> pl.DataFrame:
    unit = pl.col("team_id").replace_strict(dict(place), default=None, return_dtype=pl.Int64)
    return frame.with_columns(pl.col(CELL).fill_null(""), unit=unit).drop_nulls("unit").drop("team_id")


def so_far(database: Database) -> list[Decision]:
    """All decisions of any version, oldest first."""
    with database.reading() as session:
        last = session.execute(select(func.max(DisclosureRow.id), func.max(DisclosureRow.at))).one()
    return _read(database, str(last))


@lru_cache(maxsize=8)
def _read(database: Database, last: str) -> list[Decision]:
    """`last`: what is known of the newest row tells one reading from another."""
    with database.reading() as session:
        return _decisions(_rows(session))


def spans(decisions: Sequence[Decision]) -> list[tuple[date, Pattern]]:
    """From which week on what is told, oldest first; the first from the beginning of time."""
    found: list[tuple[date, Pattern]] = []
    for place, one in enumerate(decisions):
        since = one.since or date.min
        if found and found[-1][0] == since:
            found.pop()
        found.append((since, _together([later.pattern for later in decisions[place:]])))
    return found


def _together(patterns: Sequence[Pattern]) -> Pattern:
    """What may be told of weeks of which all these patterns were told."""
    partition = joined([one.partition for one in patterns])
    untold = {
        unit: frozenset().union(
            *(points for one in patterns for known, points in one.untold.items() if known & unit)
        )
        for unit in partition.units
    }  # fmt: skip
    return Pattern(partition, {unit: points for unit, points in untold.items() if points})


def _rows(session: Session) -> list[DisclosureRow]:
    return list(session.scalars(select(DisclosureRow).order_by(DisclosureRow.id)))


def _decisions(rows: Sequence[DisclosureRow]) -> list[Decision]:
    """The rows as decisions; one without a pattern has that of the row before."""
    found: list[Decision] = []
    for row in rows:
        pattern = _pattern(row.pattern) if row.pattern else found[-1].pattern
        found.append(Decision(row.since, row.until, pattern))
    return found


def _pattern(kept: dict[str, Any]) -> Pattern:
    units = [frozenset(unit) for unit in kept["units"]]
    untold = {units[place]: frozenset((a, b) for a, b in points) for place, points in kept["untold"]}
    return Pattern(Partition(frozenset(units), frozenset(kept["left_out"])), untold)


def _as_json(pattern: Pattern) -> dict[str, Any]:
    units = sorted(pattern.partition.units, key=sorted)
    return {
        "units": [sorted(unit) for unit in units],
        "left_out": sorted(pattern.partition.left_out),
        "untold": [
            [place, sorted((list(point) for point in pattern.untold[unit]), key=str)]
            for place, unit in enumerate(units)
            if unit in pattern.untold
        ],
    }


def everyone_told(teams: Iterable[str]) -> Pattern:
    """Each team a unit of its own and nothing withheld: where the data knows of nobody, and for the attacker's test."""
    return Pattern(Partition(frozenset(frozenset({team}) for team in teams)), {})
