"""The pages are served from any folder, to this machine alone unless told otherwise."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import serving
from dashboard.cli import app
from data.errors import Trouble
from data.home import Home, find_home
from data.settings import Settings


def test_a_port_in_use_is_said_in_a_sentence_that_tells_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Trouble, match="choose another with --port"):
        serving.serve(find_home(), taken.getsockname()[1])


def test_where_it_is_is_said_when_the_database_opened_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_DATABASE_URL", "postgresql://u:secret@127.0.0.1:9/d")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = CliRunner().invoke(app, ["serve", "--home", str(tmp_path), "--port", str(port)])
    assert isinstance(done.exception, Trouble)
    assert "did not answer" in str(done.exception)
    assert "Heartline is at" not in done.output


def test_there_is_no_watcher_no_statistics_and_no_browser_and_requests_of_others_are_refused(tmp_path: Path) -> None:
    said = serving.options(Home(tmp_path), Settings(upload_megabytes=7), "127.0.0.1", 8600)
    assert said["server.fileWatcherType"] == "none"
    assert said["browser.gatherUsageStats"] is False
    assert said["server.headless"] is True
    assert said["server.address"] == "127.0.0.1"
    assert (said["server.enableCORS"], said["server.enableXsrfProtection"]) == (True, True)
    assert said["server.maxUploadSize"] == 7
    assert said["secrets.files"] == [str(tmp_path / "secrets.toml")]
    assert said["client.showErrorDetails"] == "none"
    assert said["logger.enableRich"] is False


def test_what_one_process_signs_another_can_check_and_no_other_home(tmp_path: Path) -> None:
    here, there = (
        [serving.options(Home(tmp_path / name), Settings(), "::1", 1)["server.cookieSecret"] for _ in range(2)]
        for name in ("here", "there")
    )
    assert here[0] == here[1] != there[0]
    assert len(here[0]) == 64


def test_every_option_is_one_that_streamlit_has(tmp_path: Path) -> None:
    from streamlit import config

    assert set(serving.options(Home(tmp_path), Settings(), "::1", 1)) <= set(config._config_options_template)


def test_the_pages_are_where_they_are_started_from() -> None:
    assert serving.APP.exists()
    assert (serving.APP.parent / ".streamlit" / "config.toml").exists()
