"""What surrounds a sign: membership as at the week, absences on weekdays, training done by then."""

from datetime import date, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from metrics import context
from metrics.frames import empty

MONDAY = date(2026, 1, 5)
WEEKS = pl.Series("week", [MONDAY + timedelta(weeks=k) for k in range(3)])


def stays(*rows: dict[str, object]) -> pl.DataFrame:
    base = {"team_id": "A", "valid_from": date(2025, 1, 1), "fte": 1.0, "hired_on": date(2020, 1, 1)}
    return pl.DataFrame([base | row for row in rows], schema=empty("people").schema)


def test_membership_is_read_as_at_the_week_and_not_as_it_stands_today() -> None:
    people = stays(
        {"person_id": "old", "fte": 0.5},
        {"person_id": "new", "hired_on": date(2025, 12, 1)},
        {"person_id": "moved", "valid_to": date(2026, 1, 13)},
        {"person_id": "moved", "team_id": "B", "valid_from": date(2026, 1, 14)},
    )
    expected = pl.DataFrame(
        {
            "team_id": ["A", "A", "A", "B", "B"],
            "week": [WEEKS[0], WEEKS[1], WEEKS[2], WEEKS[1], WEEKS[2]],
            "people": [3, 2, 2, 1, 1],
            "fte": [2.5, 1.5, 1.5, 1.0, 1.0],
            "newcomer_share": [1 / 3, 1 / 2, 1 / 2, 0.0, 0.0],
        },
        schema_overrides={"people": pl.get_index_type()},
    )
    assert_frame_equal(context.headcount(people, WEEKS), expected)


def test_absence_counts_weekdays_once_and_leaves_training_out() -> None:
    people = stays({"person_id": "a"}, {"person_id": "b"})
    absences = pl.DataFrame(
        [
            {"person_id": "a", "from_on": date(2026, 1, 8), "to_on": date(2026, 1, 12), "kind": "sick"},
            {"person_id": "a", "from_on": date(2026, 1, 9), "to_on": date(2026, 1, 9), "kind": "leave"},
            {"person_id": "b", "from_on": date(2026, 1, 5), "to_on": date(2026, 1, 9), "kind": "training"},
        ]
    )
    assert context.absence(people, absences, WEEKS)["absence_rate"].to_list() == [0.2, 0.1, 0.0]


def test_training_counts_from_the_week_in_which_it_was_done() -> None:
    people = stays({"person_id": "a"}, {"person_id": "b"})
    training = pl.DataFrame(
        {"person_id": ["a"], "course": ["c"], "kind": ["experiential"], "completed_on": [date(2026, 1, 14)]}
    )
    got = context.trained(people, training, WEEKS)
    assert got["experiential_share"].to_list() == [0.0, 0.5, 0.5]
    assert got["classroom_share"].to_list() == [0.0, 0.0, 0.0]


def test_wastage_is_leavers_over_average_headcount_and_tells_choice_apart() -> None:
    left = {"valid_to": date(2026, 1, 13), "left_on": date(2026, 1, 13)}
    people = stays(
        {"person_id": "a"},
        {"person_id": "b", **left, "left_by_choice": True},
        {"person_id": "c", **left, "left_by_choice": False},
    )
    got = context.wastage(people, WEEKS)
    assert got["wastage"].to_list() == [0.0, 2 / 2, 2 / (5 / 3)]
    assert got["wastage_by_choice"].to_list() == [0.0, 1 / 2, 1 / (5 / 3)]


def test_load_without_hr_is_unknown_and_never_zero() -> None:
    let_gos = pl.DataFrame({"ticket_id": ["1", "1", "2"], "team_id": ["A", "A", "A"], "week": [MONDAY] * 3})
    nobody = context.headcount(empty("people"), WEEKS)
    assert context.load(let_gos, nobody).rows() == [("A", MONDAY, 2, None)]
    one = context.headcount(stays({"person_id": "a", "fte": 0.5}), WEEKS)
    assert context.load(let_gos, one).rows() == [("A", MONDAY, 2, 2 / (0.5 * 5))]
