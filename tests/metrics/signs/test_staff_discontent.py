"""Staff discontent: unfavourable answers of a sales team's wave, and the pipeline beside it."""

from datetime import date

import polars as pl
import pytest

from tests.builders import teams, ticket
from tests.metrics.signs.tables import answers, counted, orders

SALES = teams(S={"function": "sales"}, A={})
LIFE = {"t1": "Mo 09:00 opened A"}


def of(*waves: pl.DataFrame) -> list[tuple[object, ...]]:
    return counted("staff_discontent", ticket(), staff=SALES, tables={"surveys": pl.concat(waves)}, **LIFE)


def test_the_lower_forty_percent_of_the_scale_is_unfavourable():
    assert of(answers("S", "2024-02-07", "workload", 1, 2, 3, 4, 5)) == [("S", date(2024, 2, 5), 2, 5)]
    assert of(answers("S", "2024-02-07", "workload", 0, 4, 4.5, 9, 10, scale=10)) == [("S", date(2024, 2, 5), 2, 5)]


def test_a_question_that_fewer_than_five_answered_is_left_out():
    few, enough = answers("S", "2024-02-07", "workload", 1, 1, 1, 1), answers("S", "2024-02-07", "glad", 1, 5, 5, 5, 5)
    assert of(few, enough) == [("S", date(2024, 2, 5), 1, 5)]
    assert of(few) == []


@pytest.mark.parametrize(
    "asked",
    [
        answers("S", "2024-02-07", "timely_response", 1, 1, 1, 1, 1),
        answers("S", "2024-02-07", "use: timely response", 1, 1, 1, 1, 1),
        answers("S", "2024-02-07", "workload", 1, 1, 1, 1, 1, of="customer"),
        answers("A", "2024-02-07", "workload", 1, 1, 1, 1, 1),
    ],
    ids=["a trait", "a step of the journey", "customers", "no sales team"],
)
def test_what_says_nothing_of_how_the_sales_staff_fares_takes_no_part(asked: pl.DataFrame):
    assert of(asked) == []


def test_the_pipeline_is_what_is_open_as_the_week_ends_over_what_a_quarter_sold():
    sold = [f"c S won 2023-12-01 2024-0{month}-01 100" for month in (1, 2, 3)]
    deals = orders(
        *sold,
        "c S open 2024-03-04 - 50",
        "c S lost 2024-03-05 2024-03-27 70",
        "c S open 2023-01-01 - 999",  # forgotten: open for more than half a year
        "c S won 2024-03-04 - 30",  # ended at no known time
        "c S open 2024-03-04 - -",
        "c A open 2024-03-04 - 20",
    )
    found = counted(
        "staff_discontent.pipeline", ticket(), staff=SALES, until="2024-04-07 12:00", tables={"orders": deals}, **LIFE
    )
    by_week = {week: (x, n) for _, week, x, n in found}
    assert {team for team, *_ in found} == {"S"}
    assert by_week[date(2024, 3, 18)] == (120, 300)
    assert by_week[date(2024, 3, 25)] == (50, 300)
    assert by_week[date(2024, 4, 1)] == (50, 200)


def test_a_pipeline_is_the_same_in_whatever_order_its_deals_come():
    amounts = [1.2, 7.6, 6.9, 2.3, 4.5]
    assert sum(amounts) == 22.5 > sum(reversed(amounts))
    sold = [f"c S won 2023-12-01 2024-0{month}-01 100" for month in (1, 2, 3)]
    told = [
        counted(
            "staff_discontent.pipeline", ticket(), staff=SALES, until="2024-04-07 12:00", **LIFE,
            tables={"orders": orders(*sold, *(f"c S open 2024-03-04 - {amount}" for amount in order))},
        )
        for order in (amounts, amounts[::-1], sorted(amounts))
    ]  # fmt: skip
    assert told[0] == told[1] == told[2]
    assert {week: x for _, week, x, _ in told[0]}[date(2024, 3, 25)] in (22, 23)
