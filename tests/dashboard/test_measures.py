"""What a level is called: percent of a share, events of a rate, times chance of a dispersion, a plain ratio."""

from typing import Any

import pytest

from dashboard import measures, words
from metrics.sign import all_signs
from tests.dashboard.rows import UNSAID, reading, weeks

RATE = {"measure": "rate", "sign": "new_accounts", "x": 230, "n": 84_000, "share": 230 / 84_000,
        "low": 201 / 84_000, "high": 262 / 84_000, "expected": 304 / 84_000}  # fmt: skip
UNEVEN = {"measure": "dispersion", "sign": "uneven_treatment", "x": 44, "n": 16, "share": 2.75, "low": 1.52,
          "high": 6.4, "expected": 1.07}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "31 of 140 (22%, 95% interval 16 to 30%), about 14% expected, since the week of 5 October"),
        (RATE, "230 accounts (95% interval 201 to 262), about 304 expected, since the week of 5 October"),
        (
            UNEVEN,
            "2.8 times as unevenly as chance would (95% interval 1.5 to 6.4), about 1.1 expected, "
            "since the week of 5 October",
        ),
    ],
    ids=["share", "rate", "dispersion"],
)
def test_evidence_is_told_in_the_unit_of_its_measure(row: dict[str, Any], said: str) -> None:
    assert words.evidence(reading(**row)) == said


def test_a_fall_of_what_is_better_high_is_told_as_less() -> None:
    row = reading(**RATE, direction="worse", compared="cannot be told apart")
    told = words.sentence(row, all_signs()["new_accounts"], "Branch South")
    assert told.startswith("Branch South opens accounts less often than it used to: 230 accounts")


STAFF = all_signs()["staff_discontent"]
COVER = {"sign": "staff_discontent.pipeline", "measure": "ratio", "x": 20, "n": 100, "share": 0.2, "low": None,
         "high": None, "expected": 0.34, "since": None}  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "its", "said"),
    [
        ("signal", "signal", "Both the staff's answers and the pipeline moved."),
        ("signal", "no change", "Of the two the staff's answers moved, the pipeline did not."),
        ("no change", "signal", "Of the two the pipeline moved, the staff's answers did not."),
        ("no change", "no change", "Neither the staff's answers nor the pipeline moved beyond chance."),
    ],
)
def test_it_is_said_which_of_two_that_belong_together_moved(mine: str, its: str, said: str) -> None:
    row = reading(sign="staff_discontent", status=mine, direction="worse" if mine == "signal" else None)
    other = reading(**COVER, status=its, direction="worse" if its == "signal" else None)
    told = words.beside(row, STAFF, [other])
    assert told.startswith(said)
    assert "0.20 (20 of 100), about 0.34 expected" in told
    assert words.beside(row, STAFF, [other | {"team_id": "another"}]) == ""


def test_a_companion_that_cannot_be_read_says_why() -> None:
    other = reading(**(COVER | UNSAID), status="not measured", why="the data has no amounts of orders")
    told = words.beside(reading(sign="staff_discontent"), STAFF, [other])
    assert told == "Beside it, the pipeline: not measured: the data has no amounts of orders."


def test_a_rate_is_drawn_as_the_events_that_it_stands_for() -> None:
    drawn = measures.as_drawn(weeks(0.1, 0.2, n=50, measure=["rate"] * 2))
    assert drawn.select("share", "centre", "upper").rows() == [(5.0, 5.0, 9.0), (10.0, 5.0, 9.0)]


def test_between_waves_nothing_is_drawn() -> None:
    wave = weeks(0.1, None, 0.2, sign=["staff_discontent"] * 3)
    assert measures.as_drawn(wave)["share"].to_list() == [0.1, 0.2]
    assert measures.as_drawn(weeks(0.1, None, 0.2)).height == 3
