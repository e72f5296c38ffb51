"""Weeks in which far more tickets came than usual: an outage, a recall, a strike. Nobody's fault in the team.

Question asked: in which week did a flood reach the company, all of it or one category's?

Shapes: week (Monday, Date), category, tickets -> the flooded weeks: week, category (null: all tickets together),
tickets, usual. Units: tickets; `usual` is the median of the six weeks on either side.
Errors: a category of fewer than 9 weeks has no usual week, and no floods.
Source: robust score from the median and its absolute deviation (Iglewicz & Hoaglin 1993), never below Poisson's.
"""

import polars as pl

AROUND = 13
FEWEST_WEEKS = 9
SCORE = 5.0
TIMES = 1.5
FEWEST = 20
FOUND = {"week": pl.Date, "category": pl.String, "tickets": pl.Int64, "usual": pl.Float64}


def floods(opened: pl.DataFrame) -> pl.DataFrame:
    """The flooded weeks, oldest first. Weeks between a category's first and last in which none came count as 0."""
    every = opened.group_by("week").agg(pl.col("tickets").sum()).with_columns(category=pl.lit(None, pl.String))
    by = pl.concat([every.select("week", "category", "tickets"), opened.select("week", "category", "tickets")])
    known = _without_gaps(by.filter(pl.col("week").is_not_null()).cast({"tickets": pl.Int64}))
    off = (pl.col("tickets") - pl.col("usual")).abs()
    scored = known.with_columns(usual=_around(pl.col("tickets"))).with_columns(spread=1.4826 * _around(off))
    floor = pl.max_horizontal(pl.col("spread"), pl.col("usual").sqrt(), pl.lit(1.0))
    found = scored.filter(
        pl.col("tickets") >= FEWEST,
        pl.col("tickets") >= TIMES * pl.col("usual"),
        pl.col("tickets") - pl.col("usual") >= SCORE * floor,
    )
    return found.select(*FOUND).cast(FOUND).sort("week", "category", nulls_last=False)  # type: ignore[arg-type]


def _without_gaps(by: pl.DataFrame) -> pl.DataFrame:
    summed = by.group_by("category", "week").agg(pl.col("tickets").sum()).sort("category", "week")
    full = summed.group_by("category", maintain_order=True).agg(
        week=pl.date_range(pl.col("week").min(), pl.col("week").max(), "1w")
    )
    return (
        full.explode("week")
        .join(summed, on=["category", "week"], how="left", nulls_equal=True)
        .with_columns(pl.col("tickets").fill_null(0))
        .sort("category", "week")
    )


def _around(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Float64).rolling_median(AROUND, min_samples=FEWEST_WEEKS, center=True).over("category")
