"""What do we talk about? One-on-ones of a manager with a team lead or with their own manager."""

import streamlit as st

from dashboard import parts
from dashboard.cached import Reads
from dashboard.one_on_one import action, agenda, forms, notes, points
from dashboard.one_on_one import beside as one_on_one_beside
from dashboard.one_on_one import words as told
from dashboard.plain import plain
from dashboard.selection import Choices
from data import clock
from data.talks import conversations
from data.talks.conversation import Conversation

PAGE = "views/one_on_one.py"
PAST = 12


def show(reads: Reads) -> None:
    choices = reads.choices()
    number = _number("conversation")
    if number is None:
        listed(reads, choices)
        return
    st.page_link(PAGE, label="All conversations", icon=":material/arrow_back:")
    opened(reads, choices, conversations.get(reads.scope, reads.database, number))


def listed(reads: Reads, choices: Choices) -> None:
    """The conversations to come and those that were; a new one."""
    st.title("One-on-one: what do we talk about?", anchor=False)
    today = clock.now().date()
    found = conversations.list_(reads.scope, reads.database)
    team = st.query_params.get("team")
    with st.expander("Open a conversation", expanded=not found or team is not None, icon=":material/add:"):
        forms.new(reads, choices, [team] if team and team in choices.teams else [])
    if not found:
        st.markdown(
            "There is none yet. Open one with a team lead, or with your own manager: one click then gathers kind "
            "words, what changed at the teams, what is due and what is still open between you."
        )
        return
    coming = [one for one in found if one.held_on >= today][::-1]
    st.header(f"To come ({len(coming)})", anchor=False)
    _lines(choices, coming, "None is planned.")
    past = [one for one in found if one.held_on < today]
    st.header(f"Past ({len(past)})", anchor=False)
    _lines(choices, past[:PAST], "None yet.")
    if len(past) > PAST:
        with st.expander(f"{len(past) - PAST} more"):
            _lines(choices, past[PAST:], "")


def _lines(choices: Choices, talks: list[Conversation], nothing: str) -> None:
    today = clock.now().date()
    for talk in talks:
        st.page_link(PAGE, label=plain(told.between(talk)), query_params={"conversation": str(talk.id)})
        about = told.teams([parts.name_of(choices, team) for team in talk.teams])
        st.caption(plain(f"{told.when(talk, today)}. About {about}"))
    if not talks:
        st.caption(nothing)


def opened(reads: Reads, choices: Choices, talk: Conversation) -> None:
    """One conversation: kind words first, then the agenda and what comes of it; the teams' readings beside it."""
    today = clock.now().date()
    st.title(plain(told.between(talk)), anchor=False)
    about = told.teams([parts.name_of(choices, team) for team in talk.teams])
    st.caption(plain(f"{told.when(talk, today)}. About {about}"))
    one_on_one_beside.praise(reads, choices, talk)
    if (point := _number("point")) is not None:
        action.form(reads, choices, talk, point)
        return
    left, right = st.columns([5, 4], gap="large")
    with left:
        agenda.points(reads, choices, talk)
        points.show(reads, talk)
        notes.kept(reads, talk)
    with right:
        beside = st.container(key="beside")
        one_on_one_beside.past(reads, talk)
        with st.container(key="private"):
            notes.private(reads, talk)
        with st.container(key="conversation-more"):
            forms.invitation(reads, talk)
            forms.following(reads, choices, talk)
    with beside, st.spinner("Reading the teams' tickets"):  # last, because it may take a while: all else stands by then
        one_on_one_beside.readings(reads, choices, talk)
        one_on_one_beside.coaching(reads, choices, talk)


def _number(name: str) -> int | None:
    asked = st.query_params.get(name)
    return int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 12 else None


parts.page(show)
