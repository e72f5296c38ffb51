"""What surrounds a team's signs: load, complaints, absence, people and training, on the signs' own weeks.

Context, never a sign of its own. What happened is marked on the same axis: coaching, and weeks of a flood of tickets.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl
import streamlit as st

from dashboard import parts, timelines, words
from dashboard.cached import ReadFrom, Reads, company_of, kept
from dashboard.charts import Mark
from dashboard.plain import plain
from dashboard.specs import Spec, spec_of
from dashboard.timelines import Line
from data.filters import Filters

# Short enough for a phone, the last week's number with them.
SURROUNDS = {
    "tickets": ("Tickets a week", ",.0f"),
    "tickets_per_fte_day": ("Tickets a day per full-time post", ".1f"),
    "complaints_per_fte_day": ("Complaints a day per full-time post", ".2f"),
    "complaint_run": ("Complaints in a row, typical longest", ".3g"),
    "out_of_hours_share": ("Out of hours, of tickets", ".0%"),
    "absence_rate": ("Absent, of working days", ".0%"),
    "newcomer_share": ("Under six months here, of people", ".0%"),
    "wastage": ("Left in the past year, of headcount", ".0%"),
    "wastage_by_choice": ("Left by their own choice", ".0%"),
    "trained_experiential_share": ("Trained by doing, of people", ".0%"),
    "trained_classroom_share": ("Trained in a classroom, of people", ".0%"),
}
FLOOD = 0.1
WARNING = Line(50, 60, "50 to 60: warning line")
ABOUT = (
    "The warning line is 50 to 60 tickets a working day for each full-time post: at that pace nobody has time to "
    "listen, whatever the tickets are. *Complaints in a row* is the median over the team's people of the longest run "
    "of complaints that each took in a week with no other contact and no half hour's pause between; it is told where "
    "five or more were at work. Shares of people are of four weeks at a time; where a team has fewer than five people "
    "nothing of them is told. Who belonged to the team is read as at each week."
)


def show(reads: Reads, filters: Filters, team_id: str, coached: Mapping[str, Iterable[Mark]]) -> None:
    """The strip, in words what was marked on it, and how to read it."""
    st.header("What surrounds it", anchor=False)
    usual = reads.company.derived.opened["tickets"].median()
    happened = marks(coached, reads.company.floods(), filters, float(usual or 0))  # type: ignore[arg-type]
    spec = _strip(reads.read_from, filters, team_id, happened)
    if spec is None:
        st.caption("Nothing is known: import people, absences and training to see load and absence here.")
        return
    parts.chart(spec, described(reads.context(team_id), filters), key="context")
    if happened:
        numbered = enumerate(happened, start=1)
        told = "; ".join(f"{number}: {words.day(mark.at, filters.until)}, {mark.label}" for number, mark in numbered)
        st.caption(plain(f"Marked: {told}."))
    with st.expander("How to read it"):
        st.markdown(ABOUT)


def marks(
    coached: Mapping[str, Iterable[Mark]], floods: pl.DataFrame, filters: Filters, usual: float
) -> tuple[Mark, ...]:
    """What happened within the weeks shown, oldest first: coaching of this team, floods that reached the company.

    `usual` is the company's tickets in a usual week: of one category's floods those are told that added a tenth of it.
    """
    found = [Mark(mark.at, f"coaching: {mark.label}") for several in coached.values() for mark in several]
    large = pl.col("tickets") - pl.col("usual") >= FLOOD * usual
    for row in floods.filter(pl.col("category").is_null() | large).iter_rows(named=True):
        of = "of tickets" if row["category"] is None else f"of {words.called('category', row['category'])}"
        times = row["tickets"] / row["usual"] if row["usual"] else None
        told = f"flood {of} in the whole company" + (f", {times:.1f} times the usual" if times else "")
        found.append(Mark(row["week"], told))
    since, until = filters.since or date.min, filters.until or date.max
    unique = dict.fromkeys(sorted(found, key=lambda mark: (mark.at, mark.label)))
    return tuple(mark for mark in unique if since <= mark.at <= until)


def described(frame: pl.DataFrame, filters: Filters) -> str:
    """The strip in a sentence, for those who cannot see it: each measure in its last week."""
    within = _within(frame, filters)
    told = []
    for column, (title, how) in SURROUNDS.items():
        known = within[column].drop_nulls() if column in within.columns else within["week"].clear()
        if len(known):
            told.append(f"{title}: {format(known[-1], how)}")
    return "In the last week that is known: " + "; ".join(told) + "."


@kept(max_entries=500)
def _strip(read_from: ReadFrom, filters: Filters, team_id: str, happened: tuple[Mark, ...]) -> Spec | None:
    """On the same weeks as the signs' charts; None where nothing is known."""
    if filters.since is None or filters.until is None:
        return None
    within = _within(company_of(read_from).context(read_from.scope, team_id), filters)
    there = {name: told for name, told in SURROUNDS.items() if name in within.columns and within[name].count()}
    if not there:
        return None
    span = (filters.since, filters.until)
    drawn = timelines.context(within, there, span, lines={"tickets_per_fte_day": WARNING}, marks=happened)
    return spec_of(drawn)


def _within(frame: pl.DataFrame, filters: Filters) -> pl.DataFrame:
    if frame.is_empty() or filters.since is None or filters.until is None:
        return frame
    return frame.filter(pl.col("week").is_between(filters.since, filters.until)).sort("week")
