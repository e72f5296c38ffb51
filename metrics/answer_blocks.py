"""Answers to surveys -> blocks of five or more that are told whole or not at all.

Question asked: which answers may enter any sum, so that no difference of two sums leaves one to four answers over?
A block is one unit's answers of one kind of people to one question in one wave: of customers the weeks of a quarter,
of the staff, who are asked on a day, that day. Those of a unit with fewer than five make one block together with the
others of their branch, which is told where all of these units are asked about together; managers, of whom a unit has
one, are told by branch alone. What is then still under five enters no sum at all, neither of a step nor of its trait.
A wave that the data does not reach the end of is not told yet, so that no answer comes alone with the next version.

Shapes: answers team_id (units), branch, asked_on, asked_of, stage, trait, and whatever else. Returns the rows of the
blocks with `block`, `own` (of one unit alone), `units` (how many are in it), `first`, `last` (days).
Errors: a unit without a branch has only blocks of its own.
"""

from datetime import date

import polars as pl

from metrics.answers import FEWEST_ANSWERS, SAME_PEOPLE

KIND = ("asked_of", "stage", "trait")


def blocks(answers: pl.DataFrame, reached: date) -> pl.DataFrame:
    """The answers that may enter a sum, each with its block. `reached`: the last day of the data."""
    same, on = pl.col("asked_of").is_in(SAME_PEOPLE), pl.col("asked_on")
    quarter = on.dt.truncate("1w").dt.offset_by("3d").dt.truncate("1q")  # that of the week's Thursday, as in reviews
    ends = pl.when(same).then(on).otherwise(quarter.dt.offset_by("3mo").dt.offset_by("3d"))
    rows = answers.filter(ends <= reached).with_columns(_wave=pl.when(same).then(on).otherwise(quarter))
    several = pl.col("asked_of") != "manager"
    rows = rows.with_columns(own=several & (pl.len().over("team_id", "_wave", *KIND) >= FEWEST_ANSWERS))
    place = pl.when("own").then(pl.lit("unit:") + pl.col("team_id")).otherwise(pl.lit("branch:") + pl.col("branch"))
    rows = rows.with_columns(_place=place).drop_nulls("_place")
    by = ["_place", "_wave", *KIND]
    known = rows.with_columns(
        block=pl.struct(by).rank("dense"),
        units=pl.col("team_id").n_unique().over(by),
        first=on.min().over(by),
        last=on.max().over(by),
        _n=pl.len().over(by),
    )
    heads = pl.when(several).then("_n").otherwise("units")
    return known.filter(heads >= FEWEST_ANSWERS).drop("_wave", "_place", "_n")


def asked_about(told: pl.DataFrame, units: list[str], since: date | None, until: date | None) -> pl.DataFrame:
    """Of the answers of `blocks` those of these units and days, as far as whole blocks lie within both."""
    rows = told.filter(pl.col("team_id").is_in(units))
    if since is not None:
        rows = rows.filter(pl.col("first") >= since)
    if until is not None:
        rows = rows.filter(pl.col("last") <= until)
    return rows.filter(pl.col("team_id").n_unique().over("block") == pl.col("units"))
