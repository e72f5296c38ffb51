"""Is a change concentrated anywhere, or spread evenly?

Question asked: does one group of tickets (a category, the newcomers, the afternoon) show more of a change than an even
spread would by chance, when that many groups were looked at?

A group's change is held against that of all other tickets, in points and in odds: an even change may add the same
points everywhere or multiply the same odds, so only what beats both is called concentrated. Where no single group
does, the groups of one dimension may still differ more among themselves than chance lets them (three kinds of ticket at
once). The clearest group is set aside and the rest is looked at again, three times at most, so that what is named never
counts a ticket twice. Each look allows for the number of groups, and of dimensions, that were looked at.

Shapes: `groups` is groups x rows (is this ticket in this group?), `after` and `counted` are rows; `dimension` numbers
that of each group, -1 where its groups overlap or there are two. Units: tickets.
Errors: a group of fewer than FEWEST_AFTER tickets after or FEWEST_BEFORE before, or which leaves as few, is not looked
at; where none is left, nothing is concentrated.
Sources: difference of differences of proportions, Wald in points and on log odds (half a ticket added, Haldane 1956);
Cochran's Q for the differences among the groups of a dimension; correction by Sidak 1967, careful where groups overlap.
Measured (tests): something is named in about one of twenty even changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr

from metrics.arrays import Flags, Floats, Places, floats, ratio

FEWEST_AFTER, FEWEST_BEFORE = 10, 20
MOST_NAMED = 3
CHANCE = 0.05  # of naming anything where all is even


@dataclass(frozen=True, eq=False)
class Found:
    """A concentrated group: its place among the groups, its own tickets, and p allowing for how many were looked at."""

    place: int
    rows: Flags
    p: float


def concentrated(
    groups: Flags, dimension: Places, after: Flags, counted: Flags, up: bool, most: int = MOST_NAMED
) -> list[Found]:
    """The groups in which the change lies, the clearest first; none where an even spread explains it.

    `up`: the change is a rise of the share. Rows of a group that were set aside with an earlier one are not its own.
    """
    left, found = np.ones(len(after), dtype=bool), list[Found]()
    while len(found) < most:
        z = scores(groups & left, after & left, counted & left, left, up)
        if not np.isfinite(z).any():
            break
        place, p = _clearest(z, groups & left, dimension, after, counted)
        if p > CHANCE:
            break
        found.append(Found(place, groups[place] & left, p))
        left = left & ~groups[place]
    return found


def _clearest(z: Floats, groups: Flags, dimension: Places, after: Flags, counted: Flags) -> tuple[int, float]:
    """The clearest group by itself; where that is nothing, of the dimension whose groups differ most."""
    place = int(np.nanargmax(z))
    p = _allowing(float(ndtr(-z[place])), int(np.isfinite(z).sum()))
    if p <= CHANCE:
        return place, p
    seen = {int(one) for one in dimension if one >= 0}
    for one in seen:
        mine = np.flatnonzero((dimension == one) & np.isfinite(z))
        apart = _allowing(_differ(groups[mine], after, counted), len(seen)) if len(mine) > 2 else 1.0
        if apart < p and z[mine].max() > 0:
            place, p = int(mine[np.argmax(z[mine])]), apart
    return place, p


def _differ(groups: Flags, after: Flags, counted: Flags) -> float:
    """p that the groups' changes are one and the same, in points or in odds, whichever is the likelier."""
    n1, x1, n0, x0 = (groups.astype(np.float64) @ of for of in _four(after, counted, np.ones(len(after), dtype=bool)))
    ps = []
    for scale in (_points, _odds):
        (late, v1), (early, v0) = scale(x1, n1), scale(x0, n0)
        off, weight = late - early, ratio(1.0, v1 + v0)
        q = float((weight * (off - (weight * off).sum() / weight.sum()) ** 2).sum())
        ps.append(float(chdtrc(len(off) - 1, q)))
    return max(ps)


def _allowing(p: float, looked: int) -> float:
    """p when so many were looked at."""
    return float(-np.expm1(looked * np.log1p(-min(p, 1 - 1e-12))))


def scores(groups: Flags, after: Flags, counted: Flags, among: Flags, up: bool) -> Floats:
    """How far each group's change lies beyond that of the rest, as a normal value; NaN where too few to look at."""
    n1, x1, n0, x0 = (groups.astype(np.float64) @ of for of in _four(after, counted, among))
    whole = [float(of.sum()) for of in _four(after, counted, among)]
    m1, y1, m0, y0 = (total - own for total, own in zip(whole, (n1, x1, n0, x0), strict=True))
    few = (np.minimum(n1, m1) < FEWEST_AFTER) | (np.minimum(n0, m0) < FEWEST_BEFORE)
    four = [(x1, n1), (x0, n0), (y1, m1), (y0, m0)]
    signs = np.array([1.0, -1.0, -1.0, 1.0]) * (1 if up else -1)
    z = np.minimum(_contrast([_points(x, n) for x, n in four], signs), _contrast([_odds(x, n) for x, n in four], signs))
    return np.where(few, np.nan, z)


def _four(after: Flags, counted: Flags, among: Flags) -> tuple[Floats, Floats, Floats, Floats]:
    before = among & ~after
    return tuple(floats(of) for of in (after, after & counted, before, before & counted))  # type: ignore[return-value]


def _contrast(parts: Sequence[tuple[Floats, Floats]], signs: Floats) -> Floats:
    off = sum(sign * value for sign, (value, _) in zip(signs, parts, strict=True))
    return floats(off / np.sqrt(sum(variance for _, variance in parts)))


def _points(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    share = (x + 0.5) / (n + 1)
    return np.where(n > 0, x / np.maximum(n, 1), 0.0), share * (1 - share) / np.maximum(n, 1)


def _odds(x: Floats, n: Floats) -> tuple[Floats, Floats]:
    yes, no = x + 0.5, n - x + 0.5
    return np.log(yes / no), 1 / yes + 1 / no
