"""A retrospective, run live: whoever leads it and those who take part see the same room, each from their own side."""

import streamlit as st

from dashboard import parts
from dashboard.cached import Reads
from dashboard.retro import lead, live, seat, start


def show(reads: Reads) -> None:
    choices = reads.choices()
    asked = st.query_params.get("retrospective", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        with live.kept_up():
            lead.show(reads, choices, int(asked))
        return
    start.show(reads, choices, st.query_params.get("team"))


if "join" in st.query_params:
    with parts.trouble_said(), live.kept_up():
        seat.show(st.query_params["join"])
else:
    parts.page(show)
