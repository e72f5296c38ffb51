"""What moved a sign: the change since the baseline, split into mix and rate, and where the rate's part lies.

Question asked: this team's share has changed. How much of it is other tickets than before, and of the rest, is it in
one kind of ticket, at one hour, with newcomers, in what one team passes on, or everywhere alike?

Method: Kitagawa's split over category x channel x priority, thin strata folded into the ones above
(metrics.kitagawa); then the groups in which more of the change lies than an even spread would show by chance, given
how many were looked at (metrics.concentration). A group's share is its part of the rate's part; the rest is spread
evenly. Only the kind of ticket and the team's own lines are looked at, never a person: a group of newcomers, or of the
others, of fewer than five people is not looked at.

Shapes: `rows`, one a thing that the sign counts of one team: after (bool: in the recent weeks), counted (bool),
category, channel, priority, and what metrics.cause_groups asks for. Units: points of the share.
Errors: fewer than FEWEST recent or earlier rows: no Cause, but why.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.arrays import Flags, Floats, Places, floats
from metrics.cause_groups import dimensions_of, groups_of
from metrics.concentration import concentrated
from metrics.disclosure import FEWEST_PEOPLE
from metrics.kitagawa import Counts, drawn, interval, split

FEWEST_AFTER, FEWEST_BEFORE = 20, 50
THIN_AFTER, THIN_BEFORE = 5, 15
STRATUM = ("category", "channel", "priority")
TOO_FEW = "too few tickets to say where the change lies"


@dataclass(frozen=True)
class Named:
    """A group in which the change lies: its share of the rate's part with its 95% interval (null: cannot be told)."""

    dimension: str
    value: str
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Cause:
    """The change of a share from `before` to `after`, in points, with 95% intervals; `evenly` is what no named group
    explains, as a share of the rate's part. With a `why`, nothing more can be said."""

    before: float | None = None
    after: float | None = None
    n_before: int = 0
    n_after: int = 0
    change: float | None = None
    mix: float | None = None
    mix_low: float | None = None
    mix_high: float | None = None
    rate: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    named: tuple[Named, ...] = ()
    evenly: float | None = None
    why: str | None = None


def cause_of(rows: pl.DataFrame, worse_is_up: bool = True, direction: str = "worse") -> Cause:
    """What moved this team's sign. `direction` is that of the reading."""
    after, counted = rows["after"].to_numpy(), rows["counted"].to_numpy()
    n_after, n_before = int(after.sum()), int((~after).sum())
    if n_after < FEWEST_AFTER or n_before < FEWEST_BEFORE:
        return Cause(n_before=n_before, n_after=n_after, why=TOO_FEW)
    strata = counts_by(strata_of(rows), after, counted)
    parts, again = split(strata), split(drawn(strata))
    mix_low, mix_high = interval(again.mix)
    rate_low, rate_high = interval(again.rate)
    up = (direction == "worse") == worse_is_up
    named, evenly = _named(rows, after, counted, up)
    return Cause(
        before=float(counted[~after].mean()),
        after=float(counted[after].mean()),
        n_before=n_before,
        n_after=n_after,
        change=float(parts.change),
        mix=float(parts.mix),
        mix_low=mix_low,
        mix_high=mix_high,
        rate=float(parts.rate),
        rate_low=rate_low,
        rate_high=rate_high,
        named=named,
        evenly=evenly,
    )


def _named(rows: pl.DataFrame, after: Flags, counted: Flags, up: bool) -> tuple[tuple[Named, ...], float | None]:
    """The concentrated groups, the largest share first, and what is left spread evenly."""
    groups, members = groups_of(rows)
    found = concentrated(members, dimensions_of(groups), after, counted, up)
    label = np.zeros(len(after), dtype=np.int64)
    for place, one in enumerate(found, start=1):
        label[one.rows] = place
    table = counts_by(label, after, counted, size=len(found) + 1)
    shares, lows, highs = _shares(table)
    told = [
        Named(groups[one.place].dimension, groups[one.place].value, shares[k], lows[k], highs[k])
        for k, one in enumerate(found, start=1)
    ]
    return tuple(sorted(told, key=lambda one: -(one.share or 0.0))), shares[0]


def _shares(table: Counts) -> tuple[list[float | None], list[float | None], list[float | None]]:
    """Each group's part of the rate's part, and its interval; none where that part may as well be nought."""
    parts, again = split(table), split(drawn(table))
    whole, several = float(parts.rate), again.rate
    low, high = interval(several)
    nothing: list[float | None] = [None] * len(parts.rates)
    if not whole or low <= 0 <= high:
        return nothing, list(nothing), list(nothing)
    of_draws = again.rates / np.where(several == 0, np.nan, several)[:, None]
    limits = [interval(floats(column)) for column in of_draws.T]
    return [float(r) / whole for r in parts.rates], [a for a, _ in limits], [b for _, b in limits]


def counts_by(label: Places, after: Flags, counted: Flags, size: int | None = None) -> Counts:
    """Rows put together by their label (0, 1, ...)."""
    many = size or int(label.max(initial=0)) + 1

    def tally(which: Flags) -> Floats:
        return np.bincount(label[which], minlength=many).astype(np.float64)

    return Counts(tally(~after & counted), tally(~after), tally(after & counted), tally(after))


def strata_of(rows: pl.DataFrame) -> Places:
    """The stratum of each row as a number; thin strata stand together with those that share their channel, then their
    category, then with all that is thin."""
    known = rows.select("after", *(pl.col(name).cast(pl.String).fill_null("?") for name in STRATUM))
    keys = [pl.concat_str(STRATUM[:depth], separator="\x1f") for depth in (3, 2, 1)]
    told = known.with_columns(key=keys[0])
    for above in (*keys[1:], pl.lit("")):
        thin = (pl.col("after").sum().over("key") < THIN_AFTER) | ((~pl.col("after")).sum().over("key") < THIN_BEFORE)
        told = told.with_columns(key=pl.when(thin).then(above).otherwise("key"))
    return (told["key"].rank("dense").to_numpy() - 1).astype(np.int64)


def without_people(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without their agents; `newcomer` is unknown where fewer than five are either in the recent weeks."""
    recent = rows.filter(pl.col("after") & pl.col("newcomer").is_not_null())
    heads = dict(recent.group_by("newcomer").agg(pl.col("agent_id").n_unique()).iter_rows())
    if min(heads.get(True, 0), heads.get(False, 0)) < FEWEST_PEOPLE:
        rows = rows.with_columns(newcomer=pl.lit(None, dtype=pl.Boolean))
    return rows.drop("agent_id")
