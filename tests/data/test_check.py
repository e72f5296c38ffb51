"""`heartline check` looks at everything, says how to mend it, and mends nothing."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data.check import Finding, findings
from data.home import Home
from data.lake import Lake
from metrics.frames import empty

LONG_AGO = datetime(2020, 1, 6, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def with_data(home: Home) -> Home:
    teams = pl.DataFrame(
        [{"team_id": "A", "name": "A", "function": "sales", "calendar": "at any time"}], schema=empty("teams").schema
    )
    tickets = pl.DataFrame(
        [
            {"ticket_id": "1", "opened_at": LONG_AGO, "team_id": "A"},
            {"ticket_id": "2", "opened_at": LONG_AGO, "team_id": "B"},
        ],
        schema=empty("tickets").schema,
    )
    Lake(home).write({"teams": teams, "tickets": tickets}, "a test", LONG_AGO)
    home.key.write_bytes(b"k" * 32)
    home.key.chmod(0o600)
    return home


def of(found: list[Finding], level: str) -> str:
    return "\n".join(f"{one.what} {one.mend}" for one in found if one.level == level)


def test_a_home_that_does_not_exist_is_not_broken(home: Home) -> None:
    found = findings(home)
    assert of(found, "broken") == ""
    assert "does not exist yet" in of(found, "note")
    assert not home.path.exists()


def test_a_wrong_setting_is_said_once(home: Home) -> None:
    with_data(home)
    (home.path / "heartline.toml").write_text("[server]\nport = 'loud'\n")
    broken = [one.what for one in findings(home) if one.level == "broken" and "server.port" in one.what]
    assert len(broken) == 1


def test_a_database_that_cannot_be_reached_is_said_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", "postgresql://u:secret@127.0.0.1:9/d")
    broken = [one.what for one in findings(with_data(home)) if "127.0.0.1:9" in one.what]
    assert len(broken) == 1


def test_what_the_data_lacks_is_noted_and_a_calendar_that_is_none_is_broken(home: Home) -> None:
    found = findings(with_data(home))
    assert "'at any time' is not understood" in of(found, "broken")
    notes = of(found, "note")
    assert "no table people" in notes
    assert "no table events" in notes
    assert "1 teams have tickets but are not in the table teams: B" in notes
    assert "newest data is of 06 January 2020" in notes


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_key_that_others_can_read_is_broken(home: Home) -> None:
    with_data(home).key.chmod(0o644)
    assert "Others on this machine can read the key" in of(findings(home), "broken")


def test_a_key_that_is_gone_is_broken(home: Home) -> None:
    with_data(home).key.unlink()
    assert "is missing" in of(findings(home), "broken")


def test_a_damaged_table_is_said_in_one_sentence(home: Home) -> None:
    with_data(home)
    for parquet in (home.lake / "tickets").rglob("*.parquet"):
        parquet.write_bytes(b"not parquet at all")
    broken = of(findings(home), "broken")
    assert "tickets" in broken
    assert "Traceback" not in broken


def test_a_database_that_is_none_is_said(home: Home) -> None:
    with_data(home)
    (home.path / "heartline.db").write_bytes(b"not a database" * 100)
    assert "heartline.db" in of(findings(home), "broken")


def test_a_newer_version_of_the_data_is_said(home: Home) -> None:
    with_data(home)
    path = home.versions / "000001.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    assert "newer Heartline" in of(findings(home), "broken")
