"""What of an audit log becomes an event, one tiny log each."""

from pathlib import Path

import polars as pl
import pytest

from data.sources.choosing import choose
from data.sources.formats import tables_in
from data.sources.mapping import mapped
from data.sources.profile import profiles

HEADER = (
    "number,incident_state,sys_mod_count,opened_at,sys_updated_at,assignment_group,assigned_to,sys_updated_by,priority"
)


def read(tmp_path: Path, *updates: str) -> dict[str, pl.DataFrame]:
    """Each update: state, count, minute of 1 March 2016 at nine, group, agent, priority."""
    lines = [HEADER]
    for update in updates:
        state, count, minute, group, agent, priority = update.split()
        at = f"1/3/2016 09:{minute}"
        lines.append(f"I1,{state.replace('_', ' ')},{count},1/3/2016 09:00,{at},{group},{agent},u,{priority}")
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n")
    (raw,) = tables_in(tmp_path / "log.csv")
    source = mapped(raw, choose(raw, profiles(), None, None), None)
    assert source.profile.name == "servicenow_audit"
    return {one.table: one.frame for one in source.tables}


def events(tmp_path: Path, *updates: str) -> list[tuple[str, str, str | None, str | None]]:
    """minute, kind, team, agent in the order of the log."""
    made = read(tmp_path, *updates)["events"].with_columns(pl.col("seq").cast(int)).sort("at", "seq")
    return made.select(pl.col("at").str.slice(14, 2), "kind", "team_id", "agent_id").rows()


def test_opened_assigned_resolved_closed(tmp_path: Path) -> None:
    assert events(tmp_path, "New 0 01 ? ? 3", "Active 1 02 A p 3", "Resolved 2 05 A p 3", "Closed 3 06 A p 3") == [
        ("00", "opened", None, None),
        ("02", "assigned", "A", "p"),
        ("05", "resolved", "A", "u"),
        ("06", "closed", "A", None),
    ]


def test_a_group_that_becomes_unknown_is_no_move(tmp_path: Path) -> None:
    kinds = [kind for _, kind, *_ in events(tmp_path, "Active 0 01 A ? 3", "Active 1 02 ? ? 3", "Active 2 03 A ? 3")]
    assert kinds == ["opened", "assigned", "noted", "noted"]


def test_an_update_that_changes_nothing_is_a_note_of_who_made_it(tmp_path: Path) -> None:
    assert events(tmp_path, "Active 0 01 A p 3", "Active 1 02 A p 3")[-1] == ("02", "noted", "A", "u")


def test_holds_begin_and_end_and_one_hold_for_another_is_one(tmp_path: Path) -> None:
    found = events(
        tmp_path,
        "Active 0 01 A p 3",
        "Awaiting_Vendor 1 02 A p 3",
        "Awaiting_Problem 2 03 A p 3",
        "Resolved 3 04 A p 3",
    )
    assert [(minute, kind) for minute, kind, *_ in found[2:]] == [
        ("02", "on_hold"),
        ("04", "off_hold"),
        ("04", "resolved"),
    ]


def test_reopened_from_resolved_and_closed_without_resolve_counts_as_both(tmp_path: Path) -> None:
    kinds = [
        k
        for _, k, *_ in events(
            tmp_path, "Active 0 01 A p 3", "Resolved 1 02 A p 3", "Active 2 03 A p 3", "Closed 3 04 A p 3"
        )
    ]
    assert kinds == ["opened", "assigned", "resolved", "reopened", "resolved", "closed"]


def test_a_more_pressing_priority_is_raised_and_a_less_pressing_is_not(tmp_path: Path) -> None:
    found = events(tmp_path, "Active 0 01 A p 3", "Active 1 02 A p 1", "Active 2 03 A p 4")
    assert [(minute, kind) for minute, kind, *_ in found if kind == "priority_raised"] == [("02", "priority_raised")]


def test_an_unknown_state_is_no_event_of_its_own(tmp_path: Path) -> None:
    kinds = [k for _, k, *_ in events(tmp_path, "Resolved 0 01 A p 3", "-100 1 02 A p 3", "Closed 2 03 A p 3")]
    assert kinds == ["opened", "assigned", "resolved", "closed"]


def test_the_counter_orders_the_log_and_time_never_goes_back(tmp_path: Path) -> None:
    """An update whose time lies before the one counted before it moves the ticket there, but its state is not read."""
    found = events(tmp_path, "Resolved 1 05 A p 3", "Active 2 02 B p 3", "Closed 3 07 B p 3", "Active 0 01 A p 3")
    assert [(minute, kind, team) for minute, kind, team, _ in found] == [
        ("00", "opened", None),
        ("01", "assigned", "A"),
        ("05", "resolved", "A"),
        ("05", "assigned", "B"),
        ("07", "closed", "B"),
    ]


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ("Active x 02 A p 3", 'the number of the update, "x", is no whole number'),
        ("Active 1 99 A p 3", 'the time of the update, "1/3/2016 09:99", cannot be read'),
        ("Active 1 02 A p 3,and,more", "the line has 11 cells where the header has 9"),
    ],
)
def test_an_update_that_has_no_place_is_set_aside_alone(tmp_path: Path, update: str, said: str) -> None:
    made = read(tmp_path, "New 0 01 A p 3", update)
    assert made["events"]["_fault"].drop_nulls().to_list() == [said]
    assert made["tickets"].height == 1


def test_a_ticket_is_as_it_stood_last(tmp_path: Path) -> None:
    assert read(tmp_path, "New 0 01 A p 3", "New 1 02 A p 1")["tickets"]["priority"].to_list() == ["urgent"]


ACTIVITIES = """
name = "activities"
kind = "audit"
require = [["case"], ["what"], ["at"], ["who"]]
[audit]
ticket = "case"
at = "at"
state = "what"
agent = "who"
by = "who"
automatic = ["Closed"]
work = ["Look into"]
[audit.states]
new = ["Note down"]
active = ["Look into"]
resolved = ["Resolve"]
closed = ["Closed"]
"""


def test_a_log_of_activities_opens_with_its_first_and_says_which_are_work_and_which_come_by_themselves(
    tmp_path: Path,
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "activities.toml").write_text(ACTIVITIES)
    steps = ["Note down,1,p", "Look into,2,p", "Resolve,3,q", "Unheard of,4,q", "Closed,5,r"]
    lines = [f"C1,{what},2024-01-01 09:0{minute},{who}" for what, minute, who in (step.split(",") for step in steps)]
    (tmp_path / "log.csv").write_text("\n".join(["case,what,at,who", *lines]) + "\n")
    (raw,) = tables_in(tmp_path / "log.csv")
    source = mapped(raw, choose(raw, profiles(tmp_path / "own"), None, None), None)
    made = {one.table: one.frame for one in source.tables}["events"].with_columns(pl.col("seq").cast(int))
    assert made.sort("at", "seq").select(pl.col("at").str.slice(15, 1), "kind", "agent_id", "actor").rows() == [
        ("1", "opened", None, None),
        ("1", "assigned", "p", None),
        ("2", "noted", "p", "agent"),
        ("3", "assigned", "q", None),
        ("3", "resolved", "q", "agent"),
        ("5", "closed", None, "system"),
    ]
