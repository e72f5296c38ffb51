"""What could we try? The plays by what they are for, and one of them to read, to do, and to print."""

import streamlit as st

from dashboard import cached, door, parts, words
from dashboard.coaching import plays
from dashboard.plain import plain
from metrics.sign import all_signs

ALL = ""


def show() -> None:
    """Works before there is any data: only what a play did here needs some."""
    asked = st.query_params.get("play")
    kept = plays.book()
    if asked is not None and asked in kept.plays:
        plays.opened(cached.reads(door.home(), door.scope()), kept.plays[asked])
        return
    st.title("Playbook: what could we try?", anchor=False)
    if asked:
        st.info(plain(f"The link asks for a play that is not in the playbook ({asked[:60]}): all are shown."))
    st.markdown(
        "Each play is a page to read together and to print. They stand in no order of merit: what helps depends on "
        "what lies behind a sign, and what helped here stands on each page."
    )
    plays.index(_sign())


def _sign() -> str | None:
    """Which sign the plays shall help with, kept in the address."""
    now = plays.sign_named(st.query_params.get("sign"))
    st.session_state["playbook-sign"] = now or ALL
    st.selectbox(
        "What do you see?",
        [ALL, *all_signs()],
        key="playbook-sign",
        format_func=lambda key: words.heading(all_signs()[key]) if key else "Anything",
        on_change=_chosen,
        width=400,
    )
    return now


def _chosen() -> None:
    picked = st.session_state["playbook-sign"]
    st.query_params.from_dict({"sign": picked} if picked else {})


with parts.trouble_said():
    show()
