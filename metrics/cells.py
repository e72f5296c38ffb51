"""One sign's counts by number, as they travel between partitions, processes and machines, and their sum in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.log import Codes, Ints
from metrics.packing import Packing, pack, total
from metrics.roster import TEAM
from metrics.sign import STRATUM
from metrics.strata import KINDS as STRATA
from metrics.weeks import mondays

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
# What is packed into a cell's number, in the order of KEY: codes of names, and the week's number.
KINDS = {"team_id": TEAM, **STRATA}
PACKED = ("team_id", "week", *STRATUM)


@dataclass(frozen=True, eq=False)
class Cells:
    """Counts of one sign: each cell's packed team, week and stratum; x of n; and the names that its codes stand for."""

    sign: str
    key: Ints
    x: Ints
    n: Ints
    packing: Packing
    names: dict[str, list[str]]


@dataclass(frozen=True, eq=False)
class Gathered:
    """What one partition gives to a sign that is counted of the whole company: its rows, to be put together."""

    sign: str
    rows: pl.DataFrame


def in_words(sign: str, parts: Sequence[Cells]) -> pl.DataFrame:
    """The sum of one sign's cells. Returns `COUNTS`, sorted by `KEY`."""
    names = {name: sorted({word for part in parts for word in part.names[name]}) for name in KINDS}
    columns = [_ranked(part, names) for part in parts]
    key, packing = pack([np.concatenate(column) for column in zip(*columns, strict=True)])
    key, x, n = total(key, np.concatenate([p.x for p in parts]), np.concatenate([p.n for p in parts]))
    summed = dict(zip(PACKED, packing.unpack(key), strict=True))
    words = {name: _words(summed[name], names[name]) for name in KINDS}
    week = mondays(summed["week"])
    of = pl.repeat(sign, len(key), dtype=pl.String, eager=True)
    return pl.DataFrame({"sign": of, "week": week, **words, "x": x, "n": n}).select(COUNTS.names()).cast(COUNTS)


def _ranked(part: Cells, names: dict[str, list[str]]) -> list[Codes]:
    """The cells' columns, each code replaced by the place of its name in alphabetical order; -1 where there is none."""
    columns = dict(zip(PACKED, part.packing.unpack(part.key), strict=True))
    for name, sorted_names in names.items():
        place = {word: number for number, word in enumerate(sorted_names)}
        # The last entry is for -1.
        table = np.array([*(place[word] for word in part.names[name]), -1], dtype=np.int32)
        columns[name] = table[columns[name]]
    return [columns[name] for name in PACKED]


def _words(ranks: Codes, names: list[str]) -> pl.Series:
    there = ranks >= 0
    if not names:
        return pl.Series([None] * len(ranks), dtype=pl.String)
    words = pl.Series(names, dtype=pl.String).gather(np.where(there, ranks, 0))
    return words if there.all() else pl.select(pl.when(pl.Series(there)).then(words)).to_series()
