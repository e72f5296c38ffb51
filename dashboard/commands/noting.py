"""What the command line notes of who looks at which team, and who takes out what."""

from collections.abc import Mapping
from typing import Any

from data import record
from data.database import open_database
from data.home import Home
from data.scope import Scope

# What the command line tells of teams, by the command's whole name: a look with --team, else all of it taken out.
TELLING = frozenset(
    (
        "signs",
        "handoffs",
        "empathy",
        "facts",
        "rejects",
        "review",
        "verdicts",
        "actions",
        "retrospective show",
        "replies",
        "teams",
        "standards kept",
        "praise list",
        "plan",
        "works",
        "one-on-ones",
        "rebase",
    )
)


def command(home: Home, scope: Scope, name: str, given: Mapping[str, Any]) -> None:
    """Note what a command is about to tell."""
    if name not in TELLING or not home.versions.is_dir():
        return
    if name == "rebase" and not given.get("listed"):
        return  # it changes something, which has a row of its own
    team = given.get("team")
    with open_database(home) as database:
        if isinstance(team, str) and scope.may_see(team):
            record.looked(database, scope, team, f"heartline {name}")
        else:
            record.took_out(database, scope, f"heartline {name}")
