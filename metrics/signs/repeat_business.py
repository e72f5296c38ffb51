"""Do they come back to buy, and bring others?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.needs import BUYERS
from metrics.served import purchases, served, within_span
from metrics.sign import ROW, Sign, Whole

REFERRAL = "referral"


def rows(facts: Facts) -> pl.LazyFrame:
    """Customers whose tickets the team resolved; counted are those who bought again within 90 days."""
    return within_span(served(facts), purchases(facts.orders), "counted").select(*ROW, "customer_id")


def newcomers(facts: Facts) -> pl.LazyFrame:
    """New customers by branch and week of whom it is known how they came, and those who came by referral."""
    told = facts.customers.drop_nulls(["branch", "acquired_by"])
    return told.group_by("branch", week=pl.col("opened_on").dt.truncate("1w")).agg(
        x=(pl.col("acquired_by") == REFERRAL).sum(), n=pl.len()
    )


def by_branch(gathered: pl.DataFrame, whole: Whole) -> pl.DataFrame:
    """Summed, of the weeks that the company's log covers."""
    within = pl.col("week").is_between(pl.lit(whole.since), pl.lit(whole.horizon.date()))
    return gathered.filter(within).group_by(pl.col("branch").alias("team_id"), "week").agg(pl.col("x", "n").sum())


BROUGHT = Sign(
    key="repeat_business.referral",
    asks="do they bring others?",
    says="gains new customers by referral",
    called="new customers by referral",
    counts="new customers who came by referral",
    of="new customers of the branch that week of whom it is known how they came",
    dated_by="when the account was opened",
    clock="calendar",
    rows=newcomers,
    whole=by_branch,
    matures=timedelta(0),
    needs=("customers.acquired_by", "customers.branch", "teams.branch"),
    caveat="Of the branch, because a new customer belongs to no team yet.",
    better="higher",
    unit="branch",
    thing="new customer",
)
SIGN = Sign(
    key="repeat_business",
    asks="do they come back to buy, and bring others?",
    says="sees customers buy again",
    called="customers who buy again",
    counts="customers who bought again within 90 days",
    of="customers that the team served that week (resolved a ticket of theirs)",
    dated_by="when the team resolved the customer's ticket",
    clock="calendar",
    rows=rows,
    matures=timedelta(days=90),
    needs=("tickets.customer_id", "orders.customer_id", BUYERS, "events.resolved|tickets.resolved_at"),
    caveat="An order counts from the day on which it was won. Whoever needs nothing new does not buy again, however "
    "well they were served. What is expected follows the season, learned from the first year.",
    elsewhere="repeat purchase rate; referral rate",
    plays=("ownership", "reciprocity", "praise_passed_on"),
    better="higher",
    seasonal=True,
    once="customer_id",
    thing="customer",
    companions=(BROUGHT,),
)
