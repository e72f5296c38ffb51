"""A lasting change: acknowledge it with a reason, see who did, undo it. Forms of the Team page; the Overview's line."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data import rebases
from data.errors import Trouble
from data.rebases import Rebase
from data.scope import Right
from metrics.sign import Sign, all_signs

LONG = 8  # weeks: a signal as old as this is less a surprise than a new state of things


def show(reads: Reads, selection: Selection, row: Row) -> None:
    """What was acknowledged of this team's sign, and the way back; where it has changed, the form to acknowledge it."""
    teams = _as_one(reads, row)
    for made in rebases.list_(reads.scope, reads.database, sign=row["sign"], standing=True):
        if made.team_id in teams:
            _told(reads, made, row)
    if selection.channel or selection.category:
        return  # a baseline is one for all tickets of the sign, so it is not begun anew from a part of them
    if row["status"] == "signal" and _may(reads, all_signs()[row["sign"]]):
        _form(reads, row)


def acknowledged(choices: Choices, selection: Selection, rows: list[Row]) -> None:
    """How many lasting changes are acknowledged, each with the way to its team."""
    known = [row for row in rows if row["rebased_on"] is not None]
    if not known:
        return
    said = "1 lasting change was" if len(known) == 1 else f"{len(known):,} lasting changes were"
    with st.expander(f"{said} acknowledged and {'is' if len(known) == 1 else 'are'} read against a new baseline"):
        for row in parts.newest_first(known):
            label = f"{parts.question(choices, row)} Since the week of {words.long_day(row['rebased_on'], row['week'])}"
            parts.team_link(selection, row, label)


def _as_one(reads: Reads, row: Row) -> set[str]:
    """The teams whose acknowledgements count for this reading: its own, or all of its branch where that is read."""
    if all_signs()[row["sign"]].unit == "team":
        return {row["team_id"]}
    teams = reads.teams()
    branch = teams.filter(pl.col("team_id") == row["team_id"])["branch"]
    return {row["team_id"], *teams.filter(pl.col("branch").is_in(branch.drop_nulls().to_list()))["team_id"]}


def _told(reads: Reads, made: Rebase, row: Row) -> None:
    st.markdown(f"**Acknowledged as lasting.** {plain(words.rebased(made, row['week']))}")
    with st.expander("Undo the acknowledgement"), st.form(f"undo-lasting-{made.id}", border=False):
        reason = st.text_input("Why, for those who read it later", key=f"undo-lasting-why-{made.id}")
        if st.form_submit_button("Undo: read it against the older baseline again", key=f"undo-lasting-go-{made.id}"):
            parts.done(lambda: rebases.undo(reads.scope, reads.database, made.id, reason), "Undone.")


def _form(reads: Reads, row: Row) -> None:
    """The week is that in which the change began, unless the reader knows better."""
    if not reads.scope.may(Right.SETTLE, row["team_id"]):
        return
    since, sign = row["since"] or row["week"], all_signs()[row["sign"]]
    key = f"{row['team_id']}-{row['sign']}"
    with st.expander("Acknowledge a lasting change"), st.form(f"lasting-{key}", border=False):
        st.caption(_explained(sign, row, since))
        week = st.date_input("It began in the week of", since, key=f"lasting-week-{key}", format="YYYY-MM-DD")
        reason = st.text_area("Why is it here to stay?", key=f"lasting-why-{key}", height=80)
        if st.form_submit_button("Acknowledge it", key=f"lasting-go-{key}"):
            parts.done(lambda: _acknowledge(reads, row, week, reason), "Acknowledged. It can be undone.")


def _explained(sign: Sign, row: Row, since: date) -> str:
    weeks = (row["week"] - since) // timedelta(weeks=1) + 1
    long = f"It has been so for {weeks} weeks. " if weeks >= LONG else ""
    return (
        f"{long}For a change that you know the cause of and expect to stay: new work, a new tool, another kind of "
        "customer. From that week on the team is read against what it is now; the old line stays in the chart. "
        "What the team is not yet used to is better coached than acknowledged."
    )


def _acknowledge(reads: Reads, row: Row, week: date | None, reason: str) -> None:
    choices = reads.choices()
    if week is None:
        raise Trouble("Please say in which week it began.")
    known = (choices.first_week, choices.last_week) if choices.first_week and choices.last_week else None
    rebases.acknowledge(
        reads.scope,
        reads.database,
        team_id=row["team_id"],
        sign=row["sign"],
        week=week,
        reason=reason,
        known_weeks=known,
        known_teams=choices.teams,
    )


def _may(reads: Reads, sign: Sign) -> bool:
    """What is counted of a whole branch moves all its teams, so only who sees them all may begin it anew."""
    return sign.unit == "team" or reads.scope.teams is None
