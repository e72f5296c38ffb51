"""Two companies of which all that may be told is the same: within a unit of two small teams, the work, the answers and
the absences of every other week belong to the one team in this company and to the other in its twin."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.ask import Company
from data.coaching import actions, planning
from data.database import Database, open_database
from data.home import Home
from data.lake import Lake
from data.purpose import MADE_UP, keep
from data.scope import local_scope
from tests.builders import table

FIRST, WEEKS = date(2024, 1, 1), 44
NOW = datetime(2024, 11, 4, 9, tzinfo=UTC)
TURNED = 26  # from this week on one of the two passes most on
TEAMS = {
    "bills": ("North", 8), "parcels": ("North", 7), "desk": ("North", 3), "night": ("North", 3), "web": ("South", 9),
    "claims": ("South", 6), "post": ("South", 7), "chat": ("South", 8),
}  # fmt: skip
SMALL = {"desk": "night", "night": "desk"}
CHANNELS, CATEGORIES = ("phone", "mail"), ("bill", "loss", "move")
ROOT = local_scope("Ada")


@dataclass(frozen=True)
class Twin:
    """One of the two. `other`: is it the second?"""

    home: Home
    other: bool

    def whose(self, team: str, week: int) -> str:
        """To which team this team's work of a week belongs here."""
        return SMALL.get(team, team) if self.other and week % 2 else team


def fill(twin: Twin) -> None:
    """The data; an action or two of each small team and one of a large one, two of them ended."""
    rows = [row for team in TEAMS for row in _work(random.Random(team), team)]
    told = {
        "tickets": [row["ticket"] for row in rows],
        "events": [event for row in rows for event in _life(twin, row)],
        "people": [
            {"person_id": f"{team}-{one}", "team_id": team, "fte": 1.0, "hired_on": FIRST, "valid_from": FIRST}
            for team, (_, crew) in TEAMS.items() for one in range(crew)
        ],
        "teams": [
            {"team_id": team, "name": team.title(), "branch": branch, "function": "front_office"}
            for team, (branch, _) in TEAMS.items()
        ],
        "surveys": list(_answers(twin)),
        "absences": [
            {"person_id": f"{twin.whose(team, week)}-{week % 3}", "from_on": _monday(week),
             "to_on": _monday(week) + timedelta(days=4), "kind": "sick"}
            for team in SMALL for week in range(5 if team == "desk" else 1, WEEKS, 6)
        ],
    }  # fmt: skip
    Lake(twin.home).write({name: table(name, part) for name, part in told.items()}, "made", NOW)
    with open_database(twin.home) as database:
        keep(ROOT, database, MADE_UP)
        for number, team in enumerate(("desk", "night", "bills", "desk", "night"), start=1):
            _act(Company(twin.home), database, team, number, ended=number > 3)


def _act(company: Company, database: Database, team: str, number: int, *, ended: bool) -> None:
    starts = _monday(20 + number)
    at = datetime.combine(starts, datetime.min.time(), UTC)
    fixed = planning.fix(ROOT, company, database, team_ids=[team], sign="buck_passing", starts_on=starts, on=starts)
    made = actions.create(
        ROOT, database, team_id=team, play="fifteen_seconds", sign="buck_passing", why=f"of number {number}",
        starts_on=starts, review_on=starts + timedelta(weeks=9), owner="Ada", fixed=fixed, now=at,
    )  # fmt: skip
    if ended:
        later = at + timedelta(weeks=13)
        actions.close(ROOT, database, made.id, "It is done.", expected_revision=made.revision, now=later)


def _monday(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def _work(dice: random.Random, team: str) -> Iterator[dict[str, Any]]:
    """A team's tickets, as if it were the first twin."""
    for week in range(WEEKS):
        passes = 0.75 if team == "desk" and week >= TURNED else 0.2
        for number in range(22):
            at = datetime.combine(_monday(week), datetime.min.time(), UTC)
            at += timedelta(days=number % 5, hours=9, minutes=dice.randrange(400))
            ticket = {
                "ticket_id": f"t{team}{week}-{number}", "customer_id": f"c{dice.randrange(200)}", "opened_at": at,
                "channel": dice.choice(CHANNELS), "category": dice.choice(CATEGORIES),
            }  # fmt: skip
            to = dice.choice([one for one in TEAMS if one != team]) if dice.random() < passes else None
            yield {"ticket": ticket, "team": team, "week": week, "to": to, "took": dice.randint(20, 300),
                   "agent": dice.randrange(TEAMS[team][1]), "next": dice.randrange(3)}  # fmt: skip


def _life(twin: Twin, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Opened; replied to and resolved there or, passed on without work, by another team."""
    first = twin.whose(row["team"], row["week"])
    last, agent = (twin.whose(row["to"], row["week"]), row["next"]) if row["to"] else (first, row["agent"])
    told: list[tuple[str, str, str | None, int]] = [("opened", first, None, 0)]
    told += [("assigned", last, None, 15)] if row["to"] else []
    told += [(kind, last, f"{last}-{agent}", minutes) for kind, minutes in (("replied", 18), ("resolved", row["took"]))]
    for seq, (kind, team, who, minutes) in enumerate(told):
        at = row["ticket"]["opened_at"] + timedelta(minutes=minutes)
        yield {"ticket_id": row["ticket"]["ticket_id"], "at": at, "kind": kind, "seq": seq, "team_id": team,
               "agent_id": who}  # fmt: skip


def _answers(twin: Twin) -> Iterator[dict[str, Any]]:
    """Of customers to a trait a few a week, of the staff in four waves."""
    for team, (_, crew) in TEAMS.items():
        dice = random.Random(f"answers of {team}")
        asked = [(week, "customer", 2) for week in range(WEEKS)] + [(week, "staff", crew) for week in (3, 14, 25, 36)]
        for week, asked_of, many in asked:
            for seq in range(many):
                yield {"team_id": twin.whose(team, week), "asked_on": _monday(week) + timedelta(days=6),
                       "asked_of": asked_of, "question": "honesty", "seq": seq, "score": float(dice.randint(1, 5)),
                       "scale_max": 5.0}  # fmt: skip
