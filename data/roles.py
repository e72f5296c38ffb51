"""The roles, what each may do, and how dated grants become a Scope. Pure: no file, no database, no clock.

Deny by default: who has no grant that holds today sees nothing and may do nothing. Several grants add up, each right
with the teams of the grant that gave it and no others: a manager of North who analyses the company coaches North alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from data.scope import COACHING, Right, Scope, Teams

LEAST_THRESHOLD = 5  # no one's setting goes below what is withheld from everybody
USUAL_THRESHOLD = 10


class Role(StrEnum):
    """What somebody is to the company, or to a part of it."""

    ADMIN = "admin"
    EXECUTIVE = "executive"
    MANAGER = "manager"
    MEMBER = "member"
    ANALYST = "analyst"


class Over(StrEnum):
    """What a grant is over: the whole company, a branch by its name, or a team by its id."""

    COMPANY = "company"
    BRANCH = "branch"
    TEAM = "team"


RIGHTS: dict[Role, frozenset[Right]] = {
    # Runs the installation, and sees no team's readings by it.
    Role.ADMIN: frozenset({Right.RUN, Right.IMPORT, Right.SETTLE}),
    Role.EXECUTIVE: frozenset({Right.READ, Right.REVIEW}),
    Role.MANAGER: COACHING,
    Role.MEMBER: frozenset({Right.READ, Right.FOLLOW, Right.ANSWER}),
    Role.ANALYST: frozenset({Right.READ, Right.EXPORT}),
}
MAY_BE_OVER: dict[Role, tuple[Over, ...]] = {
    Role.ADMIN: (Over.COMPANY,),
    Role.EXECUTIVE: (Over.COMPANY, Over.BRANCH),
    Role.MANAGER: (Over.COMPANY, Over.BRANCH, Over.TEAM),
    Role.MEMBER: (Over.TEAM,),
    Role.ANALYST: (Over.COMPANY, Over.BRANCH, Over.TEAM),
}


@dataclass(frozen=True)
class Grant:
    """`subject` is `role` over `place` (null: the company) from `since` until `until` (both days count; null: open)."""

    id: int
    subject: str
    role: Role
    over: Over
    place: str | None
    since: date
    until: date | None
    given_by: str
    given_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    def holds_on(self, day: date) -> bool:
        begun = self.since <= day and (self.until is None or day <= self.until)
        return begun and self.withdrawn_at is None


@dataclass(frozen=True)
class Places:
    """Where teams are: the branch of each listed team, and (asked for only where a role needs it) its people."""

    branches: Mapping[str, str | None]
    people: Callable[[], Mapping[str, int]]
    thresholds: Mapping[str, int]

    def of(self, grant: Grant) -> Teams:
        """The teams that a grant is over; None: all."""
        if grant.over is Over.COMPANY:
            return None
        if grant.over is Over.TEAM:
            return frozenset({grant.place}) if grant.place is not None else frozenset()
        return frozenset(team for team, branch in self.branches.items() if branch == grant.place)

    def threshold(self, branch: str | None) -> int:
        """How many people a team of this branch needs to be shown to executives."""
        usual = self.thresholds.get("", USUAL_THRESHOLD)
        return max(LEAST_THRESHOLD, self.thresholds.get(branch or "", usual))

    def large(self, teams: Teams) -> frozenset[str]:
        """Of these teams those that have at least their branch's threshold of people. Unknown is not enough."""
        enough = {team for team, many in self.people().items() if many >= self.threshold(self.branches.get(team))}
        return frozenset(enough if teams is None else enough & teams)


def scope_of(asker: str, grants: Iterable[Grant], places: Places, day: date) -> Scope:
    """What these grants of one person give on this day."""
    reach: dict[Right, Teams] = {}
    branches: Teams = frozenset()
    own: set[str] = set()
    for grant in grants:
        if not grant.holds_on(day):
            continue
        over = places.of(grant)
        for right in RIGHTS[grant.role]:
            narrowed = grant.role is Role.EXECUTIVE and right is Right.READ
            reach[right] = _both(reach.get(right, frozenset()), places.large(over) if narrowed else over)
        if Right.READ in RIGHTS[grant.role]:
            branches = _both(branches, _branches(grant))
        if grant.role is Role.MEMBER and grant.place is not None:
            own.add(grant.place)
    teams = reach.get(Right.READ, frozenset())
    within = tuple((right, reach[right]) for right in Right if right in reach and reach[right] != teams)
    return Scope(asker, teams, branches, frozenset(reach), frozenset(own), within, signed_in=True)


def _branches(grant: Grant) -> Teams:
    if grant.over is Over.COMPANY:
        return None
    return frozenset({grant.place}) if grant.over is Over.BRANCH and grant.place is not None else frozenset()


def _both(one: Teams, other: Teams) -> Teams:
    return None if one is None or other is None else one | other
