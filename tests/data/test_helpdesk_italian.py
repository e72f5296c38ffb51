"""A real helpdesk's event log in XES goes in as it is, and its known facts come out."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from data.home import Home
from data.intake import Summary, import_file
from data.lake import Lake
from metrics.facts import facts
from metrics.frames import empty
from tests.data.importing import NOW, counts, frame
from tests.shared import shared

EVENTS, CASES, AFTER_RESOLVE = 21_348, 4_580, 152


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Summary]:
    home = Home(tmp_path_factory.mktemp("italian") / "home")
    return home, import_file(home, log(), now=NOW)


def log() -> Path:
    return shared("data/helpdesk_italian.xes.gz")


@pytest.fixture(scope="module")
def home(imported: tuple[Home, Summary]) -> Home:
    return imported[0]


def test_each_of_its_events_is_accounted_for(imported: tuple[Home, Summary]) -> None:
    _, summary = imported
    assert (summary.read, summary.profiles) == (EVENTS, ("helpdesk_italian",))
    assert counts(summary) == (EVENTS, 0, 0, 0)


def test_all_cases_are_there_with_customer_and_product(home: Home) -> None:
    """Seven cases change their customer on the way, which is how the log's 397 come to be 395."""
    tickets = frame(home, "tickets")
    assert (tickets.height, tickets["customer_id"].n_unique(), tickets["category"].n_unique()) == (CASES, 395, 21)
    assert (tickets["opened_at"].min(), tickets["opened_at"].max()) == (
        datetime.fromisoformat("2010-01-13 08:40:25+00:00"),
        datetime.fromisoformat("2013-11-28 17:07:59+00:00"),
    )


def test_work_after_a_resolve_is_a_reopening_and_a_second_resolve_is_none(home: Home) -> None:
    events = frame(home, "events").lazy()
    known = facts(frame(home, "tickets"), events, empty("teams")).tickets.collect()
    assert (known["reopens"] > 0).sum() == AFTER_RESOLVE


def test_closed_comes_by_itself_and_resolves_nothing(home: Home) -> None:
    events = frame(home, "events")
    closed = events.filter(pl.col("kind") == "closed")
    assert (closed["actor"].unique().to_list(), closed["agent_id"].null_count()) == (["system"], closed.height)
    resolved = events.filter(pl.col("kind") == "resolved")
    assert resolved.join(closed, on=["ticket_id", "at"]).is_empty()
    assert resolved["ticket_id"].n_unique() == CASES - 11


def test_five_cases_are_passed_from_one_workgroup_to_another(home: Home) -> None:
    teams = frame(home, "events").drop_nulls("team_id").group_by("ticket_id").agg(pl.col("team_id").n_unique())
    assert (teams["team_id"] > 1).sum() == 5
    assert frame(home, "events")["team_id"].drop_nulls().n_unique() == 4


def test_the_same_file_again_changes_nothing(home: Home) -> None:
    again = import_file(home, log(), now=NOW)
    assert (counts(again), again.new_version) == ((0, 0, EVENTS, 0), False)
    assert Lake(home).current().number == 1
