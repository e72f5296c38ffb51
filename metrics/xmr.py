"""The XmR chart of single values, and the two icons that say what it means.

Question asked: is this series of values (hours, a ratio, a score) steady, which way did it move last (variation),
and will it reach its target if nothing changes (assurance)? The two answers are never mixed.

Shapes: `y` is series x points (or points alone), any unit; NaN is skipped. Errors: fewer than two points, no limits.
Source: NHS England, Making Data Count; rules as in NHSRplotthedots 0.2.2 (factor 2.66, ranges over 3.267 times
their mean dropped once).
"""

from typing import Literal

import numpy as np

from metrics.arrays import Flags, Floats, everywhere, finite, floats, mean_where
from metrics.charts import Limits, moving_range_mean

FACTOR = 2.66
RUN = 7
Variation = Literal["concern", "improvement", "change", "common cause"]
Assurance = Literal["will reach", "will miss", "now and then", "no target"]


def xmr(y: Floats, baseline: Flags | None = None, *, screened: bool = True, factor: float = FACTOR) -> Limits:
    """Mean +- 2.66 mean moving ranges of the baseline points."""
    y = finite(y)
    centre = mean_where(y, everywhere(y, baseline))[..., None]
    mean_range = moving_range_mean(y, baseline, screened=screened)
    reach = factor * mean_range[..., None]
    shape = np.ones(y.shape)
    return Limits(centre * shape, (centre - reach) * shape, (centre + reach) * shape, mean_range)


def special_causes(y: Floats, limits: Limits) -> dict[str, Floats]:
    """Which points belong to which pattern: +1 above or rising, -1 below or falling, 0 none; each the shape of `y`.

    `outside` a limit; `near`, two of three in the outer third on the same side; `seven` on one side of the centre;
    `trend` of seven rising or falling. A point in several is named by the first.
    """
    y = finite(y)
    side = np.sign(np.nan_to_num(y - limits.centre))
    outside = side * ((y > limits.upper) | (y < limits.lower))
    third = (limits.upper - limits.centre) * 2 / 3
    close = side * ((outside == 0) & (np.abs(y - limits.centre) >= third) & (third > 0))
    step = np.sign(np.diff(y, axis=-1, prepend=y[..., :1]))
    return {
        "outside": floats(outside),
        "near": _part_of(close, 3, 2) * (close != 0),
        "seven": _part_of(side, RUN, RUN),
        "trend": _trend(step),
    }


def latest(y: Floats, limits: Limits) -> Floats:
    """The last point's pattern: +1 high or rising, -1 low or falling, 0 common cause. One per series."""
    found = special_causes(y, limits)
    stacked = np.stack([found[name][..., -1] for name in ("outside", "near", "seven", "trend")])
    first = np.argmax(stacked != 0, axis=0)
    return floats(np.take_along_axis(stacked, first[None], axis=0)[0])


def variation(y: Floats, limits: Limits, better: Literal["lower", "higher", "neither"]) -> list[Variation]:
    """The variation icon: what the last point says. One per series."""
    words: dict[str, tuple[Variation, Variation]] = {
        "lower": ("concern", "improvement"),
        "higher": ("improvement", "concern"),
        "neither": ("change", "change"),
    }
    high, low = words[better]
    return [high if last > 0 else low if last < 0 else "common cause" for last in np.atleast_1d(latest(y, limits))]


def assurance(limits: Limits, target: float | None, better: Literal["lower", "higher"]) -> list[Assurance]:
    """The assurance icon: where the target lies against the last limits. One per series."""
    lower, upper = np.atleast_2d(limits.lower)[:, -1], np.atleast_2d(limits.upper)[:, -1]
    if target is None:
        return ["no target"] * len(lower)
    sure, hopeless = (target > upper, target < lower) if better == "lower" else (target < lower, target > upper)
    return [
        "will reach" if yes else "will miss" if no else "now and then" for yes, no in zip(sure, hopeless, strict=True)
    ]


def _part_of(signs: Floats, width: int, wanted: int) -> Floats:
    """Points within some window of `width` in which `wanted` or more have the same sign. Sign of that window."""
    out = np.zeros(signs.shape)
    for end in range(width, signs.shape[-1] + 1):
        window = signs[..., end - width : end]
        for sign in (1.0, -1.0):
            hit = (window == sign).sum(axis=-1) >= wanted
            part = out[..., end - width : end]
            part[...] = np.where(hit[..., None], sign, part)
    return out


def _trend(step: Floats) -> Floats:
    """Points of a row of seven that rise, or fall, all the way: six steps of the same sign and the point before."""
    out = np.zeros(step.shape)
    for end in range(RUN, step.shape[-1] + 1):
        steps = step[..., end - RUN + 1 : end]
        for sign in (1.0, -1.0):
            hit = (steps == sign).all(axis=-1)
            part = out[..., end - RUN : end]
            part[...] = np.where(hit[..., None], sign, part)
    return out
