"""Overrule what was derived for a category: whether it is simple, its standard; with a reason, and to be undone."""

import streamlit as st

from dashboard import parts
from dashboard.cached import Reads
from dashboard.plain import plain
from data import standards_store
from data.derived import derive
from data.errors import Trouble

_SIMPLE = {"leave it": None, "simple": True, "not simple": False}


def show(reads: Reads, categories: list[str]) -> None:
    """The form. What is set is kept with its reason and author, and every version of the table with it."""
    with st.expander("Overrule a category"), st.form("overrule", border=False):
        category = st.selectbox("Category", categories, key="overrule-category")
        left, right = st.columns(2)
        simple = left.selectbox("Is it simple?", list(_SIMPLE), key="overrule-simple")
        hours = right.number_input(
            "Standard in business hours (empty: leave it)", min_value=0.1, value=None, key="overrule-hours"
        )
        reason = st.text_area("Why, for those who read it later", key="overrule-reason", height=80)
        first, second = st.columns(2)
        chosen = first.form_submit_button("Set it", key="overrule-set")
        undone = second.form_submit_button("Undo what was last set for it", key="overrule-undo")
    with parts.trouble_said():
        if category is None:
            raise Trouble("There is no category to overrule yet.")
        if chosen:
            standards_store.overrule(
                reads.scope,
                reads.database,
                category,
                reason=reason,
                simple=_SIMPLE[simple],
                standard_minutes=None if hours is None else round(hours * 60),
            )
        elif undone:
            standards_store.undo(reads.scope, reads.database, category)
        if chosen or undone:
            _count_anew(reads)


def _count_anew(reads: Reads) -> None:
    """The readings follow at once: they are counted anew under the new version of the standards."""
    bar = st.progress(0.0, "Counting anew")
    derive(reads.home, progress=lambda what, share: (bar.progress(min(1.0, share), plain(what)), None)[1])
    bar.empty()
    st.rerun()
