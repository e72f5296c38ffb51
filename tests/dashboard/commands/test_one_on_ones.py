"""`heartline one-on-ones` lists who talks with whom and when, and nothing of what was said."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.commands.one_on_ones import app
from data.database import open_database
from data.home import Home
from data.scope import local_scope
from data.talks import action_points, conversations

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
ADA = local_scope("Ada")


def run(home: Home, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home.path)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_an_empty_list_says_where_to_begin(tmp_path: Path) -> None:
    assert "Open one on the page One-on-one" in run(Home(tmp_path))


def test_each_is_listed_with_what_is_still_open_and_without_what_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_ADDRESS", "https://h.example.com")
    with open_database(Home(tmp_path)) as database:
        for day in (14, 28):
            talk = conversations.create(
                ADA, database, guest="Bruno", teams=["north", "south"], held_on=date(2026, 10, day), now=NOW
            )
        conversations.edit(ADA, database, talk.id, {"shared": "A secret"}, expected_revision=1, now=NOW)
        action_points.add(ADA, database, talk.id, words="Ring back", owner="Bruno", due_on=date(2026, 10, 30), now=NOW)
    said = run(Home(tmp_path), "--format", "json")
    assert "secret" not in said
    assert "Ring back" not in said
    told = json.loads(said)
    assert told == {
        "format": 1,
        "one_on_ones": [
            {
                "id": number,
                "on": f"2026-10-{day}",
                "host": "Ada",
                "guest": "Bruno",
                "teams": ["north", "south"],
                "open_points": 1,
                "link": f"https://h.example.com/one_on_one?conversation={number}",
            }
            for number, day in ((2, 28), (1, 14))
        ],
    }
    assert "north, south" in run(Home(tmp_path), "--format", "csv")
