"""Can I trust it? What is in, how fresh, what was set aside; and the way in for a new file."""

import polars as pl
import streamlit as st

from dashboard import cached, door, parts, set_aside, upload, words
from dashboard.cached import Reads
from dashboard.plain import plain
from data import clock
from data.scope import Right
from metrics.sign import all_signs

HISTORY_SHOWN = 50


def show() -> None:
    st.title("Data: can I trust it?", anchor=False)
    home = door.home()
    with parts.trouble_said():
        scope = door.scope()
        reads = cached.reads(home, scope)
        left, right = st.columns([1, 1], gap="large")
        with left:
            if reads is None:
                st.markdown("Nothing is in yet. Import the export of your helpdesk; it stays on this machine.")
            else:
                what_is_in(reads)
        if scope.may(Right.IMPORT):
            with right:
                upload.show(home)
            if reads is not None:
                set_aside.show(home, reads.version)
        if reads is not None:
            history(reads)


def what_is_in(reads: Reads) -> None:
    """Freshness, rows by table, what no sign can be read without, and what there is to mend."""
    fresh = reads.freshness()
    st.header("What is in", anchor=False)
    today = clock.now().date()
    taken = f", taken in on {words.day(fresh.at.date(), today)} at {fresh.at:%H:%M} UTC" if fresh.at else ""
    reach = f"It reaches to {words.moment(fresh.horizon, today)} UTC." if fresh.horizon else "It has no tickets yet."
    st.markdown(f"Data version {fresh.version}{taken}. {reach}")
    if fresh.week:
        st.markdown(f"The last complete week is that of {words.long_day(fresh.week, today)}.")
    for note in words.cautions(fresh.thinned, fresh.whole_to, fresh.provisional and bool(fresh.horizon), today):
        st.markdown(plain(note))
    rows = [{"Table": name, "Rows": rows} for name, rows in fresh.rows.items() if rows]
    parts.table(pl.DataFrame(rows), "Rows by table", config={"Rows": parts.WHOLE})
    lacking(reads)
    mend(reads)


def lacking(reads: Reads) -> None:
    for key, why in reads.lacking().items():
        if key in all_signs():
            st.markdown(f"**{plain(words.heading(all_signs()[key]))}** Not measured: {plain(words.ended(why))}")


def mend(reads: Reads) -> None:
    found = [finding for finding in reads.findings() if finding.level != "ok"]
    if not found:
        return
    with st.expander(f"{words.count(len(found), 'thing')} to know or to mend"):
        for finding in found:
            st.markdown(plain(f"{finding.what} {finding.mend}".strip()))


def history(reads: Reads) -> None:
    st.header("History", anchor=False)
    counted = reads.scope.may(Right.IMPORT)
    rows = [
        {
            "Version": version.number,
            "Taken in": version.at and f"{words.day(version.at.date())} {version.at:%Y, %H:%M} UTC",
        }
        | ({"From": version.source, "Tickets": version.rows.get("tickets", 0)} if counted else {})
        for version in reversed(reads.history())
    ]
    parts.table(
        pl.DataFrame(rows[:HISTORY_SHOWN], infer_schema_length=None),
        "The versions of the data, newest first",
        config={"Tickets": parts.WHOLE},
    )


show()
