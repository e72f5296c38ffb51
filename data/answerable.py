"""What lies behind one reading, for those who answer it: the reading itself and the tickets that it rests on."""

from datetime import date, timedelta
from typing import Any

from data.ask import Company
from data.errors import Trouble
from data.filters import Filters
from data.scope import Scope
from metrics.monitor import WINDOW


def reading(company: Company, scope: Scope, sign: str, team_id: str, week: date | None = None) -> dict[str, Any]:
    """One team's reading of one sign, as a row. Trouble where nothing was read that could be answered."""
    found = company.readings(scope, Filters(team=team_id), week)
    rows = [row for row in found.iter_rows(named=True) if row["sign"] == sign]
    if not rows or rows[0]["n"] is None or rows[0]["week"] is None:
        raise Trouble(f"There is no reading of {sign} of the team {team_id!r} that could be answered.")
    return rows[0]


def ticket_ids(company: Company, scope: Scope, row: dict[str, Any]) -> frozenset[str]:
    """The tickets in the weeks of a reading."""
    first = row["week"] - timedelta(weeks=WINDOW - 1)
    behind = company.tickets_behind(scope, Filters(), row["sign"], row["team_id"], first, row["week"])
    return frozenset(behind["ticket_id"])
