"""How soon and how wrong: tables that agree with the functions and the simulation behind them."""

import polars as pl
from polars.testing import assert_frame_equal

from dashboard import delays, words
from metrics.delay import weeks_to_see
from metrics.sign import counted_signs


def test_each_cell_of_the_table_is_what_the_rule_needs() -> None:
    after = {size: weeks_to_see(40, 0.15, size / 100) for size in (5, 10)}
    told = {f"{size} points worse": [words.count(weeks or 0, "week")] for size, weeks in after.items()}
    assert_frame_equal(delays.by_volume((40,), (5, 10)), pl.DataFrame({"Tickets a week": ["40"]} | told))
    assert f"after about {after[10]} weeks" in delays.example()


def test_what_takes_longer_than_half_a_year_is_not_promised() -> None:
    assert delays.by_volume((1,), (5,)).row(0) == ("1", "later than can be counted on")
    assert delays.example(1, 5).endswith("shows later than can be counted on.")


def test_a_teams_own_table_has_a_row_a_sign_with_enough_to_say() -> None:
    rows: list[words.Row] = [
        {"sign": "buck_passing", "n": 160, "expected": 0.15},
        {"sign": "slow_simple", "n": None, "expected": None},
        {"sign": "uneven_treatment", "n": 90.0, "expected": 1.0},
        {"sign": "gone", "n": 160, "expected": 0.15},
    ]
    expected = {
        "Question": [words.heading(counted_signs()["buck_passing"])],
        "A week": ["40"],
        "Usual": ["15%"],
        "5 points worse": [words.count(weeks_to_see(40, 0.15, 0.05) or 0, "week")],
        "10 points worse": [words.count(weeks_to_see(40, 0.15, 0.1) or 0, "week")],
    }
    assert_frame_equal(delays.of_team(rows), pl.DataFrame(expected))


def test_false_alarms_are_read_from_what_the_simulation_wrote() -> None:
    rows = ("| rule | n | false |", "| --- | --- | --- |", "| Heartline | 20 | 0.12 | 22 |", "| other | 20 | 9 | 1 |")
    written = "\n".join((*rows, "| Heartline | 200 | 0.25 |"))
    assert delays.false_alarms(written) == [(20, 0.12), (200, 0.25)]
    assert delays.false_alarms("nothing was measured") == []


def test_the_simulations_tables_are_where_they_are_looked_for() -> None:
    assert [volume for volume, _ in delays.false_alarms(delays.METHODS.read_text("utf-8"))] == [20, 50, 100, 200]
    assert "is called a signal" in delays.how_wrong()
