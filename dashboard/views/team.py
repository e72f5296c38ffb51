"""What is going on in one team: kind words, what surrounds it, each sign's chart, and the tickets behind a sign."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard import answers, filters, kind_words, lasting, measures, moved, parts, surrounds, tickets, words
from dashboard.cached import Reads
from dashboard.charts import Mark
from dashboard.plain import plain
from dashboard.retro import start as retrospective
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data.coaching import actions
from metrics.clock import DEFAULT_CALENDAR
from metrics.monitor import WINDOW
from metrics.sign import Sign, all_signs

BESIDE = (
    "Each mark is a team, in its own last four weeks, as if all had the same mix of tickets. In the grey band teams "
    "cannot be told apart: they differ by as much anyway. Few tickets, wide band. Dashed: 998 of 1000 lie within."
)


def show(reads: Reads) -> None:
    choices = reads.choices()
    selection = filters.current(choices, one_team=True)
    team_id = selection.team or first_team(reads, choices, selection)
    if team_id is None:
        st.title("No team is known yet", anchor=False)
        if parts.no_tickets(reads):
            return
        st.markdown("The data names no team: import tickets with a team, or the list of teams.")
        return
    if selection.team is None:
        selection = filters.move(replace(selection, team=team_id))
    asked = selection.filters(choices)
    rows = {row["sign"]: row for row in parts.rows_of(reads.readings(replace(asked, team=team_id), selection.week))}
    header(reads, choices, team_id)
    filters.bar(choices, selection, one_team=True)
    kind_words.show(reads, team_id, parts.name_of(choices, team_id))
    answers.waiting(reads, choices, selection, team_id)
    retrospective.of_team(reads, team_id)
    chosen = selection.sign or first_to_see(rows)
    marks = coached(reads, team_id)
    with st.container(key="signs"):
        left, right = st.columns([1, 1], gap="large")
        with left:
            surrounds.show(reads, asked, team_id, marks)
            multiples(reads, choices, selection, team_id, rows, marks, chosen)
        with right, st.container(border=True, key="chosen"):
            if chosen and chosen in rows:
                opened(reads, choices, selection, rows[chosen], marks.get(chosen, ()))


def first_team(reads: Reads, choices: Choices, selection: Selection) -> str | None:
    """The team that is shown when none was asked for: one's own, else where the newest change is, else the fullest."""
    if own := [team for team in choices.teams if team in reads.scope.own]:
        return own[0]
    rows = parts.rows_of(reads.readings(selection.filters(choices), selection.week))
    changed = parts.newest_first(row for row in rows if row["direction"] is not None)
    changed.sort(key=lambda row: row["direction"] != "worse")
    most = sorted((row for row in rows if row["n"]), key=lambda row: -row["n"])
    teams = [*(row["team_id"] for row in [*changed, *most]), *choices.teams_of(selection.branch)]
    return teams[0] if teams else None


def first_to_see(rows: dict[str, Row]) -> str | None:
    """The sign that is open when none was asked for: a change for the worse, else for the better, else the first."""
    for direction in ("worse", "better"):
        for key, row in rows.items():
            if row["status"] == "signal" and row["direction"] == direction:
                return key
    return next((key for key, row in rows.items() if row["share"] is not None), next(iter(rows), None))


def header(reads: Reads, choices: Choices, team_id: str) -> None:
    st.title(plain(parts.name_of(choices, team_id)), anchor=False)
    row = reads.teams().filter(pl.col("team_id") == team_id).row(0, named=True)
    told = [
        row["branch"],
        row["function"] and row["function"].replace("_", " "),
        row["line"] and f"line {row['line']}",
        row.get("size_band") and f"{row['size_band']} people",
        row["manager"] and f"managed by {row['manager']}",
        words.hours(row["calendar"], DEFAULT_CALENDAR.text),
    ]
    st.caption(" · ".join(plain(text) for text in told if text))
    if row.get("read_together"):
        st.caption(plain(row["read_together"]))


def coached(reads: Reads, team_id: str) -> dict[str, tuple[Mark, ...]]:
    """What was done for the team, by sign, as marks on the time axis."""
    found: dict[str, tuple[Mark, ...]] = {}
    kept = [actions.list_(reads.scope, reads.database, team=one) for one in reads.company.told.ids_of(team_id)]
    for action in (one for some in kept for one in some):
        found[action.sign] = (*found.get(action.sign, ()), Mark(action.starts_on, words.play(action.play)))
    return found


def multiples(
    reads: Reads,
    choices: Choices,
    selection: Selection,
    team_id: str,
    rows: dict[str, Row],
    marks: dict[str, tuple[Mark, ...]],
    chosen: str | None,
) -> None:
    """One small chart a sign, each with its question as the link that opens it; what no team can be asked, folded."""
    lacking = [key for key in rows if key in reads.lacking() and key != chosen]
    for key, row in rows.items():
        if key in lacking:
            continue
        sign = all_signs()[key]
        with st.container(horizontal=True, vertical_alignment="center"):
            where = selection.address(team=team_id, sign=key, ticket=None)
            if key == chosen:
                st.markdown(f"**{plain(words.heading(sign))}** (open)")
            else:
                st.page_link("views/team.py", label=words.heading(sign), query_params=where)
            st.markdown(parts.TONES.get(row["direction"] or "", f":gray[{_quiet(row)}]"))
        if row["share"] is None:
            st.caption(plain(words.first_up(words.unsaid(row))))
            continue
        spec = reads.p_chart(selection.filters(choices), team_id, key, marks=marks.get(key, ()), height=96)
        parts.chart(spec, parts.said_of(choices, row), key=f"small-{key}")
    if lacking:
        with st.expander(f"Not measured: {words.count(len(lacking), 'question')} that this data cannot answer"):
            for key in lacking:
                why = plain(words.ended(reads.lacking()[key]))
                st.markdown(f"**{plain(words.heading(all_signs()[key]))}** {words.first_up(why)}")


def _quiet(row: Row) -> str:
    return "worth watching" if row["watch_since"] is not None else words.status(row)


def opened(reads: Reads, choices: Choices, selection: Selection, row: Row, marks: tuple[Mark, ...]) -> None:
    """The sign that is open: the sentence first, then the picture, then on request the numbers and the tickets."""
    sign, asked = all_signs()[row["sign"]], selection.filters(choices)
    st.header(words.heading(sign), anchor=False)
    st.markdown(plain(parts.said_of(choices, row)))
    if beside := reads.beside(asked, selection.week, row):
        st.markdown(plain(beside))
    if row["share"] is None:
        return
    spec = reads.p_chart(asked, row["team_id"], row["sign"], marks=marks, height=240)
    parts.chart(spec, parts.said_of(choices, row), key="large")
    st.caption(reading_key(sign))
    st.markdown(f"**Against its own past.** {plain(words.against_its_past(row))}")
    if early := words.watching(row):
        st.markdown(plain(early))
    if soon := words.how_soon(row, sign):
        st.caption(plain(soon))
    against = "Against the others." if sign.whole else "Against its mix of tickets."
    st.markdown(f"**{against}** {plain(words.against_its_mix(row, sign))}")
    behind = reads.behind(asked, row)
    if row["status"] != "signal" and (mostly := reads.mostly(asked, row)):
        st.markdown(plain(mostly))
    moved.show(reads, selection, row)
    lasting.show(reads, selection, row)
    answers.show(reads, row, behind)
    if not sign.whole:
        with st.expander("Tickets and their paths", expanded=selection.ticket is not None):
            st.caption(f"{WINDOW} weeks to {words.day(_sunday(row['week']))}, dated by {sign.dated_by}.")
            tickets.show(reads, selection, behind, row["team_id"], row)
    if row["compared_z"] is not None and sign.unit == "team":
        with st.expander("Beside the other teams"):
            st.caption(BESIDE)
            spec = reads.beside_others(asked, row["team_id"], row["sign"], selection.week)
            parts.chart(spec, words.against_its_mix(row, sign), key="beside")
    with st.expander("Numbers by week"):
        numbers(reads.series(asked, row["team_id"]).filter(pl.col("sign") == row["sign"]))
    with st.expander("How it is counted"):
        parts.passport(sign, reads)


def reading_key(sign: Sign) -> str:
    """How to read the chart, in a line."""
    rests = [
        "its own past",
        *(["its season"] if sign.seasonal else []),
        *([] if sign.whole else ["its mix of tickets"]),
    ]
    return (
        f"By {sign.rhythm}, dated by {sign.dated_by}; {sign.clock} time. Dashed: expected from {' and '.join(rests)}. "
        f"Grey band: where chance alone keeps a {sign.rhythm}. ▲ and ◆: outside it. Hollow: not final yet."
    )


def numbers(series: pl.DataFrame) -> None:
    how, drawn = measures.measure_of(series), measures.as_drawn(series)
    as_percent = 100 if how == "share" else 1
    head = "Share" if how == "share" else "Level"
    shown = drawn.sort("week", descending=True).select(
        pl.col("week").alias("Week of"),
        pl.col("x").alias("Counted"),
        pl.col("n").alias("Of"),
        (pl.col("share") * as_percent).alias(head),
        (pl.col("centre") * as_percent).alias("Expected"),
        (pl.col("lower") * as_percent).alias("Lower limit"),
        (pl.col("upper") * as_percent).alias("Upper limit"),
        pl.when("mature").then(pl.lit("yes")).otherwise(pl.lit("not yet")).alias("Final"),
    )
    column = parts.PERCENT if how == "share" else parts.PLAIN
    levels = (head, "Expected", "Lower limit", "Upper limit")
    parts.table(shown, "The numbers of the chart, by week, newest first", config=dict.fromkeys(levels, column))


def _sunday(week: date) -> date:
    return week + timedelta(days=6)


parts.page(show)
