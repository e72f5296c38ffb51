"""Customers, orders and answers of tests, each in a line; and what a sign counts of a little company."""

from datetime import date
from typing import Any

import polars as pl

from metrics.counts import count
from metrics.facts import facts
from metrics.log import Logged
from metrics.sign import counted_signs
from tests.builders import events, standards, table, teams, tickets, when

TOLD = Logged(replies=True, notes=True, reopens=True)
WEEK, NEXT = date(2024, 1, 1), date(2024, 1, 8)


def customers(**lines: str) -> pl.DataFrame:
    """`c="2023-05-01 2024-02-01 referral North"`: opened, closed, how they came, branch; `-` is null."""
    rows = []
    for customer_id, line in lines.items():
        opened, closed, road, branch = [None if word == "-" else word for word in [*line.split(), "-", "-", "-"][:4]]
        told = {"opened_on": date.fromisoformat(str(opened)), "closed_on": closed and date.fromisoformat(closed)}
        rows.append({"customer_id": customer_id, **told, "acquired_by": road, "branch": branch})
    return table("customers", rows)


def orders(*lines: str) -> pl.DataFrame:
    """`"c A won 2024-01-05 2024-01-09 100"`: customer, team, stage, opened, closed?, amount?; `-` is null."""
    rows = []
    for number, line in enumerate(lines):
        customer, team, stage, opened, closed, amount = [
            None if word == "-" else word for word in [*line.split(), "-", "-"][:6]
        ]
        rows.append(
            {
                "order_id": f"o{number}",
                "customer_id": customer,
                "team_id": team,
                "stage": stage,
                "opened_at": when(f"{opened} 12:00"),
                "closed_at": closed and when(f"{closed} 12:00"),
                "amount": amount and float(amount),
            }
        )
    return table("orders", rows)


def answers(team: str, day: str, question: str, *scores: float, of: str = "staff", scale: float = 5) -> pl.DataFrame:
    rows = [
        {
            "team_id": team,
            "asked_on": date.fromisoformat(day),
            "asked_of": of,
            "question": question,
            "seq": seq,
            "score": float(score),
            "scale_max": float(scale),
        }
        for seq, score in enumerate(scores)
    ]
    return table("surveys", rows)


def counted(
    key: str,
    *rows: dict[str, Any],
    staff: pl.DataFrame | None = None,
    until: str = "2025-06-01 00:00",
    tables: dict[str, pl.DataFrame] | None = None,
    **lives: str,
) -> list[tuple[Any, ...]]:
    """(team or branch, week, x, n) of a sign, sorted."""
    known = facts(
        tickets(*rows),
        events(**lives),
        teams("A", "B") if staff is None else staff,
        None,
        standards(x=60),
        horizon=when(until),
        logged=TOLD,
        **(tables or {}),
    )
    found = count(counted_signs()[key], known).group_by("team_id", "week").agg(pl.col("x", "n").sum())
    return found.sort("team_id", "week").rows()
