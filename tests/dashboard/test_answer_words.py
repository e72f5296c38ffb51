"""Accepted answers are told with how many they are, what they took out, and the reading without them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard import answer_words
from data.replies import Reply, Step

AT = datetime(2026, 10, 14, 9, tzinfo=UTC)
WHOLE: dict[str, Any] = {"x": 31, "n": 140, "share": 31 / 140, "low": 0.16, "high": 0.30, "status": "signal"}
WHOLE |= {"direction": "worse", "expected": 0.14}
ROW: dict[str, Any] = {"replies": 2, "taken_out": 12, "without_replies": WHOLE, "measure": "share"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            "Taken out by 2 accepted answers of the team: 12 of the 140 tickets of these weeks. Without the replies, "
            "with every ticket: "
            "31 of 140 (22%, 95% interval 16 to 30%); signal, worse.",
        ),
        (
            {"replies": 1, "taken_out": 0, "without_replies": WHOLE | {"status": "no change", "direction": None}},
            "Taken out by 1 accepted answer of the team: tickets of other weeks. Without the replies, "
            "with every ticket: "
            "31 of 140 (22%, 95% interval 16 to 30%); no change.",
        ),
        (
            {"replies": 1, "taken_out": None, "without_replies": None},
            "Answered, by 1 accepted answer of the team; no ticket is taken out.",
        ),
        ({"replies": 0, "taken_out": None, "without_replies": None}, ""),
    ],
)
def test_what_answers_changed_is_told_in_full(changed: dict[str, Any], said: str) -> None:
    assert answer_words.of_reading({**ROW, **changed}, "tickets") == said


def test_an_answer_says_of_what_it_speaks_and_who_decided() -> None:
    made = Reply(1, "north", "buck_passing", date(2026, 10, 5), "Policy", "ned", AT, ("t1", "t2"))
    assert answer_words.of_answer(made) == "2 tickets"
    assert answer_words.of_weeks(made, date(2026, 10, 5)) == "of the four weeks that end with the week of 5 October"
    assert answer_words.of_weeks(made, date(2027, 1, 4)).endswith("5 October 2026")
    assert not answer_words.same_person(made)
    alone = Reply(1, "north", "buck_passing", None, "x", "ned", AT, (), (Step(AT, "ned", "accepted", "y"),))
    assert (answer_words.of_answer(alone), answer_words.of_weeks(alone)) == ("the reading as a whole", "of all weeks")
    assert answer_words.same_person(alone)
