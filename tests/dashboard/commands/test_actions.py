"""`heartline actions` lists what was recorded, for people and for programs."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.commands.actions import app
from data import clock
from data.coaching import actions
from data.coaching.swaps import Swap
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.scope import local_scope
from tests.data.importing import take

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    home = Home(tmp_path)
    with open_database(home) as database:
        for team, review in [("north", date(2026, 10, 18)), ("south [b]", date(2026, 10, 19))]:
            actions.create(
                local_scope("maria"),
                database,
                team_id=team,
                play="role swap",
                sign="buck_passing",
                why='Many from Web, "damaged"',
                starts_on=date(2026, 10, 12),
                review_on=review,
                owner="Tom",
                swap=Swap(8, "Kim"),
                seen={"x": 31, "week": date(2026, 10, 5)} if team == "north" else None,
            )
    return home


def run(home: Home, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--home", str(home.path)], catch_exceptions=False, env={"COLUMNS": "200"})
    assert result.exit_code == 0
    return result.stdout


def test_people_get_a_short_table(home: Home) -> None:
    printed = [line.split() for line in run(home).splitlines()]
    assert printed == [
        ["id", "team", "play", "sign", "status", "starts", "on", "review", "on", "owner"],
        ["1", "north", "role", "swap", "buck_passing", "under", "way", "2026-10-12", "2026-10-18", "Tom"],
        ["2", "south", "[b]", "role", "swap", "buck_passing", "under", "way", "2026-10-12", "2026-10-19", "Tom"],
    ]


def test_people_read_a_teams_name_where_it_is_listed(home: Home) -> None:
    take(home, "team_id,name,function\nnorth,Deliveries North,sales\n", "teams.csv", table="teams")
    assert [line.split("  ")[1] for line in run(home).splitlines()[1:]] == ["Deliveries North", "south [b]"]


def test_programs_get_everything(home: Home) -> None:
    assert json.loads(run(home, "--format", "json", "--team", "north")) == {
        "format": 1,
        "actions": [
            {
                "id": 1,
                "team_id": "north",
                "play": "role swap",
                "sign": "buck_passing",
                "why": 'Many from Web, "damaged"',
                "starts_on": "2026-10-12",
                "review_on": "2026-10-18",
                "owner": "Tom",
                "status": "under way",
                "outcome": None,
                "closed_at": None,
                "seen": {"x": 31, "week": "2026-10-05"},
                "fixed": None,
                "revision": 1,
                "created_at": "2026-10-12T09:00:00+00:00",
                "created_by": "maria",
                "updated_at": "2026-10-12T09:00:00+00:00",
                "updated_by": "maria",
                "programme_id": None,
            }
        ],
    }
    rows = list(csv.DictReader(io.StringIO(run(home, "--format", "csv"))))
    assert [(row["id"], row["why"]) for row in rows] == [
        ("1", 'Many from Web, "damaged"'),
        ("2", 'Many from Web, "damaged"'),
    ]


def test_those_to_look_at_this_week_and_of_a_status_can_be_asked_for(home: Home) -> None:
    def ids(*words: str) -> list[int]:
        return [one["id"] for one in json.loads(run(home, "--format", "json", *words))["actions"]]

    assert ids("--due") == [1]
    assert ids("--status", "under way", "--status", "planned") == [1, 2]
    assert ids("--status", "done") == []
    with pytest.raises(Trouble, match="An action is one of planned, under way, done, stopped, not 'late'"):
        run(home, "--status", "late")


def test_where_nothing_is_recorded_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    assert run(Home(tmp_path / "new")).startswith("No action is recorded that fits. Record one on a team's page")
    assert json.loads(run(Home(tmp_path / "new"), "--format", "json")) == {"format": 1, "actions": []}
