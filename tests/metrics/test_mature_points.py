"""A point that has matured is final for every sign and companion: cutting the data at any day changes none of them."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.clocks import clocks_of
from metrics.counts import KEY, Part, Shared, count, count_all, matures_at
from metrics.facts import facts
from metrics.log import Logged
from metrics.sign import counted_signs
from tests.builders import START, standards, table

DAYS = 300
TOLD = Logged(replies=True, notes=True, reopens=True)
ALWAYS = standards(x=60, y=600)
CLOSINGS = {"customers": "closed_on", "orders": "closed_at"}
TEAMS = table(
    "teams",
    [
        {"team_id": "A", "name": "A", "branch": "North", "function": "front_office"},
        {"team_id": "B", "name": "B", "branch": "South", "function": "sales"},
    ],
)
often = settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
days = st.integers(0, DAYS)
owners = st.sampled_from(["c1", "c2", "c3", None])
held_by = st.sampled_from(["A", "B"])


@st.composite
def logs(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """A company over most of a year: complaints by many agents, customers who come, buy and go, and who was asked."""
    spread = draw(st.integers(20, 90))
    complaints = draw(st.lists(st.tuples(days, owners, held_by, st.integers(1, 4000)), min_size=4, max_size=25))
    tickets, events = [], []
    for number, (day, owner, team, minutes) in enumerate(complaints):
        opened = START + timedelta(days=day, hours=9)
        ticket_id = f"t{number:03}"
        about = {"category": "x" if number % 3 else "y", "is_complaint": True, "csat": 1 if number % 5 == 0 else None}
        tickets.append({"ticket_id": ticket_id, "customer_id": owner, "opened_at": opened, **about})
        steps = [("opened", 0), ("escalated", minutes // 2), ("resolved", minutes), ("reopened", minutes + spread * 60)]
        for seq, (kind, after) in enumerate(steps[: 2 + number % 3]):
            who = f"p{number % 7}"
            told = {
                "ticket_id": ticket_id,
                "kind": kind,
                "seq": seq,
                "team_id": team,
                "agent_id": who,
                "actor": "agent",
            }
            events.append({**told, "at": opened + timedelta(minutes=after)})
    bought = draw(st.lists(st.tuples(days, st.integers(0, 60), owners, st.sampled_from(["won", "lost"])), max_size=25))
    orders = [
        {
            "order_id": f"o{number:03}",
            "customer_id": owner,
            "team_id": "B",
            "stage": stage,
            "amount": 10.0 * (number + 1),
            "opened_at": START + timedelta(days=day),
            "closed_at": START + timedelta(days=day + later),
        }
        for number, (day, later, owner, stage) in enumerate(bought)
    ]
    came = draw(
        st.lists(st.tuples(days, st.none() | st.integers(0, 200), st.sampled_from(["North", "South"])), max_size=9)
    )
    customers = [
        {
            "customer_id": f"c{number}",
            "opened_on": (START + timedelta(days=day)).date(),
            "closed_on": None if stay is None else (START + timedelta(days=day + stay)).date(),
            "acquired_by": "referral" if number % 2 else "shop",
            "branch": branch,
        }
        for number, (day, stay, branch) in enumerate(came)
    ]
    asked = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=20))
    surveys = [
        {
            "team_id": "B",
            "asked_on": (START + timedelta(days=30 * month)).date(),
            "asked_of": "staff",
            "question": "workload",
            "seq": number,
            "score": float(score),
            "scale_max": 5.0,
        }
        for number, (month, score) in enumerate(asked)
    ]
    return {"tickets": tickets, "events": events, "orders": orders, "customers": customers, "surveys": surveys}


def as_it_stood(log: dict[str, list[dict[str, Any]]], until: datetime) -> dict[str, list[dict[str, Any]]]:
    """What was known at that instant: nothing that came later, and what ended later had not ended."""

    def order(row: dict[str, Any]) -> dict[str, Any]:
        return row if row["closed_at"] <= until else {**row, "stage": "open", "closed_at": None}

    def customer(row: dict[str, Any]) -> dict[str, Any]:
        return row if row["closed_on"] is None or row["closed_on"] <= until.date() else {**row, "closed_on": None}

    return {
        "tickets": [row for row in log["tickets"] if row["opened_at"] <= until],
        "events": [row for row in log["events"] if row["at"] <= until],
        "orders": [order(row) for row in log["orders"] if row["opened_at"] <= until],
        "customers": [customer(row) for row in log["customers"] if row["opened_on"] <= until.date()],
        "surveys": [row for row in log["surveys"] if row["asked_on"] <= until.date()],
    }


def counted(log: dict[str, list[dict[str, Any]]], key: str, horizon: datetime) -> pl.DataFrame:
    frames = {name: table(name, rows) for name, rows in log.items()}
    tickets, events = frames.pop("tickets"), frames.pop("events")
    known = facts(tickets, events, TEAMS, None, ALWAYS, horizon=horizon, logged=TOLD, **frames)
    return count(counted_signs()[key], known)


@often
@given(logs(), st.integers(20, DAYS + 100))
def test_cutting_the_data_at_any_day_changes_no_mature_point(log: dict[str, list[dict[str, Any]]], day: int):
    until = START + timedelta(days=day)
    last = START + timedelta(days=DAYS + 500)
    log = {**log, "tickets": sorted(log["tickets"], key=lambda row: row["opened_at"])}
    # Both know the company since its first ticket: what comes before that is not asked for.
    weeks = [START.date() + timedelta(weeks=number) for number in range(60)]
    first = log["tickets"][0]["opened_at"].date()
    for key, sign in counted_signs().items():
        mature = matures_at(sign, weeks, clocks_of(TEAMS), ALWAYS).filter(pl.col("matures_at") <= until)["week"]
        seen = mature.filter(mature >= first).implode()
        whole, cut = (
            counted(data, key, horizon).filter(pl.col("week").is_in(seen)).sort(KEY)
            for data, horizon in ((log, last), (as_it_stood(log, until), until))
        )
        # A unit that is not in the cut data yet has no row of it, where the whole has one of nothing.
        assert whole.filter(pl.col("x") > 0).equals(cut.filter(pl.col("x") > 0)), key
        both = cut.join(whole, on=KEY, how="left", nulls_equal=True, suffix="_whole")
        assert (both["n"] == both["n_whole"]).all(), key


def part_of(log: dict[str, list[dict[str, Any]]], number: int) -> Part:
    """Of three parts: all of one customer lies in one; answers lie in the first."""

    def mine(row: dict[str, Any]) -> bool:
        owner = row.get("customer_id") or row.get("ticket_id") or row.get("order_id")
        return owner is not None and sum(owner.encode()) % 3 == number

    tickets = [row for row in log["tickets"] if mine(row)]
    here = {row["ticket_id"] for row in tickets}
    rows = {
        "tickets": sorted(tickets, key=lambda row: row["ticket_id"]),
        "events": sorted(
            (row for row in log["events"] if row["ticket_id"] in here),
            key=lambda row: (row["ticket_id"], row["at"], row["seq"]),
        ),
        "customers": [row for row in log["customers"] if mine(row)],
        "orders": [row for row in log["orders"] if mine(row)],
        "surveys": log["surveys"] if number == 0 else [],
    }
    return Part(**{name: table(name, held).lazy() for name, held in rows.items()})


@often
@given(logs())
def test_parts_counted_apart_and_put_together_are_the_whole(log: dict[str, list[dict[str, Any]]]):
    horizon = START + timedelta(days=DAYS + 500)
    opened = min(row["opened_at"] for row in log["tickets"]).date()
    since = opened - timedelta(days=opened.weekday())
    shared = Shared(TEAMS, table("absences", []), ALWAYS, TOLD, horizon, since)
    apart = count_all([partial(part_of, log, number) for number in range(3)], shared)
    for key in counted_signs():
        whole = counted(log, key, horizon)
        assert apart.filter(pl.col("sign") == key).equals(whole.sort(KEY)), key
