"""Counts: once a ticket, team and week; the same however the company is cut; and final once mature."""

import importlib.util
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.clocks import clocks_of
from metrics.counts import COUNTS, KEY, Shared, add_up, count, count_all, count_partition, matures_at
from metrics.facts import facts
from metrics.log import Logged, what_is_logged
from metrics.sign import all_signs
from metrics.standards import STANDARDS, derive
from tests.builders import events, standards, table, teams, ticket, tickets, when
from tests.metrics.logs import TOKYO, companies

SIGNS = all_signs()
TOLD = Logged(replies=True, notes=True, reopens=True)
often = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def counted(key: str, *rows: dict[str, Any], more: pl.DataFrame | None = None, **lives: str) -> list[tuple[Any, ...]]:
    known = facts(tickets(*rows), events(**lives), teams("A", "B"), more, standards(x=60), logged=TOLD)
    return count(SIGNS[key], known).sort("team_id", "week").select("team_id", "week", "x", "n").rows()


WEEK, NEXT = date(2024, 1, 1), date(2024, 1, 8)


def test_slow_simple_counts_what_missed_its_standard_in_the_week_of_opening():
    rows = [ticket(f"t{n}", category="x") for n in (1, 2, 3)] + [ticket("t4", category="hard")]
    lives = {
        "t1": "Mo 09:00 opened A; Mo 09:30 resolved; Mo+1 09:00 closed",
        "t2": "Mo 09:00 opened A; Mo 10:01 resolved",
        "t3": "Mo 09:00 opened A; Mo 09:10 assigned B",
        "t4": "Mo 09:00 opened A",
    }
    assert counted("slow_simple", *rows, **lives) == [("A", WEEK, 1, 2), ("B", WEEK, 1, 1)]


def test_small_complaints_counts_marks_and_low_satisfaction_of_simple_tickets():
    told = [{"is_complaint": True}, {"csat": 2}, {"csat": 3, "is_complaint": False}, {}]
    rows = [ticket(f"t{n}", category="x", **more) for n, more in enumerate(told)]
    rows.append(ticket("t9", category="hard", is_complaint=True))
    lives = {row["ticket_id"]: "Mo 09:00 opened A" for row in rows}
    assert counted("small_complaints", *rows, **lives) == [("A", WEEK, 2, 4)]


def test_a_complaint_belongs_to_who_held_the_ticket_in_its_first_week():
    text = "Mo 09:00 opened A; Tu+1 09:00 assigned B; Tu+1 10:00 resolved"
    assert counted("small_complaints", ticket(category="x", csat=1), t1=text) == [("A", WEEK, 1, 1)]


def test_buck_passing_counts_a_ticket_once_for_a_team_in_a_week():
    text = (
        "Mo 09:00 opened A; Mo 09:10 noted A; Mo 10:00 assigned B; Mo 11:00 assigned A; Tu 11:00 assigned B; "
        "Mo+1 09:00 noted B; Mo+1 10:00 resolved B"
    )
    assert counted("buck_passing", ticket(), t1=text) == [("A", WEEK, 1, 1), ("B", WEEK, 1, 1), ("B", NEXT, 0, 1)]


def test_two_teams_that_let_one_ticket_go_in_one_week_count_apart_when_neither_is_counted():
    text = "Mo 09:00 opened A; Mo 09:10 noted A; Mo 10:00 assigned B; Mo 11:00 resolved"
    assert counted("buck_passing", ticket(), t1=text) == [("A", WEEK, 0, 1), ("B", WEEK, 0, 1)]


def test_a_summary_says_nothing_of_who_passed_a_ticket_on():
    told = ticket("t2", team_id="A", resolved_at=when("Tu 09:00"), team_stations=3)
    assert counted("buck_passing", ticket(), told, t1="Mo 09:00 opened A; Tu 09:00 resolved") == [("A", WEEK, 0, 1)]


def test_repeats_are_charged_to_the_team_that_resolved_the_ticket_that_triggered_them():
    rows = [
        ticket("t1", customer_id="c", category="x"),
        ticket("t2", "Th 09:00", customer_id="c", category="x"),
        ticket("t3", category="x", team_id="B", resolved_at=when("Tu 09:00"), reopens=2),
    ]
    lives = {
        "t1": "Mo 09:00 opened A; Mo 10:00 resolved; Mo 12:00 reopened; Mo 13:00 resolved",
        "t2": "Th 09:00 opened B; Th 10:00 resolved",
    }
    assert counted("repeat_complaints", *rows, **lives) == [("A", WEEK, 1, 1), ("B", WEEK, 1, 2)]


def test_what_nobody_held_is_charged_to_nobody():
    assert counted("repeat_complaints", ticket(), t1="Mo 09:00 opened -; Mo 10:00 resolved") == []


def test_a_week_is_the_team_s_own():
    known = facts(
        tickets(ticket("t1", "Su 14:00"), ticket("t2", "Su 15:00")),
        events(t1="Su 14:00 opened T; Su 14:30 resolved", t2="Su 15:00 opened T; Su 15:30 resolved"),
        teams(T={"calendar": TOKYO}),
        logged=TOLD,
    )
    found = count(SIGNS["repeat_complaints"], known)
    assert sorted(found.select("week", "n").rows()) == [(WEEK, 1), (NEXT, 1)]
    assert found.schema == COUNTS


def test_hard_tickets_given_to_one_team_do_not_move_its_simple_signs():
    days = ["Mo 09:00", "Tu 09:00", "We 09:00", "Th 09:00"]
    easy = [ticket(f"e{n:03}", days[n % 4], category="easy", csat=n % 5 + 1) for n in range(220)]
    lives = {row["ticket_id"]: life(row, "A" if n % 2 else "B", 5 + 7 * (n % 40)) for n, row in enumerate(easy)}
    hard = [ticket(f"h{n:03}", "Mo 09:00", category="hard", csat=1, is_complaint=True) for n in range(300)]
    heavy = {row["ticket_id"]: life(row, "A", 4000) for row in hard}

    def signs(rows: list[dict[str, Any]], texts: dict[str, str]) -> list[pl.DataFrame]:
        frames = tickets(*rows), events(**texts), teams("A", "B")
        plain = facts(*frames, logged=TOLD)
        found = facts(*frames, standards=derive(plain.tickets, plain.clocks), logged=TOLD, horizon=when("Mo+9 00:00"))
        return [count(SIGNS[key], found).sort(KEY) for key in ("slow_simple", "small_complaints")]

    before, after = signs(easy, lives), signs([*easy, *hard], {**lives, **heavy})
    assert before[0]["x"].sum() > 0
    assert [frame.rows() for frame in before] == [frame.rows() for frame in after]


def life(row: dict[str, Any], team: str, minutes: int) -> str:
    opened, done = (
        at.strftime("%Y-%m-%d %H:%M") for at in (row["opened_at"], row["opened_at"] + timedelta(minutes=minutes))
    )
    return f"{opened} opened {team}; {done} resolved"


def test_a_week_matures_when_the_last_calendar_has_reached_it():
    clocks = clocks_of(teams("A", T={"calendar": TOKYO}, N={"calendar": "Mo-Fr 09:00-17:00 @ America/New_York"}))
    slow = matures_at(SIGNS["slow_simple"], [WEEK], clocks, standards(x=60, y=600, hard=-99999))
    again = matures_at(SIGNS["repeat_complaints"], [WEEK, NEXT], clocks, None)
    # New York's Sunday ends at 05:00 UTC, and its 600 minutes on Tuesday at 11:00 there; Tokyo needs three days;
    # then two more in which a ticket may come back.
    assert slow.rows() == [("slow_simple", WEEK, datetime(2024, 1, 12, 1, 1, tzinfo=UTC))]
    assert again["matures_at"].to_list() == [datetime(2024, 1, 22, 5, tzinfo=UTC), datetime(2024, 1, 29, 5, tzinfo=UTC)]


@often
@given(companies(), st.integers(0, 40 * 24))
def test_cutting_the_data_at_any_hour_changes_no_mature_week(company: dict[str, Any], hour: int):
    until = when("Mo 00:00") + timedelta(hours=hour)
    whole, cut = company, truncated(company, until)
    table_of_standards = pl.DataFrame(company["standards"], schema=STANDARDS)
    logged = what_is_logged(table("events", company["events"]).lazy())
    clocks = clocks_of(table("teams", company["teams"]))
    weeks = [WEEK + timedelta(weeks=number) for number in range(-1, 8)]
    for sign in SIGNS.values():
        mature = matures_at(sign, weeks, clocks, table_of_standards).filter(pl.col("matures_at") <= until)["week"]
        found = []
        for data in (whole, cut):
            frames = {name: table(name, data[name]) for name in ("tickets", "events", "teams", "absences")}
            known = facts(**frames, standards=table_of_standards, horizon=data["horizon"], logged=logged)
            found.append(count(sign, known).filter(pl.col("week").is_in(mature.implode())).sort(KEY).rows())
        assert found[0] == found[1], sign.key


def at_the_cut(key: str, company: dict[str, Any], until: datetime) -> list[tuple[Any, ...]]:
    """The first week's counts of a sign as they stood at that instant."""
    data = truncated(company, until)
    frames = {name: table(name, data[name]) for name in ("tickets", "events", "teams", "absences")}
    known = facts(**frames, standards=standards(x=60), horizon=data["horizon"], logged=TOLD)
    return count(SIGNS[key], known).filter(pl.col("week") == WEEK).select("team_id", "x", "n").rows()


LATE = {"category": "x", "customer_id": "c"}
SUNDAY = ticket("t1", "Su 10:00", **LATE)


@pytest.mark.parametrize(
    ("key", "rows", "lives", "early"),
    [
        ("slow_simple", [SUNDAY], {"t1": "Su 10:00 opened A; Mo+1 09:30 assigned B"}, "Mo+1 09:00"),
        ("small_complaints", [SUNDAY], {"t1": "Su 10:00 opened A; Sa+1 09:00 assigned B"}, "Fr+1 09:00"),
        ("buck_passing", [ticket("t1", "Mo 09:00")], {"t1": "Mo 09:00 opened A bob; Su 12:00 assigned B"}, "Su 23:59"),
        (
            "repeat_complaints",
            [ticket("t1", "Mo 09:00", **LATE), ticket("t2", "Sa+2 09:00", **LATE)],
            {"t1": "Mo 09:00 opened A; Su 12:00 resolved"},
            "Fr+2 09:00",
        ),
        (
            "repeat_complaints",
            [ticket("t1", "Mo 09:00", **LATE)],
            {"t1": "Mo 09:00 opened A; Su 12:00 resolved; Su+2 11:00 reopened"},
            "Sa+2 09:00",
        ),
    ],
)  # fmt: skip
def test_a_week_is_not_called_mature_while_it_can_still_change(
    key: str, rows: list[dict[str, Any]], lives: dict[str, str], early: str
):
    away = [{"person_id": "bob", "from_on": NEXT, "to_on": NEXT, "kind": "sick"}]
    company = {
        "tickets": tickets(*rows).to_dicts(),
        "events": events(**lives).to_dicts(),
        "teams": teams("A", "B").to_dicts(),
        "absences": away,
        "horizon": when("Mo+8 00:00"),
    }
    matures = matures_at(SIGNS[key], [WEEK], clocks_of(teams("A", "B")), standards(x=60))["matures_at"].item()
    final = at_the_cut(key, company, company["horizon"])
    assert at_the_cut(key, company, when(early)) != final
    assert when(early) < matures
    assert at_the_cut(key, company, matures) == final


def truncated(company: dict[str, Any], until: datetime) -> dict[str, Any]:
    """The company as it stood at that instant. Marks of complaint and satisfaction carry no date: they stay."""

    def known(row: dict[str, Any]) -> dict[str, Any]:
        dated = ("first_replied_at", "resolved_at")
        return {**row, **{name: None for name in dated if row[name] and row[name] > until}}

    return {
        **company,
        "tickets": [known(row) for row in company["tickets"] if row["opened_at"] <= until],
        "events": [row for row in company["events"] if row["at"] <= until],
        "absences": [row for row in company["absences"] if row["from_on"] <= until.date()],
        "horizon": min(until, company["horizon"]),
    }


def part(number: int) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """One of three parts of a little company; a customer lies in one of them."""
    ids = [f"t{number}{n}" for n in range(4)]
    days = ("Mo 09:00", "We 09:00", "Fr 09:00", "Tu+1 09:00")
    rows = [ticket(i, day, customer_id=f"c{number}", category="x") for i, day in zip(ids, days, strict=True)]
    lives = {
        i: life(row, "AB"[(n + number) % 2], 30 + 40 * n) for n, (i, row) in enumerate(zip(ids, rows, strict=True))
    }
    return tickets(*rows).lazy(), events(**lives).lazy()


SHARED = Shared(teams("A", "B"), table("absences", []), standards(x=60), TOLD, when("Mo+9 00:00"))
PARTS = [partial(part, number) for number in range(3)]


def whole_company() -> pl.DataFrame:
    both = [pl.concat(frames) for frames in zip(*(read() for read in PARTS), strict=True)]
    known = facts(*both, SHARED.teams, standards=SHARED.standards, logged=TOLD, horizon=SHARED.horizon)
    return pl.concat([count(sign, known) for sign in SIGNS.values()]).sort(KEY)


@contextmanager
def dask_cluster() -> Iterator[Executor]:
    from distributed import Client

    with Client(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as client:
        yield client.get_executor()


def other_processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


@pytest.mark.parametrize(
    "made", [lambda: ThreadPoolExecutor(2), other_processes, dask_cluster], ids=["threads", "processes", "dask"]
)
def test_parts_counted_anywhere_and_summed_are_the_whole(made: Any):
    if made is dask_cluster and importlib.util.find_spec("distributed") is None:
        pytest.skip("distributed is not installed")
    with made() as executor:
        found = count_all(PARTS, SHARED, executor=executor)
    assert found.equals(whole_company())
    assert found["n"].sum() > 0


def test_adding_up_nothing_is_no_counts_and_twice_the_same_is_twice():
    cells = count_partition(SHARED, list(SIGNS), PARTS[0])
    once, twice = add_up([cells], SHARED.whole), add_up([cells, cells], SHARED.whole)
    assert twice.equals(once.with_columns(pl.col("x", "n") * 2))
    assert add_up([]).equals(COUNTS.to_frame())
