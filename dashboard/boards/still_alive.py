"""What asks for an answer above the board: reviews that are due, and actions that nobody touched for long."""

from datetime import date

import streamlit as st

from dashboard import door, parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices
from data.coaching import actions
from data.coaching.action import Action
from data.coaching.untouched import Untouched
from data.errors import Trouble

SHOWN = 5
GOING, ENDED, OVERTAKEN = "going", "ended", "overtaken"
ANSWERS = {GOING: "It is still going", ENDED: "End it", OVERTAKEN: "It was overtaken"}
_SAID = "said of an untouched action"


def due(choices: Choices, found: list[Action], today: date) -> None:
    """The reviews that are due in the next seven days, or should have been: what was promised."""
    if not found:
        return
    st.markdown(f"**{_due(found, today)}**")
    for action in found[:SHOWN]:
        when = words.day(action.review_on, today)
        label = f"{'overdue since ' if action.is_overdue(today) else ''}{when}: {words.play(action.play)}, "
        where = {"action": str(action.id)}
        label += parts.name_of(choices, action.team_id)
        st.page_link("views/coaching.py", label=plain(words.first_up(label)), query_params=where)
    if len(found) > SHOWN:
        st.caption(f"and {len(found) - SHOWN} more, below")


def _due(found: list[Action], today: date) -> str:
    late = sum(one.is_overdue(today) for one in found)
    soon = len(found) - late
    told = [words.count(late, "review is", "reviews are") + " overdue"] if late else []
    told += [words.count(soon, "review is", "reviews are") + " due in the next seven days"] if soon else []
    return f"{', '.join(told)}."


def ask(reads: Reads, choices: Choices, found: list[Untouched]) -> None:
    """One question an action, answered by one click."""
    if said := st.session_state.pop(_SAID, None):
        st.info(plain(said))
    if not found:
        return
    told = words.count(len(found), "action was", "actions were")
    st.markdown(f"**{told} not touched for as long as such a play usually lives.** Still alive?")
    for one in found[:SHOWN]:
        _question(reads, choices, one)
    if len(found) > SHOWN:
        st.caption(f"and {len(found) - SHOWN} more, once these are answered")


def _question(reads: Reads, choices: Choices, one: Untouched) -> None:
    action = one.action
    with st.container(border=True, key=f"alive-{action.id}"):
        label = f"{words.play(action.play)}, {parts.name_of(choices, action.team_id)}"
        st.page_link("views/coaching.py", label=plain(label), query_params={"action": str(action.id)})
        st.caption(
            plain(
                f"Nothing was written for {words.count(one.weeks, 'week')}; such an action usually lives about "
                f"{words.count(one.life, 'week')}. {action.owner}"
            )
        )
        with st.container(horizontal=True):
            for answer, text in ANSWERS.items():
                key = f"alive-{answer}-{action.id}"
                st.button(text, key=key, type="tertiary", on_click=door.still(_answer), args=(reads, one, answer))


def _answer(reads: Reads, one: Untouched, answer: str) -> None:
    """Before the page is drawn anew. All of it can be taken back on the action's own page."""
    action, weeks = one.action, words.count(one.weeks, "week")
    try:
        if answer == GOING:
            actions.check_in(reads.scope, reads.database, action.id, "Still going.")
            st.session_state[_SAID] = "Noted as a check-in: still going."
            return
        outcome, status = {
            ENDED: (f"Ended after {weeks} in which nothing was written.", "done"),
            OVERTAKEN: ("Overtaken by something else.", "stopped"),
        }[answer]
        actions.close(reads.scope, reads.database, action.id, outcome, expected_revision=action.revision, status=status)
        st.session_state[_SAID] = f"{words.play(action.play)} is {status}: “{outcome}” It can be reopened on its page."
    except Trouble as trouble:
        st.session_state[_SAID] = str(trouble)
