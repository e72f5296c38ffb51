"""Counts laid out as team x sign cells by weeks, with what their mix of tickets would lead one to expect.

Question asked: for every team and sign, week by week, how many of how many, how many by mix, and which weeks are final?

Shapes: `counts` has sign, team_id, week (Monday, Date), category, channel, priority, x, n, in any order and as
many rows as there are; `weeks` is the calendar of complete weeks. Arrays are cells x weeks, in the order of `cells`.
Errors: ValueError for impossible counts (none, below 0, x over n); a week outside the calendar is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np
import polars as pl

from metrics import season
from metrics.arrays import Flags, Floats, Places, floats, ratio
from metrics.common_season import season_odds, with_season
from metrics.expected import LEVELS, reference_rates, with_expected
from metrics.measure import Key, kinds_of

REFERENCE_WEEKS = 52
Better = Literal["lower", "higher"]


@dataclass(frozen=True)
class How:
    """How a sign is read: what its x of n is, whether its points are weeks or waves some weeks apart, whether the week
    of the year is part of what is expected, what is counted in the singular, and of whom it is read (None: the teams).
    """

    measure: Key = "share"
    rhythm: Literal["week", "wave"] = "week"
    seasonal: bool = False
    thing: str = "ticket"
    units: tuple[str, ...] | None = None


PLAIN = How()


@dataclass(frozen=True)
class Panel:
    """All cells by all weeks. In a week not mature, or before a rebase, `x`, `n` are 0; `seen_x`, `seen_n` are not."""

    cells: pl.DataFrame
    weeks: tuple[date, ...]
    better: Mapping[str, Better]
    x: Floats
    n: Floats
    share: Floats
    variance: Floats
    seen_x: Floats
    seen_n: Floats
    mature: Flags
    matures_at: Mapping[tuple[str, date], datetime]
    how: Mapping[str, How] = field(default_factory=dict)

    @property
    def signs(self) -> list[str]:
        return list(self.better)

    @property
    def sign_of(self) -> Places:
        """Place of each cell's sign among `signs`."""
        place = {sign: number for number, sign in enumerate(self.better)}
        return np.array([place[sign] for sign in self.cells["sign"]], dtype=np.int64)

    def how_of(self, sign: str) -> How:
        return self.how.get(sign, PLAIN)

    @property
    def kinds(self) -> Places | None:
        """Each cell's measure, as in metrics.measure; None where all are shares."""
        if all(self.how_of(sign).measure == "share" for sign in self.better):
            return None
        return kinds_of([self.how_of(sign).measure for sign in self.cells["sign"]])

    @property
    def waves(self) -> Flags:
        """Which cells have points some weeks apart."""
        return np.array([self.how_of(sign).rhythm == "wave" for sign in self.cells["sign"]], dtype=bool)


def panel(
    counts: pl.DataFrame,
    weeks: Sequence[date],
    better: Mapping[str, Better],
    *,
    teams: Sequence[str] | None = None,
    maturity: pl.DataFrame | None = None,
    horizon: datetime | None = None,
    rebased: pl.DataFrame | None = None,
    until: date | None = None,
    how: Mapping[str, How] | None = None,
) -> Panel:
    """Lay `counts` out, knowing nothing of weeks after `until`.

    `maturity` (sign, week, matures_at) with `horizon`, the last instant in the data: a week is final when its
    matures_at is not after it; without them every week is. `rebased` (sign, team_id, week): the cell begins anew there.
    Reference rates come from the first 52 final weeks of the calendar, all teams in `counts` pooled, and so does the
    season that all teams have in common (metrics.common_season), by which `share` is moved. `how`: by sign, of
    those that are not weekly shares of tickets.
    """
    calendar = tuple(sorted({week for week in weeks if until is None or week <= until}))
    ways = dict(how or {})
    known = _checked(counts, calendar, list(better), [s for s in better if ways.get(s, PLAIN).measure == "share"])
    names = sorted(known["team_id"].unique().to_list() if teams is None else set(teams))
    pairs = [(sign, unit) for sign in better for unit in _units(ways.get(sign, PLAIN), names)]
    cells = pl.DataFrame(pairs, schema={"sign": pl.String, "team_id": pl.String}, orient="row")
    ripe, when = _maturity(list(better), calendar, maturity, horizon)
    layers = _laid_out(_expecting(known, calendar, list(better), ripe, ways), cells, calendar)
    row = {sign: place for place, sign in enumerate(better)}
    mature = ripe[[row[sign] for sign in cells["sign"]]].reshape(len(cells), len(calendar))
    used = mature & ~_before_rebase(cells, calendar, rebased)
    n = np.where(used, layers["n"], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = layers["expected"] / np.where(n > 0, n, np.nan)
    x, variance = np.where(used, layers["x"], 0.0), np.where(used, layers["variance"], 0.0)
    final = {name: np.where(mature, layers[name], 0.0) for name in ("x", "n")}
    share, variance = _in_season(cells, calendar, ways, final | {"share": share, "variance": variance}, mature)
    return Panel(
        cells, calendar, dict(better), x, n, share, variance, layers["x"], layers["n"], mature, when, ways
    )  # fmt: skip


def _in_season(
    cells: pl.DataFrame,
    calendar: tuple[date, ...],
    ways: Mapping[str, How],
    counted: Mapping[str, Floats],
    mature: Flags,
) -> tuple[Floats, Floats]:
    """Share and variance of weekly shares, moved by the season that all teams of the sign have in common."""
    share, variance, names = counted["share"].copy(), counted["variance"].copy(), cells["sign"].to_numpy()
    for sign in cells["sign"].unique(maintain_order=True):
        how, mine = ways.get(sign, PLAIN), np.flatnonzero(names == sign)
        if how.measure != "share" or how.rhythm != "week" or how.seasonal:
            continue
        ripe = mature[mine[0]]
        window = ripe & (np.cumsum(ripe) <= REFERENCE_WEEKS)
        odds = season_odds(counted["x"][mine], counted["n"][mine], share[mine], window, calendar)
        if odds.any():
            moved = with_season(share[mine], odds)
            variance[mine] *= np.nan_to_num(ratio(moved * (1 - moved), share[mine] * (1 - share[mine])), nan=1.0)
            share[mine] = moved
    return share, variance


def _units(how: How, teams: list[str]) -> list[str]:
    return teams if how.units is None else sorted(set(how.units))


def _checked(counts: pl.DataFrame, calendar: tuple[date, ...], signs: list[str], shares: list[str]) -> pl.DataFrame:
    known = counts.filter(
        pl.col("week").is_in(list(calendar)), pl.col("sign").is_in(signs), pl.col("team_id").is_not_null()
    )
    more = (pl.col("x") > pl.col("n")) & pl.col("sign").is_in(shares)
    counted = pl.all_horizontal(pl.col("x", "n").cast(pl.Float64).is_finite().fill_null(False))
    if known.filter((pl.col("x") < 0) | (pl.col("n") < 0) | more | ~counted).height:
        raise ValueError("impossible counts: each x must lie between 0 and its n")
    return known.with_columns(pl.col(LEVELS[-1]).cast(pl.Categorical))


def _maturity(
    signs: list[str], calendar: tuple[date, ...], maturity: pl.DataFrame | None, horizon: datetime | None
) -> tuple[Flags, dict[tuple[str, date], datetime]]:
    if maturity is None or horizon is None:
        return np.ones((len(signs), len(calendar)), dtype=bool), {}
    when = {(sign, week): at for sign, week, at in maturity.select("sign", "week", "matures_at").iter_rows()}
    ripe = [[(at := when.get((sign, week))) is not None and at <= horizon for week in calendar] for sign in signs]
    return np.array(ripe, dtype=bool).reshape(len(signs), len(calendar)), when


def _expecting(
    known: pl.DataFrame, calendar: tuple[date, ...], signs: list[str], ripe: Flags, ways: Mapping[str, How]
) -> pl.DataFrame:
    """The counts with `expected` and `variance` by mix, from each sign's first 52 final weeks."""
    window = [
        (sign, week)
        for place, sign in enumerate(signs)
        for week in [week for week, final in zip(calendar, ripe[place], strict=True) if final][:REFERENCE_WEEKS]
    ]
    first = pl.DataFrame(window, schema={"sign": pl.Categorical, "week": pl.Date}, orient="row")
    seasonal = [sign for sign in signs if ways.get(sign, PLAIN).seasonal]
    spans = {sign: [week for of, week in window if of == sign] for sign in seasonal}
    told = [season.factors(known, sign, spans[sign], calendar) for sign in seasonal]
    rates = reference_rates(known.join(first, on=["sign", "week"], how="semi"))
    measures = {sign: way.measure for sign, way in ways.items()}
    return with_expected(known, rates, measures, pl.concat(told) if told else None)


def _laid_out(counts: pl.DataFrame, cells: pl.DataFrame, calendar: tuple[date, ...]) -> dict[str, Floats]:
    """Sums by cell and week. Rows of a team or sign that has no cell are left out."""
    shape = len(cells), len(calendar)
    where = _codes(counts, cells, calendar)
    there = where >= 0
    layers = {}
    for name in ("x", "n", "expected", "variance"):
        values = floats(counts[name].to_numpy())[there]
        sums = np.bincount(where[there], values, minlength=shape[0] * shape[1])
        layers[name] = floats(sums).reshape(shape)
    return layers


def _codes(counts: pl.DataFrame, cells: pl.DataFrame, calendar: tuple[date, ...]) -> Places:
    """Place of each row in the flattened cells x weeks, -1 where it has none."""
    if counts.is_empty():
        return np.empty(0, dtype=np.int64)
    signs, teams = cells["sign"].unique(maintain_order=True), cells["team_id"].unique(maintain_order=True)
    parts = [
        counts[name].cast(pl.Enum(known.cast(pl.String).to_list()), strict=False).to_physical()
        for name, known in (("sign", signs), ("team_id", teams))
    ]
    sign, team = (part.cast(pl.Int64).fill_null(-1).to_numpy() for part in parts)
    pair = np.full((len(signs), len(teams)), -1)
    sign_of, team_of = (_places(cells[name], known) for name, known in (("sign", signs), ("team_id", teams)))
    pair[sign_of, team_of] = np.arange(len(cells))
    cell = np.where((sign >= 0) & (team >= 0), pair[sign, team], -1)
    first = min(calendar).toordinal()
    of_day = np.full(max(calendar).toordinal() - first + 1, -1)
    of_day[[week.toordinal() - first for week in calendar]] = np.arange(len(calendar))
    week = of_day[counts["week"].cast(pl.Int32).to_numpy() + date(1970, 1, 1).toordinal() - first]
    place: Places = np.where(cell >= 0, cell * len(calendar) + week, -1)
    return place


def _places(values: pl.Series, among: pl.Series) -> Places:
    number = {value: place for place, value in enumerate(among)}
    return np.array([number[value] for value in values], dtype=np.int64)


def _before_rebase(cells: pl.DataFrame, calendar: tuple[date, ...], rebased: pl.DataFrame | None) -> Flags:
    if rebased is None or rebased.is_empty():
        return np.zeros((len(cells), len(calendar)), dtype=bool)
    latest = rebased.group_by("sign", "team_id").agg(pl.col("week").max())
    start = cells.join(latest, on=["sign", "team_id"], how="left", maintain_order="left")["week"].to_list()
    return np.array([[begun is not None and week < begun for week in calendar] for begun in start], dtype=bool).reshape(
        len(cells), len(calendar)
    )
