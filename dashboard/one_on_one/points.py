"""The action points of a one-on-one: agreed, carried over, settled, and one that becomes a coaching action."""

from datetime import date, timedelta

import streamlit as st

from dashboard import door
from dashboard.cached import Reads
from dashboard.one_on_one import words as told
from dashboard.one_on_one.forms import done
from dashboard.plain import plain
from data import clock
from data.errors import Trouble
from data.talks import action_points
from data.talks.action_points import DONE, DROPPED, MOST_OPEN, OPEN, ActionPoint
from data.talks.conversation import Conversation


def show(reads: Reads, talk: Conversation) -> None:
    """What is open between the two, also from earlier conversations, and what was settled since the last one."""
    today = clock.now().date()
    every = action_points.list_(reads.scope, reads.database, series=talk.series)
    standing = [one for one in every if one.is_open]
    st.header(f"Action points ({len(standing)} open)", anchor=False)
    if not standing:
        st.caption(f"None is open. At most {MOST_OPEN}, each with a name and a day: what will be done, by whom?")
    for point in standing:
        _point(reads, talk, point, today)
    if said := st.session_state.pop(f"action-point-trouble-{talk.id}", None):
        st.warning(plain(said))
    if len(standing) < MOST_OPEN:
        _add(reads, talk, today)
    else:
        st.caption(f"{MOST_OPEN} are open: a sixth has to wait until one is done, or dropped.")
    _settled(reads, talk, [one for one in every if not one.is_open], today)


def _point(reads: Reads, talk: Conversation, point: ActionPoint, today: date) -> None:
    with st.container(border=True, key=f"action-point-{point.id}"):
        st.markdown(told.lines(point.words))
        since = "" if point.conversation_id == talk.id else ", carried over"
        st.caption(plain(f"{told.due(point, today)}{since}"))
        with st.container(horizontal=True):
            for label, state in (("Done", DONE), ("Drop it", DROPPED)):
                key = f"action-point-{state}-{point.id}"
                st.button(
                    label, key=key, type="tertiary", on_click=door.still(_settle), args=(reads, talk, point, state)
                )
            if st.button("Make it a coaching action", key=f"action-point-coach-{point.id}", type="tertiary"):
                st.query_params.from_dict({"conversation": str(talk.id), "point": str(point.id)})
                st.rerun()
            with st.popover("Change", type="tertiary"):
                _edit(reads, point)


def _settle(reads: Reads, talk: Conversation, point: ActionPoint, state: str) -> None:
    try:
        action_points.settle(reads.scope, reads.database, point.id, state, expected_revision=point.revision)
    except Trouble as trouble:
        st.session_state[f"action-point-trouble-{talk.id}"] = str(trouble)


def _edit(reads: Reads, point: ActionPoint) -> None:
    """The fields' keys hold the revision: what was changed meanwhile is shown as it is now."""
    key = f"{point.id}-{point.revision}"
    with st.form(f"action-point-edit-{key}", border=False):
        said = st.text_area("What", point.words, key=f"action-point-what-{key}", height=80)
        owner = st.text_input("Who", point.owner, key=f"action-point-who-{key}")
        due_on = st.date_input("By", point.due_on, key=f"action-point-by-{key}", format="YYYY-MM-DD")
        if not st.form_submit_button("Save", key=f"action-point-edit-save-{key}"):
            return
    wanted = {"words": said.strip(), "owner": owner.strip(), "due_on": due_on}
    changes = {name: value for name, value in wanted.items() if value != getattr(point, name)}
    if done(
        lambda: action_points.edit(reads.scope, reads.database, point.id, changes, expected_revision=point.revision)
    ):
        st.rerun()


def _add(reads: Reads, talk: Conversation, today: date) -> None:
    st.session_state.setdefault(f"new-point-who-{talk.id}", talk.guest)
    st.session_state.setdefault(f"new-point-by-{talk.id}", max(today, talk.held_on) + timedelta(days=14))
    with st.form(f"new-point-{talk.id}", border=False):
        st.text_input("What will be done?", key=f"new-point-what-{talk.id}")
        left, right = st.columns(2)
        left.text_input("Who", key=f"new-point-who-{talk.id}")
        right.date_input("By", key=f"new-point-by-{talk.id}", format="YYYY-MM-DD")
        st.form_submit_button(
            "Agree on it", key=f"new-point-save-{talk.id}", on_click=door.still(_agree), args=(reads, talk)
        )


def _agree(reads: Reads, talk: Conversation) -> None:
    """Before the page is drawn anew: the field is emptied only where the point was kept."""
    what, who, by = (f"new-point-{name}-{talk.id}" for name in ("what", "who", "by"))
    try:
        action_points.add(
            reads.scope,
            reads.database,
            talk.id,
            words=st.session_state[what],
            owner=st.session_state[who],
            due_on=st.session_state[by],
        )
    except Trouble as trouble:
        st.session_state[f"action-point-trouble-{talk.id}"] = str(trouble)
    else:
        st.session_state[what] = ""


def _settled(reads: Reads, talk: Conversation, points: list[ActionPoint], today: date) -> None:
    if not points:
        return
    with st.expander(f"Settled ({len(points)})"):
        for point in sorted(points, key=lambda one: one.at, reverse=True):
            st.markdown(told.lines(point.words))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(plain(told.due(point, today)))
                if point.action_id is not None:
                    where = {"action": str(point.action_id)}
                    st.page_link("views/coaching.py", label="See the action", query_params=where)
                else:
                    key = f"action-point-{OPEN}-{point.id}"
                    st.button(
                        "Open again",
                        key=key,
                        type="tertiary",
                        on_click=door.still(_settle),
                        args=(reads, talk, point, OPEN),
                    )
