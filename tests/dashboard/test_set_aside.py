"""What was set aside of one person is told by its reason alone, on the page."""

import polars as pl
from polars.testing import assert_frame_equal

from dashboard.set_aside import HIDDEN, masked


def test_a_value_of_what_is_about_one_person_is_not_on_the_page() -> None:
    found = pl.DataFrame(
        [
            ("people", "person_id", "p1"), ("people", "left_on", "2026-13-01"), ("absences", "last_on", "2025-01-01"),
            ("training", None, None), ("events", "agent_id", "p1"), ("events", "kind", "gone"),
            ("tickets", "customer_id", "c1"), ("tickets", "opened_at", "yesterday"),
        ],
        schema=["table", "column", "value"], orient="row",
    )  # fmt: skip
    told = [HIDDEN, HIDDEN, HIDDEN, None, HIDDEN, "gone", HIDDEN, "yesterday"]
    assert_frame_equal(masked(found), found.with_columns(value=pl.Series(told)))
