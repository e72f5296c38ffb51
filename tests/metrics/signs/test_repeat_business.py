"""Repeat business: customers who buy again within 90 days, and new ones who come by referral."""

from datetime import date

import pytest

from tests.builders import teams, ticket
from tests.metrics.signs.tables import WEEK, counted, customers, orders

SERVED = {"t1": "Mo 09:00 opened A; Mo 10:00 resolved"}
ROW = ticket(customer_id="c")


@pytest.mark.parametrize(
    ("order", "x"),
    [
        ("c A won 2023-12-20 2024-01-05", 1),
        ("c A won 2024-03-20 2024-03-30", 1),
        ("c A won 2024-03-20 2024-03-31", 0),
        ("c A won 2023-12-20 2023-12-30", 0),
        ("c A won 2024-01-05 -", 1),
        ("c A open 2024-01-05 -", 0),
        ("c A lost 2024-01-05 2024-01-06", 0),
        ("d A won 2024-01-05 2024-01-06", 0),
    ],
)
def test_an_order_counts_when_it_is_won_within_ninety_days_of_the_service(order: str, x: int):
    assert counted("repeat_business", ROW, tables={"orders": orders(order)}, **SERVED) == [("A", WEEK, x, 1)]


def test_a_ticket_of_nobody_known_takes_no_part():
    assert counted("repeat_business", ticket(), tables={"orders": orders()}, **SERVED) == []


def test_each_team_that_served_the_customer_counts_them():
    rows = [ticket("t1", customer_id="c"), ticket("t2", customer_id="c")]
    lives = {"t1": SERVED["t1"], "t2": "Mo 09:00 opened B; We 10:00 resolved"}
    bought = {"orders": orders("c A won 2024-01-02 2024-01-02")}
    assert counted("repeat_business", *rows, tables=bought, **lives) == [("A", WEEK, 1, 1), ("B", WEEK, 0, 1)]


def test_beside_it_new_customers_are_counted_by_branch_and_by_how_they_came():
    came = customers(
        a="2024-01-01 - referral North",
        b="2024-01-07 - shop North",
        c="2024-01-08 - referral South",
        d="2024-01-02 - - North",
        e="2023-12-31 - referral North",
        f="2024-01-02 - referral -",
    )
    found = counted(
        "repeat_business.referral",
        ROW,
        staff=teams(A={"branch": "North"}),
        until="2024-01-20 00:00",
        tables={"customers": came},
        **SERVED,
    )
    assert found == [("North", WEEK, 1, 2), ("South", date(2024, 1, 8), 1, 1)]
