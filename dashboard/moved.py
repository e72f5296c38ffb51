"""What moved a signal, on the page of its team: the numbers' answer, then the manager's own, kept with the reading."""

import streamlit as st

from dashboard import cause_reads, cause_words, parts, words
from dashboard.cached import Reads
from dashboard.coaching import plays
from dashboard.plain import plain
from dashboard.selection import Selection
from dashboard.words import Row
from data import found_causes
from data.found_causes import FoundCause
from data.scope import Right
from metrics.explained import Explained

ASKED = (
    "What did you find when you looked, and what did you rule out? It stays with this reading, and with an action "
    "about it, for whoever asks again in half a year. Please name no person."
)
RELIEF = "Plan what relieves it, such as less load"


def show(reads: Reads, selection: Selection, row: Row) -> None:
    """Of a signal: what moved it, what was found, the way to an action; of anything else what was found before.

    Beside either: what is noticed of ways to make the number look better.
    """
    found = cause_reads.cause(reads, selection.filters(reads.choices()), selection.week, row)
    if found is not None:
        st.markdown("**What moved it.** " + "\n\n".join(plain(said) for said in cause_words.told(found, row["week"])))
    for said in cause_reads.pressure_said(reads, selection.week, row["team_id"], row["sign"]):
        st.markdown(f"**Beside it.** {plain(said)}")
    recorded(reads, row["team_id"], row["sign"], row)
    plays.suggested(reads, selection, row, found)
    plan(selection, row, found)
    if found is not None and row["week"] is not None:
        _form(reads, row)


def plan(selection: Selection, row: Row, found: Explained | None) -> None:
    """The way to an action; where the system moved it, to what relieves it, not to coaching."""
    system = found is not None and bool(found.system) and row["direction"] == "worse"
    parts.plan_link(selection, row["team_id"], row["sign"], RELIEF if system else "Plan an action")


def recorded(reads: Reads, team_id: str, sign: str, row: Row | None = None) -> None:
    """The causes that managers found for this team's sign, each with the way to take it back (on the team's page)."""
    for one in found_causes.list_(reads.scope, reads.database, team=team_id, sign=sign):
        beside = row["week"] if row else None
        st.markdown(f"**Found by a manager.** {plain(cause_words.recorded(one, beside))}")
        if row is not None and reads.scope.may(Right.COACH, team_id):
            with st.expander("Take it back"), st.form(f"undo-cause-{one.id}", border=False):
                if st.form_submit_button("Take this finding back", key=f"undo-cause-go-{one.id}"):
                    parts.done(lambda one=one: found_causes.undo(reads.scope, reads.database, one.id), "Taken back.")  # type: ignore[misc]


def _form(reads: Reads, row: Row) -> None:
    if not reads.scope.may(Right.COACH, row["team_id"]):
        return
    key = f"{row['team_id']}-{row['sign']}"
    with st.expander("Record the cause that you found"), st.form(f"cause-{key}", border=False):
        st.caption(f"{ASKED} Week of {words.long_day(row['week'])}.")
        cause = st.text_area("What it was", key=f"cause-what-{key}", height=80)
        ruled = st.text_area("What you ruled out (may stay empty)", key=f"cause-not-{key}", height=80)
        if st.form_submit_button("Record it", key=f"cause-go-{key}"):
            parts.done(lambda: _record(reads, row, cause, ruled), "Recorded. It can be taken back.")


def _record(reads: Reads, row: Row, cause: str, ruled_out: str) -> FoundCause:
    return found_causes.record(
        reads.scope,
        reads.database,
        team_id=row["team_id"],
        sign=row["sign"],
        week=row["week"],
        cause=cause,
        ruled_out=ruled_out,
        known_teams=reads.choices().teams,
    )
