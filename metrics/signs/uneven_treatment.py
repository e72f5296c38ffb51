"""Is the same complaint treated the same?

Question asked: do the agents of a team treat complaints of one category alike, or does it matter who takes it?

Each resolved complaint is held against what its category takes in the whole company (time: the logarithm of business
minutes; outcome: settled with one answer or not), in units of the category's own spread. Over four weeks the sum of the
agents' squared mean differences from their team's mean is a chi-square with one degree of freedom less than there are
agents, where it does not matter who takes it. x is that sum, n the degrees of freedom: x / n is 1 by chance alone, and
both add up over time and outcome, over teams and over blocks of weeks.

Only complaints that are resolved count, each by its category up to that block, so that nothing later changes a block.
The sums of single agents live in this computation alone: what is kept is one figure a team, of five agents or more.
Source: one-way analysis of variance with known variance; over-dispersion of a binomial (McCullagh & Nelder 1989, 4.5).
"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.sign import Sign, Whole
from metrics.weeks import THURSDAY, with_week

BLOCK = 4  # weeks
FEWEST_AGENTS = 5
FEWEST_OF_CATEGORY = 20  # complaints, company-wide, before a category tells what is usual of it
SUMS = ("n", "y", "yy", "asked", "once")


def sums(facts: Facts) -> pl.LazyFrame:
    """Resolved complaints by team, agent, category and week: how many, sums of the log of minutes and of its square,
    of how many it is known whether they were settled with one answer, and how many were."""
    known = facts.treated.filter(pl.col("category").is_not_null()).collect()
    told = with_week(known, facts.clocks) if known.height else known.with_columns(week=pl.lit(None, dtype=pl.Date))
    log = pl.col("minutes").cast(pl.Float64).log1p()
    by = [pl.col(name).cast(pl.String) for name in ("team_id", "agent_id", "category")]
    return (
        told.lazy()
        .group_by(*by, "week")
        .agg(
            n=pl.len(),
            y=log.sum(),
            yy=(log**2).sum(),
            asked=pl.col("at_once").count(),
            once=pl.col("at_once").sum(),
        )
    )


def statistic(gathered: pl.DataFrame, whole: Whole) -> pl.DataFrame:
    """By team, in the last week of each block of four: the sum of chi-squares and its degrees of freedom, rounded."""
    block = (pl.col("week").cast(pl.Int32) + THURSDAY) // 7 // BLOCK
    keys = ["team_id", "agent_id", "category", "block"]
    of_agents = gathered.with_columns(block=block).group_by(keys).agg(pl.col(SUMS).sum())
    against = of_agents.join(_usual(of_agents), on=["category", "block"])
    slower = (pl.col("y") - pl.col("n") * pl.col("mean")) / pl.col("spread")
    oftener = (pl.col("once") - pl.col("asked") * pl.col("share")) / (pl.col("share") * (1 - pl.col("share"))).sqrt()
    both = pl.concat(
        [
            _between(against.filter(pl.col("spread") > 0), "n", slower),
            _between(against.filter(pl.col("share") > 0, pl.col("share") < 1), "asked", oftener),
        ]
    )
    last = ((pl.col("block") * BLOCK + BLOCK - 1) * 7 - THURSDAY).cast(pl.Date)
    found = both.group_by("team_id", "block").agg(pl.col("x", "n").sum())
    told = found.select("team_id", week=last, x=pl.col("x").round().cast(pl.Int64), n="n")
    return told.filter(pl.col("week") <= pl.lit(whole.horizon.date()))


def _usual(of_agents: pl.DataFrame) -> pl.DataFrame:
    """What each category takes in the whole company, of all that was resolved up to the end of each block."""
    summed = of_agents.group_by("category", "block").agg(pl.col(SUMS).sum()).sort("category", "block")
    upto = summed.with_columns(pl.col(SUMS).cum_sum().over("category")).filter(pl.col("n") >= FEWEST_OF_CATEGORY)
    mean = pl.col("y") / pl.col("n")
    variance = (pl.col("yy") - pl.col("n") * mean**2) / (pl.col("n") - 1)
    return upto.select(
        "category",
        "block",
        mean=mean,
        spread=pl.max_horizontal(variance, 0.0).sqrt(),
        share=pl.when(pl.col("asked") > 0).then(pl.col("once") / pl.col("asked")),
    )


def _between(against: pl.DataFrame, count: str, off: pl.Expr) -> pl.DataFrame:
    """team_id, block, x (chi-square between agents), n (agents - 1), of teams with five agents or more in the block.

    `off`: the sum of an agent's standardised deviations in a category, `count` how many went into it.
    """
    agents = (
        against.filter(pl.col(count) > 0)
        .group_by("team_id", "agent_id", "block")
        .agg(off=off.sum(), of=pl.col(count).sum())
    )
    own, all_of_them = (pl.col("off") ** 2 / pl.col("of")).sum(), pl.col("off").sum() ** 2 / pl.col("of").sum()
    teams = agents.group_by("team_id", "block").agg(x=own - all_of_them, n=pl.len().cast(pl.Int64))
    enough = teams.filter(pl.col("n") >= FEWEST_AGENTS)
    return enough.select("team_id", "block", x=pl.max_horizontal("x", 0.0), n=pl.col("n") - 1)


SIGN = Sign(
    key="uneven_treatment",
    asks="is the same complaint treated the same?",
    says="treats the same complaint differently from one agent to the next",
    counts="how far apart the agents of a team are, in time and in whether one answer settled it, on complaints of the "
    "same category (sum of chi-squares over four weeks)",
    of="what chance alone would give (degrees of freedom)",
    dated_by="the last week of the four in which the complaints were resolved",
    clock="business",
    rows=sums,
    whole=statistic,
    matures=timedelta(0),
    needs=("tickets.is_complaint", "tickets.category", "events.agent_id|tickets.agent_id"),
    caveat="Read every four weeks, of teams whose complaints at least five agents resolved; whose they were is neither "
    "kept nor shown. Complaints of one category can still differ: who gets the hard ones on purpose looks uneven.",
    elsewhere="over-dispersion; quality assurance calls it consistency",
    plays=("shared_standards", "role_swap", "experiential_training"),
    measure="dispersion",
    rhythm="wave",
    thing="comparison",
)
