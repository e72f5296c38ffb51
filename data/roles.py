"""The roles, what each may do, and how dated grants become a Scope. Pure: no file, no database, no clock.

Deny by default: who has no grant that holds today sees nothing and may do nothing. Several grants add up, each right
with the teams of the grant that gave it and no others: a manager of North who analyses the company coaches North alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from data.scope import COACHING, Right, Scope, Teams

FEWEST_IN_BRANCH = 2  # a branch of one team is that team: nothing is told of it as a branch
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


class People(dict[str, int]):
    """How many people each team has, or the unit in which it is read. `units`: that unit, of each team in one."""

    def __init__(self, people: Mapping[str, int], units: Mapping[str, str] | None = None) -> None:
        super().__init__(people)
        self.units = dict(units or {})


@dataclass(frozen=True)
class Cell:
    """What is counted together in every sum: a team, or small teams that are read as one."""

    people: int
    name: str
    branch: str | None
    teams: frozenset[str]


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
        """Of these teams those that executives are shown: at least their branch's threshold of people, and so that no
        other is what is left of a sum when these are taken from it. Unknown is not enough."""
        enough = frozenset[str]().union(*(cell.teams for cell in self._told[0]))
        return enough if teams is None else enough & teams

    def alone(self) -> frozenset[str]:
        """The team (and what it is read in) that is in no sum for executives, for it would be all that is left of it:
        the only hidden one among those that no branch's sum holds. Empty where there is none such."""
        return self._told[1]

    @cached_property
    def _told(self) -> tuple[tuple[Cell, ...], frozenset[str]]:
        """What is shown to executives, and what is in none of their sums.

        A branch's sum, and what the company has beside its branches' sums, each hold two hidden cells or none, and
        the hidden have as many people as the threshold: the smallest of the shown are hidden along until it is so.
        No sum overlaps another, so no adding and taking away leaves one cell alone.
        """
        shown: list[Cell] = []
        alone = frozenset[str]()
        for group in self._groups():
            hidden = [cell for cell in group if cell.people < self.threshold(cell.branch)]
            rest = [cell for cell in group if cell not in hidden]
            while hidden and rest and not self._many(hidden):
                hidden.append(rest.pop(0))
            shown += rest
            if len(hidden) == 1:
                alone = hidden[0].teams
        if alone and sum(cell.people < self.threshold(cell.branch) for group in self._groups() for cell in group) == 1:
            shown = self._without_two(shown)  # it would be all that "(teams that you do not see)" hold
        return tuple(shown), alone

    def _many(self, hidden: Sequence[Cell]) -> bool:
        least = max(self.threshold(cell.branch) for cell in hidden)
        return len(hidden) > 1 and sum(cell.people for cell in hidden) >= least

    def _without_two(self, shown: list[Cell]) -> list[Cell]:
        """Without the smallest, and another of its branch: two, so that neither is left of the branch's sum."""
        if not shown:
            return shown
        least = min(shown, key=lambda cell: (cell.people, cell.name))
        beside = sorted((one for one in shown if one.branch == least.branch), key=lambda one: (one.people, one.name))
        return [cell for cell in shown if cell not in beside[:2]]

    def _groups(self) -> list[list[Cell]]:
        """The cells that are in sums, the smallest first, by what sums are told of: each branch of two or more; and
        all others, which the company's sum holds beside the branches'."""
        by_branch: dict[str | None, list[Cell]] = {}
        for cell in self._cells():
            by_branch.setdefault(cell.branch, []).append(cell)
        told = {name for name, cells in by_branch.items() if name is not None and len(cells) >= FEWEST_IN_BRANCH}
        others = [cell for name, cells in by_branch.items() if name not in told for cell in cells]
        groups = [by_branch[name] for name in sorted(told, key=str)] + [others]
        return [sorted(group, key=lambda cell: (cell.people, cell.name)) for group in groups]

    def _cells(self) -> list[Cell]:
        people = self.people()
        units = people.units if isinstance(people, People) else {}
        teams: dict[str, set[str]] = {}
        for team, many in people.items():
            if many >= LEAST_THRESHOLD:  # smaller ones are in no sum at all
                teams.setdefault(units.get(team, team), set()).add(team)
        of = {name: next((self.branches[one] for one in sorted(mine) if one in self.branches), None)
              for name, mine in teams.items()}  # fmt: skip
        return [Cell(people[min(mine)], name, of[name], frozenset({name, *mine})) for name, mine in teams.items()]


def scope_of(asker: str, grants: Iterable[Grant], places: Places, day: date) -> Scope:
    """What these grants of one person give on this day."""
    reach: dict[Right, Teams] = {}
    own: set[str] = set()
    for grant in grants:
        if not grant.holds_on(day):
            continue
        over = places.of(grant)
        for right in RIGHTS[grant.role]:
            given = _of_an_executive(places, over, right) if grant.role is Role.EXECUTIVE else over
            reach[right] = _both(reach.get(right, frozenset()), given)
        if grant.role is Role.MEMBER and grant.place is not None:
            own.add(grant.place)
    teams = reach.get(Right.READ, frozenset())
    within = tuple((right, reach[right]) for right in Right if right in reach and reach[right] != teams)
    return Scope(asker, teams, frozenset(reach), frozenset(own), within, signed_in=True)


def _of_an_executive(places: Places, over: Teams, right: Right) -> Teams:
    """They read the large teams, and review all but one that would be left alone of a sum."""
    if right is Right.READ:
        return places.large(over)
    if not (alone := places.alone()):
        return over
    return (frozenset({*places.branches, *places.people()}) if over is None else over) - alone


def _both(one: Teams, other: Teams) -> Teams:
    return None if one is None or other is None else one | other
