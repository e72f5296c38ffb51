"""Who is asking. Every read takes a Scope; without one there is nothing to read."""

import getpass
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The teams that the asker may see (None: every team) and who the asker is. Made at the door, never in a page."""

    asker: str
    teams: frozenset[str] | None = frozenset()

    def may_see(self, team_id: str) -> bool:
        return self.teams is None or team_id in self.teams


def local_scope(asker: str) -> Scope:
    """The one user of local mode, on this machine alone: sees every team."""
    return Scope(asker=asker, teams=None)


def at_this_machine() -> Scope:
    """The scope of who types a command here: who can read the home's files can see every team."""
    try:
        return local_scope(os.environ.get("HEARTLINE_USER") or getpass.getuser())
    except (OSError, KeyError):  # a container whose user has no name
        return local_scope("someone")
