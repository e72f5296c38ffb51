"""The one page that stays of a retrospective, on the screen and on paper."""

import streamlit as st

from dashboard import noted, parts
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.retro import summary
from dashboard.selection import Choices
from data.retro import outcome
from data.retro.retrospective import Retrospective


def show(reads: Reads, choices: Choices, at: Retrospective) -> None:
    """The page in its sections, and the same to take along."""
    actions = outcome.agreed(reads.scope, reads.database, at.id)
    team = parts.name_of(choices, at.team_id)
    with st.container(key="retro-summary"):
        st.caption(plain(summary.head(at)))
        for one in summary.sections(at, actions):
            st.header(plain(one.title), anchor=False)
            if one.told:
                st.markdown(plain(one.told))
            if one.lines:
                st.markdown("\n".join(f"- {plain(line)}" for line in one.lines))
    name = f"retrospective-{at.code.lower()}-{(at.closed_at or at.opened_at):%Y-%m-%d}"
    with st.container(horizontal=True, vertical_alignment="center", key="take-along"):
        st.download_button(
            "Take it along as text",
            summary.as_text(at, team, actions),
            f"{name}.txt",
            key="as-text",
            on_click=noted.taking_out("the summary of a retrospective", at.team_id),
        )
        st.download_button(
            "As Markdown",
            summary.as_markdown(at, team, actions),
            f"{name}.md",
            mime="text/markdown",
            key="as-markdown",
            on_click=noted.taking_out("the summary of a retrospective", at.team_id),
        )
        st.caption("To print it, print this page.")
