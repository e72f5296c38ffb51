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
    with st.container(horizontal=True, vertical_alignment="center", key="take-along"):
        _file(at, "Take it along as text", summary.as_text(at, team, actions), "txt", "text/plain", key="as-text")
        _file(at, "As Markdown", summary.as_markdown(at, team, actions), "md", "text/markdown", key="as-markdown")
        st.caption("To print it, print this page.")


def _file(at: Retrospective, label: str, told: str, ending: str, mime: str, *, key: str) -> None:
    noted.download(
        label,
        lambda _: told,
        f"retrospective-{at.code.lower()}-{(at.closed_at or at.opened_at):%Y-%m-%d}.{ending}",
        mime,
        key=key,
        what="the summary of a retrospective",
        about=at.team_id,
    )
