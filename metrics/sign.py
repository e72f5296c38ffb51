"""What a sign is. One sign is one file in metrics/signs/ that holds `SIGN`; the folder lists what is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

import polars as pl

from metrics import signs
from metrics.facts import Facts
from metrics.measure import Key
from metrics.panel import How

# What a sign's rows carry: whom and when they are charged to, their stratum, and whether they count.
ROW = ("ticket_id", "team_id", "at", "category", "channel", "priority", "counted")
STRATUM = ("category", "channel", "priority")


@dataclass(frozen=True, eq=False)
class Whole:
    """What a sign that is counted of the whole company may know of it. `since`: the Monday of its first week."""

    teams: pl.DataFrame
    since: date | None
    horizon: datetime


@dataclass(frozen=True, eq=False)
class Sign:
    """One question that is asked of every team every week.

    `rows` takes the facts and gives one row a thing in the denominator, with the columns of `ROW`:
    `at` (UTC instant that dates it) and `counted` (bool, in the numerator); category, channel and priority are those
    of its ticket. A row's `counted` must be final once `matures` has passed since the end of its week: then cutting
    the data later changes nothing.
    `matures` is a span, or "standard" for the longest service standard among the simple categories.
    `needs` names columns as "table.column", of which the first that the data lacks is said;
    "a|b" is satisfied by either, "events.replied" by an event of that kind.
    `once` names the column of what is counted once for a team in a week: a ticket, or a customer.
    `own_strata`: category, channel and priority of its rows are not those of the ticket, or not all of them.
    `whole`: for what cannot be counted in each partition apart. Then `rows` gives whatever each partition adds (sums,
    as few as can be), and `whole` takes the rows of all partitions together and gives the counts: team_id, week, x, n,
    and of the stratum what there is.
    `measure` says what x of n is (metrics.measure), `rhythm` whether its points are weeks or waves some weeks apart;
    `seasonal`: the week of the year is part of what is expected. `unit`: of whom it is read; what is read of a branch
    has its branch's name for team_id. `thing` is what n counts, in the singular.
    `companions` are counted and read as signs are, but shown beside this one only; `called` names it beside them.
    `says` is its verb in a sentence about a team ("passes customers on", as in "Deliveries North passes customers on
    more often than it used to"); without it the question is told.
    """

    key: str
    asks: str
    counts: str
    of: str
    dated_by: str
    clock: Literal["business", "calendar"]
    rows: Callable[[Facts], pl.LazyFrame]
    matures: timedelta | Literal["standard"]
    needs: tuple[str, ...]
    caveat: str
    elsewhere: str = ""
    says: str = ""
    plays: tuple[str, ...] = ()
    better: Literal["lower", "higher"] = "lower"
    once: str = "ticket_id"
    own_strata: bool = False
    whole: Callable[[pl.DataFrame, Whole], pl.DataFrame] | None = None
    measure: Key = "share"
    rhythm: Literal["week", "wave"] = "week"
    seasonal: bool = False
    unit: Literal["team", "branch"] = "team"
    thing: str = "ticket"
    called: str = ""
    companions: tuple["Sign", ...] = ()

    def how(self, units: tuple[str, ...] | None = None) -> How:
        """How it is read; `units` are those that it is read of where these are not the teams."""
        return How(self.measure, self.rhythm, self.seasonal, self.thing, units)


@cache
def all_signs() -> dict[str, Sign]:
    """Every sign of the folder, by key, in the folder's own order of `definitions`: alphabetical."""
    names = sorted(module.name for module in iter_modules(signs.__path__))
    found = [import_module(f"{signs.__name__}.{name}").SIGN for name in names]
    return {sign.key: sign for sign in found}


@cache
def counted_signs() -> dict[str, Sign]:
    """Every sign and, behind it, its companions: all that is counted and read."""
    return {one.key: one for sign in all_signs().values() for one in (sign, *sign.companions)}
