"""The facts of a real company's ServiceNow audit log (UCI 498) are the known ones; its simple categories are found."""

import polars as pl
import pytest

from data.derived import read_part
from data.home import Home
from data.intake import import_file
from data.lake import PARTS, Lake
from metrics.facts import Facts, facts
from metrics.log import what_is_logged
from metrics.standards import derive
from tests.data.importing import NOW
from tests.shared import shared


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[Facts]:
    """Part by part, as the lake gives them."""
    home = Home(tmp_path_factory.mktemp("uci") / "home")
    import_file(home, shared("data/uci498_incident_event_log.zip"), now=NOW)
    version = Lake(home).current()
    logged = what_is_logged(Lake(home).scan("events", version))
    teams = Lake(home).scan("teams", version).drop("part").collect()
    parts = [read_part(home, version, part) for part in range(PARTS)]
    told = {"horizon": version.horizon, "logged": logged, "in_order": True}
    return [facts(part.tickets, part.events, teams, **told) for part in parts]


@pytest.fixture(scope="module")
def tickets(known: list[Facts]) -> pl.DataFrame:
    path = ["ticket_id", "basis", "team_stations", "handoffs", "bounce_backs", "reopens"]
    asked = ["category", "opened_at", "first_team_id", "one_touch", "full_resolution_minutes_business"]
    names = [*path, *asked, "full_resolution_minutes_calendar"]
    return pl.concat([part.tickets.select(names).collect() for part in known])


def test_its_paths_between_teams_are_the_known_ones(tickets: pl.DataFrame) -> None:
    assert tickets.height == tickets["ticket_id"].n_unique() == 24_918
    assert tickets["team_stations"].is_not_null().sum() == 24_545
    assert (tickets["handoffs"].sum(), (tickets["handoffs"] > 0).sum()) == (19_088, 9_575)
    assert (tickets["bounce_backs"].sum(), (tickets["bounce_backs"] > 0).sum()) == (4_974, 2_629)
    assert (tickets["reopens"] > 0).sum() == 275
    assert set(tickets["basis"]) == {"events"}


def test_seven_of_its_twenty_large_categories_are_simple(tickets: pl.DataFrame, known: list[Facts]) -> None:
    listed = derive(tickets.lazy(), known[0].clocks).filter(pl.col("n") >= 200)
    median = tickets.group_by("category").agg(pl.col("full_resolution_minutes_calendar").median().alias("took"))
    simple = listed.join(median, on="category").sort("took")
    assert (simple.height, simple["simple"].sum()) == (20, 7)
    # Those whose median is minutes to two hours, and no other.
    assert simple["simple"].to_list() == (simple["took"] <= 120).to_list()
