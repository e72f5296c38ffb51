"""A ticket's path: who held it when, what happened, said without any person."""

from datetime import UTC, datetime

import polars as pl

from dashboard import journey

NAMES = {"a": "Web", "b": "Billing"}


def path(*steps: tuple[str, str, str | None]) -> pl.DataFrame:
    rows = [(datetime.fromisoformat(at).replace(tzinfo=UTC), kind, team, "agent") for at, kind, team in steps]
    return pl.DataFrame(
        rows,
        orient="row",
        schema={"at": pl.Datetime("us", "UTC"), "kind": pl.String, "team_id": pl.String, "actor": pl.String},
    )


PASSED = path(
    ("2026-10-05 08:00", "opened", None),
    ("2026-10-05 08:10", "assigned", "a"),
    ("2026-10-05 09:00", "assigned", "a"),
    ("2026-10-06 08:00", "assigned", "b"),
    ("2026-10-06 08:30", "replied", None),
    ("2026-10-07 08:00", "resolved", "b"),
)


def test_each_step_is_said_at_the_team_that_held_the_ticket_by_its_own_clock() -> None:
    told = journey.steps(PASSED, NAMES, "Europe/Amsterdam")
    assert told.rows() == [
        (datetime(2026, 10, 5, 10, 0), "no team yet", "opened", "opened"),  # noqa: DTZ001
        (datetime(2026, 10, 5, 10, 10), "Web", "assigned", "given to Web"),  # noqa: DTZ001
        (datetime(2026, 10, 5, 11, 0), "Web", "assigned", "given to another person of the team"),  # noqa: DTZ001
        (datetime(2026, 10, 6, 10, 0), "Billing", "assigned", "given to Billing"),  # noqa: DTZ001
        (datetime(2026, 10, 6, 10, 30), "Billing", "replied", "answered"),  # noqa: DTZ001
        (datetime(2026, 10, 7, 10, 0), "Billing", "resolved", "resolved"),  # noqa: DTZ001
    ]


def test_who_held_it_is_a_span_to_the_next_hand() -> None:
    told = journey.spans(journey.steps(PASSED, NAMES, "UTC"))
    assert told["team"].to_list() == ["no team yet", "Web", "Billing"]
    assert told["end"].to_list() == [*told["start"].to_list()[1:], datetime(2026, 10, 7, 8, 0)]  # noqa: DTZ001


def test_the_path_is_told_in_a_line() -> None:
    assert journey.summary(journey.steps(PASSED, NAMES, "UTC")) == (
        "Web → Billing: passed on once, 48 hours from the first step to the last."
    )
    stayed = path(("2026-10-05 08:00", "opened", "a"), ("2026-10-12 08:00", "resolved", "a"))
    assert journey.summary(journey.steps(stayed, NAMES, "UTC")) == (
        "Stayed with Web, 7 days from the first step to the last."
    )


def test_a_ticket_without_a_log_is_said_to_have_none() -> None:
    told = journey.steps(PASSED.clear(), NAMES, "UTC")
    assert told.is_empty()
    assert journey.spans(told).is_empty()
    assert journey.marks(told).is_empty()
    assert journey.summary(told) == "No team is known to have held it."


def test_only_the_first_and_the_last_step_are_named_on_the_chart() -> None:
    told = journey.marks(journey.steps(PASSED, NAMES, "UTC"))
    assert told["place"].to_list() == ["first", None, None, None, None, "last"]
    assert told["what"].to_list() == ["opened", "passed on", "passed on", "passed on", "reply", "resolved"]


def test_a_kind_that_is_not_known_yet_is_told_by_its_name() -> None:
    told = journey.steps(path(("2026-10-05 08:00", "merged", "a")), NAMES, "UTC")
    assert told["label"].to_list() == ["merged"]
    assert journey.marks(told)["what"].to_list() == ["other"]
