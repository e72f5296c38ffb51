"""What a sign needs beyond columns that hold something: a simple category, customers whom two tables have in common."""

import polars as pl
import pytest

from metrics import needs
from metrics.signs import repeat_business
from metrics.signs.slow_simple import SIGN

TABLES = frozenset({"tickets.category", "tickets.team_id", "tickets.resolved_at"})


def test_where_no_category_is_simple_that_is_what_is_lacking() -> None:
    need = needs.lacking(SIGN, TABLES)
    assert need == needs.SIMPLE
    assert needs.in_words(need) == "the data has no category that counts as simple (see the page Method)"
    assert needs.lacking(SIGN, TABLES | {needs.SIMPLE}) is None


def test_what_a_table_lacks_is_said_first() -> None:
    assert needs.lacking(SIGN, frozenset()) == "tickets.category"


@pytest.mark.parametrize(
    ("buyers", "lacked"),
    [
        (["c1", "c9"], "events.resolved|tickets.resolved_at"),
        (["c9", None], needs.BUYERS),
        ([None], "orders.customer_id"),
    ],
)
def test_orders_of_customers_without_a_ticket_tell_nothing_of_whether_those_served_buy_again(
    buyers: list[str | None], lacked: str
) -> None:
    tickets = pl.LazyFrame({"customer_id": ["c1", "c2", None]}, schema={"customer_id": pl.String})
    orders = pl.LazyFrame({"customer_id": buyers}, schema={"customer_id": pl.String})
    there = needs.present({"tickets": tickets, "orders": orders})
    assert needs.lacking(repeat_business.SIGN, there) == lacked
