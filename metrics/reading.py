"""Readings: what can be said of every team and sign in a week.

Question asked: has this team changed, and does it differ from what its mix of tickets explains? Two questions, apart.

`read` gives one row a team and sign (`Reading`); `metrics.series.series` one row a week of one of them (`Series`).
Both start from a `metrics.panel.panel`. The rule for `status` is in metrics.verdict.
Units: x, n tickets; shares in [0, 1]; weeks are Mondays.
Errors: what cannot be said is a status with its `why`, never a 0 or a p of 1.
"""

from collections.abc import Mapping
from datetime import date

import dataframely as dy
import numpy as np
import polars as pl

from metrics import enough, peers, verdict
from metrics.arrays import Flags, Floats, Places, ratio
from metrics.measure import MEASURES, SHARE, groups
from metrics.monitor import Standard, standardise, trailing
from metrics.panel import Panel

STATUSES = ("signal", "no change", "too few to say", "not matured", "not measured")
HALF_YEAR = 26
COMPARED = ("more than its mix explains", "less than its mix explains", "cannot be told apart")


def _share() -> dy.Float64:
    return dy.Float64(nullable=True, min=0, max=1)


def _level() -> dy.Float64:
    """x / n, in the unit of the measure: of a share at most 1."""
    return dy.Float64(nullable=True, min=0)


def _measure() -> dy.String:
    return dy.String(check=lambda c: c.is_in([measure.key for measure in MEASURES]))


def _at_most_one(*names: str) -> pl.Expr:
    return (pl.col("measure") != SHARE.key) | pl.all_horizontal(pl.col(name).fill_null(0) <= 1 for name in names)


class Series(dy.Schema):
    """One row a week of one team and sign. Limits and expected are null in a week without tickets or level.

    `expected` is the share by the mix (and the season, where there is one) alone, `centre` the share by the mix at the
    team's own baseline level; `z` the week's score over the long-run spread; `ewma` in units of its own error
    (verdict.limits() are its limits).
    """

    sign = dy.String()
    team_id = dy.String()
    week = dy.Date(primary_key=True)
    x = dy.Int64(min=0)
    n = dy.Int64(min=0)
    measure = _measure()
    share = _level()
    expected = _level()
    centre = _level()
    lower = _level()
    upper = _level()
    z = dy.Float64(nullable=True)
    ewma = dy.Float64(nullable=True)
    mature = dy.Bool()
    baseline = dy.Bool()
    outside = dy.Bool(nullable=True)

    @dy.rule()
    def shares_are_at_most_one(cls) -> pl.Expr:
        return _at_most_one("share", "expected", "centre", "lower", "upper")


class Reading(dy.Schema):
    """One row a team and sign. x, n, share, interval, expected are of up to four mature weeks that end at `week`."""

    sign = dy.String(primary_key=True)
    team_id = dy.String(primary_key=True)
    week = dy.Date(nullable=True)
    status = dy.String(check=lambda c: c.is_in(STATUSES))
    direction = dy.String(nullable=True, check=lambda c: c.is_in(["worse", "better"]))
    x = dy.Int64(nullable=True, min=0)
    n = dy.Int64(nullable=True, min=0)
    measure = _measure()
    share = _level()
    low = _level()
    high = _level()
    week_x = dy.Int64(nullable=True, min=0)
    week_n = dy.Int64(nullable=True, min=0)
    expected = _level()
    mix_expected = _level()
    since = dy.Date(nullable=True)
    watch_since = dy.Date(nullable=True)
    p = _share()
    q = _share()
    compared = dy.String(nullable=True, check=lambda c: c.is_in(COMPARED))
    compared_z = dy.Float64(nullable=True)
    baseline_weeks = dy.Int64(min=0)
    trial = dy.Bool()
    why = dy.String(nullable=True)
    enough_on = dy.Date(nullable=True)
    matures_on = dy.Date(nullable=True)

    @dy.rule()
    def shares_are_at_most_one(cls) -> pl.Expr:
        return _at_most_one("share", "low", "high", "expected", "mix_expected")


def read(panel: Panel, week: date | None = None, *, missing: Mapping[str, str] | None = None) -> dy.DataFrame[Reading]:
    """Every team's reading of every sign, at `week`, or at each sign's own last mature week.

    To read a past week as it was known then, end the panel there (`until`). `missing` says, by sign, what data it
    lacks: its readings are "not measured" and why.
    """
    if not len(panel.cells) or not panel.weeks:
        return Reading.create_empty()
    at = week_read(panel, week)
    x, n = _up_to(panel.x, at), _up_to(panel.n, at)
    baseline = verdict.baseline_weeks(n > 0, at, panel.waves)
    standard = standardise(x, n, panel.share, panel.variance, baseline, panel.kinds, panel.sign_of)
    answers = enough.why_not(panel, at, week, n, baseline, missing or {})
    judged = np.array([answer == enough.JUDGED for answer in answers], dtype=bool)
    worse = higher_is_worse(panel)
    drawn = verdict.chart(standard, baseline, n, worse, panel.waves)
    found = verdict.judge(standard, drawn, x, n, at, judged)
    called = [("signal", None) if up else answer for up, answer in zip(found.signal != 0, answers, strict=True)]
    place = np.maximum(at, 0)
    since = verdict.since(standard, found.signal, place)
    watched = verdict.watched(standard, n, worse, at, judged, found.signal)
    columns = {
        "measure": [panel.how_of(sign).measure for sign in panel.cells["sign"]],
        "week": [panel.weeks[a] if a >= 0 else None for a in at],
        "status": [status for status, _ in called],
        "direction": [
            None if not s else "worse" if (s > 0) == w else "better" for s, w in zip(found.signal, worse, strict=True)
        ],
        "since": [panel.weeks[w] if s else None for w, s in zip(since, found.signal, strict=True)],
        "watch_since": [panel.weeks[w] if w >= 0 else None for w in watched],
        "p": found.p,
        "q": found.q,
        "baseline_weeks": baseline.sum(axis=1),
        "trial": judged & (baseline.sum(axis=1) < verdict.TRIAL_WEEKS),
        "why": [reason for _, reason in called],
        "enough_on": enough.enough_on(panel, at, n, baseline, called),
        "matures_on": enough.matures_on(panel, week, called),
    }
    measured = (at >= 0) & np.array([status != "not measured" for status, _ in called], dtype=bool)
    return _framed(panel, columns | _window(panel, standard, x, n, place, measured))


def week_read(panel: Panel, week: date | None = None) -> Places:
    """Place of the week that each cell is read at: the one asked for, or its sign's last mature one; -1: none.

    Of waves, the last one up to then.
    """
    places = np.arange(len(panel.weeks), dtype=np.int64)
    if week is not None:
        places = np.where(np.array([each == week for each in panel.weeks], dtype=bool), places, -1)
    last: Places = np.where(panel.mature, places, -1).max(axis=1, initial=-1)
    return np.where(panel.waves & (last >= 0), _last_wave(panel, last), last)


def _last_wave(panel: Panel, last: Places) -> Places:
    """The last week with anything in it, of the half year up to `last`; `last` itself where there is none."""
    places = np.arange(len(panel.weeks))[None, :]
    there = panel.mature & (panel.n > 0) & (places <= last[:, None]) & (places > last[:, None] - HALF_YEAR)
    found = np.where(there, places, -1).max(axis=1, initial=-1)
    return np.where(found >= 0, found, last)


def higher_is_worse(panel: Panel) -> Flags:
    """Per cell: is a higher share a worse one?"""
    worse = np.array([panel.better[sign] == "lower" for sign in panel.signs], dtype=bool)
    return worse[panel.sign_of]


def _window(
    panel: Panel, standard: Standard, x: Floats, n: Floats, place: Places, measured: Flags
) -> dict[str, object]:
    """What the last four weeks hold, what was expected of them, and how that compares with the other teams."""
    total_x, total_n = _at(trailing(x), place), _at(trailing(n), place)
    by_mix = _at(trailing(n * panel.share), place)
    variance = _at(trailing(np.where(n > 0, panel.variance, 0.0)), place)
    words, z = peers.compare(panel, np.where(measured, total_x, 0), np.where(measured, total_n, 0), by_mix, variance)
    low, high, highest = (np.full(len(total_x), np.nan) for _ in range(3))
    for measure, mine in groups(panel.kinds):
        low[mine], high[mine] = measure.interval(total_x[mine], total_n[mine])
        highest[mine] = measure.ceiling
    shares = {
        "share": ratio(total_x, total_n),
        "low": low,
        "high": high,
        "expected": np.clip(ratio(_at(trailing(n * standard.share), place), total_n), 0, highest),
        "mix_expected": np.clip(ratio(by_mix, total_n), 0, highest),
        "compared_z": z,
    }
    counts = {"x": total_x, "n": total_n, "week_x": _at(x, place), "week_n": _at(n, place)}
    shown = {name: np.where(measured, values, np.nan) for name, values in (shares | counts).items()}
    return {"compared": words, **shown}


def _framed(panel: Panel, columns: Mapping[str, object]) -> dy.DataFrame[Reading]:
    types = {name: column.dtype for name, column in Reading.columns().items()}
    frame = pl.concat([panel.cells, pl.DataFrame(columns)], how="horizontal")
    frame = frame.with_columns(pl.selectors.float().fill_nan(None))
    return Reading.validate(frame.select(pl.col(name).cast(types[name]) for name in Reading.column_names()))


def _at(values: Floats, place: Places) -> Floats:
    return values[np.arange(len(values)), place]


def _up_to(values: Floats, at: Places) -> Floats:
    return np.where(np.arange(values.shape[1])[None, :] <= at[:, None], values, 0.0)
