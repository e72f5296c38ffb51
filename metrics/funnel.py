"""Funnel: which teams differ from the rest by more than teams differ anyway?

Question asked: not "who is worst?" but "can this team be told apart from its peers at all?". Teams always differ a
little for reasons that no count knows; that spread (tau squared) is estimated from the teams themselves and added to
each one's own chance error, so that a large team is not flagged for being large.

Shapes: one value per team. `z` has no unit, limits are in the unit of the share or of observed / expected.
Errors: a team with n (or expected) of 0 is left out with NaN; fewer than three teams have no spread to learn (tau2 0).
Source: Spiegelhalter 2005, Quality & Safety in Health Care 14; Stat. Med. 24; winsorised at 10% on both sides.
Warning of FunnelPlotR kept in mind: its log(O/E) method fails at O = 0 and is not used in readings.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.arrays import Floats, floats, ratio

Z95, Z998 = 1.959963984540054, 3.090232306167813


@dataclass(frozen=True)
class Funnel:
    """Each team's z against the target, before (`raw_z`) and after (`z`) the teams' own spread is added."""

    target: float
    phi: float
    tau2: float
    error: Floats
    raw_z: Floats
    z: Floats


def winsorised(z: Floats, share: float = 0.1) -> Floats:
    """`z` with its lowest and highest `share` pulled in to the quantiles there (R's type 7)."""
    if share <= 0 or np.isnan(z).all():
        return z
    low, high = np.nanquantile(z, [share, 1 - share])
    return np.clip(z, low, high)


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
    x, n = floats(x), floats(n)
    goal = float(ratio(np.nansum(x), np.nansum(n))) if target is None else target
    seen = np.where(n > 0, n, np.nan)
    off = np.arcsin(np.sqrt(ratio(x, n))) - np.arcsin(np.sqrt(goal))
    return against(off, 1 / (2 * np.sqrt(seen)), goal, winsor=winsor)


def ratios(observed: npt.ArrayLike, expected: npt.ArrayLike, *, winsor: float = 0.1) -> Funnel:
    """Observed over expected on the square-root scale (CQC), which holds where nothing was observed."""
    seen, fair = floats(observed), floats(expected)
    usable = np.where(fair > 0, fair, np.nan)
    return against(np.sqrt(ratio(seen, usable)) - 1, 1 / (2 * np.sqrt(usable)), 1.0, winsor=winsor)


def against(off: Floats, error: Floats, target: float, *, winsor: float = 0.1) -> Funnel:
    """Funnel of differences `off` from the target with standard errors `error`, on any scale."""
    raw = ratio(off, error)
    phi, tau2 = overdispersion(raw, error, winsor)
    return Funnel(target, phi, tau2, error, raw, ratio(off, np.sqrt(error**2 + tau2)))


def share_limits(funnel: Funnel, z: float = Z95) -> tuple[Floats, Floats]:
    """Limits of a funnel of `shares`, in shares: within them a team cannot be told apart."""
    middle = np.arcsin(np.sqrt(funnel.target))
    reach = z * np.sqrt(funnel.error**2 + funnel.tau2)
    return (np.sin(np.clip(middle - reach, 0, np.pi / 2)) ** 2, np.sin(np.clip(middle + reach, 0, np.pi / 2)) ** 2)
