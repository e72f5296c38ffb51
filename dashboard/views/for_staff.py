"""What does it know of me, who may look, and who did? For everybody whom it is about; also on paper."""

import streamlit as st

from dashboard import cached, door, noted, parts, words
from dashboard.plain import plain
from dashboard.staff import paper, told
from dashboard.staff.gathered import gathered
from dashboard.staff.told import Section
from data import clock
from data.scope import Scope
from data.who_may import names_of


def show() -> None:
    with parts.trouble_said():
        scope = door.scope()
        with st.container(key="for-staff"):
            st.title(told.TITLE, anchor=False)
            team = choose(scope)
            home = door.home()
            found = gathered(scope, home, cached.database(home.path), team, clock.now().date())
            with st.container(key="for-staff-words", width=760):
                for one in found:
                    section(one)
            on_paper(found)


def choose(scope: Scope) -> str | None:
    """Whose looks are told: of a team that the asker may see, their own first."""
    names = names_of(scope, door.home())
    if not names:
        return None
    teams, asked = list(names), st.query_params.get("team")
    first = teams.index(asked) if asked in names else 0
    return st.selectbox(
        "Your team", teams, first, format_func=lambda one: plain(names[one]), key="staff-team", width=360
    )


def section(one: Section) -> None:
    st.header(plain(one.title), anchor=False)
    for line in one.lines:
        st.markdown(f"- {plain(line)}" if one.points else plain(line))


def on_paper(found: list[Section]) -> None:
    at = clock.now()
    noted.download(
        "Download as PDF",
        lambda scope: paper.render(found, at, scope.asker),
        f"heartline-for-staff-{at:%Y-%m-%d}.pdf",
        "application/pdf",
        key="staff-pdf",
        what="the page for staff",
    )
    st.caption(f"As of {words.long_day(at.date())} {at.year}.")


show()
