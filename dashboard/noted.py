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

# The pages that show many teams at once, unless the address names one.
OF_MANY = frozenset(("overview", "empathy", "handoffs", "coaching", "standards", "review"))


def look(scope: Scope, name: str, page: str) -> None:
    """Note that the asker looks at the team in the address, or at many. Trouble where it cannot be noted."""
    team = st.query_params.get("team")
    if team and name in OF_A_TEAM and scope.may_see(team):
        record.looked(cached.database(door.home().path), scope, team, page)
    elif not team and name in OF_MANY:
        record.looked_at_all(cached.database(door.home().path), scope, page)


def taking_out(what: str, about: str = "") -> Callable[[], None]:
    """For a button that gives a file away: notes it when it is pressed. `about`: the team's id, if it is of one."""

    def noted() -> None:
        record.took_out(cached.database(door.home().path), door.scope(), what, about)

    return noted
