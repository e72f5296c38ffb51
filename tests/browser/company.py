"""A small company's log as two files: one of its teams begins to pass customers on. Seeded."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta

TEAMS = ("Billing", "Claims", "Deliveries", "Returns", "Web")
TROUBLED = "Deliveries"
WEEKS = 45
TROUBLE_FROM = 37
A_WEEK = 30
FIRST = datetime(2025, 1, 6, 9, tzinfo=UTC)


def files() -> dict[str, str]:
    """tickets.csv and events.csv, with the contract's own columns."""
    chance = random.Random(7)
    tickets, events = [], []
    for week in range(WEEKS):
        for team in TEAMS:
            for _ in range(A_WEEK):
                number = f"T{len(tickets):05}"
                opened = FIRST + timedelta(weeks=week, days=chance.randrange(5), minutes=chance.randrange(420))
                category = chance.choice(("damaged", "invoice", "login"))
                tickets.append((number, f"c{chance.randrange(4000)}", opened.isoformat(), "email", category, "normal"))
                share = 0.45 if team == TROUBLED and week >= TROUBLE_FROM else 0.08
                events += _life(chance, number, opened, team, passed_on=chance.random() < share)
    return {
        "tickets.csv": _csv(("ticket_id", "customer_id", "opened_at", "channel", "category", "priority"), tickets),
        "events.csv": _csv(("ticket_id", "at", "kind", "team_id", "agent_id", "actor"), events),
    }


Event = tuple[str, str, str, str, str, str]


def _life(chance: random.Random, number: str, opened: datetime, team: str, *, passed_on: bool) -> list[Event]:
    """Opened at a team, passed on without a word or not, answered and resolved."""
    at = opened

    def event(kind: str, minutes: int, where: str, actor: str = "agent") -> Event:
        nonlocal at
        at += timedelta(minutes=minutes)
        return number, at.isoformat(), kind, where, f"{where}-{chance.randrange(7)}", actor

    life = [event("opened", 0, team, "customer"), event("assigned", 45, team)]
    if passed_on:
        team = chance.choice([other for other in TEAMS if other != team])
        life.append(event("assigned", 60, team))
    return [*life, event("replied", 20 + chance.randrange(60), team), event("resolved", 5, team)]


def _csv(header: tuple[str, ...], rows: list[tuple[str, ...]] | list[Event]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
