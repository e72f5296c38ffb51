"""What needs a look this week, what was promised, what got better; the rest quietly."""

import polars as pl
import streamlit as st

from dashboard import (
    answers,
    cause_reads,
    cause_words,
    filters,
    kind_said,
    kind_words,
    lasting,
    measures,
    moved,
    parts,
    words,
)
from dashboard.cached import Reads
from dashboard.coaching import play_words, plays
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data import clock
from data.coaching import actions
from metrics.sign import Sign, all_signs, counted_signs

CARDS = 6
KIND_WEEKS = 8


def show(reads: Reads) -> None:
    if not reads.freshness().rows.get("tickets"):
        st.title(words.greeting(parts.hour()), anchor=False)
        parts.no_tickets(reads)
        return
    choices = reads.choices()
    selection = filters.current(choices)
    title(reads, selection)
    filters.bar(choices, selection)
    rows = parts.once(choices, parts.rows_of(reads.readings(selection.filters(choices), selection.week)))
    signals = parts.newest_first(row for row in rows if row["status"] == "signal")
    left, right = st.columns([5, 3], gap="large")
    # The right side is quick, the causes on the left take a moment: nobody need wait for the one to see the other.
    with right:
        promised(reads, choices)
        answers.waiting(reads, choices, selection)
        got_better(choices, selection, [row for row in signals if row["direction"] == "better"])
        kind_word(reads, choices, selection)
    with left:
        worse = [row for row in signals if row["direction"] == "worse"]
        besides = beside_only(choices, reads.worse_beside(selection.filters(choices), selection.week), worse)
        needs_a_look(reads, choices, selection, worse, besides)
    calm(choices, selection, rows)
    read_from(reads)


def title(reads: Reads, selection: Selection) -> None:
    fresh = reads.freshness()
    week = selection.week or fresh.week
    today = clock.now().date()
    read = f"Week of {words.long_day(week, today)}, data" if week else "Data"
    st.title(f"{words.greeting(parts.hour())} {read} to {words.moment(fresh.horizon, today)}.", anchor=False)
    for note in words.cautions(fresh.thinned, fresh.whole_to, fresh.provisional, today):
        st.caption(plain(note))


def beside_only(choices: Choices, companions: list[Row], worse: list[Row]) -> list[tuple[Row, Sign]]:
    """What is read beside a sign and got worse while the sign itself did not, so that no card tells of it."""
    told = {(row["sign"], row["team_id"]) for row in worse}
    signs = {other.key: sign for sign in all_signs().values() for other in sign.companions}
    return [
        (row, signs[row["sign"]])
        for row in parts.once(choices, companions)
        if (signs[row["sign"]].key, row["team_id"]) not in told
    ]


def needs_a_look(
    reads: Reads, choices: Choices, selection: Selection, rows: list[Row], besides: list[tuple[Row, Sign]]
) -> None:
    st.header(f"Needs a look ({len(rows) + len(besides)})", anchor=False)
    if rows or besides:
        st.caption(
            "Newest change first. Counts are of the four weeks up to each reading's last final week. Dashed: expected. "
            "Grey band: where chance alone keeps a week. ▲: outside it."
        )
    else:
        st.markdown("Nothing this week: no team shows a change for the worse beyond chance.")
    moved_together(choices, rows)
    for row in rows[:CARDS]:
        card(reads, choices, selection, row)
    if len(rows) > CARDS:
        with st.expander(f"{len(rows) - CARDS} more"):
            for row in rows[CARDS:]:
                st.markdown(plain(parts.said_of(choices, row)))
                parts.team_link(selection, row)
    for row, sign in besides:
        beside_card(choices, selection, row, sign)


def beside_card(choices: Choices, selection: Selection, row: Row, sign: Sign) -> None:
    """The other half of a sign: what it counts, and where to see both."""
    other = counted_signs()[row["sign"]]
    with st.container(border=True, key=f"beside-{row['team_id']}-{row['sign']}"):
        place = plain(words.first_up(parts.subject_of(choices, row)))
        st.markdown(f"**{place}: {plain(other.called)}**  {parts.TONES['worse']}")
        st.markdown(plain(words.first_up(words.evidence(row)) + "."))
        st.caption(f"Read beside “{plain(sign.asks)}”, which did not change for the worse itself.")
        parts.team_link(selection, {**row, "sign": sign.key})


def moved_together(choices: Choices, rows: list[Row]) -> None:
    """Where many teams move together the cause is rarely in any of them."""
    for key, sign in all_signs().items():
        teams = sum(row["sign"] == key for row in rows)
        if teams >= 4 and teams >= len(choices.teams) / 4:
            st.info(
                f"{teams} of {len(choices.teams)} teams changed together in “{sign.asks}”: look for what they "
                "have in common before coaching people."
            )


def card(reads: Reads, choices: Choices, selection: Selection, row: Row) -> None:
    asked = selection.filters(choices)
    with st.container(border=True, key=f"card-{row['team_id']}-{row['sign']}"):
        st.markdown(f"**{parts.question(choices, row)}**  {parts.TONES['worse']}")
        st.markdown(plain(words.first_up(words.evidence(row)) + "."))
        said = parts.said_of(choices, row)
        spec = reads.sparkline(asked, row["team_id"], row["sign"])
        parts.chart(spec, said, key=f"spark-{row['team_id']}-{row['sign']}")
        if answered := words.answered(row):
            st.caption(plain(answered))
        found = cause_reads.cause(reads, asked, selection.week, row)
        if found is not None and (why := cause_words.brief(found)):
            st.caption(plain(why))
        if beside := reads.beside(asked, selection.week, row):
            st.caption(plain(beside))
        if fit := play_words.may_help(plays.for_signal(row, found)):
            st.caption(plain(fit))
        with st.container(horizontal=True):
            parts.team_link(selection, row)
            moved.plan(selection, row, found)


def promised(reads: Reads, choices: Choices) -> None:
    today = clock.now().date()
    late = actions.list_(reads.scope, reads.database, overdue_on=today)
    due = actions.list_(reads.scope, reads.database, due_on=today)
    st.header(f"What you promised ({len(due)} due this week)", anchor=False)
    for action in [*late, *due]:
        when = words.day(action.review_on, today)
        told = f"overdue since {when}" if action in late else f"{when}"
        label = f"{told}: {words.play(action.play)}, {parts.name_of(choices, action.team_id)}"
        st.page_link("views/coaching.py", label=plain(label), query_params={"action": str(action.id)})
    if not late and not due:
        st.markdown("No review is due in the next seven days.")


def got_better(choices: Choices, selection: Selection, rows: list[Row]) -> None:
    st.header(f"Got better ({len(rows)})", anchor=False)
    if not rows:
        st.markdown("No change for the better beyond chance this week.")
    for row in rows[:CARDS]:
        st.markdown(f"{parts.TONES['better']}: {plain(parts.said_of(choices, row))}")
        parts.team_link(selection, row, "See what they do differently")
    if len(rows) > CARDS:
        st.caption(f"and {len(rows) - CARDS} more, in the list below")


def kind_word(reads: Reads, choices: Choices, selection: Selection) -> None:
    said = reads.praise(selection.team, KIND_WEEKS)
    if selection.branch:
        said = said.filter(pl.col("team_id").is_in(choices.teams_of(selection.branch)))
    st.header("A kind word", anchor=False)
    if said.is_empty():
        st.markdown(
            f"None is known of the last {KIND_WEEKS} weeks. What did a customer thank you for? "
            "It is written down on the team's page."
        )
        st.page_link("views/playbook.py", label="How to gather some", query_params={"play": kind_words.PLAY})
        return
    newest = said.row(0, named=True)
    to = plain(parts.name_of(choices, newest["team_id"]))
    said_to = f"a customer, to {to}, {plain(kind_said.beside(newest))}"
    st.markdown(f"> “{plain(kind_said.cut(newest['words']))}”\n>\n> {said_to}")
    if newest["passed_on"] is None:
        where = selection.address(team=newest["team_id"], sign=None, ticket=None, action=None)
        st.page_link("views/team.py", label="Pass it on to the team", query_params=where)


def read_from(reads: Reads) -> None:
    """The foot of the page: on which versions all of it rests."""
    st.caption(f"Read from data version {reads.version} and version {reads.read_from.standards} of the standards.")
    st.page_link("views/standards.py", label="See the standards")


def calm(choices: Choices, selection: Selection, rows: list[Row]) -> None:
    quiet = [row for row in rows if row["status"] != "signal"]
    st.header("Calm", anchor=False)
    st.markdown(words.calm(quiet))
    lasting.acknowledged(choices, selection, rows)
    answers.taken_out(choices, selection, rows)
    with st.expander("Show all readings"):
        st.caption("By team and question, in alphabetical order. Week of the reading: its last final one.")
        parts.table(every_reading(choices, rows), "All readings by team and question, as sentences")


def every_reading(choices: Choices, rows: list[Row]) -> pl.DataFrame:
    """One row a reading, in words: team, question, status, what was counted, interval, expected, week."""
    told = [
        {
            "Team": words.first_up(parts.subject_of(choices, row)),
            "Question": words.heading(all_signs()[row["sign"]]),
            "Reading": words.status(row),
            "Counted": words.measured(row),
            "Expected": measures.level(row["expected"], row) if row["expected"] is not None else "",
            "Week of": words.day(row["week"]),
        }
        for row in rows
    ]
    return pl.DataFrame(told).sort("Team", "Question") if told else pl.DataFrame()


parts.page(show)
