"""What a sign is. One sign is one file in metrics/signs/ that holds `SIGN`; the folder lists what is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

import polars as pl

from metrics import signs
from metrics.facts import Facts

# What a sign's rows carry: whom and when they are charged to, their stratum, and whether they count.
ROW = ("ticket_id", "team_id", "at", "category", "channel", "priority", "counted")
STRATUM = ("category", "channel", "priority")


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


@cache
def all_signs() -> dict[str, Sign]:
    """Every sign of the folder, by key, in the folder's own order of `definitions`: alphabetical."""
    names = sorted(module.name for module in iter_modules(signs.__path__))
    found = [import_module(f"{signs.__name__}.{name}").SIGN for name in names]
    return {sign.key: sign for sign in found}
