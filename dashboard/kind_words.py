"""Customers' kind words on the pages: before any sign; written down, passed on; where none is, how to gather some."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.cached import Reads
from dashboard.plain import plain
from data import clock, praise
from data.errors import Trouble

KIND_WEEKS = 26
SHOWN = 2
CUT = 280
PLAY = "praise_passed_on"
GATHER = (
    "Reply to three customers whose case went well, and ask what made the difference.",
    "Ask the teams before and after in the chain: whom did this team save a day?",
    "Ask at the next meeting: for what did a customer last thank you? Write it down as they said it.",
)
Row = Mapping[str, Any]


def cut(text: str, longest: int = CUT) -> str:
    """A long word of thanks, shortened at a blank: what is left out is under "all"."""
    short = " ".join(text.split())
    if len(short) <= longest:
        return short
    return f"{short[:longest].rsplit(' ', 1)[0]} ..."


def beside(row: Row, today: date | None = None) -> str:
    """When it was said, where it came from, whether it reached the team: "5 Oct (a call). Passed on 7 Oct by Ada"."""
    source = "" if row["source"] in (None, praise.IMPORTED) else f" ({row['source']})"
    said = f"{words.day(row['at'].date(), today)}{source}."
    if row["passed_on"] is None:
        return said
    how = words.ended(row["passed_how"])
    return f"{said} Passed on {words.day(row['passed_on'], today)} by {row['passed_by']}: {how}"


def quote(row: Row, today: date | None = None, longest: int = CUT) -> str:
    """The words as a quotation, as they were said."""
    return f"> “{plain(cut(row['words'], longest))}”\n>\n> {plain(beside(row, today))}"


@st.fragment
def show(reads: Reads, team_id: str, name: str) -> None:
    """A team's kind words, newest first, with the ways to write one down and to pass one on."""
    rows = reads.praise(team_id, KIND_WEEKS).rows(named=True)
    if trouble := st.session_state.pop(_trouble(team_id), None):
        st.warning(plain(trouble))
    if rows:
        _quotes(reads, team_id, rows)
    else:
        _prompt(name)
    with st.expander("Write down a kind word", icon=":material/edit:"):
        _form(reads, team_id)


def _quotes(reads: Reads, team_id: str, rows: Sequence[Row]) -> None:
    today = clock.now().date()
    st.markdown("**Customers' kind words**")
    columns = st.columns(SHOWN)
    for column, row in zip(columns, rows[:SHOWN], strict=False):
        with column:
            st.markdown(quote(row, today))
            if row["passed_on"] is None:
                _pass_on(reads, team_id, row)
    if len(rows) > SHOWN or any(len(row["words"]) > CUT or _undoable(row) for row in rows[:SHOWN]):
        with st.expander(f"All {len(rows)} of the last {KIND_WEEKS} weeks" if len(rows) > 1 else "All of it"):
            for row in rows:
                _line(reads, team_id, row, today)


def _line(reads: Reads, team_id: str, row: Row, today: date) -> None:
    """One kind word in the list of all, whole, with what can be undone."""
    with st.container(key=f"kind-{row['key']}"):
        st.markdown(quote(row, today, praise.LONGEST))
        with st.container(horizontal=True):
            if row["typed_by"] is not None:
                _button("Take it back", f"kind-back-{row['key']}", reads, team_id, row, _take_back)
            if row["passed_on"] is not None:
                _button("It was not passed on", f"kind-not-{row['key']}", reads, team_id, row, _not_passed)


def _undoable(row: Row) -> bool:
    return row["typed_by"] is not None or row["passed_on"] is not None


def _button(label: str, key: str, reads: Reads, team_id: str, row: Row, work: Callable[[Reads, Row], None]) -> None:
    st.button(label, key=key, type="tertiary", on_click=_tried, args=(team_id, lambda: work(reads, row)))


def _pass_on(reads: Reads, team_id: str, row: Row) -> None:
    key = row["key"]
    with st.popover("Pass it on"), st.form(f"kind-pass-{key}", border=False):
        st.text_input("How did it reach them?", key=f"kind-how-{key}", placeholder="Read aloud in the Monday meeting")
        st.date_input("On", clock.now().date(), key=f"kind-day-{key}", format="YYYY-MM-DD")
        st.form_submit_button(
            "It was passed on",
            key=f"kind-go-{key}",
            on_click=_tried,
            args=(team_id, lambda: _passed(reads, team_id, key)),
        )


def _prompt(name: str) -> None:
    """No kind word: how to gather some."""
    st.markdown(
        f"**No kind word has reached {plain(name)} in the last {KIND_WEEKS} weeks.** That says nothing of the team: "
        "thanks seldom find their way. To gather some:\n\n" + "\n".join(f"- {plain(way)}" for way in GATHER)
    )
    st.page_link("views/playbook.py", label="How praise is passed on", query_params={"play": PLAY})


def _form(reads: Reads, team_id: str) -> None:
    with st.form(f"kind-new-{team_id}", border=False):
        st.text_area("What did the customer say?", key=f"kind-words-{team_id}", height=80)
        first, second = st.columns(2)
        first.text_input("Where from?", key=f"kind-from-{team_id}", placeholder="A call, a letter, the counter")
        second.date_input("On", clock.now().date(), key=f"kind-on-{team_id}", format="YYYY-MM-DD")
        st.caption("As they said it. No name is needed, neither the customer's nor a colleague's.")
        st.form_submit_button(
            "Write it down", key=f"kind-save-{team_id}", on_click=_tried, args=(team_id, lambda: _add(reads, team_id))
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


def _passed(reads: Reads, team_id: str, key: str) -> None:
    told = {"praise": key, "team_id": team_id, "how": st.session_state[f"kind-how-{key}"]}
    praise.pass_on(reads.scope, reads.database, **told, passed_on=st.session_state[f"kind-day-{key}"])


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
