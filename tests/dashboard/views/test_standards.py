"""The page Standards: what holds, who set it, setting and undoing it, how often it is kept; nobody is overwritten."""

from streamlit.testing.v1 import AppTest

from data import adherence, standards_store
from data.ask import Company
from data.database import open_database
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from tests.dashboard.conftest import Open, text, well

ADA = local_scope("Ada")


def set_by(app: AppTest, category: str) -> str:
    rows = app.dataframe[0].value
    return str(dict(zip(rows["Category"], rows["Set by"], strict=True))[category])


def test_a_category_is_set_with_a_reason_and_undone(shown: Open, own: Home) -> None:
    app = shown(own, "standards")
    app = well(app.selectbox(key="overrule-category").select("Lost parcel").run())
    app.selectbox(key="overrule-simple").select("simple")
    app.number_input(key="overrule-hours").set_value(6.5)
    app.text_area(key="overrule-reason").input("The *new* tool finds them.")
    well(app.button(key="overrule-set").click().run())
    assert set_by(app, "Lost parcel") == "Ada: The *new* tool finds them."
    assert "Version 2 is in force, set for Lost parcel: simple, standard 6.5 hours (Ada," in text(app)
    assert app.text_area(key="overrule-reason").value == ""
    history = app.dataframe[1].value
    assert history["Version"].to_list() == [2, 1]
    assert history["Why"].to_list() == ["The *new* tool finds them.", ""]
    assert "version 2 of the standards" in text(shown(own))

    app = well(shown(own, "standards").selectbox(key="overrule-category").select("Lost parcel").run())
    well(app.button(key="overrule-undo").click().run())
    assert set_by(app, "Lost parcel") == "derived from the data"
    assert "Version 3 is in force" in text(app)


def test_without_a_reason_nothing_is_set_and_what_was_typed_stays(shown: Open, own: Home) -> None:
    app = shown(own, "standards")
    app.number_input(key="overrule-hours").set_value(6.5)
    well(app.button(key="overrule-set").click().run())
    assert "Please fill in the reason: it is empty." in text(app)
    assert app.number_input(key="overrule-hours").value == 6.5
    with open_database(own) as database:
        assert standards_store.latest_version(ADA, database) == 1


def test_the_second_of_two_is_told_and_overwrites_nothing(shown: Open, own: Home) -> None:
    app = well(shown(own, "standards").selectbox(key="overrule-category").select("Lost parcel").run())
    with open_database(own) as database:
        tom = local_scope("Tom")
        standards_store.overrule(tom, database, "Lost parcel", standard_minutes=60, reason="Promised")
    app.number_input(key="overrule-hours").set_value(6.5)
    app.text_area(key="overrule-reason").input("Mine")
    well(app.button(key="overrule-set").click().run())
    assert "Tom set the category 'Lost parcel' while you were looking" in text(app)
    assert set_by(app, "Lost parcel") == "Tom: Promised"
    assert app.text_area(key="overrule-reason").value == "Mine"


def test_adherence_is_told_by_team_in_order_of_name_without_the_withheld(shown: Open, sample: Home) -> None:
    app = shown(sample, "standards")
    rows = app.dataframe[2].value
    assert rows["Team"].to_list() == sorted(rows["Team"], key=str.casefold)
    company = Company(sample)
    read = company.readings(ADA, Filters()).filter(sign="slow_simple")
    names = dict(company.teams(ADA).select("name", "team_id").iter_rows())
    expected = {team: (n - x, n) for team, x, n in read.select("team_id", "x", "n").iter_rows() if n}
    shown_rows = zip(rows["Team"], rows["In time"], rows["Of"], strict=True)
    assert {names[name]: (kept, n) for name, kept, n in shown_rows} == expected
    assert "In alphabetical order: this is no ranking." in text(app)


def test_of_one_team_it_is_told_by_category(shown: Open, sample: Home) -> None:
    company = Company(sample)
    team = adherence.by_team(company, ADA, Filters())["team_id"][0]
    app = shown(sample, "standards", team=team)
    rows = app.dataframe[2].value
    found = adherence.by_category(company, ADA, team)
    assert dict(zip(rows["Category"], rows["Of"], strict=True)) == dict(found.select("category", "n").iter_rows())
    simple = company.standards().filter("simple")["category"].to_list()
    assert set(rows["Category"]) <= set(simple)


def test_a_small_team_is_told_as_its_unit_and_never_alone(sample: Home) -> None:
    company = Company(sample)
    small = company.known_teams(ADA).filter(size_band="fewer than 5")["team_id"].to_list()
    assert small
    for team in small:
        told = adherence.by_category(company, ADA, team)
        assert told.equals(adherence.by_category(company, ADA, company.unit(team)))
        assert team not in adherence.by_team(company, ADA, Filters())["team_id"]
