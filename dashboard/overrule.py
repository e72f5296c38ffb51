"""Set a category's standard, or whether it is simple; with a reason, and to be undone. A form of the page Standards.

What is set runs before the page is drawn anew, so that it is about the standards as they were seen: whoever was there
first is not overwritten, and the second is told.
"""

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard import door, words
from dashboard.cached import Reads
from dashboard.plain import plain
from data import standards_store
from data.derived import derive
from data.errors import Trouble

_SIMPLE = {"leave it": None, "simple": True, "not simple": False}
_SAID, _ANEW = "said of the standards", "standards were set"
_KEYS = ("overrule-simple", "overrule-hours", "overrule-reason")


def count_anew(reads: Reads) -> None:
    """After a change, before anything is read: the readings are worked out under the new version, with progress."""
    if trouble := st.session_state.pop(_SAID, None):
        st.warning(plain(trouble))
    if not st.session_state.pop(_ANEW, False):
        return
    said = "It is kept, and so is every version before. The readings are counted anew, which takes some seconds"
    bar = st.progress(0.0, said)
    derive(reads.home, progress=lambda what, share: (bar.progress(min(1.0, share), f"{said}: {plain(what)}"), None)[1])
    bar.empty()


def show(reads: Reads, frame: pl.DataFrame, version: int) -> None:
    """The form. `frame`: the standards in force, at `version`."""
    categories = frame["category"].drop_nulls().sort().to_list()
    if not categories:
        st.markdown("There is no category to set a standard for.")
        return
    category = st.selectbox("Category", categories, key="overrule-category", format_func=_named)
    row = frame.filter(pl.col("category") == category).row(0, named=True)
    st.markdown(plain(_now(row)))
    with st.form("overrule", border=False):
        left, right = st.columns(2)
        left.selectbox("Is it simple?", list(_SIMPLE), key="overrule-simple")
        right.number_input(
            "Standard in business hours (empty: leave it)", min_value=0.1, value=None, key="overrule-hours"
        )
        st.text_area("Why, for those who read it later", key="overrule-reason", height=80)
        with st.container(horizontal=True):
            st.form_submit_button(
                "Set it", key="overrule-set", on_click=door.still(_set), args=(reads, category, version)
            )
            if row["source"] == "set":
                st.form_submit_button(
                    "Undo what was last set",
                    key="overrule-undo",
                    on_click=door.still(_undo),
                    args=(reads, category, version),
                )


def _now(row: dict[str, object]) -> str:
    simple = "simple" if row["simple"] else "not simple"
    minutes = row["standard_minutes"]
    standard = f"standard {words.minutes(minutes)}" if isinstance(minutes, int) else "without a standard"
    by = f"set by {row['author']}: {row['reason']}" if row["source"] == "set" else f"derived: {row['reason']}"
    return f"Now {simple}, {standard} ({by})."


def _named(category: str) -> str:
    return words.first_up(words.called("category", category))


def _set(reads: Reads, category: str, seen: int) -> None:
    hours = st.session_state["overrule-hours"]
    _done(
        lambda: standards_store.overrule(
            reads.scope,
            reads.database,
            category,
            reason=st.session_state["overrule-reason"],
            simple=_SIMPLE[st.session_state["overrule-simple"]],
            standard_minutes=None if hours is None else round(hours * 60),
            seen=seen,
        )
    )


def _undo(reads: Reads, category: str, seen: int) -> None:
    _done(lambda: standards_store.undo(reads.scope, reads.database, category, seen=seen))


def _done(work: Callable[[], int]) -> None:
    """Do it and empty the form; trouble is said in its sentence and leaves the form as it is."""
    try:
        work()
    except Trouble as trouble:
        st.session_state[_SAID] = str(trouble)
        return
    for key in _KEYS:
        del st.session_state[key]
    st.session_state[_ANEW] = True
