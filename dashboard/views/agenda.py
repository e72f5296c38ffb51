"""The page that the link of a one-on-one opens for the other side: its agenda, and a field to add to it.

It knows nothing but what the link's token opens (data.talks.agenda): no Scope, no readings, no notes.
"""

import streamlit as st

from dashboard import cached, door, parts, words
from dashboard.one_on_one import words as told
from dashboard.plain import plain
from data import clock
from data.errors import Trouble
from data.talks import agenda

FIELD, TROUBLE = "guest-words", "guest-trouble"


def show() -> None:
    token, database = st.query_params.get("token", ""), cached.database(door.home().path)
    today = clock.now().date()
    seen = agenda.seen_by_guest(database, token)
    st.title(plain(f"{seen.host} and {seen.guest}: what shall we talk about?"), anchor=False)
    st.caption(
        plain(f"{seen.held_on:%A} {words.long_day(seen.held_on, today)}. You see the agenda here, nothing else.")
    )
    if not seen.points:
        st.markdown("Nothing is on it yet: yours is the first point.")
    for said, by in seen.points:
        st.markdown(f"- {told.lines(said)}")
        st.caption(plain(by))
    if trouble := st.session_state.pop(TROUBLE, None):
        st.warning(plain(trouble))
    with st.form("guest", border=False):
        st.text_area("What would you like to talk about?", key=FIELD, height=100)
        st.form_submit_button("Add it", type="primary", key="guest-save", on_click=_add, args=(token,))


def _add(token: str) -> None:
    """Before the page is drawn anew: the field is emptied only where the point was kept."""
    try:
        agenda.add_as_guest(cached.database(door.home().path), token, st.session_state[FIELD])
    except Trouble as trouble:
        st.session_state[TROUBLE] = str(trouble)
    else:
        st.session_state[FIELD] = ""


with parts.trouble_said():
    show()
