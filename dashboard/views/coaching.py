"""What did we agree, and does it help? The board of coaching actions, the one that is opened, and what works here."""

import streamlit as st

from dashboard import action_forms, board, filters, judged, parts
from dashboard.cached import Reads


def show(reads: Reads) -> None:
    choices = reads.choices()
    selection = filters.current(choices, one_team=True)
    st.title("Coaching: what did we agree?", anchor=False)
    if selection.action is not None:
        board.opened(reads, choices, selection)
        return
    with st.expander("Plan a new action", expanded=selection.plan, icon=":material/add:"):
        action_forms.new(reads, choices, selection)
    board.show(reads, choices)
    st.header("What works here", anchor=False)
    judged.all_plays(reads)


parts.page(show)
