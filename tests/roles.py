"""Five people with a role each, one without, one whose grant has ended; and a company whose teams carry a marker.

A marker that stands in anything a person is shown says that they saw something of that team.
"""

import csv
import io
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from data import access
from data.database import Database
from data.home import Home
from data.intake import import_file
from data.scope import Scope, local_scope

ROOT = local_scope("root")
# Teams with their branch and how many people they have. The id is a marker; so is the name, which nobody types.
TEAMS = {"q7na": ("North", 14), "q7nb": ("North", 7), "q7sa": ("South", 12), "q7sb": ("South", 8), "q7nc": ("North", 6)}
NAMES = {"q7na": "Zinnia", "q7nb": "Xanthium", "q7sa": "Quince", "q7sb": "Sorrel", "q7nc": "Vervain"}
WEEKS, A_WEEK = 12, 12
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
TODAY = NOW.date()


@dataclass(frozen=True)
class Grantee:
    """Somebody and what they were granted. `sees`: the teams that they may be told of."""

    name: str
    role: str | None
    over: str
    place: str | None
    sees: frozenset[str]
    until: date | None = None

    @property
    def subject(self) -> str:
        return f"{self.name}@example.com"


ALL = frozenset(TEAMS)
PEOPLE = (
    Grantee("admin", "admin", "company", None, frozenset()),
    Grantee("executive", "executive", "branch", "North", frozenset({"q7na"})),
    Grantee("manager", "manager", "team", "q7nb", frozenset({"q7nb"})),
    Grantee("member", "member", "team", "q7sa", frozenset({"q7sa"})),
    Grantee("analyst", "analyst", "branch", "South", frozenset({"q7sa", "q7sb"})),
    Grantee("nobody", None, "company", None, frozenset()),
    Grantee("expired", "analyst", "company", None, frozenset(), until=TODAY - timedelta(days=1)),
)


def marked(text: str, *, ids: bool = True) -> frozenset[str]:
    """The teams of which something stands in this text. `ids`: their ids count, too, for nobody typed them."""
    small = text.casefold()
    return frozenset(team for team in TEAMS if NAMES[team].casefold() in small or (ids and team in small))


def ticket_of(team: str, number: int = 1) -> str:
    """The id of a ticket that was opened at this team: it tells nothing of the team."""
    return f"T{list(TEAMS).index(team)}{number:03}"


def import_company(folder: Path, home: Home) -> None:
    """Take the company in: tickets, their events, teams and people."""
    chance = random.Random(5)
    tickets: list[tuple[str, ...]] = [("ticket_id", "customer_id", "opened_at", "channel", "category", "priority")]
    events: list[tuple[str, ...]] = [("ticket_id", "at", "kind", "team_id", "agent_id", "actor")]
    for team in TEAMS:
        for number in range(WEEKS * A_WEEK):
            at = FIRST + timedelta(weeks=number // A_WEEK, minutes=chance.randrange(5 * 24 * 60))
            ticket = ticket_of(team, number)
            tickets.append((ticket, f"c{chance.randrange(900)}", at.isoformat(), "email", "damaged", "normal"))
            steps = [("opened", team, 0), ("assigned", team, 30)]
            other = chance.choice([one for one in TEAMS if one != team])
            if number % 4 == 0:
                steps.append(("assigned", other, 90))
            last = steps[-1][1]
            steps += [("replied", last, 130), ("resolved", last, 150)]
            for kind, where, after in steps:
                agent = f"{where}-a{chance.randrange(TEAMS[where][1])}"
                told = (at + timedelta(minutes=after)).isoformat()
                events.append((ticket, told, kind, where, agent, "customer" if kind == "opened" else "agent"))
    listed = [("team_id", "name", "branch", "function", "line", "manager", "calendar")]
    listed += [(team, NAMES[team], branch, "front_office", "1", "", "") for team, (branch, _) in TEAMS.items()]
    people = [
        ("person_id", "team_id", "role", "valid_from", "valid_to", "fte", "hired_on", "left_on", "left_by_choice")
    ]
    for team, (_, many) in TEAMS.items():
        stay = ("agent", "2024-01-01", "", "1", "2024-01-01", "", "")
        people += [(f"{team}-a{number}", team, *stay) for number in range(many)]
    for name, rows in (("teams", listed), ("people", people), ("tickets", tickets), ("events", events)):
        path = folder / f"{name}.csv"
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path.write_text(out.getvalue())
        import_file(home, path, name, now=NOW)


def grant_all(database: Database) -> None:
    for one in PEOPLE:
        if one.role is not None:
            told = {"over": one.over, "place": one.place, "since": date(2026, 1, 1), "until": one.until}
            access.give(ROOT, database, one.subject, one.role, **told, now=NOW)  # type: ignore[arg-type]


def scopes(home: Home, database: Database, people: dict[str, int]) -> dict[str, Scope]:
    """Of each their scope, as the door makes it."""
    branches = access.branches_of(home)
    return {
        one.name: access.scope_for(database, one.subject, TODAY, branches=branches, people=lambda: people)
        for one in PEOPLE
    }
