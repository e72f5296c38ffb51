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
    of = {"what": "the summary of a retrospective", "about": at.team_id}
    text, marked = summary.as_text(at, team, actions), summary.as_markdown(at, team, actions)
    with st.container(horizontal=True, vertical_alignment="center", key="take-along"):
        noted.download("Take it along as text", lambda _: text, f"{name}.txt", "text/plain", key="as-text", **of)
        noted.download("As Markdown", lambda _: marked, f"{name}.md", "text/markdown", key="as-markdown", **of)
        st.caption("To print it, print this page.")
