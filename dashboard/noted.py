"""What the pages note of who looks at which team, and who takes out what."""

from collections.abc import Callable
from typing import Any

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


def download(
    label: str,
    make: Callable[[Scope], bytes | str],
    file_name: str,
    mime: str,
    *,
    key: str,
    what: str,
    about: str = "",
    **style: Any,
) -> None:
    """A button that gives a file away, made as it is asked for by who may, and never without its row in the record.

    `about`: the id of the team that `what` is of, if it is of one. The click draws nothing anew: a page that is being
    drawn knows no longer the file that its button had promised, so a second click soon after would have failed.
    """
    database = cached.database(door.home().path)

    def given(scope: Scope) -> bytes | str:
        content = make(scope)
        record.took_out(database, scope, what, about)
        return content

    st.download_button(label, door.handing_out(given), file_name, mime, key=key, on_click="ignore", **style)
