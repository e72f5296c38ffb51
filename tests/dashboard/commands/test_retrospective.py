"""`heartline retrospective`: what stayed of them, for people and for programs."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.retro import leading, outcome, seats
from data.scope import local_scope

ADA = local_scope("Ada")
AT = datetime(2026, 10, 12, 9, tzinfo=UTC)
LEAD = "the secret of who leads"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "own")


def run(home: Home, *words: str) -> str:
    result = CliRunner().invoke(app, ["retrospective", *words, "--home", str(home.path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def held(home: Home) -> str:
    """One that is closed and one that is open; the code of the open one."""
    with open_database(home) as database:
        at = leading.open_(ADA, database, team_id="north", secret=LEAD, now=AT)
        seat = seats.join(database, at.code, "device")
        at = leading.go(ADA, database, at.id, "cards", secret=LEAD, seen=at.turn)
        seats.write(database, seat, "hinders", "Two *systems*")
        content = {
            "play": "our own walk",
            "sign": "buck_passing",
            "why": "To see it",
            "starts_on": date(2026, 10, 12),
            "review_on": date(2026, 11, 9),
            "owner": "Ines",
        }
        outcome.agree(ADA, database, at.id, content, secret=LEAD, now=AT)
        leading.close(ADA, database, at.id, {}, secret=LEAD, seen=at.turn, now=AT)
        return leading.open_(ADA, database, team_id="south", secret=LEAD, now=AT).code


def test_where_none_was_held_it_says_how_to_hold_one(home: Home) -> None:
    assert "No retrospective was held yet" in run(home, "list")
    assert json.loads(run(home, "list", "--format", "json")) == {"format": 1, "retrospectives": []}


def test_they_are_listed_without_what_was_written_in_them(home: Home) -> None:
    held(home)
    listed = json.loads(run(home, "list", "--format", "json"))["retrospectives"]
    assert [(one["id"], one["status"], one["took_part"], one["actions"]) for one in listed] == [
        (2, "open", None, []),
        (1, "closed", 1, [1]),
    ]
    assert "systems" not in run(home, "list") + run(home, "list", "--format", "csv")


def test_the_page_of_one_is_printed_as_text_markdown_and_json(home: Home) -> None:
    held(home)
    said = run(home, "show", "1")
    assert "WHAT WE TRY\n- Our own walk, Ines, from 12 Oct, review on 9 Nov: To see it\n" in said
    assert "- Two *systems* (hinders)" in said
    assert r"- Two \*systems\* \(hinders\)" in run(home, "show", "1", "--format", "markdown")
    [page] = json.loads(run(home, "show", "1", "--format", "json"))["retrospectives"]
    assert page["topics"] == [{"name": None, "votes": 0, "cards": [{"kind": "hinders", "words": "Two *systems*"}]}]
    assert [one["owner"] for one in page["actions"]] == ["Ines"]


def test_one_that_is_open_has_no_page_yet(home: Home) -> None:
    code = held(home)
    with pytest.raises(Trouble, match=rf"Retrospective 2 is still open \(code {code}\)"):
        run(home, "show", "2")
    with pytest.raises(Trouble, match="There is no retrospective 9"):
        run(home, "show", "9")
