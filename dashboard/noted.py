"""What the pages note of who looks at which team, and who takes out what."""

from collections.abc import Callable

import streamlit as st

from dashboard import cached, door
from data import record
from data.scope import Scope

# The pages that tell something of the team in the address, by the names of their files.
OF_A_TEAM = frozenset(
    ("overview", "team", "empathy", "handoffs", "coaching", "retrospective", "one_on_one", "standards")
)


def look(scope: Scope, name: str, page: str) -> None:
    """Note that the asker looks at the team in the address on this page. Trouble where it cannot be noted."""
    team = st.query_params.get("team")
    if team and name in OF_A_TEAM and scope.may_see(team):
        record.looked(cached.database(door.home().path), scope, team, page)


def taking_out(what: str, about: str = "") -> Callable[[], None]:
    """For a button that gives a file away: notes it when it is pressed. `about`: the team's id, if it is of one."""

    def noted() -> None:
        record.note(cached.database(door.home().path), door.scope(), record.TOOK_OUT, about, of=what)

    return noted
