"""The page Retrospective, from both sides: what is said when something is off, and what small teams are not told."""

import re
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.retro import live
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.retro import leading, seats
from data.retro.retrospective import Retrospective
from data.scope import local_scope
from tests.dashboard.conftest import Open, asked, text, well

SCOPE = local_scope("Ada")
KEPT = "secret of this device"
TEAM = "north-parcels"


@pytest.fixture
def database(own: Home) -> Database:
    return open_database(own)


@pytest.fixture
def begun(database: Database) -> Retrospective:
    return leading.open_(SCOPE, database, team_id=TEAM, secret="L" * 32)


def seated(shown: Open, own: Home, begun: Retrospective, secret: str = "s" * 32) -> AppTest:
    """The page of one who took a seat."""
    app = shown(own, "retrospective", join=begun.code)
    app.session_state[KEPT] = secret
    return well(app.button(key="join-go").click().run())


def led(shown: Open, own: Home, begun: Retrospective, secret: str) -> AppTest:
    app = shown(own, "retrospective", list="1")
    app.session_state[KEPT] = secret
    app.query_params["retrospective"] = str(begun.id)
    return well(app.run())


def test_one_is_opened_for_a_team_and_led_from_there(shown: Open, own: Home, database: Database) -> None:
    app = shown(own, "retrospective", team=TEAM)
    app = well(app.button(key="open-go").click().run())
    [made] = leading.list_(SCOPE, database)
    assert (made.team_id, made.led_by, asked(app, "retrospective")) == (TEAM, "Ada", str(made.id))
    said = text(app)
    assert f"{made.code[:3]} {made.code[3:]}" in said
    assert "Nobody has joined yet" in said
    assert "set HEARTLINE_ADDRESS" in said
    assert app.button(key="show-now").disabled


def test_a_wrong_code_and_one_that_has_ended_are_said(
    shown: Open, own: Home, database: Database, begun: Retrospective
) -> None:
    assert "There is no retrospective with the code BCDFGX" in text(shown(own, "retrospective", join="bcd fgx"))
    leading.close(SCOPE, database, begun.id, {}, secret="L" * 32, seen=begun.turn)
    assert f"The retrospective {begun.code} has ended. Ask Ada" in text(shown(own, "retrospective", join=begun.code))


def test_who_takes_part_answers_and_writes_and_keeps_what_was_refused(
    shown: Open, own: Home, database: Database, begun: Retrospective
) -> None:
    app = seated(shown, own, begun)
    app = well(app.radio(key="safety").set_value(4).run())
    assert "Kept. You can change it" in text(app)
    leading.go(SCOPE, database, begun.id, "cards", secret="L" * 32, seen=begun.turn)
    app = well(app.run())
    app.text_area(key="words-helps").set_value("x" * 10_000)
    app = well(app.button(key="add-helps").click().run())
    assert "The card has 10,000 characters; at most 500 can be kept" in text(app)
    assert app.text_area(key="words-helps").value == "x" * 10_000
    app.text_area(key="words-helps").set_value("Lunch")
    app = well(app.button(key="add-helps").click().run())
    assert app.text_area(key="words-helps").value == ""
    own_cards = seats.look(database, begun.code, "s" * 32).mine
    assert own_cards is not None
    [card] = own_cards.cards
    app = well(app.button(key=f"withdraw-{card.id}").click().run())
    assert app.text_area(key="words-helps").value == "Lunch"


def test_a_page_that_could_not_be_drawn_is_drawn_again_by_itself_once_the_database_answers(
    shown: Open, own: Home, begun: Retrospective, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[Path, int]] = []
    app = seated(shown, own, begun)
    with monkeypatch.context() as away:
        away.setattr(live, "_ask_again", lambda *place: tried.append(place))
        away.setattr(seats, "look", silent)
        app = well(app.run())
        assert "The database does not answer." in text(app)
        assert not app.title  # nobody who sits is asked for the code again
        assert tried == [(own.path, begun.id)]
        app.query_params["join"] = "bcd fgx"
        assert "Join a retrospective" in text(app.run())
        assert len(tried) == 1  # a wrong code is not tried again and again
    app.query_params["join"] = begun.code
    assert "Retrospective: North Parcels" in [one.value for one in well(app.run()).title]


def test_what_could_not_be_drawn_is_asked_again_after_a_while_and_only_while_there_is_something(
    own: Home, database: Database, begun: Retrospective, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(st, "rerun", lambda: drawn.append("anew"))
    monkeypatch.setitem(st.session_state, live._FAILED_AT, time.monotonic())
    ask = live._ask_again.__wrapped__  # type: ignore[attr-defined]
    ask(own.path, begun.id)
    st.session_state[live._FAILED_AT] -= live.AGAIN
    ask(own.path, begun.id + 1)
    assert drawn == []
    with monkeypatch.context() as away:
        away.setattr(leading, "pulse", silent)
        ask(own.path, begun.id)
    assert drawn == []
    ask(own.path, begun.id)
    assert drawn == ["anew"]


def silent(*_: object) -> None:
    raise Trouble("The database does not answer.")


def test_what_one_was_writing_when_it_was_closed_is_still_there(
    shown: Open, own: Home, database: Database, begun: Retrospective
) -> None:
    at = leading.go(SCOPE, database, begun.id, "cards", secret="L" * 32, seen=begun.turn)
    app = seated(shown, own, begun)
    leading.close(SCOPE, database, begun.id, {}, secret="L" * 32, seen=at.turn)
    app.text_area(key="words-hinders").set_value("Too late")
    app = well(app.button(key="add-hinders").click().run())
    assert "was closed meanwhile: nothing more can be added" in text(app)
    assert "closed while you were writing" in text(app)
    assert app.text_area(key="words-hinders").value == "Too late"
    assert "This retrospective is closed." in text(app)


def test_the_second_who_leads_is_told_and_can_take_over(
    shown: Open, own: Home, database: Database, begun: Retrospective
) -> None:
    first = led(shown, own, begun, "L" * 32)
    second = led(shown, own, begun, "M" * 32)
    assert "Ada leads this on another screen." in text(second)
    second = well(second.button(key="take-over").click().run())
    assert "on another screen" not in text(second)
    first = well(first.button(key="next").click().run())
    assert "Ada leads this retrospective on another screen: nothing was changed" in text(first)
    assert leading.get(SCOPE, database, begun.id).stage == "safety"


def test_a_team_of_fewer_than_five_has_the_readings_of_its_unit_in_its_retrospective(
    shown: Open, own: Home, database: Database
) -> None:
    at = leading.open_(SCOPE, database, team_id="harbour-lost-and-found", secret="L" * 32)
    leading.go(SCOPE, database, at.id, "signs", secret="L" * 32, seen=at.turn)
    said = text(led(shown, own, at, "L" * 32))
    assert re.search(r"\d%", said)


def test_a_teams_page_leads_to_its_retrospective(shown: Open, own: Home, begun: Retrospective) -> None:
    assert "Its retrospective is open" in text(shown(own, "team", team=TEAM))


def test_the_seat_is_remembered_by_a_cookie_and_not_by_the_address(
    shown: Open, own: Home, begun: Retrospective
) -> None:
    app = seated(shown, own, begun)
    assert list(app.query_params) == ["join"]
    assert asked(app, "join") == begun.code
