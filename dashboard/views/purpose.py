"""Why do we do this, who was asked, how long do we keep it? Asked at the first start; who runs it can change it."""

from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard import cached, door, parts, words
from dashboard.plain import plain
from data import clock, purpose
from data.database import Database
from data.purpose import LEAST, LEAST_OF_RECORD, MOST, Consulted, Purpose
from data.scope import Right, Scope

# What is proposed where nothing was recorded yet: two years to compare a season with the last, and no longer.
FIRST = Purpose(
    purpose="",
    legal_basis="",
    consulted=(),
    ticket_months=25,
    note_months=13,
    record_months=13,
    responsible="",
    ask="",
    object_by="",
)
ASKED = ("Works council", "Data-protection officer", "Staff")


def show() -> None:
    with parts.trouble_said():
        scope = door.scope()
        scope.require(Right.RUN)
        database = cached.database(door.home().path)
        held = purpose.current(database)
        st.title("Purpose: why do we do this?", anchor=False)
        if held is None:
            st.markdown(
                "Nothing is recorded yet. People are measured here as teams: say what for, what allows it, whom you "
                "asked, and how long you keep it, before anybody looks. Staff read it on the page *For staff*."
            )
        else:
            at = held.at.date() if held.at else None
            st.markdown(
                plain(f"Version {held.number}, recorded by {held.by} on {words.long_day(at)} {at and at.year}.")
            )
        form(scope, database, held or FIRST)
        earlier(database)


def form(scope: Scope, database: Database, held: Purpose) -> None:
    today = clock.now().date()
    with st.form("purpose", border=False, width=720):
        said = st.text_area("What is it for?", held.purpose, key="purpose-purpose", max_chars=4000)
        basis = st.text_area(
            "What allows it? (a law, an agreement with the works council)",
            held.legal_basis,
            key="purpose-basis",
            height=80,
        )
        asked = consulted(held, today)
        st.markdown("**How many months is it kept?** After that it is dropped by itself.")
        left, middle, right = st.columns(3)
        tickets = left.number_input(
            "Tickets, absences, surveys", LEAST, MOST, held.ticket_months, key="purpose-tickets"
        )
        notes = middle.number_input("Notes of conversations", LEAST, MOST, held.note_months, key="purpose-notes")
        kept = right.number_input(
            "Who looked, who did what", LEAST_OF_RECORD, MOST, held.record_months, key="purpose-record"
        )
        responsible = st.text_input("Who is responsible?", held.responsible, key="purpose-responsible")
        ask = st.text_input("Whom may staff ask?", held.ask, key="purpose-ask")
        against = st.text_area("How can one object?", held.object_by, key="purpose-object", height=80)
        if st.form_submit_button("Record it", type="primary", key="purpose-keep"):
            made = Purpose(said, basis, asked, int(tickets), int(notes), int(kept), responsible, ask, against)
            parts.done(lambda: purpose.keep(scope, database, replace(made)), "It is recorded.")


def consulted(held: Purpose, today: date) -> tuple[Consulted, ...]:
    """Three lines: the usual ones where nothing was recorded; a line without a day is nobody."""
    st.markdown("**Who was asked, and when?** Leave the day empty where nobody was.")
    known = [*held.consulted, *(None for _ in range(max(3 - len(held.consulted), 1 if held.consulted else 0)))]
    found = []
    for place, one in enumerate(known):
        left, middle, right = st.columns([3, 2, 3])
        usual = ASKED[place] if one is None and not held.consulted and place < len(ASKED) else ""
        who = left.text_input("Who", one.who if one else usual, key=f"purpose-who-{place}")
        on = middle.date_input("Day", one.on if one else None, max_value=today, key=f"purpose-on-{place}")
        came = right.text_input("What came of it", one.words if one else "", key=f"purpose-words-{place}")
        if who.strip() and isinstance(on, date):
            found.append(Consulted(who, on, came))
    return tuple(found)


def earlier(database: Database) -> None:
    past = purpose.history(database)[:-1]
    if not past:
        return
    with st.expander(f"Earlier versions ({len(past)})", key="purpose-earlier"):
        for one in reversed(past):
            at = one.at.date() if one.at else None
            told = (
                f"Version {one.number}, {words.long_day(at)} {at and at.year}, {one.by}: {one.purpose} Kept "
                f"{one.ticket_months}, {one.note_months} and {one.record_months} months."
            )
            st.markdown(f"- {plain(told)}")


show()
