"""Customers' kind words on the pages: before any sign; written down, passed on; where none is, how to gather some."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import door
from dashboard.cached import Reads
from dashboard.kind_said import GATHER, Row, cut, quote
from dashboard.plain import plain
from data import clock, praise
from data.errors import Trouble
from data.scope import Right

KIND_WEEKS = 26
SHOWN = 2
PLAY = "praise_passed_on"


@door.fragment()
def show(reads: Reads, team_id: str, name: str) -> None:
    """A team's kind words, newest first, with the ways to write one down and to pass one on."""
    rows = reads.praise(team_id, KIND_WEEKS).rows(named=True)
    if trouble := st.session_state.pop(_trouble(team_id), None):
        st.warning(plain(trouble))
    if rows:
        _quotes(rows)
    else:
        st.markdown(
            f"**No kind word for {plain(name)} is known of the last {KIND_WEEKS} weeks.** That says nothing of the "
            "team: thanks seldom find their way."
        )
    with st.container(horizontal=True, key="kind-ways"):
        with st.popover("Write one down", icon=":material/edit:"):
            _form(reads, team_id)
        waiting = [row for row in rows if row["passed_on"] is None]
        if waiting:
            with st.popover("Pass one on", icon=":material/volunteer_activism:"):
                _pass_on(reads, team_id, waiting)
        if not rows:
            with st.popover("How to gather some", icon=":material/lightbulb:"):
                _gather()
        else:
            with st.popover(f"All of the last {KIND_WEEKS} weeks ({len(rows)})"):
                for row in rows:
                    _line(reads, team_id, row)


def _quotes(rows: Sequence[Row]) -> None:
    """The newest, side by side."""
    today = clock.now().date()
    st.markdown("**Customers' kind words**")
    for column, row in zip(st.columns(SHOWN), rows[:SHOWN], strict=False):
        column.markdown(quote(row, today))


def _line(reads: Reads, team_id: str, row: Row) -> None:
    """One kind word in the list of all, whole, with what can be undone."""
    st.markdown(quote(row, clock.now().date(), praise.LONGEST))
    if row["typed_by"] is not None:
        _button("Take it back", f"kind-back-{row['key']}", team_id, lambda: _take_back(reads, row))
    if row["passed_on"] is not None:
        _button("It was not passed on", f"kind-not-{row['key']}", team_id, lambda: _not_passed(reads, row))


def _button(label: str, key: str, team_id: str, work: Callable[[], None]) -> None:
    st.button(label, key=key, type="tertiary", on_click=door.still(_tried), args=(team_id, work))


def _pass_on(reads: Reads, team_id: str, waiting: Sequence[Row]) -> None:
    """The form that records how a kind word reached the team."""
    if not reads.scope.may(Right.COACH, team_id):
        return
    said = {row["key"]: cut(row["words"], 60) for row in waiting}
    with st.form(f"kind-pass-{team_id}", border=False):
        st.selectbox("Which?", list(said), format_func=lambda key: said[key], key=f"kind-which-{team_id}")
        st.text_input("How did it reach them?", key=f"kind-how-{team_id}", placeholder="Read aloud in the meeting")
        st.date_input("On", clock.now().date(), key=f"kind-day-{team_id}", format="YYYY-MM-DD")
        st.form_submit_button(
            "It was passed on",
            key=f"kind-go-{team_id}",
            on_click=door.still(_tried),
            args=(team_id, lambda: _passed(reads, team_id)),
        )


def _gather() -> None:
    """How to gather some, where there is none."""
    st.markdown("\n".join(f"- {plain(way)}" for way in GATHER))
    st.page_link("views/playbook.py", label="How praise is passed on", query_params={"play": PLAY})


def _form(reads: Reads, team_id: str) -> None:
    if not reads.scope.may(Right.COACH, team_id):
        return
    with st.form(f"kind-new-{team_id}", border=False):
        st.text_area("What did the customer say?", key=f"kind-words-{team_id}", height=80)
        first, second = st.columns(2)
        first.text_input("Where from?", key=f"kind-from-{team_id}", placeholder="A call, a letter, the counter")
        second.date_input("On", clock.now().date(), key=f"kind-on-{team_id}", format="YYYY-MM-DD")
        st.caption("As they said it. No name is needed, neither the customer's nor a colleague's.")
        st.form_submit_button(
            "Write it down",
            key=f"kind-save-{team_id}",
            on_click=door.still(_tried),
            args=(team_id, lambda: _add(reads, team_id)),
        )


def _add(reads: Reads, team_id: str) -> None:
    field, source = f"kind-words-{team_id}", f"kind-from-{team_id}"
    praise.add(
        reads.scope,
        reads.database,
        team_id=team_id,
        words=st.session_state[field],
        source=st.session_state[source],
        said_on=st.session_state[f"kind-on-{team_id}"],
    )
    st.session_state[field] = st.session_state[source] = ""


def _passed(reads: Reads, team_id: str) -> None:
    how = f"kind-how-{team_id}"
    praise.pass_on(
        reads.scope,
        reads.database,
        praise=st.session_state[f"kind-which-{team_id}"],
        team_id=team_id,
        how=st.session_state[how],
        passed_on=st.session_state[f"kind-day-{team_id}"],
    )
    st.session_state[how] = ""
    del st.session_state[f"kind-which-{team_id}"]  # it is no longer among those that wait


def _take_back(reads: Reads, row: Row) -> None:
    praise.undo(reads.scope, reads.database, praise.number_of(row["key"]))


def _not_passed(reads: Reads, row: Row) -> None:
    praise.not_passed_on(reads.scope, reads.database, row["key"])


def _tried(team_id: str, work: Callable[[], None]) -> None:
    """Before the part is drawn anew: trouble is said on top of it, and what was written stays in its field."""
    try:
        work()
    except Trouble as trouble:
        st.session_state[_trouble(team_id)] = str(trouble)


def _trouble(team_id: str) -> str:
    return f"kind-trouble-{team_id}"
