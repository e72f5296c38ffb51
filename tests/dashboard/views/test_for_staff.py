"""The pages For staff and Purpose, and that a look at a team is noted before it is shown."""

from pathlib import Path

import pytest

from data import purpose
from data.database import open_database
from data.home import Home
from data.intake import import_file
from data.purpose import MADE_UP
from data.record_reading import entries, lookers
from data.scope import local_scope
from tests.dashboard.conftest import Open

TEAMS = "team_id,name,function\nnorth,North Parcels,front_office\nsouth,South,front_office\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "teams.csv").write_text(TEAMS)
    import_file(Home(tmp_path / "home"), tmp_path / "teams.csv", "teams")
    return Home(tmp_path / "home")


def words(app: object) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption])  # type: ignore[attr-defined]


def test_staff_are_told_what_nobody_recorded_yet_and_then_what_was(home: Home, shown: Open) -> None:
    app = shown(home, "for_staff")
    assert "Nobody has recorded it yet" in words(app)
    assert "It is not recorded yet what this is for" in words(app)
    assert [one.value for one in app.selectbox] == ["north"]
    with open_database(home) as database:
        purpose.keep(local_scope("maria"), database, MADE_UP)
    app = shown(home, "for_staff", team="south")
    assert "This is a made" in words(app)
    assert "Nobody did in the last 13 weeks" in words(app)
    assert "It is not recorded yet" not in words(app)


def test_a_purpose_is_recorded_on_its_page(home: Home, shown: Open) -> None:
    app = shown(home, "purpose")
    for key, said in (("purpose", "To help"), ("basis", "An agreement"), ("object", "Write")):
        app.text_area(key=f"purpose-{key}").input(said)
    for key, said in (("responsible", "Ada"), ("ask", "Jo")):
        app.text_input(key=f"purpose-{key}").input(said)
    app.button(key="purpose-keep").click().run()
    assert "Say who was consulted, and when" in app.warning[0].value
    with open_database(home) as database:
        app.date_input(key="purpose-on-0").set_value(MADE_UP.consulted[0].on)
        app.button(key="purpose-keep").click().run()
        assert not app.exception
        held = purpose.current(database)
    assert held is not None
    assert (held.purpose, held.consulted[0].who, held.ticket_months) == ("To help", "Works council", 25)


def test_a_look_at_a_team_is_noted_once_and_a_page_that_tells_nothing_of_it_is_not(home: Home, shown: Open) -> None:
    for page in ("method", "standards", "standards"):
        shown(home, page, team="south")
    with open_database(home) as database:
        found = entries(database, local_scope("maria"), team="south")
    assert found.select("who", "what", "detail").rows() == [("Ada", "looked", '{"page": "Standards", "role": "local"}')]


def test_a_look_at_all_teams_is_told_to_each_once_an_hour(home: Home, shown: Open) -> None:
    for page in ("overview", "overview", "handoffs", "review"):
        shown(home, page)
    with open_database(home) as database:
        rows = entries(database, local_scope("maria")).select("who", "what", "detail").rows()
        seen = lookers(database, local_scope("maria"), "south").drop("day").rows()
    assert rows == [("Ada", "looked at all teams", '{"page": "Overview", "role": "local"}')]
    assert seen == [("Ada", "local", "Overview")]
