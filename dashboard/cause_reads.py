"""What the pages ask about causes, kept under the data's version and what was acknowledged since."""

from datetime import date
from typing import Any

from dashboard import pressure_words
from dashboard.cached import ReadFrom, Reads, company_of, kept
from dashboard.words import Row
from data import causes, pressure
from data.filters import Filters
from metrics.explained import Explained


def cause(reads: Reads, filters: Filters, week: date | None, row: Row) -> Explained | None:
    """What moved a signal, and whether it is a matter of the system; None where the reading is none."""
    if row["status"] != "signal":
        return None
    stratum = Filters(channel=filters.channel, category=filters.category)
    return _cause(reads.read_from, stratum, week, row["sign"], row["team_id"])


def pressure_said(reads: Reads, week: date | None, team_id: str, sign: str) -> list[str]:
    """What is noticed of the ways by which this sign could be made to look better."""
    found = _noticed(reads.read_from, week, team_id)
    return [pressure_words.said(row) for row in found if sign in pressure.TOUCHES[row["sign"]]]


@kept(max_entries=500)
def _noticed(read_from: ReadFrom, week: date | None, team_id: str) -> list[dict[str, Any]]:
    return pressure.noticed(read_from.scope, company_of(read_from), team_id, week)


@kept(max_entries=1000)
def _cause(read_from: ReadFrom, stratum: Filters, week: date | None, sign: str, team_id: str) -> Explained | None:
    company = company_of(read_from)
    found = company.readings(read_from.scope, stratum, week).filter(sign=sign, team_id=team_id)
    if found.is_empty():
        return None
    return causes.of_signal(read_from.scope, company, stratum, found.row(0, named=True), week)
