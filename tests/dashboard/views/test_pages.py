"""Each page on an empty home and on the sample company: what it says, what its filters do, what a link opens."""

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.ask import Company
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from metrics.sign import all_signs
from tests.dashboard.conftest import Open, asked, text, well

PAGES = (
    "overview",
    "team",
    "review",
    "handoffs",
    "empathy",
    "coaching",
    "playbook",
    "retrospective",
    "standards",
    "data",
    "method",
)
SCOPE = local_scope("Ada")


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_home_is_told_what_to_do_first(shown: Open, empty: Home, page: str) -> None:
    said = text(shown(empty, page))
    if page == "method":
        assert "Two questions" in said
    elif page == "playbook":  # a play can be read before there is any data
        assert "Fifteen seconds" in said
    else:
        assert "Import" in said


@pytest.fixture
def empty(tmp_path: object) -> Home:
    return Home(tmp_path / "empty")  # type: ignore[operator]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_on_the_sample_company(shown: Open, sample: Home, page: str) -> None:
    assert shown(sample, page).title


def once(company: Company, readings: pl.DataFrame) -> pl.DataFrame:
    """What is read of a branch once."""
    branched = pl.col("sign").is_in([key for key, sign in all_signs().items() if sign.unit == "branch"])
    branches = company.teams(SCOPE).select("team_id", "branch")
    shared = readings.filter(branched).join(branches, on="team_id").sort("n", descending=True, nulls_last=True)
    kept = shared.unique(["sign", "branch"], keep="first", maintain_order=True).drop("branch")
    return pl.concat([readings.filter(~branched), kept])


def test_the_overview_shows_every_signal_and_counts_all_the_rest(shown: Open, sample: Home, company: Company) -> None:
    readings = once(company, company.readings(SCOPE, Filters()))
    said = text(shown(sample))
    worse = readings.filter(status="signal", direction="worse").height
    better = readings.filter(status="signal", direction="better").height
    calm = readings.filter(status="no change").height
    assert f"Needs a look ({worse})" in said
    assert f"Got better ({better})" in said
    assert f"{calm:,} reading" in said


def test_a_filter_narrows_the_page_and_stands_in_the_address(shown: Open, sample: Home, company: Company) -> None:
    app = shown(sample)
    branch = company.teams(SCOPE)["branch"].drop_nulls().sort()[0]
    well(app.selectbox(key="filter-branch").select(branch).run())
    assert asked(app, "branch") == branch
    there = once(company, company.readings(SCOPE, Filters(branch=branch)))
    there = there.filter(status="signal", direction="worse").height
    assert f"Needs a look ({there})" in text(app)


def test_filters_survive_going_to_another_page(shown: Open, sample: Home) -> None:
    app = shown(sample)
    well(app.selectbox(key="filter-channel").select("phone").run())
    app.query_params.clear()
    app.switch_page("views/team.py")
    well(app.run())
    assert app.selectbox(key="filter-channel").value == "phone"
    assert asked(app, "channel") == "phone"


def test_the_team_that_was_looked_at_does_not_narrow_the_overview(shown: Open, sample: Home) -> None:
    app = shown(sample, "team")
    team = app.selectbox(key="filter-team").options[3]
    well(app.selectbox(key="filter-team").select(team_id(app, 3)).run())
    assert app.title[0].value.replace("\\", "") == team
    app.query_params.clear()
    app.switch_page("views/overview.py")
    well(app.run())
    assert app.selectbox(key="filter-team").value == ""


def team_id(app: AppTest, place: int) -> str:
    from dashboard import cached, door

    reads = cached.reads(door.home(), door.scope())
    assert reads is not None
    return reads.choices().teams_of(None)[place]


def test_a_link_opens_the_team_and_the_sign_that_it_names(shown: Open, sample: Home, company: Company) -> None:
    signal = company.readings(SCOPE, Filters()).filter(status="signal").row(0, named=True)
    name = company.teams(SCOPE).filter(team_id=signal["team_id"])["name"][0]
    app = shown(sample, "team", team=signal["team_id"], sign=signal["sign"])
    said = text(app)
    assert app.title[0].value.replace("\\", "") == name
    assert f"{name} {all_signs()[signal['sign']].says}" in said
    assert "Against its own past." in said
    assert "Against its mix of tickets." in said


def test_the_tickets_behind_a_sign_and_their_paths_are_there(shown: Open, sample: Home, company: Company) -> None:
    signal = (
        company.readings(SCOPE, Filters()).filter(sign="buck_passing").drop_nulls("x").sort("x").row(-1, named=True)
    )
    app = shown(sample, "team", team=signal["team_id"], sign="buck_passing")
    assert f"{signal['x']:,} ticket" in text(app)
    second = app.selectbox(key="ticket").options[1]
    well(app.selectbox(key="ticket").select(second).run())
    assert asked(app, "ticket") == second
    assert "opened" in text(app)


def test_a_ticket_leads_into_the_helpdesk_where_its_address_is_known(
    shown: Open, sample: Home, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_TICKET_URL", "https://desk.example/t/{ticket_id}")
    signal = (
        company.readings(SCOPE, Filters()).filter(sign="buck_passing").drop_nulls("x").sort("x").row(-1, named=True)
    )
    app = shown(sample, "team", team=signal["team_id"], sign="buck_passing")
    ticket = app.selectbox(key="ticket").value
    assert [link.proto.url for link in app.get("link_button")] == [f"https://desk.example/t/{ticket}"]


def test_nonsense_in_the_address_is_said_and_everything_is_shown(shown: Open, sample: Home) -> None:
    app = shown(sample, branch="Atlantis", week="soon", period="7")
    assert len(app.info) >= 3
    assert "Atlantis" in text(app)
    assert dict(app.query_params) == {}


def test_a_past_week_is_read_as_it_was_then(shown: Open, sample: Home, company: Company) -> None:
    from datetime import timedelta

    last = company.freshness().week
    assert last is not None
    week = last - timedelta(weeks=20)
    readings = once(company, company.readings(SCOPE, Filters(), week))
    app = shown(sample, week=week.isoformat())
    assert f"Needs a look ({readings.filter(status='signal', direction='worse').height})" in text(app)


def test_a_small_team_is_shown_with_its_sibling_and_why(shown: Open, sample: Home, company: Company) -> None:
    small = company.known_teams(SCOPE).filter(size_band="fewer than 5")["team_id"][0]
    said = text(shown(sample, "team", team=small))
    assert "are read together, because at least one of them has fewer than five people" in said


def test_the_method_page_prints_each_sign_as_it_is_declared(shown: Open, sample: Home) -> None:
    said = text(shown(sample, "method"))
    for sign in all_signs().values():
        assert sign.counts in said
        assert sign.caveat in said


def test_the_data_page_says_what_is_in(shown: Open, sample: Home, company: Company) -> None:
    app = shown(sample, "data")
    rows = app.dataframe[0].value
    assert dict(zip(rows["Table"], rows["Rows"], strict=True))["tickets"] == company.freshness().rows["tickets"]
    assert "Nothing is set aside" in text(app)
