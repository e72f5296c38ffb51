"""System or staff? What a change has in common with other teams, load, absence, or a flood of tickets.

Question asked: would this have moved whoever sat there? Four answers are looked for, each with the numbers that say so:

- *together*: of the other teams with enough tickets, a quarter or more (four at least) moved the same way in the same
  weeks in which it began, most of them by half as much or more;
- *flood*: without the tickets opened in weeks in which far more came than usual (metrics.floods), at most half of the
  change is left;
- *load*: tickets per full-time person are 1.4 times those of the baseline or more, and more than all but one in twenty
  of its weeks had; but not where one group of tickets carries half of the change, for load weighs on all alike;
- *absence*: ten points more of the working time is lost than in the baseline, and more than in all but one in twenty of
  its weeks.

Where one of them holds, coaching people is no answer, and none is suggested. Where none does, that is all that is said:
the numbers do not know whether people are the reason.

Units: shares, tickets per full-time person and working day. Errors: what is not known (no HR, no log of openings) is
no evidence.
Sources: Deming's rule of common and special causes; limits by simulation (tests, benchmarks/detection.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl

from metrics.arrays import Floats, ratio
from metrics.monitor import Standard
from metrics.panel import Panel

Kind = Literal["together", "flood", "load", "absence"]
MOVED, FEWEST_TICKETS = 1.645, 10
FEWEST_TEAMS, SHARE_OF_TEAMS = 4, 0.25
HALF = 0.5
LOAD_TIMES, ABSENCE_POINTS = 1.4, 0.10
RARE = 0.95


@dataclass(frozen=True)
class Evidence:
    """One reason to look at the system. `before` and `after` are of load or absence; `teams` of `of_teams` moved;
    `week`, `category` (null: of all kinds), `tickets` and `usual` are of a flood."""

    kind: Kind
    before: float | None = None
    after: float | None = None
    teams: int | None = None
    of_teams: int | None = None
    week: date | None = None
    category: str | None = None
    tickets: int | None = None
    usual: float | None = None


@dataclass(frozen=True, eq=False)
class Moves:
    """How each team of a sign moved in some weeks: `z` over its long-run spread, `points` of the share; NaN unknown."""

    teams: tuple[str, ...]
    z: Floats
    points: Floats


def moves(panel: Panel, standard: Standard, sign: str, first: date, last: date) -> Moves:
    """Each team of the sign in the weeks `first` to `last`, against its own level and mix."""
    mine = np.flatnonzero((panel.cells["sign"] == sign).to_numpy())
    weeks = np.array([first <= week <= last for week in panel.weeks], dtype=bool)
    x, n = panel.x[mine][:, weeks].sum(axis=1), panel.n[mine][:, weeks].sum(axis=1)
    fair = np.nansum((panel.n * standard.share)[mine][:, weeks], axis=1)
    room = np.nansum(standard.variance[mine][:, weeks], axis=1)
    known = (n >= FEWEST_TICKETS) & (room > 0)
    points = np.where(known, ratio(x - fair, n), np.nan)
    z = np.where(known, ratio(x - fair, np.sqrt(room) * standard.spread[mine]), np.nan)
    return Moves(tuple(panel.cells["team_id"].gather(mine)), z, points)


def together(moved: Moves, team: str, up: bool) -> list[Evidence]:
    """Did many other teams move the same way, most of them by at least half as much?"""
    way = 1.0 if up else -1.0
    others = np.array([name != team for name in moved.teams], dtype=bool) & ~np.isnan(moved.z)
    own = [points for name, points in zip(moved.teams, moved.points, strict=True) if name == team]
    went = others & (way * np.nan_to_num(moved.z) > MOVED)
    many, of = int(went.sum()), int(others.sum())
    if not own or np.isnan(own[0]) or many < FEWEST_TEAMS or many < SHARE_OF_TEAMS * of:
        return []
    if way * float(np.median(moved.points[went])) < HALF * way * own[0]:
        return []
    return [Evidence("together", teams=many, of_teams=of)]


def flooded(rows: pl.DataFrame, floods: pl.DataFrame, up: bool) -> list[Evidence]:
    """Is at most half of the change left without the tickets opened in flooded weeks?

    `rows` of one team: after, counted, opened_at, category. `floods` as from metrics.floods.
    """
    week = pl.col("opened_at").dt.date().dt.truncate("1w")
    dated = rows.with_columns(opened=week)
    recent = dated.filter("after")
    hit = floods.join(recent.group_by(week="opened").len(), on="week", how="semi")
    hit = hit.filter(pl.col("category").is_null() | pl.col("category").is_in(recent["category"].drop_nulls().unique()))
    if hit.is_empty() or recent.is_empty():
        return []
    usual = dated.filter(~pl.col("after"))["counted"].mean()
    whole, calm = recent["counted"].mean(), recent.filter(~pl.col("opened").is_in(hit["week"].implode()))["counted"]
    if not isinstance(usual, float) or not isinstance(whole, float):
        return []
    way = 1.0 if up else -1.0
    left = calm.mean() if len(calm) >= FEWEST_TICKETS else usual
    if way * (whole - usual) <= 0 or way * (float(left) - usual) > HALF * way * (whole - usual):  # type: ignore[arg-type]
        return []
    worst = hit.sort(pl.col("tickets") / pl.col("usual"), descending=True).row(0, named=True)
    named = ("week", "category", "tickets", "usual")
    return [Evidence("flood", **{name: worst[name] for name in named})]


def pressed(
    context: pl.DataFrame, before: Collection[date], after: Sequence[date], *, alike: bool = True
) -> list[Evidence]:
    """Was the team's load or absence beyond what it had in the baseline?

    `context`: week, and where they are known tickets_per_fte_day and absence_rate, of one team. `alike`: no group of
    tickets carries half of the change.
    """
    found: list[Evidence] = []
    measures: tuple[tuple[Kind, str], ...] = (("load", "tickets_per_fte_day"), ("absence", "absence_rate"))
    for kind, name in measures:
        if name not in context.columns or (kind == "load" and not alike):
            continue
        known = (
            context.select("week", value=pl.col(name).cast(pl.Float64)).drop_nulls().filter(~pl.col("value").is_nan())
        )
        usual = known.filter(pl.col("week").is_in(list(before)))["value"]
        now = known.filter(pl.col("week").is_in(list(after)))["value"].mean()
        mean, rare = usual.mean(), usual.quantile(RARE)
        if not (isinstance(mean, float) and isinstance(now, float) and rare is not None and len(usual) >= 8):
            continue
        limit = LOAD_TIMES * mean if kind == "load" else mean + ABSENCE_POINTS
        if now >= limit and now > rare:
            found.append(Evidence(kind, before=mean, after=now))
    return found


def begun(since: date | None, week: date, least: int, most: int) -> tuple[date, date]:
    """The weeks in which a change began: from it on, `least` to `most` of them, none after `week`.

    Whether others moved together is asked of these: months later some others always moved, for reasons of their own.
    """
    first = min(since or week, week - timedelta(weeks=least - 1))
    return first, min(week, first + timedelta(weeks=most - 1))


def span(since: date | None, week: date, least: int, most: int) -> tuple[date, date]:
    """The recent weeks that are looked at: from the change on, `least` to `most` of them, the last being `week`."""
    begun = min(since or week, week - timedelta(weeks=least - 1))
    return max(begun, week - timedelta(weeks=most - 1)), week
