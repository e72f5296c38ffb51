"""Facts -> what the tickets show of each trait: how many well done, of how many, by team, week and stratum."""

import polars as pl

from metrics.clock import week as local_week
from metrics.facts import Facts
from metrics.trait import TRAIT_ROW, Trait, all_traits

# `asked` is how many there were to begin with, `n` of how many of them it can be said.
TRAIT_COUNTS: dict[str, type[pl.DataType]] = {
    "trait": pl.String,
    "team_id": pl.String,
    "week": pl.Date,
    "category": pl.String,
    "channel": pl.String,
    "x": pl.Int64,
    "n": pl.Int64,
    "asked": pl.Int64,
}


def count_trait(trait: Trait, facts: Facts) -> pl.DataFrame:
    """What the tickets show of one trait, by team, local week, category and channel: the columns of TRAIT_COUNTS.

    Rows that no team answers for or that have no date are left out, and so are those that are not yet `matures` old.
    A trait that is told by a sign gives no rows.
    """
    if trait.rows is None:
        return pl.DataFrame(schema=TRAIT_COUNTS)
    final = pl.col("at") <= facts.horizon - trait.matures
    rows = trait.rows(facts).select(TRAIT_ROW).filter(pl.col("team_id").is_not_null(), final).collect()
    return (
        _with_week(rows, facts)
        .group_by("team_id", "week", "category", "channel")
        .agg(x=pl.col("counted").sum(), n=pl.col("counted").count(), asked=pl.len())
        .select(pl.lit(trait.key).alias("trait"), pl.exclude("trait"))
        .cast(TRAIT_COUNTS)  # type: ignore[arg-type]
        .sort(pl.exclude("x", "n", "asked"))
    )


def count_traits(facts: Facts) -> pl.DataFrame:
    """The same of all traits, one below the other. `facts` are the whole company's: standards are pooled over it."""
    return pl.concat(count_trait(trait, facts) for trait in all_traits().values())


def _with_week(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Each row's week, where its team is."""
    teams = rows["team_id"].unique().to_list()
    zones = pl.DataFrame(
        {"team_id": teams, "zone": [facts.clocks.calendar(team).zone for team in teams]},
        schema={"team_id": rows.schema["team_id"], "zone": pl.String},
    )
    placed = rows.join(zones, on="team_id", how="left")
    weeks = [part.with_columns(week=local_week(part["zone"][0], part["at"])) for part in placed.partition_by("zone")]
    return pl.concat(weeks) if weeks else placed.with_columns(week=pl.lit(None, dtype=pl.Date))
