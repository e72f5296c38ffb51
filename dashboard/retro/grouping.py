"""Putting cards together: choose those that belong together, name them. By keyboard as well as by mouse."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import door
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.retro.stages import COLUMNS
from data.retro import leading
from data.retro.retrospective import NAME_LENGTH, Card, Retrospective, Room

Step = Callable[[Callable[[], object]], None]
NEW = ""


def show(reads: Reads, room: Room, secret: str, step: Step) -> None:
    """The cards that are in no group, to be ticked; and the name of the group that they make."""
    alone = [card for card in room.of_kind(*COLUMNS) if card.group_id is None]
    if not alone:
        return
    st.markdown(f"**Not in a group ({len(alone)}).** Tick those that belong together. A card may stay alone.")
    with st.container(key="retro-group"), st.form("group", border=False):
        for column, kind in zip(st.columns(len(COLUMNS)), COLUMNS, strict=True):
            column.markdown(f"**{COLUMNS[kind]}**")
            for card in (card for card in alone if card.kind == kind):
                column.checkbox(plain(card.words), key=_tick(card))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            names = {NEW: "a new group", **{one.id: one.name for one in room.groups}}
            st.selectbox("Into", list(names), format_func=lambda key: names[key], key="group-into", width=220)
            st.text_input("Name of a new group", key="group-name", max_chars=NAME_LENGTH, width=300)
            go = partial(_group, reads, room.at.id, [card.id for card in alone], secret)
            st.form_submit_button(
                "Put them together", key="group-go", type="primary", on_click=door.still(step), args=(go,)
            )


def _group(reads: Reads, number: int, offered: list[str], secret: str) -> None:
    ticked = [card for card in offered if st.session_state.get(f"tick-{card}")]
    into = st.session_state["group-into"] or None
    name = st.session_state["group-name"]
    leading.group(reads.scope, reads.database, number, ticked, name, secret=secret, into=into)
    st.session_state["group-name"] = ""
    st.session_state["group-into"] = NEW


def take_out(reads: Reads, at: Retrospective, secret: str, step: Step, card: Card) -> None:
    """Beside a card in a group: the way out of it."""
    out = partial(leading.ungroup, reads.scope, reads.database, at.id, card.id, secret=secret)
    st.button("Take it out of the group", key=f"out-{card.id}", type="tertiary", on_click=door.still(step), args=(out,))


def _tick(card: Card) -> str:
    return f"tick-{card.id}"
