"""Tiny frames for tests: a ticket's life in one line of text."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from metrics.frames import empty

# A Monday, so that a table in a test reads as a week.
START = datetime(2024, 1, 1, tzinfo=UTC)


def when(text: str) -> datetime:
    """'Tu 09:30' of the first week, 'Tu+2 09:30' of the third, 'Tu 09:30:15' with seconds, or an ISO date."""
    if text[:4].isdigit():
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    day, clock = text.split()
    name, _, weeks = day.partition("+")
    offset = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].index(name) + 7 * int(weeks or 0)
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return START + timedelta(days=offset, hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a table of the contract; columns that are not given are null."""
    return pl.DataFrame(rows, schema=empty(name).schema)


def ticket(ticket_id: str = "t1", opened_at: str | datetime = "Mo 09:00", **more: Any) -> dict[str, Any]:
    at = when(opened_at) if isinstance(opened_at, str) else opened_at
    return {"ticket_id": ticket_id, "opened_at": at, **more}


def tickets(*rows: dict[str, Any]) -> pl.DataFrame:
    return table("tickets", list(rows))


def events(**lives: str) -> pl.DataFrame:
    """`t1="Mo 09:00 opened A; Mo 09:10 replied A ann; Mo 10:00 resolved"`: instant, kind, team?, agent?, actor?.

    `-` is null. Rows keep their order as `seq`.
    """
    rows = []
    for ticket_id, life in lives.items():
        for seq, line in enumerate(part.strip() for part in life.split(";") if part.strip()):
            day, clock, kind, *rest = line.split()
            team, agent, actor = [None if value == "-" else value for value in [*rest, "-", "-", "-"][:3]]
            rows.append(
                {
                    "ticket_id": ticket_id,
                    "at": when(f"{day} {clock}"),
                    "kind": kind,
                    "seq": seq,
                    "team_id": team,
                    "agent_id": agent,
                    "actor": actor,
                }
            )
    return table("events", rows)


def teams(*names: str, **more: dict[str, Any]) -> pl.DataFrame:
    """Teams of the front office that keep the default hours; `B={"function": "dispatch"}` says otherwise."""
    plain = {"branch": None, "function": "front_office", "line": None, "manager": None, "calendar": None}
    rows = [{"team_id": name, "name": name, **plain, **more.get(name, {})} for name in [*names, *more]]
    return table("teams", list({row["team_id"]: row for row in rows}.values()))


def absences(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """(person, first day, last day), days as in `when`."""
    days = [(person, when(f"{a} 00:00").date(), when(f"{b} 00:00").date()) for person, a, b in rows]
    return table("absences", [{"person_id": p, "from_on": a, "to_on": b, "kind": "sick"} for p, a, b in days])


def standards(**categories: int | None) -> pl.DataFrame:
    """Simple categories with their standard in business minutes; a negative number is a category that is not simple."""
    from metrics.standards import STANDARDS

    rows = [
        {"category": name, "simple": minutes is not None and minutes >= 0, "standard_minutes": minutes and abs(minutes)}
        for name, minutes in categories.items()
    ]
    return pl.DataFrame(rows, schema=STANDARDS)
