"""What happens on the pages, as the log and the counts have it: runs of pages, errors that nobody foresaw."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.plain import plain
from dashboard.server import logs, measured
from dashboard.server.logs import log
from data.errors import Trouble
from data.home import Home

_PAGE = "page that is shown"


@contextmanager
def page_run(home: Home, asker: str, page: str) -> Iterator[None]:
    """One run of `page` for this asker: counted, timed, and one line in the log. `page` is one of the menu's."""
    st.session_state[_PAGE] = page
    begun = time.perf_counter()
    try:
        with measured.page_run(page):
            yield
    finally:
        took = round(time.perf_counter() - begun, 4)
        log.info("page", page=page, seconds=took, who=logs.who(home, asker), visit=_visit())


def error(found: Exception) -> bool:
    """Streamlit calls this with whatever a page did not foresee. Says it on the page in one sentence with a reference;
    the log has the reference beside the place in the code. Gives True: there is nothing more to show."""
    if isinstance(found, Trouble):
        st.warning(plain(found))
        return True
    number = logs.reference()
    measured.ERRORS.labels("page").inc()
    log.error("page failed", reference=number, page=st.session_state.get(_PAGE, ""), visit=_visit(), exc_info=found)
    st.error(
        f"Something went wrong here that nobody foresaw. Whoever runs Heartline finds it in its log as {number}. "
        "What you saved before is kept; try again, or go on with another page."
    )
    return True


def _visit() -> str:
    """Tells one browser session from another in the log; Streamlit's own number of it would be a key to it."""
    context = get_script_run_ctx()
    return sha256(context.session_id.encode()).hexdigest()[:8] if context else ""
