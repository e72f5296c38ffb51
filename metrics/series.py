"""The weekly series behind one reading: each week's share, and the limits within which nothing has changed.

Question asked: how did this team get here, and which weeks stand out?
"""

import numpy as np
import polars as pl
from dataframely import DataFrame
from scipy.special import gammaincinv

from metrics import verdict
from metrics.arrays import Flags, Floats, floats, ratio
from metrics.measure import Measure, groups
from metrics.monitor import Standard, standardise
from metrics.panel import Panel
from metrics.reading import Series, higher_is_worse, week_read

SIGMAS, OUTSIDE, FEW_EXPECTED = 3.0, 0.00135, 5.0
STEPS = np.arange(81.0)


def series(panel: Panel, sign: str, team_id: str) -> DataFrame[Series]:
    """The weeks of one team and sign, those that are not mature too. KeyError where the panel has no such cell."""
    mine = panel.cells.with_row_index("cell").filter(sign=sign, team_id=team_id)["cell"]
    if not len(mine):
        raise KeyError(f"no series of sign {sign} for team {team_id}")
    one = slice(int(mine[0]), int(mine[0]) + 1)
    n, mature = panel.n[one], panel.mature[one]
    baseline, standard = _standard(panel, sign, int(mine[0]))
    drawn = verdict.chart(standard, baseline, n, higher_is_worse(panel)[one], panel.waves[one])
    lower, upper = chart_limits(standard, n)
    share = ratio(panel.seen_x[one], panel.seen_n[one])
    columns = {
        "x": panel.seen_x[one],
        "n": panel.seen_n[one],
        "share": share,
        "expected": np.where(n > 0, panel.share[one], np.nan),
        "centre": np.where(n > 0, standard.share, np.nan),
        "lower": lower,
        "upper": upper,
        "z": standard.z / standard.spread[:, None],
        "ewma": np.where(mature, drawn.ewma, np.nan),
        "mature": mature,
        "baseline": baseline,
        "outside": (share < lower) | (share > upper),
    }
    frame = pl.DataFrame({"week": list(panel.weeks)} | {name: values[0] for name, values in columns.items()})
    frame = frame.with_columns(
        pl.lit(sign).alias("sign"),
        pl.lit(team_id).alias("team_id"),
        pl.lit(panel.how_of(sign).measure).alias("measure"),
        pl.selectors.float().fill_nan(None),
    )
    frame = frame.with_columns(pl.when(pl.col("upper").is_not_null()).then("outside").alias("outside"))
    return Series.validate(frame.select(Series.column_names()), cast=True)


def _standard(panel: Panel, sign: str, cell: int) -> tuple[Flags, Standard]:
    """Baseline and standard values of one cell, its spread learnt from all teams as in its reading."""
    every = np.flatnonzero((panel.cells["sign"] == sign).to_numpy())
    at, kinds = week_read(panel)[every], None if panel.kinds is None else panel.kinds[every]
    known = np.arange(len(panel.weeks))[None, :] <= at[:, None]
    n = np.where(known, panel.n[every], 0.0)
    baseline = verdict.baseline_weeks(n > 0, at, panel.waves[every])
    alike = np.zeros(len(every), dtype=np.int64)
    found = standardise(
        panel.x[every], panel.n[every], panel.share[every], panel.variance[every], baseline, kinds, alike
    )
    one = every == cell
    return baseline[one], Standard(
        found.share[one], found.variance[one], found.z[one], found.chart_spread[one], found.spread[one],
        found.baseline_n[one], None if kinds is None else kinds[one],
    )  # fmt: skip


def chart_limits(standard: Standard, n: Floats) -> tuple[Floats, Floats]:
    """p' limits (three spreads) of one series' weeks about their centre; exact where under 5 are expected.

    Of shares in [0, 1]; of rates u' limits; of dispersions the chi-square's own, which are not symmetric.
    """
    fair, [(measure, _)] = standard.share, groups(standard.kinds)
    some = np.where(n > 0, n, np.nan)
    reach = SIGMAS * standard.chart_spread[:, None] * np.sqrt(standard.variance) / some
    lower, upper = np.clip(fair - reach, 0, measure.ceiling), np.clip(fair + reach, 0, measure.ceiling)
    spread = np.broadcast_to(standard.chart_spread[:, None] ** 2, n.shape)
    known = ~np.isnan(upper)
    if measure.key == "dispersion":
        return _of_chi_square(np.where(known, n, np.nan), fair, spread)
    if measure.key == "ratio":
        return lower, upper
    few = known & (n * fair < FEW_EXPECTED)
    lower[few], upper[few] = 0.0, _most_usual(n[few], fair[few], spread[few], measure) / n[few]
    if measure.key == "share":
        many = known & (n * (1 - fair) < FEW_EXPECTED)
        lower[many], upper[many] = 1 - _most_usual(n[many], 1 - fair[many], spread[many], measure) / n[many], 1.0
    return lower, upper


def _of_chi_square(n: Floats, level: Floats, inflation: Floats) -> tuple[Floats, Floats]:
    free = n / inflation
    low, high = (level * 2 * gammaincinv(free / 2, tail) / free for tail in (OUTSIDE, 1 - OUTSIDE))
    return floats(low), floats(high)


def _most_usual(n: Floats, share: Floats, inflation: Floats, measure: Measure) -> Floats:
    """The largest count whose upper mid-p is not below .00135."""
    at = np.minimum(STEPS[None, :], n[:, None])
    of, fair, grown = (np.broadcast_to(values[:, None], at.shape) for values in (n, share, inflation))
    _, upper = measure.tails(at, of, fair, grown)
    return floats(np.where(upper >= OUTSIDE, at, 0.0).max(axis=1, initial=0.0))
