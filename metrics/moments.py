"""Shrinkage in closed form, without a search for the likeliest prior: to check by, and to compare with.

Question asked: the same as in metrics.shrinkage, answered by matching mean and variance. Readings do not go by it: the
method of moments takes the teams' spread by chance for spread between them and under-shrinks badly where teams differ
in size (docs/methods.md: alpha + beta of 50 where the likeliest is 61, of 69 where it is 998).

Shapes: one value per team. Errors: None where there are too few teams, or they differ by less than chance explains.
Sources: beta moments: Robinson's ebbr; Marshall 1991, Applied Statistics 40(2), global (spdep's EBest); Efron & Morris
1975, JASA 70 (James & Stein, towards the mean).
"""

import numpy as np
import numpy.typing as npt

from metrics.arrays import Floats, finite, floats, possible, ratio
from metrics.shrinkage import Prior


def beta_moments(x: npt.ArrayLike, n: npt.ArrayLike) -> Prior | None:
    """The Beta prior whose mean and variance are those of the teams' raw shares. Three teams or more."""
    share = ratio(*possible(x, n))
    share = share[~np.isnan(share)]
    if len(share) < 3:
        return None
    mean, variance = float(share.mean()), float(share.var(ddof=1))
    if not 0 < variance < mean * (1 - mean):
        return None
    alpha = ((1 - mean) / variance - 1 / mean) * mean**2
    return Prior(alpha, alpha * (1 / mean - 1), float("nan"))


def marshall(x: npt.ArrayLike, expected: npt.ArrayLike) -> Floats | None:
    """Each team's observed / expected drawn towards that of all, by Marshall's global estimator."""
    seen, fair = possible(x, expected, shares=False)
    there = ~np.isnan(fair)
    if there.sum() < 3:
        return None
    mean = float(seen[there].sum() / fair[there].sum())
    rate = ratio(seen, np.where(there, fair, np.nan))
    total = fair[there].sum()
    between = float((fair[there] * (rate[there] - mean) ** 2).sum() / total) - mean / float(fair[there].mean())
    if between <= 0:
        return None
    weight = between / (between + ratio(mean, np.where(there, fair, np.nan)))
    return floats(weight * rate + (1 - weight) * mean)


def james_stein(y: npt.ArrayLike, variance: float) -> tuple[Floats, float] | None:
    """Values with the same known variance drawn towards their mean; and by how much of it they keep. Four or more."""
    values = finite(y)
    there = ~np.isnan(values)
    if there.sum() < 4 or not variance > 0:
        return None
    mean = float(values[there].mean())
    squares = float(((values[there] - mean) ** 2).sum())
    kept = 1 - (there.sum() - 3) * variance / squares if squares > 0 else 0.0
    return (mean + kept * (values - mean), float(kept)) if kept > 0 else None
