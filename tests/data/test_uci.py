"""A real company's ServiceNow audit log (UCI 498) goes in as it is, and its known facts come out."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from data.home import Home
from data.intake import Summary, import_file
from data.lake import Lake
from tests.data.importing import NOW, counts, frame
from tests.shared import shared

UPDATES, INCIDENTS = 141_712, 24_918


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Summary]:
    home = Home(tmp_path_factory.mktemp("uci") / "home")
    return home, import_file(home, log(), now=NOW)


def log() -> Path:
    return shared("data/uci498_incident_event_log.zip")


@pytest.fixture(scope="module")
def home(imported: tuple[Home, Summary]) -> Home:
    return imported[0]


@pytest.fixture(scope="module")
def stations(home: Home) -> pl.DataFrame:
    """ticket_id, stations, teams: naive, from the events of the lake in their order."""
    held = frame(home, "events").filter(pl.col("kind") == "assigned").sort("ticket_id", "at", "seq")
    found: dict[str, list[str]] = {}
    for ticket, team in held.select("ticket_id", "team_id").iter_rows():
        path = found.setdefault(ticket, [])
        if team is not None and path[-1:] != [team]:
            path.append(team)
    rows = [(ticket, len(path), len(set(path))) for ticket, path in found.items() if path]
    return pl.DataFrame(rows, schema=["ticket_id", "stations", "teams"], orient="row")


def test_each_of_its_rows_is_accounted_for(imported: tuple[Home, Summary]) -> None:
    _, summary = imported
    assert (summary.read, summary.profiles) == (UPDATES, ("servicenow_audit",))
    assert counts(summary) == (UPDATES, 0, 0, 0)


def test_all_incidents_are_there_and_nearly_all_had_a_team(home: Home, stations: pl.DataFrame) -> None:
    assert frame(home, "tickets").height == INCIDENTS
    assert stations.height == 24_545


def test_handoffs_and_bounce_backs(stations: pl.DataFrame) -> None:
    handoffs, bounces = stations["stations"] - 1, stations["stations"] - stations["teams"]
    assert (handoffs.sum(), (handoffs > 0).sum()) == (19_088, 9_575)
    assert (bounces.sum(), (bounces > 0).sum()) == (4_974, 2_629)


def test_reopened_incidents_are_those_that_the_log_counts(home: Home) -> None:
    reopened = frame(home, "events").filter(pl.col("kind") == "reopened")
    assert reopened["ticket_id"].n_unique() == 275


def test_what_is_back_filled_is_no_event(home: Home) -> None:
    """One close each; and no more than one resolve without a reopening between."""
    kinds = (
        frame(home, "events")
        .group_by("ticket_id")
        .agg(
            closed=(pl.col("kind") == "closed").sum(),
            resolved=(pl.col("kind") == "resolved").sum(),
            reopened=(pl.col("kind") == "reopened").sum(),
        )
    )
    assert kinds["closed"].min() == 1
    assert (kinds["resolved"].cast(int) - kinds["reopened"].cast(int) == 1).all()


def test_a_question_mark_is_unknown_and_days_come_before_months(home: Home) -> None:
    tickets = frame(home, "tickets")
    text = tickets.select(pl.col(pl.String)).unpivot()["value"].drop_nulls()
    assert not (text == "?").any()
    assert (tickets["opened_at"].min(), tickets["opened_at"].max()) == (
        datetime.fromisoformat("2016-02-29 01:16+00:00"),
        datetime.fromisoformat("2017-02-16 14:17+00:00"),
    )
    assert set(tickets["channel"].unique()) == {"phone", "email", "web", "walk-in", "ivr"}
    assert set(tickets["priority"].unique()) == {"urgent", "high", "normal", "low"}
    assert tickets["customer_id"].drop_nulls().str.starts_with("p_").all()


def test_the_same_file_again_changes_nothing(home: Home) -> None:
    again = import_file(home, log(), now=NOW)
    assert (counts(again), again.new_version) == ((0, 0, UPDATES, 0), False)
    assert Lake(home).current().number == 1
