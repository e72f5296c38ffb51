"""A small company in two versions, with everything in it that could give a small team away."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from data.home import Home
from data.lake import Lake
from tests.builders import table

FIRST = date(2024, 1, 1)
WEEKS, MORE = 6, 8  # of the first version, and of the second
CHANNELS = ("phone", "mail", "web")
CATEGORIES = ("bill", "loss", "move")
# Surveys: from when on, for how many weeks, and about what.
ASKED_FROM, ASKED_WEEKS = date(2023, 4, 3), 26
ASKED = ("honesty", "buy: helpfulness", "use: helpfulness")
# Team: branch, people in the first version, in the second.
TEAMS: dict[str, tuple[str, int, int]] = {
    "bills": ("North", 8, 8),
    "parcels": ("North", 6, 3),  # shrinks below five
    "desk": ("North", 3, 3),
    "night": ("North", 3, 7),  # grows above five
    "web": ("South", 9, 9),
    "claims": ("South", 7, 7),
    "letters": ("South", 2, 2),
    "moved": ("South", 4, 4),  # moves to North
    "island": ("West", 3, 3),  # nobody to be read with
    "new": ("South", 0, 2),  # is not there yet in the first version
}


def week_of(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def first_version(home: Home) -> None:
    """Six weeks, and the people as they were."""
    dice = random.Random(7)
    rows = [row for team, (_, many, _) in TEAMS.items() if many for row in _work(dice, team, range(WEEKS), 5)]
    _write(home, rows, 0)


def second_version(home: Home) -> None:
    """Two weeks more, late rows of the third week, other people, a move."""
    dice = random.Random(11)
    rows = [row for team in TEAMS for row in _work(dice, team, range(WEEKS, MORE), 5)]
    late = [row for team in TEAMS for row in _work(dice, team, range(2, 3), 1)]
    _write(home, rows + late, 1)


def people_of(team: str, version: int, week: date) -> int:
    """How many HR counts there in this week, as of this version."""
    _, before, now = TEAMS[team]
    return now if version and week >= week_of(WEEKS) else before


def _work(dice: random.Random, team: str, weeks: range, most: int) -> Iterator[dict[str, Any]]:
    """A team's tickets: of each channel and category up to `most` a week, some of them passed on to it by another."""
    _, before, now = TEAMS[team]
    crew = max(before, now)
    for number in weeks:
        for channel in CHANNELS:
            for category in CATEGORIES:
                rare = (team in ("bills", "web") and category == "loss") or (team == "claims" and channel == "mail")
                for _ in range(dice.randint(0 if rare else 1, 2 if rare else most)):
                    at = datetime.combine(week_of(number), datetime.min.time(), UTC)
                    yield {
                        "team": team,
                        "agent": f"{team}-{dice.randrange(2 if rare else crew)}",
                        "channel": channel,
                        "category": category,
                        "at": at + timedelta(days=dice.randrange(5), hours=9, minutes=dice.randrange(300)),
                        "from": dice.choice([one for one in TEAMS if one not in (team, "new")]),
                        "passed": dice.random() < 0.3,
                        "number": dice.getrandbits(60),
                    }


def _write(home: Home, rows: list[dict[str, Any]], version: int) -> None:
    tickets = [
        {"ticket_id": f"t{row['number']}", "customer_id": f"c{row['number'] % 97}", "opened_at": row["at"],
         "channel": row["channel"], "category": row["category"]}
        for row in rows
    ]  # fmt: skip
    events = [event for row in rows for event in _life(row)]
    begun, turned = date(2020, 1, 1), week_of(WEEKS)
    people, places = [], []
    for team, (branch, before, now) in TEAMS.items():
        where = "North" if team == "moved" and version else branch
        places.append({"team_id": team, "name": team.title(), "branch": where, "function": "front_office"})
        for number in range(max(before, now if version else 0)):
            stays, comes = number < (now if version else before), number >= before
            people.append(
                {"person_id": f"{team}-{number}", "team_id": team, "fte": 1.0, "hired_on": begun,
                 "valid_from": turned if comes else begun, "valid_to": None if stays else turned - timedelta(days=1)}
            )  # fmt: skip
    told = {"tickets": tickets, "events": events, "people": people, "surveys": list(_answers(version)), "teams": [
        place for place in places if version or place["team_id"] != "new"
    ]}  # fmt: skip
    Lake(home).write(
        {name: table(name, part) for name, part in told.items()}, "made", datetime(2024, 3, 1 + version, tzinfo=UTC)
    )


def _answers(version: int) -> Iterator[dict[str, Any]]:
    """A few answers of customers a week to a trait and to a step, of the staff twice, of each manager once."""
    dice = random.Random(5 + version)
    for team, (_, before, now) in TEAMS.items():
        crew = now if version else before
        asked = [(week, "customer", question, dice.randint(0, 2)) for week in range(ASKED_WEEKS) for question in ASKED]
        asked += [(week, "staff", ASKED[0], crew) for week in (3, 16)] + [(16, "manager", ASKED[0], 1)]
        for week, asked_of, question, many in asked if crew else ():
            day = ASKED_FROM + timedelta(weeks=week, days=6)
            for seq in range(many):
                score = float(dice.randint(1, 5))
                yield {"team_id": team, "asked_on": day, "asked_of": asked_of, "question": question, "seq": seq,
                       "score": score, "scale_max": 5.0}  # fmt: skip


def _life(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Opened, perhaps at another team that passes it on; replied to and resolved."""
    ticket, at, team = f"t{row['number']}", row["at"], row["team"]
    first = row["from"] if row["passed"] else team
    told = [("opened", first, None, 0)]
    if row["passed"]:
        told += [("assigned", team, None, 5)]
    took = 30 + 20 * CATEGORIES.index(row["category"])  # each category has a standard of its own
    told += [("replied", team, row["agent"], 20), ("resolved", team, row["agent"], took)]
    for seq, (kind, where, agent, minutes) in enumerate(told):
        yield {"ticket_id": ticket, "at": at + timedelta(minutes=minutes), "kind": kind, "seq": seq,
               "team_id": where, "agent_id": agent}  # fmt: skip


def cells_of(counts: pl.DataFrame) -> pl.DataFrame:
    """Counts summed over priorities."""
    return counts.group_by("team_id", "week", "channel", "category").agg(pl.col("n").sum())
