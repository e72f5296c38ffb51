"""`heartline verdicts`, `plan` and `works`: for people, for programs, and in one sentence where nothing can be said."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.scope import local_scope
from tests.data.coached import SIGN, START, TEAM, agreed, ended, planned
from tests.sample_home import copy_of

LOT = ("south-bills", "north-bills", "harbour-bills", "south-mobile", "--sign", SIGN, "--starts", "2026-02-02", "--lot")


def run(home: Home, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home.path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def empty(sample: Home, tmp_path: Path) -> Home:
    copy_of(sample, tmp_path / "own")
    return Home(tmp_path / "own")


@pytest.fixture
def home(empty: Home) -> Home:
    """One action that was planned and has ended, one of today's data that was never planned."""
    everyone, company = local_scope("maria"), Company(empty)
    with open_database(empty) as database:
        plan = planned(everyone, company, database)
        ended(everyone, database, agreed(everyone, database, fixed=plan))
        agreed(everyone, database, team_id="north-bills", play="relieve_load", sign="slow_simple")
    return empty


def test_people_get_a_line_an_action_and_programs_everything(home: Home) -> None:
    table = run(home, "verdicts").splitlines()
    assert table[0].split() == ["action", "team", "play", "sign", "starts", "on", "verdict", "by"]
    assert [line.split()[:3] for line in table[1:]] == [["1", "South", "Bills"], ["2", "North", "Bills"]]
    told = json.loads(run(home, "verdicts", "--format", "json"))
    assert (told["format"], told["data_version"]) == (1, Company(home).version.number)
    first, second = told["verdicts"]
    assert (first["action"], first["team_id"], first["fixed_then"], second["fixed_then"]) == (1, TEAM, True, False)
    assert first["method"] == "placebo rank"
    assert first["low"] < first["effect"] < first["high"]
    assert [(one["week"], one["on"]) for one in first["reviews"]] == [
        (4, "2026-03-02"), (9, "2026-04-06"), (13, "2026-05-04"),
    ]  # fmt: skip
    assert first["starts_on"] == START.isoformat()
    assert first["data_to"] == "2026-04-27"
    assert "by" not in first
    rows = list(csv.DictReader(io.StringIO(run(home, "verdicts", "--format", "csv"))))
    assert [row["verdict"] for row in rows] == [first["verdict"], second["verdict"]]
    assert {"compared", "left_out", "reviews", "happened"} & set(rows[0]) == set()


def test_one_action_can_be_asked_for_and_one_that_is_not_there_is_said(home: Home) -> None:
    [one] = json.loads(run(home, "verdicts", "--action", "2", "--format", "json"))["verdicts"]
    assert one["action"] == 2
    with pytest.raises(Trouble, match="There is no action 99, or it is not yours to see"):
        run(home, "verdicts", "--action", "99")


def test_where_nothing_is_recorded_it_says_so(empty: Home) -> None:
    assert run(empty, "verdicts") == "No action is recorded yet of which anything could be said.\n"
    assert json.loads(run(empty, "verdicts", "--format", "json"))["verdicts"] == []
    assert run(empty, "works") == "No action has ended yet. What works here will be known from those that have.\n"
    assert json.loads(run(empty, "works", "--format", "json")) == {"format": 1, "plays": []}


def test_what_works_is_told_of_each_play_that_has_ended(home: Home) -> None:
    assert "Role swap" in run(home, "works")
    assert "Relieve load" not in run(home, "works")
    [told] = json.loads(run(home, "works", "--format", "json"))["plays"]
    assert (told["play"], told["ended"], told["untold"], told["effect"]) == ("role_swap", 1, 0, None)
    assert run(home, "works", "--format", "csv").startswith("play,sentence,ended,untold,effect,low,high")


def plan(home: Home, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(home, "plan", *words, "--format", "json"))
    return told


def test_the_plan_of_one_team_is_what_an_action_of_it_would_fix(empty: Home) -> None:
    told = plan(empty, TEAM, "--sign", SIGN, "--starts", "2026-02-02")
    with open_database(empty) as database:
        expected = planned(local_scope("maria"), Company(empty), database)
    unlike = {"on", "by"}
    assert {name: value for name, value in told["plan"].items() if name not in unlike} == {
        name: value for name, value in expected.items() if name not in unlike
    }
    assert (told["format"], told["seed"]) == (1, None)
    assert told["order"] == [{"team_id": TEAM, "wave": 1, "starts_on": "2026-02-02", "team": "South Bills"}]
    said = run(empty, "plan", TEAM, "--sign", SIGN, "--starts", "2026-02-02")
    assert "This team alone can" in said
    assert f"Compared with {len(expected['compared'])} teams: " in said


def test_a_draw_says_who_goes_first_the_same_for_the_same_seed(empty: Home) -> None:
    first, again, other = (plan(empty, *LOT, "--seed", seed) for seed in ("7", "7", "8"))
    assert first["order"] == again["order"] != other["order"]
    assert (first["seed"], first["plan"]["drawn"]) == (7, True)
    assert {row["wave"]: row["starts_on"] for row in first["order"]} == {1: "2026-02-02", 2: "2026-05-04"}
    waiting = [row["team_id"] for row in first["order"] if row["wave"] == 2]
    assert sorted(first["plan"]["compared"]) == sorted(waiting)
    rows = list(csv.DictReader(io.StringIO(run(empty, "plan", *LOT, "--seed", "7", "--format", "csv"))))
    assert [row["team_id"] for row in rows] == [row["team_id"] for row in first["order"]]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody", "--sign", SIGN, "--starts", "2026-02-02"), "There is no team 'nobody' in the data: `heartline"),
        ((TEAM, "--sign", "gloom", "--starts", "2026-02-02"), "There is no sign 'gloom': choose one of"),
        ((TEAM, "--sign", SIGN, "--starts", "2026-02-02", "--lot"), "A programme takes at least two teams"),
        ((*LOT, "--waves", "5"), "This cannot be drawn: 4 teams cannot make 5 waves."),
    ],
)
def test_what_makes_no_plan_is_said_in_a_sentence(sample: Home, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Trouble, match=sentence):
        run(sample, "plan", *words)
