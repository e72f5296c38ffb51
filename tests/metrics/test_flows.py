"""Who passes to whom: tiny logs in, whole frames out; small teams leave no trace that subtraction could find."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.facts import facts
from metrics.flows import (
    HANDOFFS,
    NO_KIND,
    OUTSIDE,
    REST,
    SMALL,
    Summary,
    between,
    disclosed,
    folded,
    kinds,
    pairs,
    summary,
)
from metrics.handoffs import HANDOFF_KINDS
from tests.builders import events, teams, ticket, tickets

TEAMS = ("A", "B", "C", "D", "E")


def passed(*lives: str) -> pl.DataFrame:
    """ "1 A>B without_work 60 back fro": ticket, route, kind, minutes lost (- unknown), way back, to and fro."""
    rows = []
    for life in lives:
        number, route, kind, lost, *marks = life.split()
        one, other = route.split(">")
        told = {"ticket_id": number, "from_team": one, "to_team": other, "kind": None if kind == "-" else kind}
        minutes = None if lost == "-" else int(lost)
        rows.append({**told, "lost_minutes": minutes, "bounce_back": "back" in marks, "ping_pong": "fro" in marks})
    return pl.DataFrame(rows, schema=HANDOFFS)


def heads(**people: int) -> pl.DataFrame:
    return pl.DataFrame(list(people.items()), schema={"team_id": pl.String, "people": pl.Int64}, orient="row")


def routes(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return frame.select("from_team", "to_team").rows()


SOME = passed(
    "1 A>B without_work 60",
    "1 B>A after_reply 30 back",
    "2 A>B routing -",
    "3 A>B without_work 90",
    "3 B>A without_work 0 back fro",
    "3 A>B - 6 back fro",
    "4 C>A cover -",
)


def test_pairs_in_their_direction_the_largest_first() -> None:
    columns = ["from_team", "to_team", "handoffs", "tickets", "bounce_backs", "ping_pong", "lost_minutes"]
    found = pairs(SOME)
    assert found.select(*columns, "median_minutes").rows() == [
        ("A", "B", 4, 3, 1, 1, 156, 60.0),
        ("B", "A", 2, 2, 2, 1, 30, 15.0),
        ("C", "A", 1, 1, 0, 0, None, None),
    ]
    assert found.select(HANDOFF_KINDS).rows() == [(1, 0, 0, 0, 2), (0, 0, 0, 1, 1), (0, 1, 0, 0, 0)]


def test_what_came_back_is_of_the_pair_whichever_way_it_went() -> None:
    assert between(SOME).rows() == [("A", "B", 6, 3, 1, 186, 30.0)]


def test_the_kinds_all_of_them_and_their_shares() -> None:
    assert kinds(SOME)["handoffs"].to_list() == [1, 1, 0, 1, 3, 1]
    assert kinds(SOME)["kind"].to_list() == [*HANDOFF_KINDS, NO_KIND]
    assert kinds(SOME.clear())["share"].to_list() == [None] * 6


def test_a_summary_counts_tickets_once_and_knows_what_it_does_not_know() -> None:
    assert summary(SOME) == Summary(7, 4, 2, 1, 186, 30.0, 5)
    assert summary(SOME.clear()) == Summary(0, 0, 0, 0, None, None, 0)


def test_small_teams_stand_together_where_they_are_five_people() -> None:
    some = passed("1 A>B routing 1", "2 B>C routing 1", "3 C>A routing 1", "4 C>B routing 1")
    assert routes(disclosed(some, heads(A=9, B=3, C=2))) == [("A", SMALL), (SMALL, SMALL), (SMALL, "A"), (SMALL, SMALL)]


def test_small_teams_that_are_fewer_than_five_people_are_left_out_of_everything() -> None:
    some = passed("1 A>D routing 1", "2 A>B routing 1", "3 B>C routing 1", "4 C>A routing 1")
    assert routes(disclosed(some, heads(A=9, B=2, C=2, D=9))) == [("A", "D")]
    assert routes(disclosed(some, heads(A=9, B=4, C=9, D=9))) == [("A", "D"), ("C", "A")]
    assert routes(disclosed(some, heads(A=9, C=9, D=9))) == [("A", "D"), ("C", "A")]


def test_who_sees_some_teams_sees_what_these_pass_and_are_passed_and_no_other_name() -> None:
    some = passed("1 A>B routing 1", "2 B>C routing 1", "3 C>A routing 1")
    assert routes(disclosed(some, heads(A=9, B=9, C=9), frozenset("A"))) == [("A", OUTSIDE), (OUTSIDE, "A")]
    assert routes(disclosed(some, heads(A=2, B=9, C=9), frozenset("A"))) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TEAMS), st.sampled_from(TEAMS)), max_size=30),
    st.dictionaries(st.sampled_from(TEAMS), st.integers(1, 8)),
)
def test_no_total_tells_of_a_group_of_fewer_than_five(routes_: list[tuple[str, str]], people: dict[str, int]) -> None:
    """All numbers are sums over the disclosed rows: it is enough that no row of a lone small team is in them."""
    rows = [f"{number} {one}>{other} - -" for number, (one, other) in enumerate(routes_) if one != other]
    some = passed(*rows)
    told = disclosed(some, heads(**people))
    small = {team for route in routes(some) for team in route if people.get(team, 0) < 5}
    enough = len(small) >= 2 and sum(people.get(team, 0) for team in small) >= 5
    kept = [route for route in routes(some) if enough or not small.intersection(route)]
    assert routes(told) == [tuple(SMALL if team in small else team for team in route) for route in kept]
    assert pairs(told)["handoffs"].sum() == len(kept)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TEAMS), st.sampled_from(TEAMS)), max_size=40), st.integers(1, 5))
def test_folding_keeps_every_handoff_and_the_busiest_teams(drawn: list[tuple[str, str]], most: int) -> None:
    some = pairs(passed(*(f"{number} {one}>{other} - -" for number, (one, other) in enumerate(drawn))))
    found = folded(some, most)
    load: dict[str, int] = {}
    for one, other in drawn:
        for team in (one, other):
            load[team] = load.get(team, 0) + 1
    busiest = sorted(load, key=lambda team: (-load[team], team))
    kept = set(busiest if len(busiest) <= most + 1 else busiest[:most])
    twin: dict[tuple[str, str], int] = {}
    for one, other in drawn:
        route = (one if one in kept else REST, other if other in kept else REST)
        twin[route] = twin.get(route, 0) + 1
    assert {(one, other): n for one, other, n in found.rows()} == twin


def lost(life: str) -> list[tuple[str, int | None, bool]]:
    known = facts(tickets(ticket()), events(t1=life), teams("A", "B", "C")).let_gos
    rows = known.filter(pl.col("how") == "handoff").collect()
    told: list[Any] = rows.select("to_team_id", "lost_minutes_calendar", "ping_pong").rows()
    return told


def test_the_wait_runs_until_the_receiver_does_something() -> None:
    assert lost("Mo 09:00 assigned A; Mo 09:10 replied; Mo 10:00 assigned B; Mo 12:30 noted; Mo 13:00 resolved") == [
        ("B", 150, False)
    ]


def test_to_the_first_handoff_belongs_the_time_before_it_where_nothing_was_done() -> None:
    assert lost("Mo 09:00 assigned A; Mo 10:00 assigned B; Mo 10:30 replied; Mo 11:00 resolved") == [("B", 90, False)]


def test_each_minute_is_counted_once_along_a_chain() -> None:
    life = "Mo 09:00 assigned A; Mo 10:00 assigned B; Mo 12:00 assigned C; Mo 13:00 replied C ann; Mo 14:00 resolved"
    assert lost(life) == [("B", 180, False), ("C", 60, False)]


def test_time_on_hold_is_no_wait_of_ours() -> None:
    life = (
        "Mo 09:00 assigned A; Mo 09:00 noted; Mo 09:30 on_hold; Mo 10:00 assigned B; Mo 11:00 off_hold; Mo 12:00 noted"
    )
    assert lost(life) == [("B", 60, False)]


def test_a_handoff_that_nobody_has_taken_up_is_not_over() -> None:
    assert lost("Mo 09:00 assigned A; Mo 09:30 noted; Mo 10:00 assigned B") == [("B", None, False)]


def test_where_no_work_is_logged_the_wait_is_unknown() -> None:
    assert lost("Mo 09:00 assigned A; Mo 10:00 assigned B; Mo 11:00 resolved") == [("B", None, False)]


def test_three_alternations_are_to_and_fro_and_the_way_on_is_not() -> None:
    life = "; ".join(f"Mo {9 + place}:00 assigned {team}" for place, team in enumerate("ABABC")).replace(" 9:", " 09:")
    assert [fro for _, _, fro in lost(life)] == [True, True, True, False]
