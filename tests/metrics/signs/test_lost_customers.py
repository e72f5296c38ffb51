"""Lost customers: who closes their account, or falls silent, within 90 days of being served."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.counts import count
from metrics.facts import facts
from metrics.sign import all_signs
from tests.builders import events, table, teams, ticket, tickets
from tests.metrics.signs.tables import TOLD, WEEK, counted, customers, orders

SERVED = {"t1": "Mo 09:00 opened A; Mo 10:00 resolved"}
ROW = ticket(customer_id="c")


@pytest.mark.parametrize(
    ("account", "counts"),
    [
        ("2023-01-01", (0, 1)),
        ("2023-01-01 2024-01-01", (1, 1)),
        ("2023-01-01 2024-03-30", (1, 1)),
        ("2023-01-01 2024-03-31", (0, 1)),
        ("2023-01-01 2023-12-31", None),
    ],
)
def test_who_closes_within_ninety_days_counts_and_who_had_closed_takes_no_part(
    account: str, counts: tuple[int, int] | None
):
    found = counted("lost_customers", ROW, tables={"customers": customers(c=account)}, **SERVED)
    assert found == ([] if counts is None else [("A", WEEK, *counts)])


EVERY_TEN_DAYS = [f"c A won 2023-12-{day} 2023-12-{day}" for day in ("02", "12", "22")]


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ([], (1, 1)),
        # Every ten days until they stop for good: silent twenty days after the last.
        ([f"c A won {day} {day}" for day in ("2024-01-05", "2024-01-20", "2024-02-05")], (1, 1)),
        ([f"c A won {date(2024, 1, 8) + timedelta(days=12 * n)} -" for n in range(8)], (0, 1)),
        (["c A lost 2024-01-05 2024-01-06"], (1, 1)),
    ],
    ids=["stopped", "went on and stopped", "goes on", "an offer is no purchase"],
)
def test_who_buys_nothing_for_twice_their_usual_interval_counts(later: list[str], counts: tuple[int, int]):
    bought = {"orders": orders(*EVERY_TEN_DAYS, *later)}
    assert counted("lost_customers", ROW, tables=bought, **SERVED) == [("A", WEEK, *counts)]


def test_who_was_silent_before_is_not_lost_by_this_and_who_is_not_known_takes_no_part():
    long_ago = {"orders": orders(*(f"c A won 2023-0{n}-01 2023-0{n}-01" for n in (1, 2, 3)))}
    assert counted("lost_customers", ROW, tables=long_ago, **SERVED) == []
    assert counted("lost_customers", ROW, **SERVED) == []


def test_a_customer_counts_once_for_a_team_in_a_week():
    rows = [ticket(f"t{n}", customer_id="c") for n in (1, 2)]
    lives = {"t1": "Mo 09:00 opened A; Mo 10:00 resolved", "t2": "Mo 09:00 opened A; Tu 10:00 resolved"}
    known = {"customers": customers(c="2023-01-01 2024-02-01")}
    assert counted("lost_customers", *rows, tables=known, **lives) == [("A", WEEK, 1, 1)]


def test_those_who_buy_usually_are_a_stratum_of_their_own():
    frames = {"customers": customers(c="2023-01-01", d="2023-01-01"), "orders": orders(*EVERY_TEN_DAYS)}
    rows = [ticket("t1", customer_id="c", priority="low"), ticket("t2", customer_id="d", priority="low")]
    known = facts(
        tickets(*rows),
        events(**dict.fromkeys(("t1", "t2"), SERVED["t1"])),
        teams("A"),
        horizon=datetime(2025, 1, 1, tzinfo=UTC),
        logged=TOLD,
        **frames,
    )
    for of in (known, facts(tickets(*rows), events(t1=SERVED["t1"], t2=SERVED["t1"]), teams("A"), logged=TOLD,
                            horizon=known.horizon, coded=True, **frames)):  # fmt: skip
        assert count(all_signs()["lost_customers"], of).select("priority", "x", "n").rows() == [
            ("buys usually", 1, 1),
            ("seldom buys", 0, 1),
        ]


def naive(served: list[datetime], bought: list[datetime], closed: date | None, account: bool) -> list[bool]:
    """Lost or not, one entry a time served that takes part. Straight from the definition, with plain loops."""
    found = []
    for at in served:
        before = [one for one in bought if one <= at]
        if closed is not None and closed < at.date():
            continue
        buys = usual_of(before) is not None and at - before[-1] <= 2 * usual_of(before)
        if not account and not buys:
            continue
        gone = closed is not None and closed < at.date() + timedelta(days=90)
        found.append(gone or (buys and any(at < end <= at + timedelta(days=90) for end in silences(bought))))
    return found


def usual_of(bought: list[datetime]) -> timedelta | None:
    gaps = [b - a for a, b in pairwise(bought)][-8:]
    if len(gaps) < 2 or bought[-1] - bought[-3] > timedelta(weeks=52):
        return None
    return max(median(gaps), timedelta(days=7))


def silences(bought: list[datetime]) -> list[datetime]:
    found = []
    for number, at in enumerate(bought):
        usual = usual_of(bought[: number + 1])
        later = bought[number + 1 :]
        if usual is not None and (not later or later[0] > at + 2 * usual):
            found.append(at + 2 * usual)
    return found


days = st.integers(0, 400)


@settings(deadline=None, max_examples=80)
@given(st.lists(days, min_size=1, max_size=4), st.lists(days, max_size=9, unique=True), st.none() | days, st.booleans())
def test_counts_are_those_of_going_through_them_one_by_one(
    served: list[int], bought: list[int], closed: int | None, account: bool
):
    start = datetime(2024, 1, 1, tzinfo=UTC)
    closed_on = None if closed is None or not account else start.date() + timedelta(days=closed)
    times = sorted({start + timedelta(days=day, hours=9) for day in served})
    rows: list[dict[str, Any]] = [ticket(f"t{n}", at, customer_id="c") for n, at in enumerate(times)]
    lives = {f"t{n}": f"{at:%Y-%m-%d} 09:00 opened A; {at:%Y-%m-%d} 10:00 resolved" for n, at in enumerate(times)}
    buys = [start + timedelta(days=day) for day in sorted(bought)]
    won = [{"order_id": f"o{n}", "customer_id": "c", "opened_at": at, "stage": "won"} for n, at in enumerate(buys)]
    held = [{"customer_id": "c", "opened_on": date(2020, 1, 1), "closed_on": closed_on}] if account else []
    known = facts(
        tickets(*rows), events(**lives), teams("A"), logged=TOLD, horizon=start + timedelta(days=900),
        customers=table("customers", held), orders=table("orders", won),
    )  # fmt: skip
    found = all_signs()["lost_customers"].rows(known).collect()
    resolved = [at + timedelta(hours=1) for at in times]
    assert found.sort("at")["counted"].to_list() == naive(resolved, buys, closed_on, account)
