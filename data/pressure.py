"""Are numbers made to look better than the service is? What is noticed of a team, beside the signs that it touches."""

from datetime import date
from typing import Any

import polars as pl

from data.ask import Company
from data.scope import Scope
from data.telling import added_up
from metrics import pressure
from metrics.disclosure import may_show

# Beside which sign each way is told.
TOUCHES = {
    "parked": ("slow_simple",),
    "filed_low": ("slow_simple",),
    "closed_early": ("slow_simple", "repeat_complaints"),
    "closed_elsewhere": ("small_complaints", "buck_passing"),
}


def noticed(scope: Scope, company: Company, team_id: str, week: date | None = None) -> list[dict[str, Any]]:
    """The ways (metrics.pressure) that a team uses more than it used to: rows of metrics.reading.Reading.

    Empty for a team that is not theirs to see, or of fewer than five people.
    """
    team_id = company.unit(team_id)
    if not company.wide(scope).may_see(team_id) or team_id not in may_show(company.heads()):
        return []
    read: pl.DataFrame = company.kept(("pressure", week), lambda: _read(company, week))
    mine = read.filter(team_id=team_id, status="signal", direction="worse")
    return list(mine.iter_rows(named=True))


def _read(company: Company, week: date | None) -> pl.DataFrame:
    """Only weeks whose reopenings are known: the last is left out."""
    last = company.freshness().week
    counts = company.kept(("ways",), lambda: _ways(company))
    if last is None or counts.is_empty():
        return pressure.noticed(counts, [], None)
    until = min(week or last, last)
    weeks = pl.date_range(counts["week"].min(), until, "1w", eager=True).to_list()[:-1]
    return pressure.noticed(counts, weeks)


def _ways(company: Company) -> pl.DataFrame:
    """As counted at import, of units."""
    return added_up(company.made.ways(), company.told)
