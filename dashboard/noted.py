"""What the pages note of who looks at which team, and who takes out what."""

from collections.abc import Callable

import streamlit as st

from dashboard import cached, door
from data import record
from data.scope import Scope


def look(scope: Scope, page: str) -> None:
    """Note that the asker looks at the team in the address on this page. Trouble where it cannot be noted."""
    team = st.query_params.get("team")
    if team and scope.may_see(team):
        record.looked(cached.database(door.home().path), scope, team, page)


def taking_out(what: str, about: str = "") -> Callable[[], None]:
    """For a button that gives a file away: notes it when it is pressed. `about`: the team's id, if it is of one."""

    def noted() -> None:
        record.note(cached.database(door.home().path), door.scope(), record.TOOK_OUT, about, of=what)

    return noted
