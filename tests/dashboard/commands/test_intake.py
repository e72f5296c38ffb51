"""`heartline import`, `rejects` and `history`, as somebody types them."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.commands.intake import app
from data.database import open_database
from data.erasing.forgetting import forget
from data.errors import Trouble
from data.home import Home
from data.scope import local_scope

TICKETS = "ticket_id,opened_at,csat\nT1,2024-01-01 10:00,5\nT2,2024-02-30 10:00,9\n"


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEARTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "tickets.csv").write_text(TICKETS)
    return tmp_path


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_import_says_what_became_of_each_row(where: Path) -> None:
    said = run("import", where / "tickets.csv")
    assert "tickets.csv: read 2 rows as heartline: 1 accepted, 0 replaced, 0 unchanged, 1 set aside." in said
    assert "Data version 1." in said
    assert "Nothing changed: still data version 1." in run("import", where / "tickets.csv")


def test_rejects_are_listed_for_people_and_for_programs(where: Path) -> None:
    assert "Nothing is set aside." in run("rejects")
    run("import", where / "tickets.csv")
    said = run("rejects")
    assert 'csat "9"' in said
    assert "is no date and time that can be read" in said
    found = json.loads(run("rejects", "--format", "json"))["rejects"]
    assert [(row["row"], row["column"], row["value"]) for row in found] == [
        (3, "csat", "9"),
        (3, "opened_at", "2024-02-30 10:00"),
    ]
    assert len(list(csv.DictReader(run("rejects", "--format", "csv").splitlines()))) == 2
    assert "Nothing is set aside." in run("rejects", "--table", "events")


def test_of_who_was_forgotten_an_export_says_so_and_not_that_lines_do_not_split(where: Path) -> None:
    home = Home(where / "home")
    with open_database(home) as database:
        forget(local_scope("maria"), home, database, "customer", "C-1")
    (where / "tickets.csv").write_text(
        "ticket_id,opened_at,customer_id\nT1,2024-01-01 10:00,C-1\nT2,2024-01-01 10:00,\n"
    )
    run("import", where / "tickets.csv")
    said = run("rejects", "--export", where / "out.csv")
    assert "1 more are of people who asked to be forgotten" in said
    assert "do not split" not in said


def test_rejects_are_exported_mended_and_taken_in(where: Path) -> None:
    run("import", where / "tickets.csv")
    assert "1 rows are in" in run("rejects", "--export", where / "out.csv")
    mended = (where / "out.csv").read_text("utf-8-sig").replace("2024-02-30", "2024-02-29").replace(",9,", ",4,")
    (where / "out.csv").write_text(mended)
    assert "1 rows set aside before are now in." in run("import", where / "out.csv")
    assert "Nothing is set aside." in run("rejects")
    assert json.loads(run("rejects", "--mended", "--format", "json"))["rejects"][0]["mended_by"] == 2


def test_history_lists_the_newest_first(where: Path) -> None:
    assert "Nothing was imported yet" in run("history")
    run("import", where / "tickets.csv")
    (where / "tickets.csv").write_text(TICKETS.replace("T1", "T3"))
    run("import", where / "tickets.csv")
    versions = json.loads(run("history", "--format", "json"))["versions"]
    assert [(one["version"], one["accepted"], one["source"]) for one in versions] == [
        (2, 1, "tickets.csv"),
        (1, 1, "tickets.csv"),
    ]
    assert "tickets.csv" in run("history")


def test_a_file_of_which_nothing_comes_in_is_a_failure_that_says_so(where: Path) -> None:
    (where / "bad.csv").write_text("ticket_id,opened_at\nT1,yesterday\n")
    with pytest.raises(Trouble, match="No row of it could be taken in"):
        run("import", where / "bad.csv", "--as", "tickets")
    assert "is no date and time" in run("rejects")


def test_each_json_says_its_format(where: Path) -> None:
    run("import", where / "tickets.csv")
    assert [json.loads(run(what, "--format", "json"))["format"] for what in ("rejects", "history")] == [1, 1]


def test_csv_is_safe_to_open_in_a_spreadsheet(where: Path) -> None:
    (where / "bad.csv").write_text("ticket_id,opened_at\nT1,=1+1\nT2,2024-01-01 10:00\n")
    run("import", where / "bad.csv", "--as", "tickets")
    assert [row["value"] for row in csv.DictReader(run("rejects", "--format", "csv").splitlines())] == ["'=1+1"]
