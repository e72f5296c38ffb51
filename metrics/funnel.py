"""Funnel: which teams differ from the rest by more than teams differ anyway?

Question asked: not "who is worst?" but "can this team be told apart from its peers at all?". Teams always differ a
little for reasons that no count knows; that spread (tau squared) is estimated from the teams themselves and added to
each one's own chance error, so that a large team is not flagged for being large.

Shapes: one value per team. `z` has no unit; limits are in the unit of the share, of observed / expected, or of the
ratio of counts.
Errors: a team with n (or expected) of 0, or with an impossible count (below 0, missing, more than n), is left out with
NaN; fewer than three teams have no spread to learn (tau2 0).
Source: Spiegelhalter 2005, Quality & Safety in Health Care 14; Stat. Med. 24; winsorised at 10% on both sides. Ratios:
root scale as the CQC, log scale as the SHMI (NHS Digital), which leaves the outer teams out instead of pulling them in
and has nothing to say of a team with O = 0: readings use the root scale.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr
from scipy.stats import binom, rankdata

from metrics.arrays import Floats, finite, floats, possible, ratio
from metrics.measure import SHARE

Z95, Z998 = 1.959963984540054, 3.090232306167813
Scale = Literal["as it is", "arcsine root", "root", "log"]


@dataclass(frozen=True)
class Funnel:
    """Each team's z against the target, before (`raw_z`) and after (`z`) the teams' own spread is added.

    `error` and `tau2` are on the scale named; `target` is in the unit of what is shown.
    """

    target: float
    phi: float
    tau2: float
    error: Floats
    raw_z: Floats
    z: Floats
    scale: Scale = "as it is"


def winsorised(z: Floats, share: float = 0.1) -> Floats:
    """`z` with its lowest and highest `share` pulled in to the quantiles there (R's type 7)."""
    if share <= 0 or np.isnan(z).all():
        return z
    low, high = np.nanquantile(z, [share, 1 - share])
    return np.clip(z, low, high)


def truncated(z: Floats, share: float = 0.1) -> Floats:
    """`z` without its lowest and highest `share`, by rank: those become NaN (SHMI)."""
    there = ~np.isnan(z)
    if share <= 0 or not there.any():
        return z
    groups = np.floor(rankdata(z[there]) / share / (there.sum() + 1) + 1e-9)
    kept = z.copy()
    kept[there] = np.where((groups == 0) | (groups >= np.floor(1 / share - 1 + 1e-9)), np.nan, z[there])
    return kept


def overdispersion(z: Floats, error: Floats, share: float = 0.1) -> tuple[float, float]:
    """(phi, tau2): how much the winsorised z vary over pure chance, and the teams' own variance that explains it."""
    there = ~np.isnan(z) & (error > 0)
    teams = int(there.sum())
    if teams < 3:
        return 1.0, 0.0
    phi = float(np.mean(winsorised(z[there], share) ** 2))
    w = 1 / error[there] ** 2
    room = w.sum() - (w**2).sum() / w.sum()
    return phi, max(0.0, float((teams * phi - (teams - 1)) / room)) if room > 0 else 0.0


def shares(x: npt.ArrayLike, n: npt.ArrayLike, target: float | None = None, *, winsor: float = 0.1) -> Funnel:
    """Shares on the arcsine-root scale, where chance error depends on n alone. `target`: the pooled share."""
    x, n = possible(x, n)
    goal = float(ratio(np.nansum(x), np.nansum(n))) if target is None else target
    off = np.arcsin(np.sqrt(ratio(x, n))) - np.arcsin(np.sqrt(goal))
    return against(off, 1 / (2 * np.sqrt(n)), goal, winsor=winsor, scale="arcsine root")


def ratios(observed: npt.ArrayLike, expected: npt.ArrayLike, *, winsor: float = 0.1) -> Funnel:
    """Observed over expected on the square-root scale (CQC), which holds where nothing was observed."""
    seen, fair = possible(observed, expected, shares=False)
    return against(np.sqrt(ratio(seen, fair)) - 1, 1 / (2 * np.sqrt(fair)), 1.0, winsor=winsor, scale="root")


def log_ratios(observed: npt.ArrayLike, expected: npt.ArrayLike, *, winsor: float = 0.1) -> Funnel:
    """Observed over expected on the log scale (SHMI): the outer `winsor` at both ends are left out of the spread."""
    seen, fair = possible(observed, expected, shares=False)
    with np.errstate(divide="ignore"):
        off = np.log(ratio(np.where(seen > 0, seen, np.nan), fair))
    error = 1 / np.sqrt(fair)
    kept = np.isnan(truncated(off / error, winsor))
    phi, tau2 = overdispersion(np.where(kept, np.nan, off / error), error, 0.0)
    return Funnel(1.0, phi, tau2, error, off / error, off / np.sqrt(error**2 + tau2), "log")


def counts(numerator: npt.ArrayLike, denominator: npt.ArrayLike, *, winsor: float = 0.1) -> Funnel:
    """Ratios of two counts (reopens over resolves) on the log scale, half a one added to each. `target`: the pooled."""
    a, b = possible(numerator, denominator, shares=False)
    goal = float(ratio(np.nansum(a), np.nansum(b)))
    if not goal > 0:
        nothing = np.full(a.shape, np.nan)
        return Funnel(goal, 1.0, 0.0, nothing, nothing, nothing, "log")
    off = np.log((a + 0.5) / (b + 0.5)) - np.log(goal)
    error = np.sqrt(a / (a + 0.5) ** 2 + b / (b + 0.5) ** 2)
    return against(off, error, goal, winsor=winsor, scale="log")


def against(off: Floats, error: Floats, target: float, *, winsor: float = 0.1, scale: Scale = "as it is") -> Funnel:
    """Funnel of differences `off` from the target with standard errors `error`, on any scale."""
    raw = ratio(off, error)
    phi, tau2 = overdispersion(raw, error, winsor)
    return Funnel(target, phi, tau2, error, raw, ratio(off, np.sqrt(error**2 + tau2)), scale)


def limits(funnel: Funnel, z: float = Z95, *, spread: bool = True) -> tuple[Floats, Floats]:
    """Limits in the unit of what is shown: within them a team cannot be told apart. `spread` off: chance alone."""
    reach = z * np.sqrt(funnel.error**2 + (funnel.tau2 if spread else 0.0))
    if funnel.scale == "arcsine root":
        middle = np.arcsin(np.sqrt(funnel.target))
        low, high = (np.sin(np.clip(middle + side * reach, 0, np.pi / 2)) ** 2 for side in (-1, 1))
    elif funnel.scale == "root":
        low, high = (np.maximum(np.sqrt(funnel.target) + side * reach, 0.0) ** 2 for side in (-1, 1))
    elif funnel.scale == "log":
        low, high = (funnel.target * np.exp(side * reach) for side in (-1, 1))
    else:
        low, high = funnel.target - reach, funnel.target + reach
    return floats(low), floats(high)


def exact_share_limits(n: npt.ArrayLike, target: float, z: float = Z95) -> tuple[Floats, Floats]:
    """Limits of shares by chance alone from the binomial itself, drawn smooth between counts: for few tickets."""
    of = finite(n)
    of = np.where(of > 0, of, np.nan)
    low, high = (_smooth_quantile(tail, of, target) for tail in (float(ndtr(-z)), float(ndtr(z))))
    return low, high


def _smooth_quantile(p: float, n: Floats, target: float) -> Floats:
    count = binom.ppf(p, n, target)
    upto, below = binom.cdf(count, n, target), binom.cdf(count - 1, n, target)
    return np.clip(ratio(count - ratio(upto - p, upto - below), n), 0.0, 1.0)


def spread_of_shares(x: npt.ArrayLike, n: npt.ArrayLike, mix: npt.ArrayLike) -> tuple[float, float]:
    """(pooled share, tau2 on the arcsine-root scale) of teams that are each compared with what its mix of tickets
    explains: `mix`, the share expected of it, which is first moved (in odds) to the teams' present level.
    """
    seen, of, fair = floats(x), floats(n), floats(mix)
    used = (of > 0) & ~np.isnan(seen) & ~np.isnan(fair)
    if not used.any():
        return float("nan"), 0.0
    seen, of, fair = seen[used], of[used], np.clip(fair[used], 1e-6, 1 - 1e-6)
    fair = SHARE.own_level(seen[None], of[None], fair[None], np.ones((1, len(seen)), dtype=bool))[0]
    off = np.arcsin(np.sqrt(seen / of)) - np.arcsin(np.sqrt(fair))
    error = 1 / (2 * np.sqrt(of))
    return float(seen.sum() / of.sum()), overdispersion(off / error, error)[1]


def share_at(z: npt.ArrayLike, n: npt.ArrayLike, target: float, tau2: float) -> Floats:
    """The share that lies `z` standard errors from the target in a funnel of `n` tickets: a limit, or where a team of
    that z belongs, whatever its mix. NaN where there are no tickets.
    """
    of = floats(n)
    error = np.sqrt(tau2 + 1 / (4 * np.where(of > 0, of, np.nan)))
    return floats(np.sin(np.clip(np.arcsin(np.sqrt(target)) + floats(z) * error, 0, np.pi / 2)) ** 2)


def share_limits(funnel: Funnel, z: float = Z95) -> tuple[Floats, Floats]:
    """Limits of a funnel of `shares`, in shares."""
    return limits(funnel, z)
