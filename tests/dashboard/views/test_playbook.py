"""The playbook as a page; plays suggested for a signal; kind words shown first, written down and passed on."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import causes, praise
from data.ask import Company
from data.coaching.playbook import causes_of, playbook, shipped
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from tests.dashboard.conftest import Open, asked, text, well
from tests.data.importing import take

ADA = local_scope("Ada")
OWN = 'name = "Our *walk*"\npurpose = "<b>Walk</b>."\nsteps = ["# Walk"]\nsigns = ["slow_simple"]\n'


@pytest.fixture
def with_plays(own: Home) -> Home:
    own.plays.mkdir()
    (own.plays / "our_walk.toml").write_text(OWN)
    (own.plays / "role_swap.toml").write_text(OWN.replace("*walk*", "swap"))
    (own.plays / "broken.toml").write_text("name = ")
    return own


def test_the_index_has_every_play_and_names_a_file_with_an_error(shown: Open, with_plays: Home) -> None:
    said = text(shown(with_plays, "playbook"))
    for play in shipped().values():
        assert play.key == "role_swap" or play.name in said
    assert "Our *walk*" in said
    assert "takes the place of the one that comes with Heartline" in said
    assert "broken.toml is no TOML" in said


def test_the_index_can_be_asked_for_a_sign(shown: Open, sample: Home) -> None:
    app = well(shown(sample, "playbook").selectbox(key="playbook-sign").select("late_escalation").run())
    assert asked(app, "sign") == "late_escalation"
    assert "Tell early" in text(app)
    assert "Role swap" not in text(app)
    well(app.selectbox(key="playbook-sign").select("").run())
    assert "Role swap" in text(app)


def test_a_play_is_read_on_its_own_page_and_markup_in_it_is_text(shown: Open, with_plays: Home) -> None:
    said = text(shown(with_plays, "playbook", play="our_walk"))
    assert "Our *walk*" in said
    assert "<b>Walk</b>" in said
    assert "1. # Walk" in said
    assert "Nobody here has ended an action of this play yet" in said


def test_a_play_shows_its_cards_guide_and_questions(shown: Open, sample: Home) -> None:
    said = text(shown(sample, "playbook", play="experiential_training"))
    for part in ("They feel.", "They say.", "To reach.", "For the facilitator", "Afterwards, ask", "What it did here"):
        assert part in said
    assert "Its limit:" in text(shown(sample, "playbook", play="hire_for_empathy"))


def test_a_play_that_there_is_none_of_is_said_and_all_are_shown(shown: Open, sample: Home) -> None:
    said = text(shown(sample, "playbook", play="<b>nope</b>"))
    assert "not in the playbook (<b>nope</b>)" in said
    assert "Ownership" in said


def test_the_plan_form_offers_all_plays_own_ones_too_and_takes_the_one_asked_for(shown: Open, with_plays: Home) -> None:
    app = shown(with_plays, "coaching", plan="1", sign="slow_simple", play="our_walk")
    field = app.selectbox(key="new-play")
    assert field.value == "our_walk"
    assert field.options[:4] == ["Know enough to help", "Our swap", "Relieve the load", "Fifteen seconds"]
    assert len(field.options) == len(playbook(with_plays).plays)


def test_a_signal_suggests_at_most_three_plays_by_its_cause(shown: Open, sample: Home) -> None:
    company, book = Company(sample), playbook(sample)
    worse = company.readings(ADA, Filters()).filter(status="signal", direction="worse").row(0, named=True)
    found = causes.of_signal(ADA, company, Filters(), worse)
    plays = book.suggest(worse["sign"], causes_of(found))
    app = shown(sample, "team", team=worse["team_id"], sign=worse["sign"])
    said = text(app)
    assert "Plays that may help." in said
    links = [link.proto.label.replace("\\", "") for link in app.get("page_link")]
    assert [play.name for play in plays] == [one for one in links if one in {play.name for play in book.plays.values()}]
    assert "Not tried here yet." in said or "Ended " in said
    assert f"May help: {plays[0].name}" in text(shown(sample))


def test_what_is_no_signal_suggests_nothing(shown: Open, sample: Home) -> None:
    calm = Company(sample).readings(ADA, Filters()).filter(status="no change").row(0, named=True)
    assert "Plays that may help." not in text(shown(sample, "team", team=calm["team_id"], sign=calm["sign"]))


@pytest.fixture
def small(tmp_path: Path) -> Home:
    """Two teams, a ticket, and no kind word yet: a page of it is quick."""
    home = Home(tmp_path / "small")
    take(home, "team_id,name,function\nN,North,sales\nS,South,sales\n", table="teams")
    take(home, "ticket_id,opened_at,team_id\n1,2024-05-20T09:00:00Z,N\n", table="tickets")
    return home


def team(shown: Open, home: Home) -> AppTest:
    return shown(home, "team", team="N")


def test_a_kind_word_is_written_down_shown_first_passed_on_and_taken_back(shown: Open, small: Home) -> None:
    app = team(shown, small)
    app.text_area(key="kind-words-N").input("<b>You</b> *called* back")
    app.text_input(key="kind-from-N").input("a [call](http://x)")
    well(app.button(key="kind-save-N").click().run())
    said = text(app)
    assert "“<b>You</b> *called* back”" in said
    assert "(a [call](http://x))" in said
    assert team(shown, small).markdown[0].value == "**Customers' kind words**"
    assert app.text_area(key="kind-words-N").value == ""
    with open_database(small) as database:
        [kept] = praise.typed(ADA, database)
    app.selectbox(key="kind-which-N").select(kept.key)
    app.text_input(key="kind-how-N").input("read aloud")
    well(app.button(key="kind-go-N").click().run())
    assert "by Ada: read aloud." in text(app)
    assert "“<b>You</b> *called* back”" in text(shown(small))
    well(app.button(key=f"kind-not-{kept.key}").click().run())
    assert "by Ada: read aloud." not in text(app)
    well(app.button(key=f"kind-back-{kept.key}").click().run())
    assert "*called* back" not in text(app)


def test_what_cannot_be_kept_is_said_and_stays_in_its_field(shown: Open, small: Home) -> None:
    app = team(shown, small)
    well(app.button(key="kind-save-N").click().run())
    assert "Please fill in the field with the customer's words" in text(app)
    app.text_area(key="kind-words-N").input("x" * 10_000)
    well(app.button(key="kind-save-N").click().run())
    assert "at most 2,000 can be kept" in text(app)
    assert app.text_area(key="kind-words-N").value == "x" * 10_000


def test_a_team_without_a_kind_word_is_told_how_to_gather_some(shown: Open, small: Home) -> None:
    said = text(team(shown, small))
    assert "No kind word for North is known of the last 26 weeks." in said
    assert "ask what made the difference" in said
    assert "How praise is passed on" in said
    assert "None is known of the last 8 weeks." in text(shown(small))
