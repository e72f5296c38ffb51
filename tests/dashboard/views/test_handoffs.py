"""The page Handoffs: the sentence first, only teams that may be named, a route's tickets and the path of one."""

import pytest

from dashboard import flow_words
from data import flows
from data.ask import Company
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from metrics.flows import summary
from tests.dashboard.conftest import Open, asked, text, well
from tests.data.importing import take

SCOPE = local_scope("Ada")


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


def test_the_sentence_stands_first_and_is_what_the_charts_say(shown: Open, sample: Home, company: Company) -> None:
    told = summary(flows.handoffs(company, SCOPE, year(company)))
    app = shown(sample, "handoffs")
    said = text(app)
    assert f"Of {told.tickets:,} tickets passed on in the 52 weeks" in said
    assert f"{told.came_back:,} (" in said
    assert len(app.get("vega_lite_chart")) == 4  # the flow, the matrix, the kinds, the path


def year(company: Company) -> Filters:
    from datetime import timedelta

    last = company.freshness().week
    assert last is not None
    return Filters(since=last - timedelta(weeks=51), until=last)


def test_no_team_of_fewer_than_five_people_is_named(shown: Open, sample: Home, company: Company) -> None:
    small = company.known_teams(SCOPE).filter(size_band="fewer than 5")
    assert small.height > 0
    routes = flows.handoffs(company, SCOPE, Filters())
    assert not set(small["team_id"]) & {*routes["from_team"], *routes["to_team"]}
    assert {company.unit(team) for team in small["team_id"]} <= {*routes["from_team"], *routes["to_team"]}


def test_a_small_team_is_told_with_the_one_it_is_read_with(shown: Open, sample: Home, company: Company) -> None:
    small = company.known_teams(SCOPE).filter(size_band="fewer than 5")["team_id"][0]
    app = shown(sample, "handoffs", team=small)
    assert "too few to say, fewer than five people" not in text(app)
    assert app.get("vega_lite_chart")


def test_a_team_narrows_it_to_what_it_passes_and_is_passed(shown: Open, sample: Home, company: Company) -> None:
    busiest = flows.handoffs(company, SCOPE, year(company))["from_team"].mode().sort()[0]
    asked_about = Filters(year(company).since, year(company).until, team=busiest)
    told = summary(flows.handoffs(company, SCOPE, asked_about))
    assert f"Of {told.tickets:,} tickets passed on" in text(shown(sample, "handoffs", team=busiest))


def test_a_route_opens_its_tickets_and_the_path_of_one(shown: Open, sample: Home) -> None:
    app = shown(sample, "handoffs")
    second = app.selectbox(key="route").options[1]
    well(app.selectbox(key="route").select_index(1).run())
    assert second.startswith(" to ".join(names_of(app, asked(app, "route"))))
    ticket = app.selectbox(key="ticket").options[1]
    well(app.selectbox(key="ticket").select(ticket).run())
    assert asked(app, "ticket") == ticket
    assert "passed on" in text(app)


def names_of(app: object, route: str) -> list[str]:
    from dashboard import cached, door

    reads = cached.reads(door.home(), door.scope())
    assert reads is not None
    return [reads.choices().teams[team][0] for team in route.split(">")]


def test_a_copied_link_opens_the_same_route(shown: Open, sample: Home) -> None:
    app = shown(sample, "handoffs")
    first = app.selectbox(key="route").value
    well(app.selectbox(key="route").select_index(2).run())
    route = asked(app, "route")
    assert route != first
    assert shown(sample, "handoffs", route=route).selectbox(key="route").value == route


def test_one_row_a_ticket_says_what_is_lacking(shown: Open, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = Home(tmp_path_factory.mktemp("summaries") / "home")
    rows = [f"t{day},2024-01-{day:02} 09:00,A,2" for day in range(1, 31)]
    take(home, "\n".join(["ticket_id,opened_at,team_id,team_stations", *rows]), table="tickets")
    assert "no log of what happened" in text(shown(home, "handoffs"))


def test_every_kind_of_handoff_has_its_words() -> None:
    from metrics.flows import NO_KIND
    from metrics.handoffs import HANDOFF_KINDS

    assert list(flow_words.KINDS) == [*HANDOFF_KINDS, NO_KIND]


@pytest.mark.parametrize("page", ["overview", "team", "handoffs", "data"])
def test_a_home_without_tickets_says_what_is_in_and_what_is_lacking(
    shown: Open, tmp_path_factory: pytest.TempPathFactory, page: str
) -> None:
    home = Home(tmp_path_factory.mktemp("customers") / "home")
    take(home, "customer_id,opened_on\nc1,2024-01-02\n", table="customers")
    said = text(shown(home, page))
    assert "no tickets yet" in said
    assert "unknown" not in said
