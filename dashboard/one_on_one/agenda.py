"""The agenda of a one-on-one: prepared by one click, added to by both."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard import door, words
from dashboard.cached import Reads
from dashboard.one_on_one import reads as one_on_one_reads
from dashboard.one_on_one import words as told
from dashboard.plain import plain
from dashboard.selection import Choices
from data import clock
from data.errors import Trouble
from data.talks import agenda
from data.talks.conversation import Conversation


@door.fragment()
def points(reads: Reads, choices: Choices, talk: Conversation) -> None:
    """The agenda: prepared by one click, added to by both. A change redraws this part alone."""
    today = clock.now().date()
    standing = agenda.points(reads.scope, reads.database, talk.id)
    st.header(f"Agenda ({len(standing)})", anchor=False)
    if not standing:
        st.markdown(
            "Nothing is on it yet. One click gathers kind words, what is still open between you, reviews that are "
            "due and what changed; then add your own and take off what can wait."
        )
    for point in standing:
        _point(reads, point)
    if said := st.session_state.pop(f"agenda-trouble-{talk.id}", None):
        st.warning(plain(said))
    prepared = any(point.side == agenda.PREPARED for point in standing)
    _prepare_button(reads, choices, talk, today, first=not prepared)
    with st.form(f"agenda-{talk.id}", border=False):
        st.text_area("A point of your own", key=f"agenda-words-{talk.id}", height=80)
        st.form_submit_button(
            "Add the point", key=f"agenda-save-{talk.id}", on_click=door.still(_add_point), args=(reads, talk.id)
        )
    if off := agenda.points(reads.scope, reads.database, talk.id, removed=True):
        with st.expander(f"Taken off ({len(off)})"):
            for point in off:
                st.markdown(told.lines(point.words))
                key = f"agenda-back-{point.id}"
                st.button(
                    "Put it back", key=key, type="tertiary", on_click=door.still(_take), args=(reads, point, True)
                )


def _point(reads: Reads, point: agenda.Point) -> None:
    with st.container(horizontal=True, vertical_alignment="top", key=f"point-{point.id}"):
        st.session_state[f"talked-{point.id}"] = point.talked_at is not None
        st.checkbox(
            "Talked about",
            key=f"talked-{point.id}",
            label_visibility="collapsed",
            on_change=door.still(_talked),
            args=(reads, point),
            width="content",
        )
        with st.container(width="stretch"):
            said = told.lines(point.words)
            st.caption(said) if point.talked_at else st.markdown(said)
            if point.side != agenda.PREPARED:
                st.caption(plain(f"{point.by}{told.SIDES[point.side]}"))
        st.button(
            "Take off", key=f"agenda-off-{point.id}", type="tertiary", on_click=door.still(_take), args=(reads, point)
        )


def _talked(reads: Reads, point: agenda.Point) -> None:
    yes = bool(st.session_state[f"talked-{point.id}"])
    _quietly(point.conversation_id, lambda: agenda.talked(reads.scope, reads.database, point.id, yes=yes))


def _take(reads: Reads, point: agenda.Point, back: bool = False) -> None:
    """Take a point off, or put it back."""
    _quietly(point.conversation_id, lambda: agenda.remove(reads.scope, reads.database, point.id, back=back))


def _quietly(conversation_id: int, work: Callable[[], object]) -> None:
    """Before the part is drawn anew; trouble is said where it is drawn."""
    try:
        work()
    except Trouble as trouble:
        st.session_state[f"agenda-trouble-{conversation_id}"] = str(trouble)


def _add_point(reads: Reads, conversation_id: int) -> None:
    field = f"agenda-words-{conversation_id}"
    try:
        agenda.add(reads.scope, reads.database, conversation_id, st.session_state[field])
    except Trouble as trouble:
        st.session_state[f"agenda-trouble-{conversation_id}"] = str(trouble)
    else:
        st.session_state[field] = ""


def _prepare_button(reads: Reads, choices: Choices, talk: Conversation, today: date, *, first: bool) -> None:
    st.button(
        "Prepare the agenda",
        key=f"prepare-{talk.id}",
        type="primary" if first else "secondary",
        icon=":material/checklist:",
        on_click=door.still(_prepare),
        args=(reads, choices, talk, today),
    )
    if said := st.session_state.pop(f"agenda-said-{talk.id}", None):
        st.caption(said)


def _prepare(reads: Reads, choices: Choices, talk: Conversation, today: date) -> None:
    """Before the part is drawn anew, so that what was put on is in it."""

    def put() -> None:
        drafts = one_on_one_reads.drafts(reads, choices, talk, today)
        new = agenda.prepare(reads.scope, reads.database, talk.id, drafts)
        # Not a toast: in a fragment it would take the place of the page's style, which lives in the same container.
        said = f"{words.count(new, 'point')} put on." if new else "Nothing new since it was prepared."
        st.session_state[f"agenda-said-{talk.id}"] = said

    _quietly(talk.id, put)
