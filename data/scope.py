"""Who is asking. Every read takes a Scope; without one there is nothing to read.

A Scope says what may be seen (teams, one by one) and what may be done (its rights). Each is empty
unless it was given: who is made without anything sees nothing and may do nothing. A right can hold of fewer teams than
may be seen: who manages North and analyses the whole company may coach North alone. How grants become a Scope is in
data.access.
"""

import getpass
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module

from data import sign_in
from data.errors import Trouble
from data.home import find_home
from data.settings import settings_of


class Right(StrEnum):
    """What somebody may do. Roles are made of these: see data.access."""

    READ = "read"  # the readings of the teams they may see
    FOLLOW = "follow"  # what was agreed and said there: actions, check-ins, answers, causes, retrospectives
    ANSWER = "answer"  # answer a reading, rate their own team, take part in its retrospective
    COACH = "coach"  # agree actions, lead conversations and retrospectives, pass on praise, record causes
    SETTLE = "settle"  # say what counts as simple and in time, acknowledge a lasting change
    REVIEW = "review"  # make and read the executive review of the branches they may see
    EXPORT = "export"  # take rows out: tickets, facts, tables
    IMPORT = "import"  # bring data in, mend what was set aside
    RUN = "run"  # run the installation: who may look, its purpose, how long it keeps, its record, backups


ALL_RIGHTS = frozenset(Right)
COACHING = frozenset({Right.READ, Right.FOLLOW, Right.ANSWER, Right.COACH, Right.SETTLE, Right.EXPORT})
Teams = frozenset[str] | None  # None: all of them


@dataclass(frozen=True)
class Scope:
    """Who the asker is, what they may see (None: all of it) and what they may do. Made at the door, never in a page.

    `own` are the teams of which they are a member: shown first. `within`: the rights that hold of some teams only, with
    these; any other right holds of all teams that they may see. `signed_in`: the asker is known, not just named.
    """

    asker: str
    teams: Teams = frozenset()
    rights: frozenset[Right] = frozenset()
    own: frozenset[str] = frozenset()
    within: tuple[tuple[Right, Teams], ...] = ()
    signed_in: bool = False

    def may_see(self, team_id: str) -> bool:
        return self.teams is None or team_id in self.teams

    def reach(self, right: Right) -> Teams:
        """The teams of which this right holds; None: all."""
        if right not in self.rights:
            return frozenset()
        return dict(self.within).get(right, self.teams)

    def may(self, right: Right, team_id: str | None = None) -> bool:
        """May they, with this team, or (None) with anything at all?"""
        if right not in self.rights or team_id is None:
            return right in self.rights
        teams = self.reach(right)
        return teams is None or team_id in teams

    def only(self, right: Right) -> "Scope":
        """The same asker, who sees the teams of which this right holds and no others."""
        return replace(self, teams=self.reach(right))

    def within_teams(self, teams: frozenset[str]) -> "Scope":
        """The same asker, who sees and may do nothing beyond these teams."""

        def both(mine: Teams) -> Teams:
            return teams if mine is None else mine & teams

        within = tuple((right, both(reach)) for right, reach in self.within)
        return replace(self, teams=both(self.teams), within=within, own=self.own & teams)

    def reviewing(self) -> "Scope":
        """The same asker while a review is made: all teams that it pools, with what was agreed there."""
        self.require(Right.REVIEW)
        within = ((Right.REVIEW, self.reach(Right.REVIEW)),)
        rights = self.rights | {Right.READ, Right.FOLLOW}
        return replace(self, teams=self.reach(Right.REVIEW), rights=rights, within=within)

    def require(self, right: Right, team_id: str | None = None) -> None:
        """Trouble that says what is lacking, unless they may (with this team)."""
        if right not in self.rights:
            raise Trouble(f"{self.asker} may not do this: it needs the right to {right.value}, which your role lacks.")
        if not self.may(right, team_id):
            raise Trouble(f"{self.asker} may not do this with the team {team_id!r}: your role there has no such right.")


def local_scope(asker: str) -> Scope:
    """The one user of local mode, on this machine alone: sees every team and may do everything."""
    return Scope(asker=asker, teams=None, rights=ALL_RIGHTS)


def manager_scope(asker: str, teams: frozenset[str]) -> Scope:
    """A manager of these teams, and of nothing else."""
    return Scope(asker=asker, teams=teams, rights=COACHING)


def at_this_machine() -> Scope:
    """The scope of who types a command here: who can read the home's files can see every team.

    With sign-in set up the name decides what they may, so it is that of the login; without, the one that they give.
    """
    given = settings_of().user
    return local_scope(login() if sign_in.is_guarded(find_home()) or not given else given)


def login() -> str:
    """The name under which this process runs, as the system knows it: no variable changes it."""
    try:
        return str(import_module("pwd").getpwuid(os.getuid()).pw_name)
    except KeyError:  # a container whose user has no name
        return f"user-{os.getuid()}"
    except ImportError:  # Windows
        return getpass.getuser()
