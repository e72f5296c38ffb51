"""Everybody sees what everybody does: each page keeps asking for one number, and is drawn anew where it grew.

One number, because twelve pages that ask should cost nothing; the whole page, because it is short. What
somebody is typing lives in their browser under the field's own key and outlasts it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import streamlit as st

from dashboard import cached
from data.errors import Trouble
from data.retro import leading

EVERY = 0.8  # seconds: with a dozen pages drawn one after the other, a card that is shown is seen within two
AGAIN = 3.0  # seconds: to what could not be drawn
_FOLLOWED = "the retrospective that this page follows"
_FROM = "the address that it was opened by"
_FAILED_AT = "when this page could not be drawn"


def follow(home: Path, number: int, seen: int) -> None:
    """Follow a retrospective from its state `seen` on. Called before anything is drawn, so that it holds whatever
    becomes of the rest."""
    st.session_state[_FOLLOWED], st.session_state[_FROM] = (home, number), st.query_params.to_dict()
    _ask(home, number, seen)


@st.fragment(run_every=EVERY)
def _ask(home: Path, number: int, seen: int) -> None:
    """Draw the page anew as soon as the retrospective is no longer as it was `seen`."""
    try:
        now = leading.pulse(cached.database(home), number)
    except Trouble:  # the database does not answer: what is on the screen stays, and the next second asks again
        return
    if now != seen:
        st.rerun()


@contextmanager
def kept_up() -> Iterator[None]:
    """A page that follows and could not be drawn, as while the database is restarted, is drawn again by itself."""
    try:
        yield
    except Trouble:
        if is_followed():
            st.session_state[_FAILED_AT] = time.monotonic()
            _ask_again(*st.session_state[_FOLLOWED])
        raise


def is_followed() -> bool:
    """Has the page at this address followed its retrospective before?"""
    return bool(st.session_state.get(_FROM) == st.query_params.to_dict())


@st.fragment(run_every=AGAIN)
def _ask_again(home: Path, number: int) -> None:
    if time.monotonic() - st.session_state[_FAILED_AT] < AGAIN / 2:  # drawn just now
        return
    with suppress(Trouble):
        if leading.pulse(cached.database(home), number):
            st.rerun()
