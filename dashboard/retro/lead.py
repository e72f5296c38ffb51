"""The side of whoever leads: the way in for others, one step on at a time, and the stage as everybody sees it.

Two who lead at once: only one can, the other is told whose it is and may take over. Each step is made at the turn that
was on the screen, so that nobody goes on from what they did not see.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import door, parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.retro import agreeing, device, grouping, invite, live, stages, summary_page
from dashboard.retro import reads as team_reads
from dashboard.retro import words as said
from dashboard.selection import Choices
from data.errors import Trouble
from data.retro import leading, outcome
from data.retro.retrospective import KINDS, STAGES, Card, Retrospective, Room

_SAID = "said to who leads"
PAGE = "views/retrospective.py"


def show(reads: Reads, choices: Choices, number: int) -> None:
    """One retrospective: the room while it is open, its summary afterwards."""
    at = leading.get(reads.scope, reads.database, number)
    st.page_link(PAGE, label="All retrospectives", icon=":material/arrow_back:", query_params={"list": "1"})
    st.title(f"Retrospective: {plain(parts.name_of(choices, at.team_id))}", anchor=False)
    if trouble := st.session_state.pop(_SAID, None):
        st.warning(plain(trouble))
    if at.is_open:
        _room(reads, choices, number)
    else:
        st.caption(f"Closed on {words.long_day(at.closed_at and at.closed_at.date())}")
        summary_page.show(reads, choices, at)


def _room(reads: Reads, choices: Choices, number: int) -> None:
    room = leading.room(reads.scope, reads.database, number)
    at, secret = room.at, device.secret()
    live.follow(reads.home.path, at.id, at.revision)
    leads = at.led_with(secret)
    led_before = f"led {at.id}"
    st.session_state[led_before] = leads or st.session_state.get(led_before, False)
    st.caption(said.stages_line(at.stage))
    st.caption(f"{words.first_up(said.people(room))} · led by {plain(at.led_by)}")
    if not leads:
        _take_over(reads, room, secret)
    if st.session_state[led_before]:
        _steps(reads, choices, room, secret)
    invite.show(at, large=at.stage == STAGES[0] and at.answered is None)
    beside = partial(_with_remark, reads, choices, at, secret) if leads and at.stage == "signs" else None
    if at.stage == "group" and st.session_state[led_before]:
        beside = partial(grouping.take_out, reads, at, secret, step)
    stages.show(reads, choices, room, beside=beside, leads=True)
    if at.stage == "group" and st.session_state[led_before]:
        grouping.show(reads, room, secret, step)
    if at.stage == "agree" and st.session_state[led_before]:
        agreeing.show(reads, choices, room, secret)


def _take_over(reads: Reads, room: Room, secret: str) -> None:
    """It is led from another screen: say so, and offer to take over."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="take-over-box"):
        st.markdown(f"**{plain(room.at.led_by)} leads this on another screen.** You can watch here, or take over.")
        take = partial(leading.take_over, reads.scope, reads.database, room.at.id, secret=secret)
        st.button("Take over", key="take-over", on_click=door.still(step), args=(take,))


def _steps(reads: Reads, choices: Choices, room: Room, secret: str) -> None:
    """What can be done next, the likeliest first."""
    at = room.at
    place = STAGES.index(at.stage)
    where = (reads.scope, reads.database, at.id)
    go = partial(leading.go, *where, secret=secret, seen=at.turn)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        if at.collecting:
            show_now = partial(leading.show_now, *where, secret=secret, seen=at.turn)
            st.button(
                said.show_label(at),
                key="show-now",
                type="primary",
                on_click=door.still(step),
                args=(show_now,),
                disabled=not said.enough(room),
            )
        if place + 1 < len(STAGES):
            following = STAGES[place + 1]
            st.button(
                f"Next: {said.SHORT[following]}",
                key="next",
                type="secondary" if at.collecting else "primary",
                on_click=door.still(step),
                args=(partial(go, stage=following),),
            )
        if at.stage in KINDS and at.stage in at.shown:
            again = partial(leading.write_again, *where, secret=secret, seen=at.turn)
            st.button("Another round of writing", key="again", on_click=door.still(step), args=(again,))
        if place:
            back = partial(go, stage=STAGES[place - 1])
            st.button("Back", key="back", type="tertiary", on_click=door.still(step), args=(back,))
        _close(reads, choices, at, secret, last=place + 1 == len(STAGES))


def _close(reads: Reads, choices: Choices, at: Retrospective, secret: str, *, last: bool) -> None:
    """Asks once, because it cannot be undone: who wrote what is gone, so nobody could go on writing."""
    with st.popover("Close it", type="primary" if last else "tertiary", key="close"):
        st.markdown(
            "Everything that was written becomes a page of summary, shown or not yet. It cannot be opened again; "
            "what people are typing just now stays on their own screens."
        )
        st.button(
            "Close the retrospective",
            key="close-now",
            type="primary",
            on_click=door.still(step),
            args=(lambda: _closed(reads, choices, at, secret),),
        )


def _closed(reads: Reads, choices: Choices, at: Retrospective, secret: str) -> None:
    told = team_reads.told(reads, choices, at)
    leading.close(reads.scope, reads.database, at.id, told, secret=secret, seen=at.turn)


def _with_remark(reads: Reads, choices: Choices, at: Retrospective, secret: str, card: Card) -> None:
    """The right of reply: a remark can be sent to the manager as the team's answer to that reading."""
    if card.kind != "remark":
        return
    if card.id in at.replies:
        st.caption("Sent to the manager, as the team's answer to this reading.")
        return
    rows = team_reads.signs(reads, choices, at.team_id)
    week = next((row["week"] for row in rows if row["sign"] == card.about), None)
    send = partial(outcome.send_remark, reads.scope, reads.database, at.id, card.id, secret=secret, week=week)
    st.button(
        "Send it to the manager as an answer",
        key=f"send-{card.id}",
        type="tertiary",
        on_click=door.still(step),
        args=(send,),
    )


def step(work: Callable[[], object]) -> None:
    """Do one step before the page is drawn anew; what goes wrong is said on top of it."""
    try:
        work()
    except Trouble as trouble:
        st.session_state[_SAID] = str(trouble)
