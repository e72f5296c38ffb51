"""Units: teams that are read together, because alone they rest on fewer than five people.

Question asked: which teams may be told alone, which only together with others, and which not at all?

Everything that is published is a sum over units, so that no sum and no difference of what is published tells of fewer
than five people: a small team is nowhere a number of its own. Putting cells together instead of blanking them is global
recoding, and the threshold of people a minimum frequency rule: Willenborg and de Waal, Elements of Statistical
Disclosure Control, Springer, 2001; Hundepool et al., Statistical Disclosure Control, Wiley, 2012, chapters 4 and 5.

Shapes: a partition is a set of units, each a frozenset of team ids, and the teams that are left out of everything.
Errors: a team whose size is unknown is left out, for nobody knows on whom it rests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce

from metrics.disclosure import FEWEST_PEOPLE

Unit = frozenset[str]


@dataclass(frozen=True)
class Team:
    """A team as it is merged: its people (None: unknown), and what makes it a sibling of another, nearest last."""

    id: str
    people: int | None
    branch: str | None = None
    kin: tuple[str, ...] = ()


@dataclass(frozen=True)
class Partition:
    """The units, and the teams that are left out of everything, totals too. No team is in two units."""

    units: frozenset[Unit] = frozenset()
    left_out: frozenset[str] = frozenset()

    @property
    def teams(self) -> frozenset[str]:
        """All teams that this knows of."""
        return frozenset().union(self.left_out, *self.units)

    def unit_of(self, team: str) -> Unit | None:
        """The unit under which a team's rows are told; None where they are not."""
        if team in self.left_out:
            return None
        return next((unit for unit in self.units if team in unit), None)


def merged(teams: Sequence[Team], before: Iterable[Unit] = ()) -> Partition:
    """The units of these teams: those of five people or more alone, the others with siblings of their branch.

    Small teams are put together with one another, like with like; what is still under five joins another such group, or
    the smallest sibling where there is none. A branch that has none either is left out. `before`: the units of last
    time, which stay together while they still rest on five people and one of them is still too small for itself.
    """
    known = [team for team in teams if team.people is not None]
    left_out = {team.id for team in teams if team.people is None}
    together = [unit for unit in before if len(unit) > 1]
    units: set[Unit] = set()
    for branch in sorted({team.branch for team in known}, key=str):
        found = _of_branch([team for team in known if team.branch == branch], together)
        units |= found.units
        left_out |= found.left_out
    return Partition(frozenset(units), frozenset(left_out))


def _of_branch(teams: list[Team], before: list[Unit]) -> Partition:
    people = {team.id: team.people or 0 for team in teams}
    small = {team for team in people if people[team] < FEWEST_PEOPLE}
    here = [unit.intersection(people) for unit in sorted(before, key=sorted)]
    kept = [unit for unit in here if _goes_on(unit, people, small)]
    placed = frozenset().union(*kept)
    groups = kept + _bins([team for team in teams if team.id in small - placed], people)
    large = [frozenset({team}) for team in sorted(people.keys() - small - placed)]
    enough = [group for group in groups if _size(group, people) >= FEWEST_PEOPLE]
    short = frozenset().union(*(group for group in groups if _size(group, people) < FEWEST_PEOPLE))
    if not short:
        return Partition(frozenset(enough + large))
    with_whom = min(enough or large, key=lambda unit: (_size(unit, people), sorted(unit)), default=None)
    if with_whom is None:
        return Partition(left_out=short)
    others = [unit for unit in enough + large if unit != with_whom]
    return Partition(frozenset([*others, with_whom | short]))


def _goes_on(unit: Unit, people: dict[str, int], small: set[str]) -> bool:
    return len(unit) > 1 and _size(unit, people) >= FEWEST_PEOPLE and bool(unit & small)


def _bins(small: list[Team], people: dict[str, int]) -> list[Unit]:
    """Those of a kind side by side, a new group as soon as one rests on five people; the last may be short."""
    groups: list[Unit] = []
    for team in sorted(small, key=lambda team: (team.kin, team.id)):
        if groups and _size(groups[-1], people) < FEWEST_PEOPLE:
            groups[-1] |= {team.id}
        else:
            groups.append(frozenset({team.id}))
    return groups


def _size(unit: Unit, people: dict[str, int]) -> int:
    return sum(people[team] for team in unit)


@dataclass
class _Joined:
    """What several partitions have in common, put together one after the other."""

    units: set[Unit] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def add(self, one: Partition) -> "_Joined":
        new = one.teams - self.seen
        self.left_out |= one.left_out
        for unit in one.units:
            touched = [known for known in self.units if known & unit]
            self.units = self.units.difference(touched) | {unit.union(*touched)}
        if self.seen:
            # What was told already of these weeks had no rows of a team that comes only now: with them added to a
            # unit that was told, the difference between the two would be that team alone.
            for unit in self.units:
                if unit & self.seen:
                    self.left_out |= unit & new
        self.seen |= one.teams
        return self


def joined(partitions: Sequence[Partition]) -> Partition:
    """What may be told of weeks that were told by all these partitions, one after the other.

    The finest partition of which each of them is a refinement: whatever was once read together stays together, and what
    was once left out stays so. A team that comes later and joins a unit that was told already is left out; one whose
    unit is new with it is told.
    """
    found = reduce(_Joined.add, partitions, _Joined())
    return Partition(frozenset(found.units), frozenset(found.left_out))
