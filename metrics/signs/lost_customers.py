"""Do customers leave?"""

from datetime import timedelta

import polars as pl

from metrics.facts import Facts
from metrics.served import SPAN, intervals, served, with_usual, within_span
from metrics.sign import ROW, Sign


def rows(facts: Facts) -> pl.LazyFrame:
    """Customers whose tickets the team resolved, and who were not gone by then.

    A customer of whom neither an account nor a usual interval between purchases is known takes no part: whether they
    left could not be seen. Those with a usual interval are a stratum of their own (in place of the priority): they can
    be lost in two ways, and the longer a log is, the more of them it knows.
    """
    accounts = facts.customers.select("customer_id", "closed_on", has_account=pl.lit(True))
    bought = intervals(facts.orders)
    silences = bought.filter(pl.col("silent_at") <= facts.horizon).select("customer_id", at="silent_at")
    known = with_usual(served(facts), bought).join(accounts, on="customer_id", how="left", maintain_order="left")
    day = pl.col("at").dt.date()
    there = pl.col("has_account").is_not_null() | pl.col("buys")
    here = known.filter(there, (pl.col("closed_on") >= day).fill_null(True))
    closed = (pl.col("closed_on") < day + SPAN).fill_null(False)
    buys = pl.when("buys").then(pl.lit("buys usually")).otherwise(pl.lit("seldom buys"))
    fallen = within_span(here, silences, "silent").with_columns(priority=buys)
    return fallen.with_columns(counted=closed | (pl.col("silent") & pl.col("buys"))).select(*ROW, "customer_id")


SIGN = Sign(
    key="lost_customers",
    asks="do customers leave?",
    says="loses customers it has served",
    counts="customers who within 90 days closed their account, or had bought nothing for twice their usual interval",
    of="customers that the team served that week (resolved a ticket of theirs)",
    dated_by="when the team resolved the customer's ticket",
    clock="calendar",
    rows=rows,
    matures=timedelta(days=90),
    needs=("tickets.customer_id", "customers.closed_on|orders.customer_id", "events.resolved|tickets.resolved_at"),
    caveat="People leave for many reasons, prices first; the team that served them last is not why they left unless "
    "it loses more than its mix of tickets explains. The usual interval is the median of a customer's last eight "
    "between purchases, at least a week; who has not bought three times within a year is lost by closing only. A "
    "log of orders shorter than a year knows quick buyers first, so that its first year is rough.",
    elsewhere="churn rate; customer attrition",
    plays=("ownership", "words_of_empathy", "know_enough", "tell_early"),
    once="customer_id",
    own_strata=True,
    thing="customer",
)
