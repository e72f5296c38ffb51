"""`heartline purpose`, `retention`, `forget`, `record`, `staff-page`, as they are typed."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from data.erasing.forgotten import pseudonym_of
from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.lake import Lake

SET = (
    "purpose", "set", "--purpose", "To help teams", "--legal-basis", "Works agreement", "--consulted",
    "Works council, 2026-05-04, agreed", "--ticket-months", "12", "--note-months", "12", "--record-months", "12",
    "--responsible", "Ada", "--ask", "Jo", "--object", "Write to Jo",
)  # fmt: skip
TICKETS = """ticket_id,customer_id,opened_at,team_id,resolved_at
T-1,C-77412,2026-09-01 09:00,north,2026-09-01 11:00
T-2,C-20001,2020-09-01 09:00,north,2020-09-02 11:00
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("typed")
    (folder / "tickets.csv").write_text(TICKETS)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        import_file(Home(folder / "home"), folder / "tickets.csv", "tickets")
    return Home(folder / "home")


@pytest.fixture
def home(made: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    shutil.copytree(made.path, tmp_path / "typed")
    monkeypatch.setenv("HEARTLINE_HOME", str(tmp_path / "typed"))
    monkeypatch.setenv("HEARTLINE_USER", "maria")
    return Home(tmp_path / "typed")


def typed(*words: str) -> str:
    done: Result = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_a_restored_backup_does_not_bring_back_who_was_forgotten_since(home: Home, tmp_path: Path) -> None:
    typed("backup", str(tmp_path / "b.zip"))
    typed("forget", "customer", "C-77412")
    assert "1 who are forgotten" in typed("forget", "--export-list", str(tmp_path / "list.json"))
    written = (tmp_path / "list.json").read_text()
    assert not {"C-77412", "T-1"} & set(written.replace('"', " ").split())
    assert pseudonym_of(home, "customer", "C-77412") not in written
    again = tmp_path / "again"
    said = typed("restore", str(tmp_path / "b.zip"), "--home", str(again), "--forgotten", str(tmp_path / "list.json"))
    assert "(1 since the backup)" in said
    assert Lake(Home(again)).scan("tickets").collect()["ticket_id"].to_list() == ["T-2"]
    values = [str(pl.read_parquet(path).to_dicts()) for path in again.rglob("*.parquet")]
    assert pseudonym_of(home, "customer", "C-77412") not in "".join(values)
    assert "0 more are forgotten here" in typed(
        "forget", "--take-list", str(tmp_path / "list.json"), "--home", str(again)
    )
    other = tmp_path / "other"
    import_file(Home(other), _tickets(tmp_path), "tickets")
    with pytest.raises(Trouble, match="another home's key"):
        typed("forget", "--take-list", str(tmp_path / "list.json"), "--home", str(other))


def test_what_is_no_list_is_said_before_anything_is_restored(home: Home, tmp_path: Path) -> None:
    typed("backup", str(tmp_path / "b.zip"))
    for text in ("", "[]", '{"format": 1, "key": "", "forgotten": [{"kind": "team"}]}'):
        (tmp_path / "list.json").write_text(text)
        with pytest.raises(Trouble, match="no list of who is forgotten"):
            typed(
                "restore",
                str(tmp_path / "b.zip"),
                "--home",
                str(tmp_path / "x"),
                "--forgotten",
                str(tmp_path / "list.json"),
            )
    assert not (tmp_path / "x").exists()


def _tickets(folder: Path) -> Path:
    (folder / "tickets.csv").write_text(TICKETS)
    return folder / "tickets.csv"


def test_a_purpose_is_recorded_and_what_is_too_old_goes(home: Home, tmp_path: Path) -> None:
    assert typed("purpose").startswith("Nothing is recorded yet")
    assert typed("retention").startswith("No purpose is recorded, so it is not known how long to keep anything")
    with pytest.raises(Trouble, match="all of it is needed: --ask, --consulted"):
        typed("purpose", "set", "--purpose", "To help teams")
    with pytest.raises(Trouble, match="does not say who was asked and when"):
        typed(*SET, "--consulted", "Works council")
    assert typed(*SET) == "It is recorded as version 1.\n"
    assert "Asked before: Works council (2026-05-04): agreed" in typed("purpose")
    assert typed("purpose", "set", "--note-months", "6") == "It is recorded as version 2.\n"
    said = typed("retention", "--dry-run")
    assert "over all versions of the data: 1 of tickets." in said
    assert typed("retention") == said.replace("Would go", "Went")
    assert typed("retention") == "Nothing is too old.\n"
    assert typed("staff-page", "-o", str(tmp_path / "staff.pdf")).startswith("The page for staff is in")
    assert (tmp_path / "staff.pdf").read_bytes().startswith(b"%PDF")


def test_somebody_is_forgotten_and_it_is_proved_and_on_record(home: Home) -> None:
    said = typed("forget", "CUSTOMER", "C-77412", "--name", "Jo Doe", "--yes")
    assert "The customer is number 1 of the list of who is forgotten" in said
    assert "1 of tickets" in said
    assert "Their pseudonym is nowhere in them.\nNeither is the id.\nNot reached: backups" in said
    assert "customer" in typed("forget", "--list")
    with pytest.raises(Trouble, match="Say why"):
        typed("forget", "--lift", "1")
    assert typed("forget", "--lift", "1", "--reason", "back").startswith("Number 1 is off the list")
    told = typed("record", "--format", "csv")
    assert [line.split(",")[3] for line in told.splitlines()[1:]] == [
        "was asked to forget",
        "forgot",
        "lifted a forgetting",
    ]
    assert "C-77412" not in told


def test_what_is_lacking_is_said(home: Home) -> None:
    with pytest.raises(Trouble, match="Say whom"):
        typed("forget")
    with pytest.raises(Trouble, match="Nobody on the list has the number 9"):
        typed("forget", "--lift", "9", "--reason", "x")
    assert typed("record", "--who", "nobody") == "Nothing of that is on record.\n"
