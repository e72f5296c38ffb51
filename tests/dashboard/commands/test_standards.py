"""`heartline standards`: look, overrule, undo, and see who did."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.commands.standards import app
from data import standards_store
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.filters import Filters
from data.home import Home
from data.scope import local_scope


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    return Home(tmp_path)


@pytest.fixture
def home(empty: Home) -> Home:
    rows = [("password", True, 90, 800, 0.75, 30.0, "quick"), ("outage", False, 2400, 300, 0.1, 900.0, "slow")]
    derived = pl.DataFrame(rows, schema=standards_store.DERIVED, orient="row")
    with open_database(empty) as database:
        standards_store.save_derived(local_scope("x"), database, derived, data_version=1, provisional=True)
    return empty


def run(home: Home, *words: str) -> str:
    command = ["standards", *words, "--home", str(home.path)]
    result = CliRunner().invoke(app, command, catch_exceptions=False, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(home: Home, *words: str) -> dict[str, tuple[object, ...]]:
    body = json.loads(run(home, "list", "--format", "json", *words))
    names = ("simple", "standard_minutes", "source", "reason", "author", "version")
    assert body["provisional"] is True
    assert {row["version"] for row in body["standards"]} == {body["version"]}
    return {row["category"]: tuple(row[name] for name in names) for row in body["standards"]}


def test_without_a_further_word_it_lists(home: Home) -> None:
    printed = run(home).splitlines()
    assert [line.split()[0] for line in printed] == ["category", "outage", "password", "Provisional:"]


def test_what_is_set_is_listed_with_who_and_why_and_can_be_undone(home: Home) -> None:
    said = run(home, "set", "outage", "--simple", "--minutes", "60", "--reason", "Now scripted", "--by", "Maria")
    assert said.startswith("Set for 'outage'; the standards are now at version 2.")
    assert listed(home) == {
        "outage": (True, 60, "set", "Now scripted", "Maria", 2),
        "password": (True, 90, "derived", "quick", None, 2),
    }
    run(home, "set", "password", "--hard", "--reason", "Needs a call")
    assert listed(home)["password"][:4] == (False, 90, "set", "Needs a call")
    assert listed(home, "--version", "1")["outage"] == (False, 2400, "derived", "slow", None, 1)
    assert run(home, "undo", "outage").startswith("Undone for 'outage'; the standards are now at version 4.")
    assert listed(home)["outage"] == (False, 2400, "derived", "slow", None, 4)
    versions = json.loads(run(home, "history", "--format", "json"))["versions"]
    assert [(one["version"], one["what"], one["category"], one["reason"]) for one in versions] == [
        (1, "derived", None, None),
        (2, "set", "outage", "Now scripted"),
        (3, "set", "password", "Needs a call"),
        (4, "undone", "outage", "Now scripted"),
    ]
    assert "Now scripted" in run(home, "history")


def test_the_home_may_be_named_before_the_further_word(home: Home) -> None:
    command = ["standards", "--home", str(home.path), "list", "--format", "csv"]
    assert "outage" in CliRunner().invoke(app, command, catch_exceptions=False).stdout


def test_before_any_import_it_says_what_to_do(empty: Home) -> None:
    assert run(empty) == "There are no standards yet: import tickets first.\n"
    with pytest.raises(Trouble, match="There are no standards yet: import tickets first"):
        run(empty, "set", "outage", "--simple", "--reason", "x")
    assert json.loads(run(empty, "list", "--format", "json")) == {
        "format": 1,
        "version": None,
        "provisional": True,
        "standards": [],
    }


def test_how_often_standards_are_kept_is_the_sign_told_the_other_way_round(sample: Home) -> None:
    body = json.loads(run(sample, "kept", "--format", "json"))
    read = Company(sample).readings(local_scope("x"), Filters()).filter(pl.col("n") > 0, sign="slow_simple")
    late = {team: (n - x, n) for team, x, n in read.select("team_id", "x", "n").iter_rows()}
    assert {row["team_id"]: (row["kept"], row["n"]) for row in body["kept"]} == late
    assert [row["team"] for row in body["kept"]] == sorted((row["team"] for row in body["kept"]), key=str.lower)
    assert body["standards_version"] == 1
    own = json.loads(run(sample, "kept", "--team", body["kept"][0]["team"], "--format", "json"))["kept"]
    assert sum(row["n"] for row in own) >= body["kept"][0]["n"]
    assert "category" in own[0]
