"""New accounts: those opened in a week, of a branch as large as it was when the week began."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from metrics.panel import panel
from metrics.reading import read
from metrics.series import series
from metrics.sign import all_signs
from tests.builders import teams, ticket
from tests.metrics.signs.tables import counted, customers
from tests.metrics.weekly import SCHEMA, calendar

WEEKS = [date(2024, 1, day) for day in (1, 8, 15)]


def test_a_branch_is_as_large_as_it_was_when_the_week_began():
    known = customers(
        a="2023-05-01 - - North",
        b="2023-06-01 2024-01-09 - North",
        c="2024-01-02 - - North",
        d="2024-01-07 - - North",
        e="2024-01-16 - - North",
        f="2024-01-03 - - South",
        g="2024-01-03 - - -",
    )
    found = counted(
        "new_accounts",
        ticket(),
        staff=teams(A={"branch": "North"}),
        until="2024-01-21 12:00",
        tables={"customers": known},
        t1="Mo 09:00 opened A",
    )
    # South had nobody as its first week began: nothing is expected of nobody.
    assert [row for row in found if row[0] == "North"] == [
        ("North", WEEKS[0], 2, 2),
        ("North", WEEKS[1], 0, 4),
        ("North", WEEKS[2], 1, 3),
    ]
    assert [row for row in found if row[0] == "South"] == [("South", WEEKS[1], 0, 1), ("South", WEEKS[2], 0, 1)]


def accounts(x: np.ndarray, n: np.ndarray) -> pl.DataFrame:
    weeks = calendar(x.shape[1])
    rows = [
        ("new_accounts", f"b{unit}", week, None, None, None, int(x[unit, at]), int(n[unit, at]))
        for unit in range(len(x))
        for at, week in enumerate(weeks)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def read_accounts(x: np.ndarray, n: np.ndarray) -> pl.DataFrame:
    units = tuple(f"b{unit}" for unit in range(len(x)))
    how = {"new_accounts": all_signs()["new_accounts"].how(units)}
    return read(panel(accounts(x, n), calendar(x.shape[1]), {"new_accounts": "higher"}, how=how))


def seasonal(seed: int, weeks: int = 104) -> tuple[np.ndarray, np.ndarray]:
    """Three branches whose spring brings half as many again, each growing by a fifth in the time."""
    rng = np.random.default_rng(seed)
    at = np.arange(weeks)
    wave = 1 + 0.5 * np.sin(2 * np.pi * at / 52.18)
    n = np.outer([20_000, 9_000, 4_000], 1 + 0.2 * at / weeks).astype(int)
    return rng.poisson(n * 0.003 * wave), n


@pytest.mark.parametrize("weeks", [78, 91, 104])
def test_a_season_and_growth_are_no_change(weeks: int):
    for seed in range(4):
        x, n = seasonal(seed)
        assert read_accounts(x[:, :weeks], n[:, :weeks])["status"].to_list() == ["no change"] * 3


def test_a_third_fewer_than_the_season_brings_is_a_change_for_the_worse_of_that_branch():
    x, n = seasonal(7)
    x[0, 92:] = np.random.default_rng(1).binomial(x[0, 92:], 0.67)
    found = read_accounts(x, n)
    assert found["status"].to_list() == ["signal", "no change", "no change"]
    assert found["direction"].to_list() == ["worse", None, None]
    assert found["measure"].unique().to_list() == ["rate"]
    assert found["low"][0] < found["share"][0] < found["high"][0] < found["expected"][0]


def test_without_a_year_there_is_no_season_yet_and_it_says_so():
    x, n = seasonal(3, 60)
    row = read_accounts(x, n).row(0, named=True)
    assert row["status"] == "too few to say"
    assert row["why"] == "only 26 earlier weeks to compare with; it takes 52, because a year has its seasons"


def test_the_chart_follows_the_season():
    x, n = seasonal(5)
    how = {"new_accounts": all_signs()["new_accounts"].how(("b0", "b1", "b2"))}
    shown = series(panel(accounts(x, n), calendar(104), {"new_accounts": "higher"}, how=how), "new_accounts", "b0")
    expected = shown["centre"].to_numpy()[52:]
    truth = 0.003 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(52, 104) / 52.18))
    assert np.abs(expected / truth - 1).max() < 0.12
    assert shown["outside"].sum() <= 2
