"""The pages are served from any folder, to this machine alone unless told otherwise."""

import socket

import pytest

from dashboard import serving
from data.errors import Trouble
from data.home import find_home


def test_a_port_in_use_is_said_in_a_sentence_that_tells_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Trouble, match="choose another with --port"):
        serving.serve(find_home(), taken.getsockname()[1])


def test_there_is_no_watcher_no_statistics_and_no_browser_unless_asked_for() -> None:
    said = serving.flags(8600, "127.0.0.1", open_browser=False)
    assert "--server.fileWatcherType=none" in said
    assert "--browser.gatherUsageStats=false" in said
    assert "--server.headless=true" in said
    assert "--server.address=127.0.0.1" in said


def test_the_pages_are_where_they_are_started_from() -> None:
    assert serving.APP.exists()
    assert (serving.APP.parent / ".streamlit" / "config.toml").exists()
