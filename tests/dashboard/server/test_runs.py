"""A part of a page that asks just as the page has been run: what the page has still to send is sent all the same."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunnerEvent

from dashboard.server import runs


class Runner:
    """A runner that has ended, or takes what it is asked."""

    def __init__(self, *, ended: bool) -> None:
        self.ended = ended
        self.asked: list[Any] = []

    def request_rerun(self, asked: Any) -> bool:
        if not self.ended:
            self.asked.append(asked)
        return not self.ended

    def request_stop(self) -> None:
        self.ended = True


class Session(AppSession):
    """Streamlit's own, with nothing behind it: what it sends and which runners it starts are kept."""

    def __init__(self) -> None:
        self._state = AppSessionState.APP_NOT_RUNNING
        self._scriptrunner = Runner(ended=True)  # type: ignore[assignment]
        self._event_loop = asyncio.get_running_loop()
        self._fragment_storage = SimpleNamespace(contains=lambda _: True)
        self._client_state = ClientState()
        self.sent: list[str] = []

    def __del__(self) -> None:
        pass

    def _enqueue_forward_msg(self, msg: ForwardMsg) -> None:
        self.sent.append(msg.page_not_found.page_name)

    def draws(self, name: str) -> None:
        """What the runner that is there now sends, from its own thread."""
        msg = ForwardMsg()
        msg.page_not_found.page_name = name
        self._on_scriptrunner_event(self._scriptrunner, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=msg)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What runners were started for. Streamlit's way to start one is put back afterwards."""
    made: list[Any] = []

    def start(session: Any, asked: Any) -> None:
        made.append(asked)
        session._scriptrunner = Runner(ended=False)

    monkeypatch.setattr(AppSession, "_create_scriptrunner", start)
    return made


PART, WHOLE = ClientState(fragment_id="follow"), ClientState()


def asks(*then: ClientState, ended: AppSessionState | None = None) -> Session:
    """The page was drawn and its runner ended; then this is asked, perhaps of a session that is over meanwhile."""
    with ThreadPoolExecutor(1) as pool:  # a loop of its own, whatever runs in this thread
        return pool.submit(asyncio.run, _asks(*then, ended=ended)).result()


async def _asks(*then: ClientState, ended: AppSessionState | None = None) -> Session:
    session = Session()
    session.draws("last of the page")
    for one in then:
        session.request_rerun(one)
    if ended:
        session._state = ended
    for _ in range(5):
        await asyncio.sleep(0)
    return session


def test_without_it_what_waits_is_thrown_away(started: list[Any]) -> None:
    """When this fails, Streamlit has mended it: dashboard/server/runs.py can go."""
    assert asks(PART).sent == []
    assert len(started) == 1


def test_what_waits_is_sent_before_the_part_is_run(started: list[Any]) -> None:
    runs.keep_what_was_drawn()
    runs.keep_what_was_drawn()
    assert asks(PART).sent == ["last of the page"]
    assert [one.fragment_id for one in started] == ["follow"]


def test_a_click_meanwhile_draws_the_whole_page_and_the_part_with_it(started: list[Any]) -> None:
    runs.keep_what_was_drawn()
    session = asks(PART, WHOLE)
    assert [one.fragment_id for one in started] == [None]
    assert [one.fragment_id for one in session._scriptrunner.asked] == ["follow"]  # type: ignore[union-attr]


def test_two_parts_at_once_are_run_by_one_runner(started: list[Any]) -> None:
    runs.keep_what_was_drawn()
    session = asks(PART, ClientState(fragment_id="other"))
    assert session.sent == ["last of the page"]
    assert [one.fragment_id for one in started] == ["follow"]
    assert [one.fragment_id for one in session._scriptrunner.asked] == ["other"]  # type: ignore[union-attr]


def test_a_session_that_is_over_runs_nothing_more(started: list[Any]) -> None:
    runs.keep_what_was_drawn()
    asks(PART, ended=AppSessionState.SHUTDOWN_REQUESTED)
    assert started == []
