"""At most two actions at the end of a retrospective, planned as any other: what is seen and fixed is kept."""

from datetime import date

import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.coaching import action_forms, coaching_reads, judged, swap_forms, verdict_words
from dashboard.plain import plain
from dashboard.retro import reads as team_reads
from dashboard.selection import Choices
from data import clock
from data.coaching import planning, swaps
from data.coaching.action import Json
from data.errors import Trouble
from data.retro import outcome
from data.retro.retrospective import MOST_ACTIONS, Room
from data.retro.summary import ranked
from metrics.sign import all_signs


def show(reads: Reads, choices: Choices, room: Room, secret: str) -> None:
    """The form of one more action, while there is room for one."""
    made = outcome.agreed(reads.scope, reads.database, room.at.id)
    if len(made) >= MOST_ACTIONS:
        st.caption(f"{words.count(MOST_ACTIONS, 'action')} are agreed: few enough to be done.")
        return
    with st.container(border=True, key="agree"):
        _plan(reads, choices, room, secret, len(made))


def _plan(reads: Reads, choices: Choices, room: Room, secret: str, number: int) -> None:
    team_id = room.at.team_id
    left, right = st.columns([3, 1])
    sign = left.selectbox(
        "About",
        list(all_signs()),
        index=_first_sign(reads, choices, team_id),
        format_func=lambda key: words.heading(all_signs()[key]),
        key=f"agree-sign-{number}",
    )
    today = clock.now().date()
    starts_on: date = right.date_input("Starts on", today, key=f"agree-starts-{number}", format="YYYY-MM-DD")
    seen = action_forms.reading_now(reads, choices, team_id, sign)
    plan = coaching_reads.plan(reads, [team_id], sign, starts_on)
    st.caption(plain(verdict_words.outlook(plan)))
    with st.expander("What is kept with it, before anyone sees how it goes"):
        if seen:
            st.markdown(plain(seen["sentence"]))
        judged.fixed(choices, plan)
    _record(reads, choices, room, secret, number, {"sign": sign, "starts_on": starts_on, "seen": seen, "fixed": plan})


def _record(reads: Reads, choices: Choices, room: Room, secret: str, number: int, chosen: Json) -> None:
    play = parts.play_field(chosen["sign"], None, f"agree-play-{number}")
    if play:
        judged.what_works(reads, play)
    with st.form(f"agree-{number}", border=False):
        swap = swap_forms.fields(f"agree-{number}") if play and swaps.is_swap(play) else None
        why = st.text_area("Why", _why(room, number), key=f"agree-why-{number}", height=96)
        first, second = st.columns(2)
        review = planning.day(chosen["fixed"]["reviews"][0]["on"])
        review_on = first.date_input("Review on", review, key=f"agree-review-{number}", format="YYYY-MM-DD")
        owner = second.text_input("Owner", key=f"agree-owner-{number}", placeholder="Who sees to it that it happens?")
        if not st.form_submit_button("Record the action", type="primary", key=f"agree-save-{number}"):
            return
    content = {**chosen, "play": play or "", "why": why, "review_on": review_on, "owner": owner}
    try:
        outcome.agree(
            reads.scope,
            reads.database,
            room.at.id,
            content,
            secret=secret,
            known_teams=set(choices.teams),
            swap=swap,
        )
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    st.toast("Recorded.")
    st.rerun()


def _why(room: Room, number: int) -> str:
    """What mattered most to the team, as a first wording."""
    votes = room.at.votes or {}
    most = [topic for topic in ranked(room) if votes.get(topic.id)]
    if len(most) <= number:
        return ""
    topic = most[number]
    inside = "; ".join(card.words for card in topic.cards if card.words != topic.name)
    return f"{topic.name}: {inside}" if inside else topic.name


def _first_sign(reads: Reads, choices: Choices, team_id: str) -> int:
    """The sign that changed for the worse, if one did."""
    rows = team_reads.signs(reads, choices, team_id)
    worse = [row["sign"] for row in rows if row["direction"] == "worse"]
    return list(all_signs()).index(worse[0]) if worse else 0
