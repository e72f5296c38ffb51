"""Staff discontent: unfavourable answers of a sales team's wave, and the pipeline beside it."""

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from metrics.signs.staff_discontent import FINE, deals
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


@pytest.mark.parametrize("turned", [False, True])
def test_amounts_are_summed_in_parts_that_sum_to_the_same_in_any_order(turned: bool):
    amounts = [0.1, 0.2, 0.3, 583.67, 903.3, 681.35]
    lines = [f"c S open 2024-03-04 - {amount}" for amount in (amounts[::-1] if turned else amounts)]
    given = SimpleNamespace(orders=orders(*lines).lazy())
    summed = deals(given).collect()["opened"].sum()  # type: ignore[arg-type]  # nothing else of the facts is asked
    assert summed * FINE == sum(round(amount * FINE) for amount in amounts)
    assert abs(summed - sum(amounts)) < len(amounts) / FINE
