"""`heartline replies`: answer, accept, decline, undo; the readings say what was taken out."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data import answerable
from data.ask import Company
from data.errors import Trouble
from data.filters import Filters
from data.home import Home
from data.scope import local_scope
from tests.sample_home import copy_of

ADA = local_scope("x")


@pytest.fixture
def own(sample: Home, tmp_path: Path) -> Home:
    copy_of(sample, tmp_path / "own")
    return Home(tmp_path / "own")


def run(home: Home, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home.path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def read(home: Home, row: dict[str, Any]) -> dict[str, Any]:
    words = ("signs", "--team", row["team_id"], "--sign", row["sign"], "--format", "json")
    [found] = json.loads(run(home, *words))["readings"]
    return dict(found)


def test_an_answer_goes_all_the_way_and_back(own: Home) -> None:
    company = Company(own)
    row = company.readings(ADA, Filters()).filter(pl.col("n") > 20, sign="buck_passing").row(0, named=True)
    tickets = sorted(answerable.ticket_ids(company, ADA, row))[:2]
    assert "No team has answered anything." in run(own, "replies")
    asked = ("--ticket", tickets[0], "--ticket", tickets[1], "--words", "Policy", "--by", "Ned")
    said = run(own, "replies", "answer", row["team_id"], row["sign"], *asked)
    assert said.startswith("Kept as answer 1, of 2 tickets.")
    assert read(own, row)["replies"] == 0
    assert "takes 2 tickets out of the readings" in run(
        own, "replies", "accept", "1", "--reason", "True", "--by", "Ada"
    )
    after = read(own, row)
    assert (after["replies"], after["standards_version"]) == (1, 1)
    assert (after["n"], after["without_replies"]["n"]) == (row["n"] - after["taken_out"], row["n"])
    assert "Without the replies" in after["sentence"]
    assert "without_replies" not in run(own, "signs", "--team", row["team_id"], "--format", "csv")
    run(own, "replies", "undo", "1", "--reason", "Not so", "--by", "Tom")
    assert read(own, row)["x"] == row["x"]
    run(own, "replies", "decline", "1", "--reason", "No such rule", "--by", "Tom")
    [kept] = json.loads(run(own, "replies", "--format", "json", "--team", row["team_id"]))["replies"]
    told = ("id", "by", "words", "tickets", "ticket_count", "status", "decided_by", "decided_reason", "undone_by")
    assert [kept[name] for name in told] == [1, "Ned", "Policy", tickets, 2, "declined", "Tom", "No such rule", None]
    assert [step["what"] for step in kept["steps"]] == ["accepted", "undone", "declined"]
    assert json.loads(run(own, "replies", "--status", "open", "--format", "json"))["replies"] == []
    assert "Ned" in run(own, "replies")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("accept", "7", "--reason", "x"), "There is no answer 7"),
        (("--status", "lost"), "The data has no status of an answer 'lost'"),
        (("answer", "nobody", "buck_passing", "--words", "x"), "There is no team 'nobody'"),
    ],
)
def test_what_is_not_there_is_said(own: Home, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(Trouble, match=sentence):
        CliRunner().invoke(app, ["replies", *words, "--home", str(own.path)], catch_exceptions=False)
