"""What is simple, and by when should it be done? A list by category: derived from a reference window, set by people.

Simple belongs to a category and never to a ticket's own outcome, so that a team that is slow cannot make its own
tickets look hard. All teams are pooled, and the list is frozen once its window is over.
"""

from datetime import date, datetime, timedelta

import polars as pl

from metrics.clocks import Clocks

REFERENCE_WEEKS = 52
ONE_TOUCH_SHARE = 0.60
MEDIAN_DAYS = 1.0
LEAST_TICKETS = 200
QUANTILE = 0.80

STANDARDS = pl.Schema(
    {
        "category": pl.String,
        "simple": pl.Boolean,
        "standard_minutes": pl.Int64,
        "n": pl.Int64,
        "one_touch_share": pl.Float64,
        "median_minutes": pl.Float64,
        "version": pl.Int64,
        "source": pl.String,
        "reason": pl.String,
        "author": pl.String,
    }
)


def reference_window(first: datetime) -> tuple[date, date]:
    """The 52 weeks from the Monday of the first ticket's week: first day included, last day not."""
    monday = first.date() - timedelta(days=first.weekday())
    return monday, monday + timedelta(weeks=REFERENCE_WEEKS)


def is_complete(first: datetime, horizon: datetime) -> bool:
    """Is the reference window over? Until then the list is provisional and is derived again at each import."""
    return horizon.date() >= reference_window(first)[1]


def derive(tickets: pl.LazyFrame, clocks: Clocks, *, version: int = 1) -> pl.DataFrame:
    """Which categories are simple, and what is the standard of each? Returns `STANDARDS`, one row a category.

    `tickets`: Facts.tickets of the whole company (without standards): category, opened_at, first_team_id, one_touch,
    full_resolution_minutes_business. Tickets that are not resolved count as slower than all others: closed tickets
    alone would flatter. A standard is null where it cannot be known: more than a fifth of the tickets not resolved.
    """
    needed = ["category", "opened_at", "first_team_id", "one_touch", "full_resolution_minutes_business"]
    rows = tickets.select(needed).filter(pl.col("category").is_not_null()).collect()
    opened = rows["opened_at"].min()
    start, end = reference_window(opened) if isinstance(opened, datetime) else (date.min, date.max)
    minutes = pl.col("full_resolution_minutes_business").cast(pl.Float64).fill_null(float("inf"))
    measured = (
        rows.lazy()
        .filter(pl.col("opened_at").dt.date().is_between(start, end, closed="left"))
        .with_columns(pl.col("category").cast(pl.String), minutes=minutes, days=minutes / _day_minutes(clocks))
        .group_by("category")
        .agg(
            n=pl.len().cast(pl.Int64),
            one_touch_share=pl.col("one_touch").mean(),
            median_minutes=pl.col("minutes").quantile(0.5, "lower"),
            median_days=pl.col("days").quantile(0.5, "lower"),
            standard=pl.col("minutes").quantile(QUANTILE, "higher"),
        )
    )
    return _judged(measured, version).sort("category").collect()


def _day_minutes(clocks: Clocks) -> pl.Expr:
    """One business day of each ticket's first team."""
    days = {team: clocks.calendars[number].day_minutes for team, number in clocks.of_team.items()}
    default = clocks.calendars[0].day_minutes
    return pl.col("first_team_id").cast(pl.String).replace_strict(days, default=default, return_dtype=pl.Float64)


def _judged(measured: pl.LazyFrame, version: int) -> pl.LazyFrame:
    few = pl.col("n") < LEAST_TICKETS
    unknown = pl.col("one_touch_share").is_null()
    touched = (pl.col("one_touch_share") >= ONE_TOUCH_SHARE).fill_null(False)
    quick = pl.col("median_days") <= MEDIAN_DAYS
    reason = (
        pl.when(few)
        .then(pl.format("fewer than {} tickets", pl.lit(LEAST_TICKETS)))
        .when(unknown)
        .then(pl.lit("the data does not say how many touches a ticket took"))
        .when(~touched)
        .then(pl.lit("under 60% resolved in one touch"))
        .when(~quick)
        .then(pl.lit("half of them take more than a business day"))
        .otherwise(pl.lit("at least 60% resolved in one touch, half of them within a business day"))
    )
    finite = {name: pl.when(pl.col(name).is_finite()).then(pl.col(name)) for name in ("median_minutes", "standard")}
    return measured.select(
        "category",
        simple=~few & touched & quick,
        standard_minutes=finite["standard"].cast(pl.Int64),
        n="n",
        one_touch_share="one_touch_share",
        median_minutes=finite["median_minutes"],
        version=pl.lit(version, pl.Int64),
        source=pl.lit("derived"),
        reason=reason,
        author=pl.lit(None, pl.String),
    )


def overrule(standards: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """The derived list with what people have set over it.

    `changes`: category, simple?, standard_minutes?, reason, author, version. A null in `simple` or `standard_minutes`
    keeps what was derived; of several changes to a category the one of the highest version holds. A category that was
    not derived may be set too.
    """
    latest = changes.sort("version").unique("category", keep="last", maintain_order=True)
    joined = standards.join(latest, on="category", how="full", suffix="_set", coalesce=True)
    was_set = pl.col("reason_set").is_not_null()
    set_or = {n: pl.coalesce(f"{n}_set", n) for n in ("simple", "standard_minutes", "reason", "author", "version")}
    return (
        joined.with_columns(**set_or, source=pl.when(was_set).then(pl.lit("set")).otherwise(pl.col("source")))
        .with_columns(pl.col("simple").fill_null(False), pl.col("n").fill_null(0))
        .select(STANDARDS.names())
        .cast(STANDARDS)
        .sort("category")
    )
