"""Is the sales staff disheartened as its pipeline shrinks?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.questions import about
from metrics.sign import Sign, Whole

FEWEST_ANSWERS = 5
LOWER_PART = 0.4  # of the scale: 1 and 2 of 5, up to 4 of 10
QUARTER = 13  # weeks
FINE = 1024  # parts of a unit of money
STALE = timedelta(weeks=26)


def answers(facts: Facts) -> pl.LazyFrame:
    """Answers of the staff about themselves, by team, week and question: how many, and how many unfavourable.

    Questions about a trait or a step of the journey ask how the team treats customers, not how its people fare.
    """
    told = about(facts.surveys.filter(pl.col("asked_of") == "staff").collect())
    own = told.filter(pl.col("trait").is_null(), pl.col("stage").is_null()).lazy()
    poor = pl.col("score") <= LOWER_PART * pl.col("scale_max")
    return own.group_by("team_id", "question", week=pl.col("asked_on").dt.truncate("1w")).agg(x=poor.sum(), n=pl.len())


def of_sales_teams(gathered: pl.DataFrame, whole: Whole) -> pl.DataFrame:
    """Summed over the questions that at least five people of a sales team answered."""
    summed = gathered.group_by("team_id", "question", "week").agg(pl.col("x", "n").sum())
    enough = summed.filter(pl.col("n") >= FEWEST_ANSWERS).join(_sales(whole), on="team_id", how="semi")
    return enough.group_by("team_id", "week").agg(pl.col("x", "n").sum())


def _sales(whole: Whole) -> pl.DataFrame:
    return whole.teams.filter(pl.col("function") == "sales").select("team_id")


def deals(facts: Facts) -> pl.LazyFrame:
    """Amounts opened, no longer open, and won, by team and week.

    What has no amount is left out, and what ended at no known time. What is open for half a year no longer counts as
    open, so that what was forgotten does not pile up.
    """
    # Binary fractions of less than a tenth of a cent sum to the same in any order: others differ in their last digit,
    # and then round to another whole amount from one count to the next.
    exact = (pl.col("amount") * FINE).round() / FINE
    told = facts.orders.drop_nulls(["team_id", "amount"]).with_columns(amount=exact)
    ended = pl.col("stage") != "open"
    known = told.filter(~ended | pl.col("closed_at").is_not_null())
    out_at = pl.min_horizontal(pl.when(ended).then("closed_at"), pl.col("opened_at") + STALE)
    came = known.select("team_id", at="opened_at", opened="amount", closed=0.0, won=0.0)
    went = known.select("team_id", at=out_at, opened=0.0, closed="amount", won=0.0)
    sold = known.filter(pl.col("stage") == "won")
    won = sold.select("team_id", at="closed_at", opened=0.0, closed=0.0, won="amount")
    week = pl.col("at").dt.truncate("1w").dt.date()
    return pl.concat([came, went, won]).group_by("team_id", week=week).agg(pl.col("opened", "closed", "won").sum())


def cover(gathered: pl.DataFrame, whole: Whole) -> pl.DataFrame:
    """x: the amount open as each week ends; n: the amount won in the thirteen weeks up to then."""
    moved = (
        gathered.join(_sales(whole), on="team_id", how="semi")
        .group_by("team_id", "week")
        .agg(pl.col("opened", "closed", "won").sum())
    )
    first = whole.since or whole.horizon.date()
    weeks = pl.DataFrame({"week": pl.date_range(first, whole.horizon.date(), "1w", eager=True)})
    every = moved.select("team_id").unique().join(weeks, how="cross")
    both = every.join(moved, on=["team_id", "week"], how="full", coalesce=True).sort("team_id", "week")
    told = both.with_columns(pl.col("opened", "closed", "won").fill_null(0.0)).with_columns(
        stock=(pl.col("opened") - pl.col("closed")).cum_sum().over("team_id"),
        sold=pl.col("won").rolling_sum(QUARTER, min_samples=QUARTER).over("team_id"),
    )
    whole_units = told.with_columns(pl.col("stock", "sold").round().cast(pl.Int64))
    return whole_units.filter(pl.col("sold") > 0, pl.col("stock") >= 0, pl.col("week") >= first).select(
        "team_id", "week", x="stock", n="sold"
    )


PIPELINE = Sign(
    key="staff_discontent.pipeline",
    asks="is there enough in the pipeline?",
    called="the pipeline",
    says="has open deals for its sales",
    counts="amount of the opportunities that are open as the week ends",
    of="amount won in the thirteen weeks up to then",
    dated_by="the end of the week",
    clock="calendar",
    rows=deals,
    whole=cover,
    matures=timedelta(0),
    needs=("orders.team_id", "orders.amount", "orders.closed_at"),
    caveat="An opportunity without an amount, or ended without a date, is left out; one that is open for more than "
    "half a year no longer counts as open.",
    elsewhere="pipeline coverage ratio",
    better="higher",
    measure="ratio",
    thing="deal",
)
SIGN = Sign(
    key="staff_discontent",
    asks="is the sales staff disheartened as its pipeline shrinks?",
    says="answers unfavourably",
    called="the staff's answers",
    counts="unfavourable answers of the staff about their own work (in the lower 40% of the scale)",
    of="answers of the sales team's staff in that wave",
    dated_by="the day on which the wave was asked",
    clock="calendar",
    rows=answers,
    whole=of_sales_teams,
    matures=timedelta(0),
    needs=("surveys.staff",),
    caveat="Asked of sales teams only, read by wave. A question that fewer than five answered is left out. Answers of "
    "one person hang together, so that chance is somewhat larger than the interval says. The eight traits, by which a "
    "team rates how it treats customers, are not part of it.",
    elsewhere="employee engagement, share unfavourable; pipeline coverage",
    plays=("relieve_load", "praise_passed_on", "reciprocity"),
    rhythm="wave",
    thing="answer",
    companions=(PIPELINE,),
)
