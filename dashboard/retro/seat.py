"""The side of those who take part, on a phone first: one question at a time, and nothing but the retrospective.

What is typed must not be lost when whoever leads goes on meanwhile. So the fields to write in stand in the same place
in every stage: those of another stage are out of sight unless something is in them (page.css), and then say why.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import cached, door, parts
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.retro import device, live, stages
from dashboard.retro import reads as team_reads
from dashboard.retro import summary_page as summary
from dashboard.retro import words as said
from dashboard.selection import Choices
from data.database import Database
from data.errors import Trouble
from data.retro import seats
from data.retro.retrospective import CODE_LENGTH, KINDS, Card, Look, Mine, Retrospective, Room, Seat
from metrics.sign import all_signs

_SAID = "said to who takes part"
_EDITED = "card that is changed"


def show(code: str) -> None:
    """The page of who came by a code or a link: the door, then the retrospective."""
    database = cached.database(door.home().path)
    if not code.strip():
        _type_code("")
        return
    try:
        seen = seats.look(database, code, device.known())
    except Trouble as trouble:
        if live.is_followed():  # who sits already is not asked for the code
            raise
        _type_code(str(trouble))
        return
    reads = cached.reads(door.home(), door.seated(seen.seat)) if seen.seat else None
    if reads is None:
        _door(database, seen.at)
        return
    _seated(reads, reads.choices(), seen)


def _type_code(trouble: str) -> None:
    st.title("Join a retrospective", anchor=False)
    if trouble:
        st.warning(plain(trouble))
    with st.form("join", border=False, width=420):
        typed = st.text_input(f"The code of {CODE_LENGTH} letters", key="join-code-typed", max_chars=20)
        if st.form_submit_button("Go on", type="primary", key="join-code-go") and typed.strip():
            st.query_params["join"] = typed.strip()
            st.rerun()


def _door(database: Database, at: Retrospective) -> None:
    """Before one sits down: what it is, and that it is anonymous."""
    st.title("A retrospective of your team", anchor=False)
    if not at.is_open:
        st.markdown(plain(seats.ended(database, at.code) or ""))
        return
    st.markdown(f"Led by {plain(at.led_by)}. It takes about an hour; you need nothing but this page.")
    st.markdown(said.ANONYMOUS)
    with st.expander("How that works, and what it does not protect"):
        st.markdown(said.HOW_ANONYMOUS)
    if st.button("Take part", type="primary", key="join-go"):
        with parts.trouble_said():
            seats.join(database, at.code, device.secret())
            st.rerun()


def _seated(reads: Reads, choices: Choices, seen: Look) -> None:
    at, seat, room, own = seen.at, seen.seat, seen.room, seen.mine
    if seat is None or room is None or own is None:
        return
    live.follow(reads.home.path, at.id, at.revision)
    head, body, writing = st.container(), st.container(), st.container()
    with head:
        st.title(f"Retrospective: {plain(parts.name_of(choices, at.team_id))}", anchor=False)
        if at.is_open:
            st.caption(f"{said.stage_line(at.stage)} · {said.people(room)} · led by {plain(at.led_by)}")
        if trouble := st.session_state.pop(_SAID, None):
            st.warning(plain(trouble))
    with body:
        if at.is_open:
            stages.show(reads, choices, room)
            _choose(reads, room, own, seat)
            for card in own.cards:
                if card.kind in KINDS.get(at.stage, ()):
                    _own_card(reads, seat, card)
        else:
            st.markdown("This retrospective is closed. This is what stays of it; thank you for taking part.")
            summary.show(reads, choices, at)
    with writing:
        _writing(reads, room, own, seat)
        if at.is_open:
            st.caption(said.ANONYMOUS)


def _choose(reads: Reads, room: Room, own: Mine, seat: Seat) -> None:
    """The answer on safety, and the votes."""
    if not room.at.collecting:
        return
    if room.at.stage == "safety":
        st.radio(
            "How safe is it for you to say here what you think?",
            list(reversed(said.SAFETY)),
            index=None if own.safety is None else list(reversed(said.SAFETY)).index(own.safety),
            format_func=lambda number: f"{number}: {said.SAFETY[number]}",
            key="safety",
            on_change=door.still(_answer),
            args=(reads, seat),
        )
        if own.safety is not None:
            st.caption("Kept. You can change it until the answers are shown.")
    if room.at.stage == "vote":
        _votes(reads, room, own, seat)


def _answer(reads: Reads, seat: Seat) -> None:
    answer = st.session_state["safety"]
    if answer is not None:
        _try(lambda: seats.answer_safety(reads.database, seat, answer))


def _votes(reads: Reads, room: Room, own: Mine, seat: Seat) -> None:
    left = room.at.votes_each - sum(own.votes.values())
    st.markdown(f"**You have {left} of {said.votes(room.at.votes_each)} left.** Several may go to one.")
    for topic in room.topics():
        stages.topic(topic, below=partial(_vote, reads, seat, topic.id, own.votes.get(topic.id, 0), left))


def _vote(reads: Reads, seat: Seat, topic: str, given: int, left: int) -> None:
    """The buttons of one topic."""
    with st.container(horizontal=True, vertical_alignment="center"):
        give = partial(seats.vote, reads.database, seat, topic)
        st.button(
            "Vote",
            key=f"vote-{topic}",
            icon=":material/add:",
            disabled=left == 0,
            on_click=door.still(_do),
            args=(give,),
        )
        if given:
            back = partial(seats.take_back, reads.database, seat, topic)
            st.button("Take one back", key=f"back-{topic}", type="tertiary", on_click=door.still(_do), args=(back,))
            st.markdown(f"**{said.votes(given)} of yours**")


def _own_card(reads: Reads, seat: Seat, card: Card) -> None:
    """A card of one's own that is hidden yet: to change or to withdraw."""
    with st.container(border=True, key=f"own-{card.id}"):
        sign = all_signs().get(card.about or "")
        st.markdown(plain(card.words))
        st.caption(
            f"{said.KINDS[card.kind]}{f', {plain(sign.asks)}' if sign else ''} · yours, hidden until all are shown"
        )
        with st.container(horizontal=True):
            st.button("Change", key=f"change-{card.id}", type="tertiary", on_click=door.still(_take_up), args=(card,))
            st.button(
                "Withdraw",
                key=f"withdraw-{card.id}",
                type="tertiary",
                on_click=door.still(_withdraw),
                args=(reads, seat, card),
            )


def _take_up(card: Card) -> None:
    """Into the field, to be changed there."""
    st.session_state[_EDITED] = card.id
    st.session_state[_field(card.kind)] = card.words


def _withdraw(reads: Reads, seat: Seat, card: Card) -> None:
    """Out of the room and back into the field, if that is empty: withdrawing by mistake loses nothing."""
    kept = _try(lambda: seats.withdraw(reads.database, seat, card.id))
    if kept and not st.session_state.get(_field(card.kind)):
        st.session_state[_field(card.kind)] = card.words


def _writing(reads: Reads, room: Room, own: Mine, seat: Seat) -> None:
    """The fields of all kinds, always in this order and place; those that may be written in now are in sight."""
    now = KINDS.get(room.at.stage, ()) if room.at.collecting else ()
    for kinds in KINDS.values():
        for kind in kinds:
            with st.container(key=f"write-{kind}" if kind in now else f"unsent-{kind}"):
                _field_of(reads, room, own, seat, kind, may=kind in now)


def _field_of(reads: Reads, room: Room, own: Mine, seat: Seat, kind: str, *, may: bool) -> None:
    edited = st.session_state.get(_EDITED)
    changing = next((card for card in own.cards if card.id == edited and card.kind == kind), None)
    with st.form(f"card-{kind}", border=False, enter_to_submit=False):
        if not may:
            st.warning(_left_over(room))
        if kind == "remark":
            st.selectbox(
                "About", _in_order(reads, room), format_func=lambda key: all_signs()[key].asks, key="remark-about"
            )
        st.text_area(
            f"{said.KINDS[kind]}: {said.ASKS[kind]}",
            key=_field(kind),
            placeholder="One thing a card, please",
            height=96,
        )
        label = "Save the change" if changing else "Add the card"
        if may:
            st.form_submit_button(
                label,
                key=f"add-{kind}",
                type="primary",
                on_click=door.still(_write),
                args=(reads, seat, kind, changing),
            )
        else:
            st.form_submit_button("Put it away", key=f"away-{kind}", on_click=door.still(_put_away), args=(kind,))


def _in_order(reads: Reads, room: Room) -> list[str]:
    """The signs that changed first: what is said is mostly about those. Asked once, so that a choice stays."""
    if "signs in order" not in st.session_state:
        rows = team_reads.signs(reads, reads.choices(), room.at.team_id)
        changed = [row["sign"] for row in rows if row["direction"]]
        st.session_state["signs in order"] = list(dict.fromkeys((*changed, *all_signs())))
    found: list[str] = st.session_state["signs in order"]
    return found


def _left_over(room: Room) -> str:
    if not room.at.is_open:
        return "The retrospective was closed while you were writing. This was not added; it is here for you to copy."
    return (
        "The stage was changed while you were writing. This was not added, and nobody else has it: "
        "ask for another round of writing, or copy it."
    )


def _write(reads: Reads, seat: Seat, kind: str, changing: Card | None) -> None:
    """Before the page is drawn anew: keep the card, and empty the field only where it was kept."""
    text = st.session_state[_field(kind)]

    def keep() -> None:
        if changing:
            seats.rewrite(reads.database, seat, changing.id, text)
        else:
            about = st.session_state["remark-about"] if kind == "remark" else None
            seats.write(reads.database, seat, kind, text, about=about)

    if _try(keep):
        _put_away(kind)


def _put_away(kind: str) -> None:
    st.session_state[_field(kind)] = ""
    st.session_state.pop(_EDITED, None)


def _do(work: Callable[[], object]) -> None:
    _try(work)


def _try(work: Callable[[], object]) -> bool:
    """Do it; what goes wrong is said on top of the page, and what was typed stays where it is."""
    try:
        work()
    except Trouble as trouble:
        st.session_state[_SAID] = str(trouble)
        return False
    return True


def _field(kind: str) -> str:
    return f"words-{kind}"
