"""Did the coaching help? Estimates that are not fooled by teams looking better after they looked their worst.

Question asked: by how many points does the share of coached teams lie apart from what it would have been?
Each team brings three shares: `post` (after the start), `trailing` (the 8 weeks before, which may have got it chosen)
and `base` (older). All three may be differences from what the mix of tickets explains.

Shapes: one value per team; `coached` true or false. Units: shares (multiply by 100 for points).
Errors: a team of which one of the three is missing is left out; ValueError, in words, where there are too few teams for
an estimate; callers say "cannot be said" and why.
Sources: ANCOVA with HC3 (MacKinnon & White 1985); placebo rank (Abadie et al. 2010); Fisher's exact permutation;
what each gives where coaching does nothing: docs/methods.md.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from metrics.arrays import Flags, Floats, Places, finite, floats
from metrics.regression import least_squares

TRAILING = 8
MOST_DRAWS = 20_000
FEWEST_CONTROLS = 5


@dataclass(frozen=True)
class Estimate:
    """An effect with its 95% interval (NaN where the method gives none), two-sided p and standard error (or NaN)."""

    effect: float
    low: float
    high: float
    p: float
    method: str
    error: float = float("nan")


def ancova(post: Floats, base: Floats, trailing: Floats, coached: Flags) -> Estimate:
    """The headline: coached against the others, given where each came from. Needs two coached, five others."""
    post, base, trailing, coached = _known(coached, post, base, trailing)
    enough(coached, 2)
    design = covariates(base, trailing, coached)
    line = least_squares(np.column_stack([floats(coached), design]), post)
    return _by_t(line.coefficients[0], line.errors[0], line.freedom, "ANCOVA, HC3")


def difference(post: Floats, before: Floats, coached: Flags) -> Estimate:
    """Difference in differences by team, Welch. With `before` of the trailing weeks it flatters coaching; with older
    ones it blames coaching for a team that had lastingly worsened: the two are the bracket of the headline.
    One coached team alone is taken to vary as the others do.
    """
    post, before, _, coached = _known(coached, post, before, before)
    enough(coached, 1, 2)
    change = post - before
    mine, others = change[coached], change[~coached]
    theirs = others.var(ddof=1) / len(others)
    own = mine.var(ddof=1) / len(mine) if len(mine) > 1 else theirs * len(others)
    error = float(np.sqrt(own + theirs))
    squares = own**2 / max(len(mine) - 1, 1) + theirs**2 / (len(others) - 1)
    alone = float(len(others) - 1)
    freedom = alone if len(mine) == 1 else (own + theirs) ** 2 / squares if squares > 0 else float(len(change) - 2)
    return _by_t(float(mine.mean() - others.mean()), error, freedom, "difference in differences")


def placebo(post: Floats, base: Floats, trailing: Floats, coached: Flags) -> Estimate:
    """One coached team: how far it lies from what the others' course foretells, ranked among the others' own surprises.

    The smallest p is 1 / (others + 1). The interval is the effect +- the surprise that 1 in 20 of the others exceeds.
    The verdict uses metrics.alone, which also knows how many tickets each team's share rests on.
    """
    post, base, trailing, coached = _known(coached, post, base, trailing)
    enough(coached, 1)
    mine = int(np.flatnonzero(coached)[0])
    others = np.flatnonzero(~coached)
    surprise = _surprises(floats(post), covariates(base, trailing, coached), others)
    effect = float(surprise[mine])
    rank = rank_p(effect, surprise[others])
    reach = float(np.quantile(np.abs(surprise[others]), 0.95, method="higher")) if len(others) >= 20 else float("nan")
    return Estimate(effect, effect - reach, effect + reach, rank, "placebo rank", float(surprise[others].std(ddof=1)))


def _known(coached: Flags, post: Floats, base: Floats, trailing: Floats) -> tuple[Floats, Floats, Floats, Flags]:
    """The teams of which all three are known."""
    given = [finite(values) for values in (post, base, trailing)]
    there = ~np.isnan(given).any(axis=0)
    return given[0][there], given[1][there], given[2][there], np.asarray(coached, dtype=bool)[there]


def rank_p(effect: float, placebos: Floats) -> float:
    """Share of all, the treated one counted, whose surprise is at least as large."""
    return float((1 + (np.abs(placebos) >= abs(effect) - 1e-12).sum()) / (1 + len(placebos)))


def permutation(post: Floats, base: Floats, trailing: Floats, coached: Flags, seed: int = 0) -> Estimate:
    """Teams drawn by lot who goes first: every draw that could have been is tried (20,000, seeded, where more).

    What base and trailing foretell is taken off first; p is exact because the lot decided and nothing else did.
    """
    post, base, trailing, coached = _known(coached, post, base, trailing)
    enough(coached, 2, 2)
    design = covariates(base, trailing, coached)
    off = floats(post) - design @ np.linalg.lstsq(design, floats(post), rcond=None)[0]
    seen = off[coached].mean() - off[~coached].mean()
    drawn = _draws(len(off), int(coached.sum()), seed)
    total, size = off.sum(), drawn.shape[1]
    sums = off[drawn].sum(axis=1)
    differences = sums / size - (total - sums) / (len(off) - size)
    p = float((np.abs(differences) >= abs(seen) - 1e-12).mean())
    line = ancova(post, base, trailing, coached) if (~coached).sum() >= FEWEST_CONTROLS else None
    low, high = (line.low, line.high) if line else (float("nan"), float("nan"))
    error = line.error if line else float("nan")
    return Estimate(float(line.effect if line else seen), low, high, p, "permutation of the draw", error)


def before_after(x_before: float, n_before: float, x_after: float, n_after: float) -> Estimate:
    """What a board would say: the coached teams after against just before, as if they had been any weeks. Misleads:
    teams are coached because they looked their worst.
    """
    if not (n_before > 0 and n_after > 0):
        raise ValueError("no tickets before, or none after")
    if not (0 <= x_before <= n_before < np.inf and 0 <= x_after <= n_after < np.inf):
        raise ValueError("impossible counts: each x must lie between 0 and its n")
    before, after = x_before / n_before, x_after / n_after
    pooled = (x_before + x_after) / (n_before + n_after)
    error = float(np.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after)))
    effect = after - before
    if error == 0:
        return Estimate(effect, float("nan"), float("nan"), float("nan"), "before and after")
    p = float(2 * ndtr(-abs(effect) / error))
    return Estimate(effect, effect - 1.96 * error, effect + 1.96 * error, p, "before and after", error)


def covariates(base: Floats, trailing: Floats, coached: Flags) -> Floats:
    """Ones and the earlier shares; a share that is the same for all teams, or that repeats the other, says nothing."""
    design = np.ones((len(coached), 1))
    for column in (floats(base), floats(trailing)):
        wider = np.column_stack([design, column - column.mean()])
        if np.linalg.matrix_rank(wider, tol=1e-9) == wider.shape[1]:
            design = wider
    return design


def _surprises(post: Floats, design: Floats, others: Places) -> Floats:
    """Each team's post less what a line through the others (itself left out) foretells."""
    inverse = np.linalg.pinv(design[others].T @ design[others])
    beta = inverse @ design[others].T @ post[others]
    off = post - design @ beta
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    held_out = off[others] / np.maximum(1 - leverage[others], 1e-9)
    off[others] = held_out
    return floats(off)


def _draws(teams: int, size: int, seed: int) -> Places:
    if comb(teams, size) <= MOST_DRAWS:
        return np.array(list(combinations(range(teams), size)))
    rng = np.random.default_rng(seed)
    return np.argsort(rng.random((MOST_DRAWS, teams)), axis=1)[:, :size]


def _by_t(effect: float, error: float, freedom: float, method: str) -> Estimate:
    if not error > 1e-12:
        nan = float("nan")
        return Estimate(float(effect), nan, nan, nan, method)
    reach = float(stdtrit(freedom, 0.975)) * error
    p = float(2 * stdtr(freedom, -abs(effect) / error))
    return Estimate(float(effect), float(effect - reach), float(effect + reach), p, method, float(error))


def enough(coached: Flags, fewest: int, controls: int = FEWEST_CONTROLS) -> None:
    """ValueError that says what is lacking."""
    mine, others = int(coached.sum()), int((~coached).sum())
    if mine < fewest:
        raise ValueError(
            f"only {mine} coached team{'s' * (mine != 1)} with tickets before and after; it takes {fewest}"
        )
    if others < controls:
        raise ValueError(f"{others} teams to compare with; it takes {controls}")
