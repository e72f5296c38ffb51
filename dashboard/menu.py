"""The pages, and who may open which. A page that is not here is in no menu, and has no address.

`needs`: one of these rights opens it. What a page shows is checked again where it is read, in data; this keeps pages
that would be empty out of the menu, and answers kindly where their address is typed.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import cached, door, noted, parts, sign_in_page
from dashboard.door import Visitor
from dashboard.plain import plain
from dashboard.staff import first as staff_first
from data import record
from data.errors import Trouble
from data.scope import Right

READERS = frozenset({Right.READ})
FOLLOWERS = frozenset({Right.FOLLOW})
ANYONE = frozenset(Right)
_NOTED = "refused pages"


@dataclass(frozen=True)
class Entry:
    """One page: its file in views/, its title, its group in the menu, and what opens it."""

    name: str
    title: str
    group: str
    needs: frozenset[Right]
    hidden: bool = False

    @property
    def path(self) -> str:
        return f"views/{self.name}.py"


COACH, COUNTS, RUN = "Coach", "How it counts", "Run it"
PAGES = (
    Entry("overview", "Overview", "", READERS),
    Entry("team", "Team", "", READERS),
    Entry("review", "Review", "", frozenset({Right.REVIEW})),
    Entry("empathy", "Empathy", "Look closer", READERS),
    Entry("handoffs", "Handoffs", "Look closer", READERS),
    Entry("coaching", "Coaching", COACH, FOLLOWERS),
    Entry("retrospective", "Retrospective", COACH, FOLLOWERS),
    Entry("playbook", "Playbook", COACH, ANYONE),
    Entry("one_on_one", "One-on-one", COACH, FOLLOWERS),
    Entry("agenda", "Agenda", COACH, ANYONE, hidden=True),  # opened by its link alone
    Entry("standards", "Standards", COUNTS, frozenset({Right.READ, Right.SETTLE})),
    Entry("data", "Data", COUNTS, frozenset({Right.READ, Right.IMPORT})),
    Entry("method", "Method", COUNTS, ANYONE),
    Entry("for_staff", "For staff", COUNTS, ANYONE),
    Entry("access", "Access", RUN, frozenset({Right.RUN})),
    Entry("purpose", "Purpose", RUN, frozenset({Right.RUN})),
)
FIRST = "overview"
BY_LINK = {"agenda": "token", "retrospective": "join"}  # what such a link shows is checked by its own key


def pages(visitor: Visitor) -> dict[str, list[Any]]:
    """The navigation for this visitor. Pages that they may not open have their address, and are in no menu."""
    made: dict[str, list[Any]] = {}
    for one in PAGES:
        opens, first = may_open(one, visitor), one.name == FIRST
        title = "Start" if first and not opens and visitor.is_let_in else one.title
        seen = (opens and not one.hidden) or (first and visitor.is_let_in)
        made.setdefault(one.group, []).append(
            st.Page(one.path, title=title, default=first, visibility="visible" if seen else "hidden")
        )
    return made


def alone(visitor: Visitor) -> bool:
    """Is there no menu? Who takes part in a retrospective, or comes by the link of an agenda, sees that alone."""
    return bool(set(BY_LINK.values()) & set(st.query_params)) or not visitor.is_let_in


def may_open(entry: Entry, visitor: Visitor) -> bool:
    """May this visitor open the page, without any link that opens it by its own key?"""
    return visitor.local or bool(entry.needs & visitor.scope.rights)


def run(page: Any, visitor: Visitor) -> None:
    """Run the page, or say in its place why not. Nothing of a page that may not be opened is run."""
    entry = next((one for one in PAGES if one.name == (page.url_path or FIRST)), None)
    if entry is None:
        raise Trouble(f"There is no page {page.url_path!r}.")
    if not _by_link(entry, visitor) and staff_first.is_asked(visitor, entry.name):
        staff_first.show(visitor)
    elif may_open(entry, visitor) or _by_link(entry, visitor):
        with parts.trouble_said():  # what cannot be noted is not shown
            noted.look(visitor.scope, entry.name, entry.title)
            page.run()
            noted.look(visitor.scope, entry.name, entry.title)  # a page may have chosen the team itself
    elif visitor.person is None:
        sign_in_page.show(visitor, "" if entry.name == FIRST else entry.name)
    elif not visitor.is_let_in:
        sign_in_page.no_grant(visitor)
    elif entry.name == FIRST:
        _start(visitor)
    else:
        _refused(entry, visitor)


def _by_link(entry: Entry, visitor: Visitor) -> bool:
    """An agenda's link opens it for whoever has it; a retrospective's code for whoever is signed in."""
    linked = entry.name in BY_LINK and BY_LINK[entry.name] in st.query_params
    return linked and (entry.name == "agenda" or visitor.person is not None)


def _start(visitor: Visitor) -> None:
    """The first page of who reads no team: what else there is for them."""
    st.title("What you can do here", anchor=False)
    st.markdown("Your access shows no team's readings. It opens these pages:")
    for one in PAGES:
        if may_open(one, visitor) and not one.hidden:
            st.page_link(one.path, label=one.title)


def _refused(entry: Entry, visitor: Visitor) -> None:
    st.title(f"{entry.title} is not part of your access", anchor=False)
    st.markdown("Whoever runs Heartline in your company can say why, or give it to you.")
    noted = st.session_state.setdefault(_NOTED, set())
    if entry.name not in noted:  # once a visit, not at every run
        noted.add(entry.name)
        record.note(cached.database(door.home().path), visitor.scope, "was refused", "page " + entry.name)


def arrive(visitor: Visitor, found: dict[str, list[Any]]) -> None:
    """Who has just signed in goes on to the page that they came for."""
    if visitor.person is None or _ARRIVED in st.session_state:
        return
    st.session_state[_ARRIVED] = True
    wanted = sign_in_page.came_for()
    if wanted is None or not (wanted.page or wanted.query):
        return
    every = {page.url_path or FIRST: page for group in found.values() for page in group}
    if (name := wanted.page or FIRST) in every:
        st.switch_page(every[name], query_params=dict(wanted.query))


_ARRIVED = "came by a sign-in"


def foot(visitor: Visitor) -> None:
    """One quiet line under every page: that there is no sign-in, or who is signed in, and the way out."""
    if visitor.local:
        with st.container(key="local-mode"):
            st.caption("Local mode: no sign-in, for this machine alone.")
            staff_first.reminded()
    elif visitor.person is not None and visitor.is_let_in:
        with st.container(key="signed-in", horizontal=True, vertical_alignment="center"):
            st.caption(plain(f"Signed in as {visitor.person.subject}."), width="content")
            if st.button("Sign out", type="tertiary", key="sign-out"):
                sign_in_page.leave(visitor)
