"""The first start: with sign-in, nobody sees data before it is recorded why; in local mode one quiet line says so."""

import streamlit as st

from dashboard import cached, door
from dashboard.door import Visitor
from data import purpose, versions
from data.scope import Right

OPEN = ("purpose", "for_staff", "access")  # what can be read and done before


def _recorded() -> bool:
    return purpose.current(cached.database(door.home().path)) is not None


def is_asked(visitor: Visitor, page: str) -> bool:
    """Is the purpose to be recorded before this page is shown to this visitor?"""
    return not visitor.local and visitor.is_let_in and page not in OPEN and not _recorded()


def show(visitor: Visitor) -> None:
    """In the place of the page: what is lacking, and who can mend it."""
    if visitor.scope.may(Right.RUN):
        st.title("First: why do we do this?", anchor=False)
        st.markdown(
            "Before anybody sees a team's readings it is recorded what they are for, what allows it, who was asked, "
            "and how long all is kept. It takes five minutes, and staff can read it."
        )
        st.page_link("views/purpose.py", label="Record the purpose")
    else:
        st.title("Not yet", anchor=False)
        st.markdown(
            "Whoever runs Heartline has not recorded yet what it is for. Until then nobody sees a team's readings. "
            "What it would measure, and what it never will:"
        )
        st.page_link("views/for_staff.py", label="For staff")


def reminded() -> None:
    """In local mode: one quiet line while there is data and no purpose."""
    if versions.numbers(door.home()) and not _recorded():
        st.caption("It is not recorded yet what this is for, and how long it is kept.", width="content")
        st.page_link("views/purpose.py", label="Record the purpose")
