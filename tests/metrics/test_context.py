"""What surrounds a sign: membership as at the week, absences on weekdays, training done by then."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
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


def contacts(*rows: tuple[str, str, int, bool], team: str = "A") -> pl.DataFrame:
    """(agent, ticket, minute of Monday, is it a complaint?)."""
    told = [
        {
            "team_id": team,
            "agent_id": agent,
            "ticket_id": ticket,
            "at": NINE + timedelta(minutes=at),
            "is_complaint": bad,
        }
        for agent, ticket, at, bad in rows
    ]
    schema = {"team_id": pl.String, "agent_id": pl.String, "ticket_id": pl.String, "at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(told, schema={**schema, "is_complaint": pl.Boolean})


NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIVE = ("ann", "bob", "cid", "dee", "eve")


def the_run(*rows: tuple[str, str, int, bool]) -> float | None:
    """The run of one agent: four others of the same ways beside them make the median theirs."""
    told = pl.concat(contacts(*((agent, *rest) for _, *rest in rows)) for agent in FIVE)  # type: ignore[misc]
    return context.longest_runs(told)["complaint_run"].item()  # type: ignore[no-any-return]


def test_complaints_in_a_row_end_with_another_contact_a_pause_or_the_week() -> None:
    assert the_run(("", "1", 0, True), ("", "2", 10, True), ("", "3", 20, True)) == 3
    assert the_run(("", "1", 0, True), ("", "2", 10, False), ("", "3", 20, True)) == 1
    assert the_run(("", "1", 0, True), ("", "2", 30, True)) == 2
    assert the_run(("", "1", 0, True), ("", "2", 31, True)) == 1
    assert the_run(("", "1", 0, True), ("", "1", 10, True), ("", "2", 39, True)) == 2
    assert the_run(("", "1", 0, False)) == 0


def test_the_run_of_a_team_is_the_median_and_is_withheld_of_fewer_than_five() -> None:
    rows = [(agent, f"{agent}{n}", n, True) for place, agent in enumerate(FIVE) for n in range(place + 1)]
    assert context.longest_runs(contacts(*rows)).rows() == [("A", MONDAY, 5, 3.0)]
    assert context.longest_runs(contacts(*(row for row in rows if row[0] != "ann")))["complaint_run"].to_list() == [
        None
    ]
    assert context.longest_runs(contacts()).is_empty()


def naive_runs(rows: list[tuple[str, str, int, bool]]) -> dict[str, int]:
    """Agent by agent, contact by contact."""
    longest: dict[str, int] = {}
    for agent in {row[0] for row in rows}:
        run, last_ticket, last_at = 0, "", -1000
        longest[agent] = 0
        for _, ticket, at, bad in sorted((row for row in rows if row[0] == agent), key=lambda row: (row[2], row[1])):
            if ticket != last_ticket:
                run = (run if at - last_at <= 30 else 0) + 1 if bad else 0
            longest[agent] = max(longest[agent], run)
            last_ticket, last_at = ticket, at
    return longest


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FIVE), st.integers(0, 6), st.integers(0, 400)), min_size=1, max_size=60))
def test_runs_are_what_one_would_count_by_hand(rows: list[tuple[str, int, int]]) -> None:
    told = [(agent, str(ticket), at, ticket % 3 != 0) for agent, ticket, at in rows]
    everyone = [*told, *((agent, "0", 1000, False) for agent in FIVE)]
    lengths = sorted(naive_runs(everyone).values())
    assert context.longest_runs(contacts(*everyone))["complaint_run"].item() == lengths[2]
