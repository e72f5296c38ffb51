"""What the page for staff says of this home, gathered for whoever asks."""

from datetime import date, timedelta

from dashboard.staff import told
from dashboard.staff.told import Looks, Section
from data import access, purpose
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.record_reading import lookers
from data.scope import Scope
from data.who_may import names_of, who_may

WEEKS = 13


def gathered(scope: Scope, home: Home, database: Database, team: str | None, today: date) -> list[Section]:
    """The sections; with `team`, who may look at it and who did. Trouble where it is not the asker's to see."""
    names = names_of(scope, home)
    if team is not None and team not in names:
        raise Trouble(f"There is no team {team!r}, or it is not yours to see: see `heartline teams`.")
    branch = access.branches_of(home).get(team) if team is not None else None
    may = who_may(database, scope, team, branch, today)
    looks = None
    if team is not None:
        seen = lookers(database, scope, team, days=timedelta(weeks=WEEKS).days)
        looks = Looks(names[team], seen, WEEKS)
    return told.sections(purpose.current(database), may, looks, local=not scope.signed_in, today=today)
