"""The right of reply on the pages: a team answers, a manager decides, the reading stands with and without."""

from typing import Any

import polars as pl
import pytest

from data import replies
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.replies import Reply
from data.scope import local_scope
from metrics.sign import all_signs
from metrics.taken_out import can_be_taken_out
from tests.dashboard.conftest import Open, text, well

ADA = local_scope("Ada")


@pytest.fixture
def row(own: Home) -> dict[str, Any]:
    """The concern about tickets that began longest ago."""
    by_ticket = [key for key, sign in all_signs().items() if sign.once == "ticket_id" and can_be_taken_out(sign)]
    found = Company(own).readings(ADA, Filters()).filter(pl.col("sign").is_in(by_ticket), status="signal")
    return found.sort("since", "team_id").row(0, named=True)


def kept(home: Home) -> list[Reply]:
    with open_database(home) as database:
        return replies.list_(ADA, database)


def test_a_team_answers_tickets_a_manager_accepts_and_undoes(shown: Open, own: Home, row: dict[str, Any]) -> None:
    where, cell = {"team": row["team_id"], "sign": row["sign"]}, f"{row['team_id']}-{row['sign']}"
    app = shown(own, "team", **where)
    tickets = app.multiselect(key=f"answer-tickets-reading-{cell}").options[:3]
    app.multiselect(key=f"answer-tickets-reading-{cell}").set_value(tickets)
    app.text_area(key=f"answer-words-reading-{cell}").input("<b>Policy</b> *14*")
    well(app.button(key=f"answer-go-reading-{cell}").click().run())
    [made] = kept(own)
    assert (made.tickets, made.words, made.by, made.week) == (tuple(tickets), "<b>Policy</b> *14*", "Ada", row["week"])
    assert "The team answers." in text(app)
    assert "“<b>Policy</b> *14*” Ada," in text(app)
    assert "1 answer waits for a decision" in text(app)
    assert "1 answer waits for a decision" in text(shown(own))
    app = shown(own, "team", **where)

    app.text_input(key=f"decide-why-{made.id}").input("Confirmed")
    well(app.button(key=f"decide-yes-{made.id}").click().run())
    assert kept(own)[0].status == "accepted"
    said = f"Without the replies, with every ticket: {row['x']} of {row['n']} ("
    assert "Taken out by 1 accepted answer of the team: 3 of the" in text(app)
    assert said in text(app)
    assert "Answered and decided by the same person." in text(app)
    assert said in text(shown(own))

    app.text_input(key=f"undo-reply-why-{made.id}").input("It was not so")
    well(app.button(key=f"undo-reply-go-{made.id}").click().run())
    assert kept(own)[0].status == "open"
    assert "Without the replies" not in text(app)
    assert "Open again: Ada undid the decision, “It was not so”." in text(app)


def test_one_ticket_is_answered_below_its_path(shown: Open, own: Home, row: dict[str, Any]) -> None:
    app = shown(own, "team", team=row["team_id"], sign=row["sign"])
    ticket = app.selectbox(key="ticket").value
    key = f"ticket-{row['team_id']}-{row['sign']}-{ticket}"
    app.text_area(key=f"answer-words-{key}").input("Sent here by mistake")
    well(app.button(key=f"answer-go-{key}").click().run())
    assert [one.tickets for one in kept(own)] == [(ticket,)]
    assert "Answered by Ada, open: “Sent here by mistake”" in text(app)


def test_without_words_or_reason_nothing_is_kept_and_it_says_so(shown: Open, own: Home, row: dict[str, Any]) -> None:
    app = shown(own, "team", team=row["team_id"], sign=row["sign"])
    well(app.button(key=f"answer-go-reading-{row['team_id']}-{row['sign']}").click().run())
    assert "Please fill in the answer: it is empty." in text(app)
    assert kept(own) == []


def test_the_second_to_decide_is_told(shown: Open, own: Home, row: dict[str, Any]) -> None:
    cell = {"team_id": row["team_id"], "sign": row["sign"], "week": row["week"]}
    with open_database(own) as database:
        made = replies.answer(ADA, database, **cell, words="Policy")
        app = shown(own, "team", team=row["team_id"], sign=row["sign"])
        replies.decide(local_scope("Tom"), database, made.id, accept=True, reason="True")
    app.text_input(key=f"decide-why-{made.id}").input("No")
    well(app.button(key=f"decide-no-{made.id}").click().run())
    assert "Someone else decided on answer 1 while you were reading (Tom: accepted, “True”)" in text(app)
    assert "Answered, by 1 accepted answer of the team; no ticket is taken out." in text(app)
    assert [step.by for step in kept(own)[0].steps] == ["Tom"]
