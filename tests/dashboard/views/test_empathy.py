"""The page Empathy: the verdict, the three sides, the journey, and a team's own rating entered and taken back."""

import json

import pytest

from data import empathy, ratings
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from metrics.trait import all_traits
from tests.dashboard.conftest import Open, asked, text, well

SCOPE = local_scope("Ada")


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


@pytest.fixture(scope="module")
def gap(sample: Home) -> dict[str, str]:
    told: dict[str, str] = json.loads((sample.path / "planted.json").read_text())["gaps"][0]
    return told


def test_the_first_sentence_of_the_planted_team_is_its_gap(shown: Open, sample: Home, gap: dict[str, str]) -> None:
    app = shown(sample, "empathy", team=gap["team"])
    assert app.title[0].value == "Empathy: what do customers say?"
    first = app.markdown[0].value
    assert first.startswith(f"Customers rate *{all_traits()[gap['trait']].name}*")
    assert "the widest gap" in first
    assert "may be chance" not in first


def test_each_trait_is_told_from_three_sides_with_one_picture(shown: Open, sample: Home) -> None:
    app = shown(sample, "empathy", team="harbour-parcels")
    said = text(app)
    for trait in all_traits().values():
        assert trait.asks in said
    assert said.count("Customers: ") == said.count("The team: ") == said.count("Tickets: ") == len(all_traits())
    assert len(app.get("vega_lite_chart")) == len(all_traits()) + 1  # and the journey


def test_of_all_teams_together_those_further_apart_than_usual_are_named_and_can_be_opened(
    shown: Open, sample: Home, gap: dict[str, str], company: Company
) -> None:
    app = shown(sample, "empathy")
    name = company.teams(SCOPE).filter(team_id=gap["team"])["name"][0]
    assert f"See {name}" in text(app)
    assert "Choose a team to enter its own rating." in text(app)


def test_a_filter_stands_in_the_address_and_narrows_the_page(shown: Open, sample: Home, company: Company) -> None:
    app = shown(sample, "empathy")
    well(app.selectbox(key="filter-team").select("harbour-parcels").run())
    assert asked(app, "team") == "harbour-parcels"
    since = company.freshness().week
    assert since is not None
    row = empathy.traits(company, SCOPE, Filters(team="harbour-parcels")).row(0, named=True)
    assert row["customers_n"] is not None
    assert "The team: " in text(app)


def test_a_link_to_a_small_team_leads_to_its_unit(shown: Open, sample: Home, company: Company) -> None:
    small = company.known_teams(SCOPE).filter(size_band="fewer than 5")["team_id"].sort()[0]
    app = shown(sample, "empathy", team=small)
    [name] = company.teams(SCOPE).filter(team_id=company.unit(small))["name"]
    assert name in {option for box in app.selectbox for option in box.options}
    assert "Nothing is told of a team of fewer than five people" not in text(app)


def test_a_teams_own_rating_is_entered_shown_and_taken_back(shown: Open, own: Home) -> None:
    app = shown(own, "empathy", team="harbour-parcels")
    app.selectbox(key="rate-stage").select("use")
    app.selectbox(key="rate-timely_response").select(2)
    app.selectbox(key="rate-honesty").select(5)
    well(app.button(key="rate-save").click().run())
    said = text(app)
    assert "by the team in a meeting" in said
    assert "Use, " in said
    with open_database(own) as database:
        held = ratings.standing(SCOPE, database)
    assert held.select("stage", "trait", "score").sort("trait").rows() == [
        ("use", "honesty", 5.0),
        ("use", "timely_response", 2.0),
    ]
    undo = next(button for button in app.button if button.label == "Undo")
    well(undo.click().run())
    with open_database(own) as database:
        assert ratings.standing(SCOPE, database).is_empty()
    assert "timely response 2" not in text(app)


def test_a_rating_without_a_score_is_not_kept_and_the_page_says_so(shown: Open, own: Home) -> None:
    app = shown(own, "empathy", team="harbour-parcels")
    well(app.button(key="rate-save").click().run())
    assert "Nothing was rated" in app.warning[0].value


def test_the_method_page_prints_each_traits_passport(shown: Open, sample: Home) -> None:
    said = text(shown(sample, "method"))
    for trait in all_traits().values():
        assert trait.counts in said
        assert trait.caveat in said


def test_the_team_page_says_what_surrounds_the_team_and_what_the_warning_line_is(shown: Open, sample: Home) -> None:
    app = shown(sample, "team", team="harbour-parcels")
    assert "The warning line is 50 to 60 tickets a working day" in text(app)
