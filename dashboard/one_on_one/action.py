"""An action point of a one-on-one becomes a coaching action: recorded as any other, its plan fixed beforehand."""

from datetime import date

import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.coaching import action_forms, coaching_reads, judged, verdict_words
from dashboard.one_on_one import words as told
from dashboard.plain import plain
from dashboard.selection import Choices
from data import clock
from data.coaching import planning, swaps
from data.coaching.action import Json
from data.coaching.swaps import Swap
from data.errors import Trouble
from data.talks import action_points
from data.talks.action_points import ActionPoint
from data.talks.conversation import Conversation
from metrics.sign import all_signs

PAGE = "views/one_on_one.py"


def form(reads: Reads, choices: Choices, talk: Conversation, number: int) -> None:
    """Team, sign and start first, because the reading and the plan of that moment are kept with the action."""
    back = {"conversation": str(talk.id)}
    st.page_link(PAGE, label="Back to the conversation", query_params=back, icon=":material/arrow_back:")
    found = action_points.list_(reads.scope, reads.database, series=talk.series)
    point = next((one for one in found if one.id == number), None)
    teams = [team for team in talk.teams if team in choices.teams]
    if point is None or not point.is_open or not teams:
        st.markdown("This action point is settled, or it is of another conversation: there is nothing to make of it.")
        return
    st.header("Make it a coaching action", anchor=False)
    st.markdown(told.lines(point.words))
    left, right, last = st.columns([2, 2, 1])
    team = left.selectbox("Team", teams, format_func=lambda one: parts.name_of(choices, one), key="coach-team")
    sign = right.selectbox(
        "About", list(all_signs()), index=_first_sign(reads, choices, team), key="coach-sign",
        format_func=lambda key: words.heading(all_signs()[key]),
    )  # fmt: skip
    starts_on = last.date_input("Starts on", clock.now().date(), key="coach-starts", format="YYYY-MM-DD")
    seen = action_forms.reading_now(reads, choices, team, sign)
    if seen:
        st.caption(plain(f"Kept with the action, as it is seen now: {seen['sentence']}"))
    plan = coaching_reads.plan(reads, [team], sign, starts_on)
    st.caption(plain(verdict_words.outlook(plan)))
    with st.expander("What will be fixed, before anyone sees how it goes"):
        judged.fixed(choices, plan)
    _record(reads, choices, talk, point, {"team_id": team, "sign": sign, "starts_on": starts_on, "seen": seen}, plan)


def _first_sign(reads: Reads, choices: Choices, team: str) -> int:
    """The sign that changed for the worse, if one did."""
    found = action_forms.readings_now(reads, choices, team)
    worse = [row["sign"] for row in found if row["status"] == "signal" and row["direction"] == "worse"]
    return list(all_signs()).index(worse[0]) if worse else 0


def _record(reads: Reads, choices: Choices, talk: Conversation, point: ActionPoint, chosen: Json, plan: Json) -> None:
    play = parts.play_field(chosen["sign"], None, "coach-play")
    if play:
        judged.what_works(reads, play)
    with st.form("coach", border=False):
        swap = _buddy() if play and swaps.is_swap(play) else None
        why = st.text_area("Why", point.words, key="coach-why")
        first, second = st.columns(2)
        review: date = planning.day(plan["reviews"][0]["on"])
        review_on = first.date_input("Review on", review, key="coach-review", format="YYYY-MM-DD")
        owner = second.text_input("Owner", point.owner, key="coach-owner")
        if not st.form_submit_button("Record the action", type="primary", key="coach-save"):
            return
    content = {**chosen, "play": play or "", "why": why, "review_on": review_on, "owner": owner, "fixed": plan}
    try:
        action_points.become_action(
            reads.scope,
            reads.database,
            point.id,
            content,
            swap=swap,
            expected_revision=point.revision,
            known_teams=set(choices.teams),
        )
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    st.toast("Recorded, and shown wherever actions are.")
    st.query_params.from_dict({"conversation": str(talk.id)})
    st.rerun()


def _buddy() -> Swap:
    left, right = st.columns(2)
    buddy = left.text_input("Buddy, who was asked and takes the guest along", key="coach-buddy")
    hours = right.number_input("Hours", min_value=0.5, max_value=swaps.MOST_HOURS, value=4.0, key="coach-hours")
    return Swap(float(hours), buddy)
