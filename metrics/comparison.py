"""Which teams may an action be compared with? Fixed when it is recorded, before anyone sees how it went.

Question asked: which teams are like the coached ones in what reaches them, were not coached themselves, and are not
downstream of them (a team that lives on what the coached pass on changes with them)?

Shapes: counts are frames team_id, category, channel, priority, n of the baseline; passed is team_id, to_team_id,
tickets; held is team_id, tickets. Units: likeness is the share of the mix that two teams have in common, in [0, 1].
Errors: a team without tickets in the baseline has a likeness of null.
Source: overlap coefficient (Weitzman 1970) of each dimension of the mix, averaged, because strata are thin.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from metrics.expected import STRATUM

# A placebo rank can say p < .05 only beside 20 others; beyond 40, more would only be less alike.
WANTED, MOST = 20, 40
ALIKE = 0.5
DOWNSTREAM = 0.1


@dataclass(frozen=True)
class Comparison:
    """The teams compared with, the most alike first, how alike they are, and why each other team was left out."""

    teams: tuple[str, ...]
    likeness: Mapping[str, float]
    left_out: Mapping[str, str]


def choose(likeness: pl.DataFrame, unfit: Mapping[str, str]) -> Comparison:
    """From likeness (team_id, likeness) and the reasons why some teams are unfit.

    All that have at least half their mix in common, at most 40; where these are fewer than 20, the next most alike.
    """
    known = likeness.drop_nulls("likeness").filter(~pl.col("team_id").is_in(list(unfit)))
    ranked = known.sort(["likeness", "team_id"], descending=[True, False])
    alike = ranked.filter(pl.col("likeness") >= ALIKE).height
    kept = ranked.head(min(MOST, max(alike, WANTED)))
    far = dict.fromkeys(ranked["team_id"][kept.height :], "its mix of tickets is too different")
    without = likeness.filter(pl.col("likeness").is_null())["team_id"]
    empty = {team: "it had no such tickets in the baseline" for team in without if team not in unfit}
    return Comparison(tuple(kept["team_id"]), dict(kept.iter_rows()), {**unfit, **far, **empty})


def likeness(counts: pl.DataFrame, coached: Collection[str]) -> pl.DataFrame:
    """How much of its mix each other team has in common with the coached ones: team_id, likeness."""
    sums = counts.group_by("team_id", *STRATUM).agg(pl.col("n").sum())
    mine = pl.col("team_id").is_in(list(coached))
    others = sums.filter(~mine).select("team_id").unique()
    found = others
    for level in STRATUM:
        shares = _shares(sums.with_columns(team_id=pl.when(mine).then(None).otherwise("team_id")), level)
        own = shares.filter(pl.col("team_id").is_null()).select(level, own="share")
        common = (
            shares.drop_nulls("team_id")
            .join(own, on=level, nulls_equal=True)
            .group_by("team_id")
            .agg(pl.min_horizontal("share", "own").sum().alias(level))
        )
        found = found.join(common, on="team_id", how="left")
    there = sums.filter(~mine).group_by("team_id").agg(n=pl.col("n").sum()).filter(pl.col("n") > 0)
    told = found.join(there, on="team_id", how="left").with_columns(
        likeness=pl.when(pl.col("n").is_not_null()).then(pl.mean_horizontal(pl.col(STRATUM).fill_null(0.0)))
    )
    return told.select("team_id", "likeness").sort("team_id")


def downstream(passed: pl.DataFrame, held: pl.DataFrame, coached: Collection[str]) -> list[str]:
    """The teams that got at least a tenth of the tickets they held (team_id, tickets) from the coached ones."""
    got = passed.filter(pl.col("team_id").is_in(list(coached))).group_by("to_team_id").agg(pl.col("tickets").sum())
    share = got.join(held, left_on="to_team_id", right_on="team_id", suffix="_held")
    return share.filter(pl.col("tickets") >= DOWNSTREAM * pl.col("tickets_held"))["to_team_id"].sort().to_list()


def _shares(sums: pl.DataFrame, level: str) -> pl.DataFrame:
    by = sums.group_by("team_id", level).agg(pl.col("n").sum())
    total = pl.col("n").sum().over("team_id")
    return by.filter(total > 0).with_columns(share=pl.col("n") / total)
