"""Disclosure: what rests on too few people is withheld, because a team of three is three people's names.

Question asked: may these readings be shown at all? Which teams are read together is worked out in metrics.merging,
which channels and categories are told in metrics.suppression; here is the threshold of them all, and what a reading
says that is withheld.

Shapes: `heads` is a frame team_id, people (HR headcount, or distinct agents over the trailing 13 weeks where
there is no HR), of units.
Units: people. Errors: a unit that `heads` does not know has an unknown number of people, and is withheld too.
"""

import polars as pl

FEWEST_PEOPLE = 5
FEWEST_FOR_COMMENTS = 10  # words of staff, for a hand can be known by its words: nobody outside reads them of fewer
WHY = "fewer than five people"
WHY_STRATUM = "too few people work on these, or it would tell of others on which too few do"
COUNTED = ("x", "n", "share", "low", "high", "week_x", "week_n", "expected", "mix_expected", "p", "q", "compared_z")
SAID = ("direction", "since", "watch_since", "compared", "enough_on")


def may_show(heads: pl.DataFrame) -> frozenset[str]:
    """The teams of five people or more."""
    return frozenset(heads.filter(pl.col("people") >= FEWEST_PEOPLE)["team_id"].to_list())


def comments_withheld(people: int | None) -> str:
    """Why who is outside a team of so many (null: unknown) reads no word that its people wrote, in a sentence."""
    if people is None or people < FEWEST_FOR_COMMENTS:
        return (
            "What people of this team wrote is withheld outside it: it has fewer than ten people, or nobody knows how "
            "many, and one of few is known by their words."
        )
    return "What people of this team wrote is for the team and its managers to read."


def withhold(readings: pl.DataFrame, heads: pl.DataFrame, said: str = WHY) -> pl.DataFrame:
    """`readings` in which those of small teams say nothing but "too few to say" and why (`said`). Columns as given."""
    small = ~pl.col("team_id").is_in(list(may_show(heads)))
    blank = [name for name in (*COUNTED, *SAID) if name in readings.columns]
    return readings.with_columns(
        pl.when(small).then(pl.lit("too few to say")).otherwise("status").alias("status"),
        pl.when(small).then(pl.lit(said)).otherwise("why").alias("why"),
        *(pl.when(small).then(None).otherwise(name).alias(name) for name in blank),
        *(pl.when(small).then(False).otherwise(name).alias(name) for name in ("trial",) if name in readings.columns),
    )
