"""The facts of one ticket, drawn as the ticket's life: docs/definitions.md, line by line."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from metrics.facts import facts
from metrics.log import Logged
from tests.builders import absences, events, standards, teams, ticket, tickets, when

ALL_TOLD = Logged(replies=True, notes=True, reopens=True)
ROME = {"calendar": "Mo-Fr 09:00-18:00 @ Europe/Rome"}
DESKS = teams("A", "B", "C", "D", Desk={"function": "dispatch"}, One={"line": 1}, Two={"line": 2}, Rome=ROME)


def life(text: str, logged: Logged = ALL_TOLD, away: pl.DataFrame | None = None, **more: Any) -> dict[str, Any]:
    known = facts(tickets(ticket(**more)), events(t1=text), DESKS, away, standards(x=60), logged=logged)
    return known.tickets.collect().row(0, named=True)


def kinds(text: str, away: pl.DataFrame | None = None, logged: Logged = ALL_TOLD) -> list[str | None]:
    known = facts(tickets(ticket()), events(t1=text), DESKS, away, logged=logged)
    return known.let_gos.filter(pl.col("how") == "handoff").collect()["kind"].to_list()


PATH = ("team_stations", "handoffs", "unique_teams", "bounce_backs", "ping_pong")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("A", (1, 0, 1, 0, False)),
        ("A A", (1, 0, 1, 0, False)),
        ("A B", (2, 1, 2, 0, False)),
        ("A B A", (3, 2, 2, 1, False)),
        ("A B A B", (4, 3, 2, 2, True)),
        ("A B C A B", (5, 4, 3, 2, False)),
        ("A B A C A B", (6, 5, 3, 3, False)),
        ("C A B A B C", (6, 5, 3, 3, True)),
        ("- A - A - B -", (2, 1, 2, 0, False)),
        ("-", (None, None, None, None, None)),
    ],
)
def test_the_path_of_a_ticket_between_teams(path: str, expected: tuple[Any, ...]):
    text = "; ".join(f"Mo 09:{minute:02} assigned {team}" for minute, team in enumerate(path.split()))
    row = life(text)
    assert tuple(row[name] for name in PATH) == expected


def test_two_assignments_in_one_minute_keep_the_order_that_the_log_gives_them():
    log = events(t1="Mo 09:00 assigned A; Mo 09:00 assigned B; Mo 09:00 assigned A").sample(
        fraction=1.0, shuffle=True, seed=3
    )
    row = facts(tickets(ticket()), log, DESKS).tickets.collect().row(0, named=True)
    assert (row["team_stations"], row["bounce_backs"]) == (3, 1)


def test_teams_of_one_ticket_do_not_leak_into_the_next():
    log = events(t1="Mo 09:00 assigned A", t2="Mo 09:00 opened -; Mo 10:00 assigned A; Mo 11:00 resolved")
    known = facts(tickets(ticket("t1"), ticket("t2")), log, DESKS).tickets.collect()
    assert known.select("first_team_id", "team_stations", "resolving_team_id").rows() == [("A", 1, None), ("A", 1, "A")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Mo 09:00 opened Desk; Mo 09:10 replied Desk; Tu 12:00 assigned B", "routing"),
        ("Mo 09:00 opened A; Mo 09:30 assigned B", "routing"),
        ("Mo 09:00 opened A; Mo 09:31 assigned B", "without_work"),
        ("Mo 09:00 opened A; Mo 09:05 replied A ann; Mo 09:10 assigned B", "after_reply"),
        ("Mo 09:00 opened A; Mo 09:05 replied A bot system; Mo 09:10 assigned B", "routing"),
        ("Mo 09:00 opened -; Mo 09:05 replied - ann; Mo 09:06 assigned A; Mo 09:10 assigned B", "without_work"),
        ("Mo 09:00 opened A ann; We 12:00 assigned B", "without_work"),
        ("Mo 09:00 opened A bob; We 12:00 assigned B", "cover"),
        ("Mo 09:00 opened A bob; Tu 09:00 noted A ann; We 12:00 assigned B", None),
        ("Mo 09:00 opened One; We 09:00 noted One; We 12:00 assigned Two", "escalation"),
        ("Mo 09:00 opened One; We 12:00 assigned Two", "without_work"),
        ("Mo 09:00 opened Two; We 09:00 replied Two; We 12:00 assigned One", "after_reply"),
        ("Mo 09:00 opened A; We 09:00 noted A; We 12:00 assigned B", None),
        ("Mo 09:00 opened A; We 09:00 noted A bot system; We 12:00 assigned B", "without_work"),
    ],
)
def test_the_kind_of_a_handoff_is_the_first_that_fits(text: str, kind: str | None):
    assert kinds(text, absences(("bob", "Th", "Fr"))) == [kind]


def test_an_absence_covers_from_the_day_before_it_to_its_last_day():
    text = "Mo 09:00 opened A bob; {} 12:00 assigned B"
    found = {day: kinds(text.format(day), absences(("bob", "We", "Th"))) for day in ("Mo+1", "Tu", "We", "Th", "Fr")}
    assert [found[day][0] for day in found] == ["without_work", "cover", "cover", "cover", "without_work"]


def test_only_the_first_handoff_can_be_routing_by_its_quickness():
    assert kinds("Mo 09:00 opened A; Mo 09:05 assigned B; Mo 09:10 assigned C") == ["routing", "without_work"]


def test_what_was_done_in_an_earlier_stay_is_not_done_in_this_one():
    text = "Mo 09:00 opened A; Mo 10:00 replied A; Mo 11:00 assigned B; Mo 12:00 assigned A; Mo 13:00 assigned C"
    assert kinds(text) == ["after_reply", "without_work", "without_work"]


def test_where_a_log_tells_of_no_work_at_all_nobody_is_said_to_have_done_none():
    told_nothing = Logged(replies=False, notes=False, reopens=False)
    assert kinds("Mo 09:00 opened A; We 12:00 assigned B", logged=told_nothing) == [None]


def test_replies_are_public_and_by_agents():
    row = life("Mo 09:00 opened A; Mo 09:01 replied A bot system; Mo 09:20 customer_replied A; Mo 10:00 replied A ann")
    assert (row["first_replied_at"], row["replies"]) == (when("Mo 10:00"), 1)
    assert (row["first_reply_minutes_business"], row["first_reply_minutes_calendar"]) == (60, 60)


def test_first_and_full_resolution_and_the_wait_without_holds():
    row = life(
        "Mo 09:00 opened A; Mo 10:00 on_hold; Mo 12:00 off_hold; Mo 13:00 on_hold; Mo 14:00 resolved; "
        "Tu 09:00 reopened; Tu 10:00 resolved; Tu 11:00 on_hold; Tu 12:00 off_hold; Tu 13:00 closed"
    )
    minutes = {
        name: row[f"{name}_minutes_business"]
        for name in ("first_resolution", "full_resolution", "agent_wait", "on_hold")
    }
    assert minutes == {"first_resolution": 300, "full_resolution": 540, "agent_wait": 360, "on_hold": 180}
    assert (row["full_resolution_minutes_calendar"], row["reopens"]) == (25 * 60, 1)


def test_business_time_runs_in_the_hours_of_the_team_that_first_held_the_ticket():
    # Rome opens at 08:00 UTC in winter.
    row = life("Mo 07:00 opened Rome; Mo 09:00 assigned A; Mo 12:00 resolved", opened_at="Mo 07:00")
    assert (row["full_resolution_minutes_business"], row["full_resolution_minutes_calendar"]) == (240, 300)


@pytest.mark.parametrize(
    ("text", "one_touch"),
    [
        ("Mo 10:00 replied A; Mo 10:00 resolved", True),
        ("Mo 10:00 resolved A", True),
        ("Mo 09:30 replied A; Mo 10:00 replied A; Mo 10:00 resolved", False),
        ("Mo 09:30 on_hold A; Mo 10:00 off_hold; Mo 10:00 resolved", False),
        ("Mo 10:00 resolved A; Tu 10:00 reopened; Tu 11:00 resolved", False),
        ("Mo 10:00 replied A", False),
    ],
)
def test_one_touch(text: str, one_touch: bool):
    assert life(f"Mo 09:00 opened A; {text}")["one_touch"] is one_touch


def test_without_replies_in_the_log_one_touch_is_one_team_in_one_station():
    silent = Logged(replies=False, notes=True, reopens=True)
    one, two = "Mo 09:00 opened A; Mo 10:00 resolved", "Mo 09:00 opened A; Mo 09:30 assigned B; Mo 10:00 resolved"
    assert [life(text, logged=silent)["one_touch"] for text in (one, two)] == [True, False]
    assert life(one, logged=silent)["replies"] is None


def test_where_no_reopening_is_ever_logged_a_second_resolve_tells_of_one():
    text = "Mo 09:00 opened A; Mo 10:00 resolved; Tu 10:00 resolved"
    assert life(text, logged=Logged(replies=True, notes=True, reopens=False))["reopens"] == 1
    assert life(text)["reopens"] == 0


@pytest.mark.parametrize(
    ("text", "at", "cause"),
    [
        ("Mo 13:00 resolved A", "Mo 12:00", "age"),
        ("Mo 11:59 resolved A", None, None),
        ("Mo 10:00 resolved A; Mo 11:00 reopened; Mo 12:30 resolved", "Mo 12:00", "age"),
        ("Mo 10:00 resolved A; Tu 11:00 reopened; Tu 12:30 resolved", "Tu 11:00", "age"),
        ("Mo 09:01 assigned B; Mo 09:02 assigned C; Mo 09:03 assigned D; Mo 09:04 resolved", "Mo 09:03", "fourth_team"),
        ("Mo 09:01 priority_raised; Mo 09:04 resolved", "Mo 09:01", "priority"),
        ("Mo 09:01 resolved; Mo 09:02 reopened; Mo 09:03 resolved; Mo 09:05 reopened", "Mo 09:05", "second_repeat"),
    ],
)  # fmt: skip
def test_the_blow_out_is_the_first_thing_that_no_customer_should_bear(text: str, at: str | None, cause: str | None):
    row = life(f"Mo 09:00 opened A; {text}", category="x", priority="Urgent")
    assert (row["blow_out_at"], row["blow_out_cause"]) == (at and when(at), cause)


def test_a_satisfaction_of_one_is_a_blow_out_when_the_ticket_was_resolved():
    row = life("Mo 09:00 opened A; Mo 09:30 resolved", csat=1)
    assert (row["blow_out_at"], row["blow_out_cause"]) == (when("Mo 09:30"), "csat")


@pytest.mark.parametrize(
    ("text", "in_standard", "charged"),
    [
        ("Mo 10:00:59 resolved A; Th 09:00 closed", True, "A"),
        ("Mo 10:00:59 resolved A; We 09:00 closed", None, "A"),
        ("Mo 10:01 resolved A; Tu 09:00 closed", False, "A"),
        ("Mo 09:30 assigned B; Mo 09:40 resolved; Mo 09:50 assigned A; Th 09:00 closed", True, "B"),
        ("Mo 09:30 assigned B; Mo 10:30 assigned A; Mo 11:00 resolved; Tu 09:00 closed", False, "B"),
        ("Mo 09:40 resolved A; Mo 09:50 reopened; Mo 09:55 resolved; Tu 09:00 closed", False, "A"),
        ("Mo 09:40 resolved A; Mo 10:00 reopened; Mo 10:05 resolved; Tu 09:00 closed", False, "A"),
        ("Mo 09:40 resolved A; We 09:41 reopened; Th 10:05 resolved", True, "A"),
        ("Mo 09:29 resolved A; Mo 10:00 reopened; Th 10:05 resolved", False, "A"),
        ("Mo 09:01 resolved A; We 09:01 reopened; Th 10:05 resolved", False, "A"),
        ("Mo 09:01 resolved A; We 09:02 reopened; Th 10:05 resolved", True, "A"),
        ("Mo 09:30 replied A", None, "A"),
    ],
)
def test_in_standard_is_settled_at_the_deadline_and_charged_to_who_had_it_then(
    text: str, in_standard: bool | None, charged: str
):
    row = life(f"Mo 09:00 opened A; {text}", category="x")
    assert (row["in_standard"], row["charged_team_id"], row["deadline_at"]) == (in_standard, charged, when("Mo 10:00"))


def test_a_ticket_without_events_is_read_from_its_summary():
    told = ticket(
        team_id="A",
        resolved_at=when("Tu 10:00"),
        first_replied_at=when("Mo 09:30"),
        team_stations=2,
        reopens=0,
        category="x",
    )
    row = life("", **told)
    expected = {
        "basis": "summary", "handoffs": 1, "unique_teams": 2, "bounce_backs": 0, "ping_pong": False, "reopens": 0,
        "replies": None, "agent_stations": None, "first_reply_minutes_business": 30,
        "full_resolution_minutes_business": 540, "handoffs_routing": None,
        "resolving_team_id": "A", "charged_team_id": "A", "one_touch": False, "in_standard": None,
        "on_hold_minutes_business": None, "first_resolved_at": datetime(2024, 1, 2, 10, tzinfo=UTC),
    }  # fmt: skip
    # The only instant of the data is the opening: the deadline lies beyond the horizon.
    assert {name: row[name] for name in expected} == expected


def test_a_let_go_says_who_held_the_ticket_since_when_and_where_it_went():
    log = events(
        t1="Mo 09:00 opened A; Mo 10:00 replied A; Mo 11:00 assigned B; Mo 12:00 assigned A; Mo 15:30 resolved A"
    )
    rows = facts(tickets(ticket()), log, DESKS).let_gos.collect()
    columns = ["team_id", "at", "how", "kind", "to_team_id", "bounce_back", "held_minutes_calendar", "replied_before"]
    assert rows.select(columns).rows() == [
        ("A", when("Mo 11:00"), "handoff", "after_reply", "B", False, 120, True),
        ("B", when("Mo 12:00"), "handoff", "without_work", "A", True, 60, False),
        ("A", when("Mo 15:30"), "resolved", None, None, False, 210, False),
    ]


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({"opened_at": "Tu 10:15"}, True),
        ({"opened_at": "Tu 10:14:59"}, False),
        ({"opened_at": "Tu+2 10:00"}, True),
        ({"opened_at": "Tu+2 10:01"}, False),
        ({"opened_at": "We 10:00", "category": "y"}, False),
        ({"opened_at": "We 10:00", "customer_id": "d"}, False),
        ({"opened_at": "We 10:00", "origin": "proactive"}, False),
    ],
)
def test_a_repeat_is_the_same_customer_about_the_same_within_fourteen_days(second: dict[str, Any], found: bool):
    both = tickets(
        ticket("t1", customer_id="c", category="x"), ticket("t2", **{"customer_id": "c", "category": "x", **second})
    )
    rows = facts(both, events(t1="Mo 09:00 opened A; Tu 10:00 resolved"), DESKS).resolves.collect()
    assert (rows["repeat_at"][0] is not None) is found


def test_tickets_nobody_knows_are_no_repeats_of_one_another():
    both = tickets(ticket("t1", category="x"), ticket("t2", "We 10:00", category="x"))
    rows = facts(both, events(t1="Mo 09:00 opened A; Tu 10:00 resolved"), DESKS).resolves.collect()
    assert rows["repeat_at"].to_list() == [None]


def test_events_of_a_ticket_that_is_not_there_are_left_out():
    log = events(t0="Mo 09:00 assigned B", t1="Mo 09:00 opened A; Mo 10:00 resolved", t9="Mo 09:00 assigned C")
    assert facts(tickets(ticket()), log, DESKS).tickets.collect()["first_team_id"].to_list() == ["A"]


def test_frames_said_to_be_in_order_that_are_not_are_refused():
    log = pl.concat([events(t2="Mo 09:00 opened A"), events(t1="Mo 09:00 opened A"), events(t2="Mo 10:00 resolved")])
    with pytest.raises(ValueError, match="must be sorted"):
        facts(tickets(ticket("t1"), ticket("t2")), log, DESKS, in_order=True).tickets.collect()


def test_no_tickets_have_no_facts():
    known = facts(tickets(), events(), DESKS, standards=standards(x=60))
    assert [frame.collect().height for frame in (known.tickets, known.let_gos, known.resolves)] == [0, 0, 0]


def test_only_what_is_asked_for_is_read():
    log = events(t1="Mo 09:00 opened A; Mo 10:00 resolved").lazy().drop("agent_id")
    known = facts(tickets(ticket()), log, DESKS, in_order=True)
    assert known.tickets.select("handoffs").collect().item() == 0
    with pytest.raises(pl.exceptions.PolarsError):
        known.tickets.select("agent_stations").collect()
