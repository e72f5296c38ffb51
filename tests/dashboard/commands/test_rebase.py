"""`heartline rebase`: acknowledge a lasting change, list them, take one back."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.ask import Company
from data.errors import Trouble
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from tests.sample_home import copy_of


@pytest.fixture
def own(sample: Home, tmp_path: Path) -> Home:
    copy_of(sample, tmp_path / "own")
    return Home(tmp_path / "own")


def run(home: Home, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home.path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def a_signal(home: Home) -> dict[str, Any]:
    found = Company(home).readings(local_scope("x"), Filters()).filter(status="signal").sort("since", "team_id")
    return found.row(0, named=True)


def rebased_on(home: Home) -> dict[tuple[str, str], str]:
    """What `heartline signs` tells of new baselines."""
    rows = json.loads(run(home, "signs", "--format", "json"))["readings"]
    return {(row["team_id"], row["sign"]): row["rebased_on"] for row in rows if row["rebased_on"] is not None}


def test_a_change_is_acknowledged_listed_and_taken_back(own: Home) -> None:
    row = a_signal(own)
    cell, since = (row["team_id"], row["sign"]), str(row["since"])
    assert "No lasting change is acknowledged." in run(own, "rebase", "--list")
    said = run(own, "rebase", *cell, since, "--reason", "New tool", "--by", "Ada")
    assert f"Acknowledged as number 1: from the week of {since} on" in said
    assert rebased_on(own) == {cell: since}
    run(own, "rebase", "--undo", "1", "--reason", "The tool went again", "--by", "Tom")
    assert rebased_on(own) == {}
    [kept] = json.loads(run(own, "rebase", "--list", "--format", "json"))["rebases"]
    told = ("team_id", "sign", "week", "reason", "by", "undone_by", "undone_reason")
    assert [kept[name] for name in told] == [*cell, since, "New tool", "Ada", "Tom", "The tool went again"]
    assert "Tom" in run(own, "rebase", "--list")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Say what has changed: heartline rebase TEAM SIGN WEEK"),
        (("nobody", "buck_passing", "2026-01-05", "--reason", "x"), "There is no team 'nobody'"),
        (("--undo", "7", "--reason", "x"), "There is no acknowledged change 7"),
        (("--undo", "7"), "Please fill in the reason"),
        (("--list", "nobody"), "not together"),
    ],
)
def test_what_makes_no_sense_is_said(sample: Home, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Trouble, match=sentence):
        run(sample, "rebase", *words)


def test_a_change_without_a_reason_or_in_a_week_to_come_is_refused(own: Home) -> None:
    row = a_signal(own)
    for week, reason, sentence in (
        (str(row["since"]), "", "Please fill in the reason"),
        ("2099-01-05", "x", "not in the data yet"),
        ("some day", "x", "is no week"),
    ):
        with pytest.raises(Trouble, match=sentence):
            run(own, "rebase", row["team_id"], row["sign"], week, "--reason", reason)
    assert rebased_on(own) == {}
