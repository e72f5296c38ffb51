"""The board of coaching actions and the card that is opened from it."""

from datetime import date, datetime

import streamlit as st

from dashboard import moved, parts, words
from dashboard.boards.choice import ENDED, HEADS, state_of
from dashboard.boards.later import Later
from dashboard.cached import Reads
from dashboard.charts import Mark
from dashboard.coaching import action_forms, judged, plays, swap_forms
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from data import clock
from data.coaching import actions
from data.coaching.action import Action
from metrics.sign import all_signs

SHOWN = 6


def show(reads: Reads, choices: Choices, found: list[Action], later: Later) -> None:
    """Planned, under way, due, ended: each action stands in one column. Verdicts come `later`."""
    today = clock.now().date()
    for column, (state, head) in zip(st.columns(len(HEADS)), HEADS.items(), strict=True):
        there = [action for action in found if state_of(action, today) == state]
        with column:
            st.header(f"{head} ({len(there)})", anchor=False)
            shown = sorted(there, key=ended_at, reverse=True) if state == ENDED else there
            for action in shown[:SHOWN]:
                _card(reads, choices, action, today, later)
            if len(shown) > SHOWN:
                with st.expander(f"{len(shown) - SHOWN} more"):
                    for action in shown[SHOWN:]:
                        _card(reads, choices, action, today, None)


def when(action: Action, today: date) -> str:
    """How far an action is, in words."""
    if not action.is_open:
        return f"{action.status} on {words.day(ended_at(action).date(), today)}"
    if action.is_overdue(today):
        return f"review overdue since {words.day(action.review_on, today)}"
    if action.starts_on > today:
        return f"starts {words.day(action.starts_on, today)}, review {words.day(action.review_on, today)}"
    weeks = (today - action.starts_on).days // 7
    return f"{words.count(weeks, 'week')} in, review {words.day(action.review_on, today)}"


def ended_at(action: Action) -> datetime:
    """When it was ended, or last changed."""
    return action.closed_at or action.updated_at


def _card(reads: Reads, choices: Choices, action: Action, today: date, later: Later | None) -> None:
    with st.container(border=True, key=f"action-{action.id}"):
        st.page_link("views/coaching.py", label=plain(words.play(action.play)), query_params={"action": str(action.id)})
        st.markdown(f"**{plain(parts.name_of(choices, action.team_id))}.** {plain(question_of(action))}")
        st.caption(plain(f"{when(action, today)}. {action.owner}"))
        if later is not None and action.starts_on <= today:
            later.say(lambda: plain(verdict_of(reads, action)))


def verdict_of(reads: Reads, action: Action) -> str:
    """ "So far: no difference seen; ..."; of an ended one its verdict."""
    return f"{'So far' if action.is_open else 'Verdict'}: {judged.brief(reads, action)}"


def question_of(action: Action) -> str:
    """The sign as its question; a sign that is no longer declared by its key."""
    sign = all_signs().get(action.sign)
    return words.heading(sign) if sign else action.sign


def opened(reads: Reads, choices: Choices, selection: Selection) -> None:
    """One action: why, the reading as it was seen and as it is now, check-ins, and what can be done with it."""
    st.page_link("views/coaching.py", label="Back to the board", icon=":material/arrow_back:")
    action = actions.get(reads.scope, reads.database, selection.action or 0)
    today = clock.now().date()
    st.header(f"{plain(words.play(action.play))}, {plain(parts.name_of(choices, action.team_id))}", anchor=False)
    stands = f"{action.status}: " if action.is_open else ""
    st.caption(plain(f"{words.first_up(stands + when(action, today))}. Owner: {action.owner}"))
    plays.link(action.play)
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.markdown(f"**{plain(question_of(action))}**")
        st.markdown(plain(action.why))
        if action.seen and action.seen.get("sentence"):
            st.markdown(f"**As it was seen then.** {plain(action.seen['sentence'])}")
        moved.recorded(reads, action.team_id, action.sign)
        if action.outcome:
            st.markdown(f"**How it went.** {plain(action.outcome)}")
        judged.show(reads, choices, action)
        with st.expander("As it is now"):
            _now(reads, choices, selection, action)
    with right:
        swap_forms.show(reads, action)
        action_forms.check_ins(reads, action)
        action_forms.change(reads, action)
        _history(reads, action)


def _now(reads: Reads, choices: Choices, selection: Selection, action: Action) -> None:
    """The sign's chart today, with the start of the action marked."""
    if action.sign not in all_signs() or action.team_id not in choices.teams:
        st.caption("The data no longer has this team or this sign.")
        return
    bare = Selection(period=selection.period, team=action.team_id)
    rows = parts.rows_of(reads.readings(bare.filters(choices), None))
    row = next((row for row in rows if row["sign"] == action.sign), None)
    if row is None:
        return
    said = parts.said_of(choices, row)
    st.markdown(plain(said))
    if row["share"] is not None:
        marks = (Mark(action.starts_on, words.play(action.play)),)
        unfiltered = Selection(period=selection.period).filters(choices)
        parts.chart(reads.p_chart(unfiltered, action.team_id, action.sign, marks=marks, height=220), said, key="now")
    parts.team_link(bare, row)


def _history(reads: Reads, action: Action) -> None:
    with st.expander("History of changes"):
        for change in reversed(actions.history(reads.scope, reads.database, action.id)):
            note = f": {change.note}" if change.note else ""
            st.markdown(plain(f"{words.day(change.at.date())} {change.at:%H:%M} UTC, {change.by}: {change.what}{note}"))
