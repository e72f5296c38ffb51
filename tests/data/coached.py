"""The sample company for tests of plans and verdicts: whole, or as it was known on a day; actions of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl

from data.ask import Company
from data.coaching import actions, planning
from data.coaching.action import Action
from data.coaching.swaps import Swap
from data.database import Database
from data.home import Home
from data.scope import Scope

SIGN = "buck_passing"
START = date(2026, 2, 2)
TEAM = "south-bills"
BUDDY = Swap(8, "Kim of the second line")


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


class Known(Company):
    """The company as its data stood before a Monday: nothing that came later is in the counts."""

    def __init__(self, home: Home, before: date) -> None:
        super().__init__(home)
        whole = self.derived
        earlier = pl.col("week") < before
        self.__dict__["derived"] = replace(
            whole, counts=whole.counts.filter(earlier), opened=whole.opened.filter(earlier)
        )
        midnight = datetime.combine(before, time(0), tzinfo=UTC)
        self.version = replace(self.version, horizon=midnight)
        self._kept["let gos by week",] = self._let_gos_by_week().filter(earlier)


def company_with(home: Home, **frames: pl.DataFrame) -> Company:
    """The company with these answers in place of its own: `stays`, `floods`."""
    company = Company(home)
    company._kept |= {(name,): frame for name, frame in frames.items()}
    return company


def planned(scope: Scope, company: Company, database: Database, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"team_ids": [TEAM], "sign": SIGN, "starts_on": START, "on": START}
    return planning.fix(scope, company, database, **{**told, **more})


def agreed(scope: Scope, database: Database, **more: Any) -> Action:
    told: dict[str, Any] = {
        "team_id": TEAM,
        "play": "role_swap",
        "sign": SIGN,
        "why": "Passed on unread.",
        "starts_on": START,
        "review_on": START + timedelta(weeks=13),
        "owner": "Tom",
        "swap": BUDDY,
        "now": at(START),
    }
    return actions.create(scope, database, **{**told, **more})


def ended(scope: Scope, database: Database, action: Action) -> Action:
    now = at(action.review_on)
    return actions.close(scope, database, action.id, "Ran.", expected_revision=action.revision, now=now)
