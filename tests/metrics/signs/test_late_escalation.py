"""Late escalation: tickets that blew out, and whether management had been told by then."""

import pytest

from tests.builders import ticket
from tests.metrics.signs.tables import NEXT, WEEK, counted

AGED = "Mo 09:00 opened A"  # the standard is an hour, so that it blows out at noon


@pytest.mark.parametrize(
    ("life", "counts"),
    [
        (AGED, (1, 1)),
        (f"{AGED}; Mo 11:59 escalated", (0, 1)),
        (f"{AGED}; Mo 12:00 escalated", (1, 1)),
        (f"{AGED}; Tu 09:00 escalated", (1, 1)),
        (f"{AGED}; Mo 10:00 resolved", None),
    ],
)
def test_a_ticket_counts_unless_management_was_told_before_it_blew_out(life: str, counts: tuple[int, int] | None):
    found = counted("late_escalation", ticket(category="x"), t1=life)
    assert found == ([] if counts is None else [("A", WEEK, *counts)])


def test_it_is_charged_to_the_team_that_held_the_ticket_then():
    text = "Mo 09:00 opened A; Mo 11:00 assigned B; Mo 13:00 assigned A"
    assert counted("late_escalation", ticket(category="x"), t1=text) == [("B", WEEK, 1, 1)]


def test_it_is_dated_by_the_blow_out_and_not_by_the_opening():
    text = "Fr 16:30 opened A; Fr 16:40 noted A"
    assert counted("late_escalation", ticket("t1", "Fr 16:30", category="x"), t1=text) == [("A", NEXT, 1, 1)]


def test_an_answer_of_one_counts_from_the_first_resolve_so_that_a_second_moves_nothing():
    row = ticket(category="hard", csat=1)
    once = counted("late_escalation", row, t1="Mo 09:00 opened A; Mo 10:00 resolved")
    twice = counted(
        "late_escalation", row, t1="Mo 09:00 opened A; Mo 10:00 resolved; Mo+1 09:00 reopened; Mo+1 10:00 resolved"
    )
    assert once == twice == [("A", WEEK, 1, 1)]


def test_of_a_summary_its_team_answers():
    row = ticket(category="x", team_id="B")
    assert counted("late_escalation", row) == [("B", WEEK, 1, 1)]
