"""A made company's lake for the benchmarks: tickets and events in parts, sorted as in the lake. Seeded."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.frames import empty

Numbers = NDArray[np.integer]
PARTS = 8
TEAMS = 200
START = np.datetime64("2024-01-01T00:00:00", "us").astype(np.int64)
DAYS = 728
MINUTE = 60_000_000
CATEGORIES = [f"category {number}" for number in range(24)]
SIMPLE = CATEGORIES[:8]
CHANNELS = ["phone", "email", "chat", "web"]
PRIORITIES = ["low", "normal", "high", "urgent"]


def make(folder: Path, tickets: int, seed: int = 20260101) -> None:
    """Write `tickets` tickets with about six events each under `folder`: tickets/part=0/0.parquet and so on."""
    for part in range(PARTS):
        rng = np.random.default_rng([seed, part])
        rows, first_team = _tickets(rng, part, tickets // PARTS)
        for name, frame in (("tickets", rows), ("events", _events(rng, rows, first_team))):
            path = folder / name / f"part={part}"
            path.mkdir(parents=True, exist_ok=True)
            whole(name, frame).write_parquet(path / "0.parquet", compression="snappy", row_group_size=1_000_000)
    whole("teams", teams()).write_parquet(folder / "teams.parquet")
    standards().write_parquet(folder / "standards.parquet")


def whole(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """With all columns of the contract, null where none are made."""
    schema = empty(table).schema
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(list(schema))


def teams() -> pl.DataFrame:
    numbers = np.arange(TEAMS)
    return pl.DataFrame(
        {
            "team_id": [f"team {number:03d}" for number in numbers],
            "name": [f"team {number:03d}" for number in numbers],
            "function": np.where(numbers % 20 == 0, "dispatch", "front_office"),
            "line": (numbers % 3 + 1).astype(np.int8),
        }
    )


def standards() -> pl.DataFrame:
    return pl.DataFrame({"category": SIMPLE, "simple": True, "standard_minutes": np.arange(1, 9) * 240})


def _names(prefix: str, numbers: Numbers, digits: int) -> pl.Series:
    return prefix + pl.Series(numbers).cast(pl.String).str.zfill(digits)


def _tickets(rng: np.random.Generator, part: int, count: int) -> tuple[pl.DataFrame, Numbers]:
    opened = np.sort(START + rng.integers(0, DAYS * 1440, count) * MINUTE)
    # A team knows a few subjects and answers in one or two channels, as teams do.
    team = rng.integers(0, TEAMS, count)
    category = (team // 4 * 3 + rng.choice(5, count, p=[0.35, 0.25, 0.2, 0.15, 0.05])) % len(CATEGORIES)
    channel = (team // 8 + (rng.random(count) < 0.3)) % len(CHANNELS)
    customers = rng.integers(0, max(count // 3, 1), count) * PARTS + part
    csat = rng.integers(1, 6, count)
    frame = pl.DataFrame(
        {
            "ticket_id": _names("T", np.arange(count) * PARTS + part, 9),
            "customer_id": _names("c", customers, 19),
            "opened_at": pl.Series(opened).cast(pl.Datetime("us", "UTC")),
            "channel": pl.Series(CHANNELS).gather(channel),
            "category": pl.Series(CATEGORIES).gather(category),
            "priority": pl.Series(PRIORITIES).gather(rng.choice(4, count, p=[0.2, 0.5, 0.2, 0.1])),
            "origin": pl.Series(["customer", "proactive"]).gather((rng.random(count) < 0.05).astype(np.int64)),
            "is_complaint": rng.random(count) < 0.06,
            "csat": pl.Series(np.where(rng.random(count) < 0.2, csat, 0)).cast(pl.Int8).replace(0, None),
        }
    )
    return frame, team


# What may happen to a ticket, in this order, and how often: (kind, shares of 0, 1, 2, ... times).
LIFE: tuple[tuple[str, list[float]], ...] = (
    ("opened", [0, 1]),
    ("assigned", [0.70, 0.20, 0.07, 0.03]),
    ("noted", [0.45, 0.35, 0.20]),
    ("replied", [0.15, 0.55, 0.30]),
    ("customer_replied", [0.60, 0.40]),
    ("resolved", [0.02, 0.98]),
    ("reopened", [0.95, 0.05]),
    ("resolved", [0.95, 0.05]),
    ("closed", [0.10, 0.90]),
)


def _events(rng: np.random.Generator, tickets: pl.DataFrame, first_team: Numbers) -> pl.DataFrame:
    """Assignments, notes and replies come in any order among themselves; what ends a ticket comes at the end."""
    count = len(tickets)
    ticket, kind, rank = [], [], []
    for number, (name, shares) in enumerate(LIFE):
        times = rng.choice(len(shares), count, p=shares)
        which = np.repeat(np.arange(count), times)
        middle = name in {"assigned", "noted", "replied", "customer_replied"}
        ticket.append(which)
        kind.append(np.full(len(which), number))
        rank.append(1 + rng.random(len(which)) if middle else np.full(len(which), float(number and number + 2)))
    which, step, order = np.concatenate(ticket), np.concatenate(kind), np.concatenate(rank)
    place = np.lexsort((order, which))
    which, step = which[place], step[place]
    return _frame(rng, tickets, first_team[which], which, step)


def _frame(
    rng: np.random.Generator, tickets: pl.DataFrame, home: Numbers, which: Numbers, step: Numbers
) -> pl.DataFrame:
    first = np.append(True, which[1:] != which[:-1])
    begins = np.flatnonzero(first)
    run = np.cumsum(first) - 1
    gap = np.where(first, 0, rng.exponential(260, len(which)).astype(np.int64))
    waited = np.cumsum(gap)
    at = tickets["opened_at"].to_physical().to_numpy()[which] + (waited - waited[begins][run]) * MINUTE
    moves = np.cumsum(step == 1)
    # A ticket wanders among neighbours: to and fro in some, ever further in others.
    moved = moves - moves[begins][run]
    team = (home + np.where(which % 3 == 0, moved % 2, moved)) % TEAMS
    kinds = pl.Series([name for name, _ in LIFE])
    actor = np.where(step == 4, 1, np.where(rng.random(len(which)) < 0.05, 2, 0))
    return pl.DataFrame(
        {
            "ticket_id": tickets["ticket_id"].gather(which),
            "at": pl.Series(at).cast(pl.Datetime("us", "UTC")),
            "kind": kinds.gather(step),
            "seq": (np.arange(len(which)) - begins[run]).astype(np.int32),
            "team_id": pl.Series([f"team {number:03d}" for number in range(TEAMS)]).gather(team),
            "agent_id": _names("a", team * 8 + which % 8, 19),
            "actor": pl.Series(["agent", "customer", "system"]).gather(actor),
        }
    )
