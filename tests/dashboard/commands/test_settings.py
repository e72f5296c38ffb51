"""`heartline settings` says what holds and where from; docs/settings.md says what each does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.commands.settings import documented
from data.settings import DECLARED

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for one in DECLARED:
        monkeypatch.delenv(one.variable, raising=False)
    monkeypatch.setenv("HEARTLINE_SERVER_PORT", "8600")
    (tmp_path / "heartline.toml").write_text(
        'ticket_url = "https://d.example/{ticket_id}"\n[database]\nurl = "postgresql://ada:hunter2@h/d"\n'
    )
    return tmp_path


def test_each_setting_is_listed_with_where_it_is_from_and_no_secret(home: Path) -> None:
    done = CliRunner().invoke(app, ["settings", "--home", str(home), "--format", "json"])
    assert done.exit_code == 0
    told = {one["setting"]: one for one in json.loads(done.stdout)["settings"]}
    assert set(told) == {one.key for one in DECLARED}
    assert (told["server.port"]["value"], told["server.port"]["from"]) == ("8600", "HEARTLINE_SERVER_PORT")
    assert (told["database.url"]["value"], told["database.url"]["from"]) == ("(hidden)", str(home / "heartline.toml"))
    assert (told["server.host"]["value"], told["server.host"]["from"]) == ("127.0.0.1", "default")
    assert "hunter2" not in done.stdout + CliRunner().invoke(app, ["settings", "--home", str(home)]).stdout


def test_what_is_wrong_is_said_beside_the_list(home: Path) -> None:
    (home / "heartline.toml").write_text("[server]\nlog_level = 'loud'\n")
    done = CliRunner().invoke(app, ["settings", "--home", str(home)])
    assert done.exit_code == 1
    assert "server.log_level is 'loud'" in done.stderr


def test_the_document_says_what_the_code_does() -> None:
    assert DOCS.read_text(encoding="utf-8").endswith("-->\n\n" + documented())
