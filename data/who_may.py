"""How many may look at a team, by role: for everybody to know. Names are told to who runs the installation alone."""

from datetime import date

from sqlalchemy import select

from data import versions
from data.access_tables import GrantRow
from data.database import Database
from data.home import Home
from data.lake import Lake
from data.scope import Scope

ROLES = ("member", "manager", "executive", "analyst", "admin")


def names_of(scope: Scope, home: Home) -> dict[str, str]:
    """The listed teams that the asker may see, by id: their own first, then by name."""
    if not versions.numbers(home):
        return {}
    listed = Lake(home).scan("teams").select("team_id", "name").collect()
    names = {team: name or team for team, name in listed.iter_rows() if scope.may_see(team)}
    return {one: names[one] for one in sorted(names, key=lambda one: (one not in scope.own, names[one].casefold()))}


def who_may(database: Database, scope: Scope, team_id: str | None, branch: str | None, on: date) -> dict[str, int]:
    """How many people hold each role over a team (null: over anything), by ROLES; roles that nobody holds are left out.

    Only of teams that the asker may see; nothing for another.
    """
    if team_id is not None and not scope.may_see(team_id):
        return {}
    row = GrantRow
    holds = (row.withdrawn_at.is_(None), row.since <= on, (row.until.is_(None)) | (row.until >= on))
    found: dict[str, set[str]] = {}
    with database.reading() as session:
        for grant in session.scalars(select(row).where(*holds)):
            if team_id is None or _over(grant, team_id, branch):
                found.setdefault(grant.role, set()).add(grant.subject)
    return {role: len(found[role]) for role in ROLES if role in found}


def _over(grant: GrantRow, team_id: str, branch: str | None) -> bool:
    place = {"company": None, "branch": branch, "team": team_id}.get(grant.over, grant.place)
    return grant.place == place
