"""A part of a page that asks by itself (st.fragment with run_every) must not cost the rest of the page.

As a page has just been run, its last messages wait in the event loop of the server. Where a part of it asks to be run
in that moment, Streamlit (1.67, AppSession.request_rerun) puts another runner in the place of the one that has ended,
and then throws away what waits as "from a runner that is no longer the current one": the page stays half drawn, its own
asking is off, and nothing brings it back but a click. So the part waits here until what was to be sent has been.
"""

from typing import Any

_WAITS = "waits for what the runner before has to send"


def keep_what_was_drawn() -> None:
    """From now on, in this process. Twice is as once."""
    from streamlit.runtime.app_session import AppSession

    start: Any = AppSession._create_scriptrunner
    if hasattr(start, _WAITS):
        return

    def soon(session: Any, asked: Any) -> None:
        ended = session._scriptrunner
        if ended is None or not asked.fragment_id:  # nothing waits, or all of it is drawn anew
            start(session, asked)
        else:  # the loop keeps order, and what waits was put there before the runner ended
            session._event_loop.call_soon(now, session, asked, ended)

    def now(session: Any, asked: Any, ended: Any) -> None:
        if _is_over(session):
            return
        runner = session._scriptrunner
        if runner is None or runner is ended:
            start(session, asked)
        elif not runner.request_rerun(asked):
            soon(session, asked)

    setattr(soon, _WAITS, True)
    AppSession._create_scriptrunner = soon  # type: ignore[method-assign, assignment]


def _is_over(session: Any) -> bool:
    from streamlit.runtime.app_session import AppSessionState

    return bool(session._state == AppSessionState.SHUTDOWN_REQUESTED)
