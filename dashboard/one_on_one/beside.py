"""What stands beside a one-on-one: kind words, the teams' readings, the coaching under way, earlier conversations."""

import streamlit as st

from dashboard import parts, words
from dashboard.boards import board
from dashboard.cached import Reads
from dashboard.coaching import judged
from dashboard.one_on_one import reads as one_on_one_reads
from dashboard.one_on_one import words as told
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data import clock
from data.coaching.action import Action
from data.talks import action_points
from data.talks.conversation import Conversation
from metrics.sign import all_signs

PICTURES = 4
ACTIONS = 6


def praise(reads: Reads, choices: Choices, talk: Conversation) -> None:
    """Customers' kind words, before anything else; where there are none, how to gather some."""
    found = one_on_one_reads.kind_words(reads, talk)[: one_on_one_reads.KIND_WORDS]
    if not found:
        st.markdown(
            "**Begin with a thank-you.** No kind word of a customer has come in for half a year: ask the team for the "
            "last one they heard."
        )
        return
    quotes = [
        f"> “{plain(one.words)}” a customer, to {plain(parts.name_of(choices, one.team_id))}, {words.day(one.on)}"
        for one in found
    ]
    st.markdown("**Begin with a kind word**\n\n" + "\n>\n".join(quotes))


def readings(reads: Reads, choices: Choices, talk: Conversation) -> None:
    """The teams' signals as sentences with their pictures; what is calm, folded. Of teams, never of people."""
    st.header(f"Beside it: {'the team' if len(talk.teams) == 1 else 'the teams'}", anchor=False)
    signals, calm = one_on_one_reads.readings(reads, choices, talk.teams)
    for place, row in enumerate(signals[: one_on_one_reads.SIGNALS]):
        _signal(reads, choices, row, picture=place < PICTURES)
    if len(signals) > one_on_one_reads.SIGNALS:
        with st.expander(f"{len(signals) - one_on_one_reads.SIGNALS} more"):
            for row in signals[one_on_one_reads.SIGNALS :]:
                _signal(reads, choices, row, picture=False)
    if not signals:
        st.markdown("No change beyond chance: a good time to ask what goes well, and why.")
    with st.expander(f"Calm: {words.calm(calm)}"):
        for row in calm:
            st.markdown(f"**{plain(words.heading(all_signs()[row['sign']]))}** {plain(parts.said_of(choices, row))}")


def _signal(reads: Reads, choices: Choices, row: Row, *, picture: bool) -> None:
    said = parts.said_of(choices, row)
    with st.container(key=f"beside-{row['team_id']}-{row['sign']}"):
        st.markdown(f"{parts.TONES[row['direction']]}  {plain(said)}")
        if picture:
            spec = reads.sparkline(Selection().filters(choices), row["team_id"], row["sign"])
            parts.chart(spec, said, key=f"beside-spark-{row['team_id']}-{row['sign']}")
        parts.team_link(Selection(), row)


def coaching(reads: Reads, choices: Choices, talk: Conversation) -> None:
    """The coaching actions of these teams: those to look at first."""
    today = clock.now().date()
    due, others = one_on_one_reads.agreed(reads, talk, today)
    st.header(f"Coaching under way ({len(due) + len(others)})", anchor=False)
    if not due and not others:
        st.caption("None. An action point can become one, and its sign then tells whether it helped.")
    with st.container(key="coaching-beside"):
        for action in [*due, *others][:ACTIONS]:
            _action(reads, choices, action)
    if len(due) + len(others) > ACTIONS:
        st.page_link("views/coaching.py", label=f"and {len(due) + len(others) - ACTIONS} more")


def _action(reads: Reads, choices: Choices, action: Action) -> None:
    today = clock.now().date()
    label = f"{words.play(action.play)}, {parts.name_of(choices, action.team_id)}"
    st.page_link("views/coaching.py", label=plain(label), query_params={"action": str(action.id)})
    so_far = f" So far: {judged.brief(reads, action)}." if action.starts_on <= today else ""
    st.caption(plain(f"{words.first_up(board.when(action, today))}.{so_far}"))


def past(reads: Reads, talk: Conversation) -> None:
    """Earlier conversations of the same two: what they kept, and what came of each action point."""
    before = one_on_one_reads.past(reads, talk)
    if not before:
        return
    today = clock.now().date()
    st.header(f"Earlier ({len(before)})", anchor=False)
    points = action_points.list_(reads.scope, reads.database, series=talk.series)
    for one in before[:6]:
        mine = [point for point in points if point.conversation_id == one.id]
        still = sum(point.is_open for point in mine)
        with st.expander(f"{words.long_day(one.held_on, today)}{f' ({still} still open)' if still else ''}"):
            for priority in one.priorities:
                st.markdown(f"- {plain(priority)}")
            if one.shared:
                st.markdown(told.lines(one.shared))
            for point in mine:
                st.markdown(f"- {told.lines(point.words)}")
                st.caption(plain(told.due(point, today)))
            where = {"conversation": str(one.id)}
            st.page_link("views/one_on_one.py", label="Open this conversation", query_params=where)
