"""What a trait of empathy is. One trait is one file in metrics/traits/ that holds `TRAIT`; the folder is the list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

import polars as pl

from metrics import traits
from metrics.facts import Facts

# What a trait's rows carry: whom and when they are charged to, their channel and category, and whether they count.
TRAIT_ROW = ("team_id", "at", "category", "channel", "counted")


@dataclass(frozen=True, eq=False)
class Trait:
    """One of the eight traits by which a customer knows that somebody cares.

    `rows` takes the facts and gives one row a thing that the tickets tell of it, with the columns of `TRAIT_ROW`:
    `at` (UTC instant that dates it) and `counted` (bool: well done; null: nobody can say, and it is no part of the
    share). Rows younger than `matures` are left out when they are counted: they can still change.
    A trait whose tickets are told by a sign has no `rows` but the key of that `sign`.
    `needs` is as a sign's. `also` are names by which a survey may ask for it besides its key and its name.
    `stands` says its place among the eight, as the definitions list them.
    """

    key: str
    name: str
    asks: str
    counts: str
    of: str
    dated_by: str
    clock: Literal["business", "calendar"]
    needs: tuple[str, ...]
    caveat: str
    stands: int
    rows: Callable[[Facts], pl.LazyFrame] | None = None
    sign: str | None = None
    matures: timedelta = timedelta(0)
    also: tuple[str, ...] = ()
    elsewhere: str = ""


@cache
def all_traits() -> dict[str, Trait]:
    """Every trait of the folder, by key, in the order of the definitions."""
    names = (module.name for module in iter_modules(traits.__path__))
    found = [import_module(f"{traits.__name__}.{name}").TRAIT for name in names]
    return {trait.key: trait for trait in sorted(found, key=lambda trait: (trait.stands, trait.key))}
