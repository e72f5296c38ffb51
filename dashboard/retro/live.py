"""Everybody sees what everybody does: each page keeps asking for one number, and is drawn anew where it grew.

One number, because twelve pages that ask should cost nothing; the whole page, because it is short. What
somebody is typing lives in their browser under the field's own key and outlasts it.
"""

from pathlib import Path

import streamlit as st

from dashboard import cached
from data.errors import Trouble
from data.retro import leading

EVERY = 0.8  # seconds: with a dozen pages drawn one after the other, a card that is shown is seen within two


@st.fragment(run_every=EVERY)
def follow(home: Path, number: int, seen: int) -> None:
    """Draw the page anew as soon as the retrospective is no longer as it was `seen`."""
    try:
        now = leading.pulse(cached.database(home), number)
    except Trouble:  # the database does not answer: what is on the screen stays, and the next second asks again
        return
    if now != seen:
        st.rerun()
