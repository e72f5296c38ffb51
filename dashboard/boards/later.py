"""What takes a while is worked out when all else stands on the page: places are kept, then filled one by one."""

import time
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

PATIENCE = 0.4  # seconds after which the reader is told how far it is


class Later:
    """Places on the page and how each is filled. `fill` is called once, at the end."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._places: list[tuple[DeltaGenerator | None, Callable[[], str]]] = []
        self._told = st.empty()

    def say(self, what: Callable[[], str]) -> None:
        """Keep a place here, and say there what this gives (Markdown, small)."""
        place = st.empty()
        place.caption("…")
        self._places.append((place, what))

    def work(self, what: Callable[[], object]) -> None:
        """Do this at the end too, as one of the steps that are counted."""
        self._places.append((None, lambda: str(what())))

    def fill(self) -> None:
        """Fill the places; where it takes a while, say how far it is."""
        begun = time.monotonic()
        for done, (place, what) in enumerate(self._places):
            if time.monotonic() - begun > PATIENCE:
                self._told.progress(done / len(self._places), f"{self._doing}: {done} of {len(self._places)}")
            said = what()
            if place is not None:
                place.caption(said)
        self._told.empty()
