"""Page set-up and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from dashboard import cached

HERE = Path(__file__).parent

st.set_page_config(page_title="Heartline", page_icon=HERE / "static" / "heartline.svg", layout="wide")
st.html(HERE / "page.css")
page = st.navigation(
    {
        "": [
            st.Page("views/overview.py", title="Overview", default=True),
            st.Page("views/team.py", title="Team"),
            st.Page("views/review.py", title="Review"),
        ],
        "Look closer": [
            st.Page("views/empathy.py", title="Empathy"),
            st.Page("views/handoffs.py", title="Handoffs"),
        ],
        "Coach": [
            st.Page("views/coaching.py", title="Coaching"),
            st.Page("views/retrospective.py", title="Retrospective"),
            st.Page("views/playbook.py", title="Playbook"),
            st.Page("views/one_on_one.py", title="One-on-one"),
            st.Page("views/agenda.py", title="Agenda", visibility="hidden"),  # opened by its link alone
        ],
        "How it counts": [
            st.Page("views/standards.py", title="Standards"),
            st.Page("views/data.py", title="Data"),
            st.Page("views/method.py", title="Method"),
        ],
    },
    # Who takes part in a retrospective, or comes by the link of an agenda, sees that alone.
    position="hidden" if {"join", "token"} & set(st.query_params) else "top",
)
page.run()
cached.settle()
