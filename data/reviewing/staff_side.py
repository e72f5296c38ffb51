"""The staff's side of a period: load, absence, wastage and newcomers of many teams together, never of one.

Question asked: what did the people who serve have to carry in these weeks, and was it more than a year before?

Each is told for the period's weeks and for the same weeks a year earlier (holidays and sickness have their season).
Units: tickets per full-time post and working day, in two digits; shares in whole percents, in tenths of one where there
are `MANY` people; how many there are about. So nobody who comes, goes or is away shows in the difference of two
reviews. Errors: what HR does not know is null, with why, and so is what fewer than four weeks tell.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from data.ask import Company
from data.surroundings import SMOOTH_WEEKS, band_of
from metrics import context
from metrics.context import WASTAGE_WEEKS, WORKING_DAYS
from metrics.disclosure import FEWEST_PEOPLE

YEAR = timedelta(weeks=52)
TOGETHER = "together"
NO_PEOPLE = "the data has no people (table people)"
NO_ABSENCES = "the data has no absences (table absences)"
TOO_FEW = f"fewer than {FEWEST_PEOPLE} people"
TOO_SHORT = f"it is told of {SMOOTH_WEEKS} weeks or more"
MANY, LARGE = 200, 50


@dataclass(frozen=True)
class Carried:
    """One measure: its level in the period and a year before, on about how many people it rests; or why not."""

    key: str
    now: float | None
    before: float | None
    people: str | None
    why: str | None = None


def staff_side(company: Company, teams: Collection[str], weeks: Sequence[date]) -> list[Carried]:
    """Load, absence, wastage (of the year up to the last week; in all and by choice), newcomers; in that order."""
    inside = [team for unit in teams for team in company.told.teams_of(unit)]
    people = _table(company, "people").filter(pl.col("team_id").is_in(inside))
    if people.is_empty() or not weeks:
        return [Carried(key, None, None, None, NO_PEOPLE) for key in KEYS]
    together = people.with_columns(team_id=pl.lit(TOGETHER))
    earlier = [week - YEAR for week in weeks]
    heads = context.headcount(together, pl.Series([*earlier, *weeks], dtype=pl.Date))
    count = _mean(heads, "people", weeks)
    if count is None or count < FEWEST_PEOPLE:
        return [Carried(key, None, None, None, TOO_FEW) for key in KEYS]
    frames = {
        "load": (_load(company, inside, heads), "load"),
        "absence": (_absence(company, together, heads["week"]), "absence_rate"),
        "newcomers": (heads, "newcomer_share"),
    }
    enough = len(weeks) >= SMOOTH_WEEKS
    found = {
        key: _told(key, _mean(frame, name, weeks), _mean(frame, name, earlier), count)
        for key, (frame, name) in frames.items()
        if frame is not None and enough
    }
    found |= {one.key: one for one in _wastage(together, weeks[-1], count)}
    why = NO_ABSENCES if enough else TOO_SHORT
    return [found.get(key) or Carried(key, None, None, None, why) for key in KEYS]


KEYS = ("load", "absence", "wastage", "wastage_by_choice", "newcomers")


def _told(key: str, now: float | None, before: float | None, count: float) -> Carried:
    """In round numbers."""

    def rounded(level: float | None) -> float | None:
        if level is None or not level:
            return level
        return float(f"{level:.2g}") if key == "load" else round(level, 3 if count >= MANY else 2)

    return Carried(key, rounded(now), rounded(before), about(count))


def about(count: float) -> str:
    """How many people, as a band; from `LARGE` on in a round number."""
    if count < LARGE:
        return band_of(count)
    return f"about {float(f'{count:.1g}'):,.0f}"


def _load(company: Company, teams: Collection[str], heads: pl.DataFrame) -> pl.DataFrame:
    """week, load: what each team handled, summed, over all full-time posts and working days."""
    week = pl.col("at").dt.date().dt.truncate("1w")
    mine = company.derived.facts().let_gos.filter(pl.col("team_id").cast(pl.String).is_in(list(teams)))
    handled = mine.group_by(pl.col("team_id").cast(pl.String), week=week).agg(tickets=pl.col("ticket_id").n_unique())
    by_week = company.told.place(handled.collect()).group_by("week").agg(pl.col("tickets").sum())
    posts = heads.select("week", "fte").filter(pl.col("fte") > 0)
    return posts.join(by_week, on="week").select("week", load=pl.col("tickets") / (pl.col("fte") * WORKING_DAYS))


def _absence(company: Company, people: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame | None:
    absences = _table(company, "absences")
    return None if absences.is_empty() else context.absence(people, absences, weeks)


def _wastage(people: pl.DataFrame, last: date, count: float) -> list[Carried]:
    """Leavers of the year up to `last`, and of the year before that."""
    every = [last - timedelta(weeks=number) for number in range(2 * WASTAGE_WEEKS)]
    known = context.wastage(people, pl.Series(every, dtype=pl.Date))
    known = known.with_columns(pl.col("wastage", "wastage_by_choice").cast(pl.Float64))
    first = people["valid_from"].min()
    full = isinstance(first, date) and first <= last - 2 * YEAR + timedelta(weeks=1)
    return [
        _told(key, _mean(known, key, [last]), _mean(known, key, [last - YEAR]) if full else None, count)
        for key in ("wastage", "wastage_by_choice")
    ]


def _mean(frame: pl.DataFrame, name: str, weeks: Sequence[date]) -> float | None:
    values = frame.filter(pl.col("week").is_in(list(weeks)))[name].drop_nulls()
    return float(values.mean()) if len(values) else None  # type: ignore[arg-type]  # a column of numbers


def _table(company: Company, name: str) -> pl.DataFrame:
    return company.lake.scan(name, company.version).drop("part").collect()
