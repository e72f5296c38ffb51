"""A signal, explained as far as the numbers go: what moved it, and whether it is a matter of the system.

Question asked: for each signal, on what weeks does it rest, what lies in them (metrics.causes), and would it have moved
whoever sat there (metrics.system)?

Shapes: a `panel` as it was read, a row of metrics.reading.Reading, and what belongs to its team: `rows` as from
metrics.behind, `context` by week. Units: as there. Errors: a sign that is not a weekly share of tickets is not split,
and says so; what the panel has in common can still be looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from metrics import verdict
from metrics.arrays import Flags, Places
from metrics.causes import Cause, cause_of, without_people
from metrics.monitor import Standard, standardise
from metrics.panel import Panel
from metrics.reading import week_read
from metrics.system import HALF, Evidence, begun, flooded, moves, pressed, span, together

FEWEST_WEEKS, MOST_WEEKS = 2, 13
NOT_SPLIT = "this sign is not counted of single tickets, so its change is not split"


@dataclass(frozen=True)
class Explained:
    """What moved a signal in the weeks `first` to `last`; `system` is empty where nothing points to the system."""

    cause: Cause
    system: tuple[Evidence, ...]
    first: date
    last: date


@dataclass(frozen=True, eq=False)
class Known:
    """What every signal of a panel rests on: its scores, and which weeks are whose baseline."""

    panel: Panel
    standard: Standard
    baseline: Flags
    place: Mapping[tuple[str, str], int]


def known(panel: Panel, week: date | None = None) -> Known:
    """The panel as it is read at `week` (default: each sign's last final one)."""
    at: Places = week_read(panel, week)
    baseline = verdict.baseline_weeks(panel.n > 0, at, panel.waves)
    standard = standardise(panel.x, panel.n, panel.share, panel.variance, baseline, panel.kinds, panel.sign_of)
    cells = panel.cells.select("sign", "team_id").rows()
    return Known(panel, standard, baseline, {cell: place for place, cell in enumerate(cells)})


def explain(
    of: Known,
    signal: Mapping[str, Any],
    unit: str,
    *,
    rows: pl.DataFrame | None,
    floods: pl.DataFrame,
    context: pl.DataFrame,
) -> Explained:
    """`unit`: the cell's own team, or branch. `rows`: None where the sign is not counted of single tickets."""
    sign, direction = signal["sign"], signal["direction"]
    first, last = span(signal["since"], signal["week"], FEWEST_WEEKS, MOST_WEEKS)
    up = (direction == "worse") == (of.panel.better[sign] == "lower")
    usual = usual_weeks(of, sign, unit, first)
    recent = [week for week in of.panel.weeks if first <= week <= last]
    started = begun(signal["since"], signal["week"], FEWEST_WEEKS, MOST_WEEKS)
    found = together(moves(of.panel, of.standard, sign, *started), unit, up)
    cause = Cause(why=NOT_SPLIT)
    if rows is not None:
        mine = rows.filter(pl.col("week").is_in([*usual, *recent])).with_columns(after=pl.col("week") >= first)
        cause = cause_of(without_people(mine), of.panel.better[sign] == "lower", direction)
        found += flooded(mine, floods, up)
    alike = sum(one.share or 0.0 for one in cause.named) < HALF
    return Explained(cause, (*found, *pressed(context, usual, recent, alike=alike)), first, last)


def usual_weeks(of: Known, sign: str, unit: str, before: date) -> list[date]:
    """The weeks of a cell's baseline that lie before the change."""
    flags = of.baseline[of.place[sign, unit]]
    return [week for week, usual in zip(of.panel.weeks, flags, strict=True) if usual and week < before]
