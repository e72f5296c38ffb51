"""The page before all others, where people sign in; and what is said to who signed in without any grant.

It shows nothing of the data. The address that somebody came by is kept meanwhile, so that a link leads where it should.
"""

import time
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from threading import Lock

import streamlit as st
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from dashboard import door
from dashboard.door import Visitor
from dashboard.plain import plain
from data import access, sign_in
from data.errors import Trouble
from data.sign_in import Provider

PATIENCE = 4.0  # seconds that a provider has to answer
KEPT = 900.0  # seconds that an address is kept while somebody signs in
MOST_KEPT = 5_000
DOWN = (
    "{} cannot be reached just now, so nobody can sign in by it. Try again in a minute. "
    "Who is signed in already stays so."
)
BROKEN_OFF = "That did not sign you in: your provider refused it, or it was broken off. You can try again."


@dataclass(frozen=True)
class Wanted:
    """The page and query by which somebody came, and whether they went on to their provider."""

    page: str
    query: tuple[tuple[str, str], ...]
    at: float
    gone: bool


_wanted: dict[str, Wanted] = {}
_lock = Lock()


def show(visitor: Visitor, page: str) -> None:
    """Ask to sign in. `page`: the path of the page that was asked for."""
    before = _seen_before()
    query = tuple(sorted(st.query_params.to_dict().items()))
    came = before if before and before.gone and not page and not query else Wanted(page, query, time.monotonic(), False)
    _keep(came)
    with st.container(key="sign-in", width=560):
        st.title("Heartline", anchor=False)
        st.markdown(
            "How healthy is the culture of service, team by team: what changed, what was agreed, and whether it "
            "helped. Nothing is shown about one person."
        )
        if visitor.why:
            st.warning(plain(visitor.why))
        elif before and before.gone:
            st.warning(BROKEN_OFF)
        try:
            found = sign_in.sign_in_of(door.home())
        except Trouble:  # its words name files, which are not everyone's to know
            found = None
        if found is None:
            st.warning("Sign-in is not set up rightly: whoever runs Heartline finds the reason with `heartline check`.")
            return
        for provider in found.providers:
            label = "Sign in" if provider.key is None else f"Sign in with {provider.name}"
            if st.button(plain(label), type="primary", key=f"sign-in-{provider.key or 'default'}"):
                _go(provider, came)
        st.caption("What you may see depends on what you were granted. Views of a team are recorded.")


def _go(provider: Provider, came: Wanted) -> None:
    """To the provider, if it is there: Streamlit itself would show a bare page where it is not."""
    if not _answers(provider.metadata_url):
        st.warning(plain(DOWN.format("Your provider" if provider.key is None else provider.name)))
        return
    _keep(Wanted(came.page, came.query, time.monotonic(), gone=True))
    if provider.key is None:
        st.login()
    else:
        st.login(provider.key)


def _answers(url: str) -> bool:
    """Does the provider tell of itself? Asked with the client that signing in uses."""
    client = import_module("httpx2" if find_spec("httpx2") else "httpx")
    try:
        reply = client.get(url, timeout=PATIENCE, follow_redirects=True)
        return bool(reply.status_code == 200 and "authorization_endpoint" in reply.json())
    except (client.HTTPError, ValueError):
        return False


def no_grant(visitor: Visitor) -> None:
    """Who is signed in and was granted nothing: whom to ask, by which name."""
    who = visitor.person.subject if visitor.person else ""
    with st.container(key="no-grant", width=640):
        st.title("You are signed in, and nothing is shown to you yet", anchor=False)
        st.markdown(
            "Nobody gave you access, or what you had has ended. Ask whoever runs Heartline in your company to give it "
            "to you under exactly this name:"
        )
        st.code(who, language=None)
        leave_button(visitor, "no-grant-leave")


def leave_button(visitor: Visitor, key: str) -> None:
    if visitor.person is not None and st.button("Sign out", key=key):
        leave(visitor)


def leave(visitor: Visitor) -> None:
    """Sign out here, in every tab, and at the provider where it can."""
    if visitor.person is not None:
        from dashboard import cached

        access.leave(cached.database(door.home().path), visitor.person)
    st.logout()


def came_for() -> Wanted | None:
    """The address by which who has just signed in came, once."""
    with _lock:
        found = _wanted.pop(_browser(), None)
    fresh = found is not None and found.gone and time.monotonic() - found.at < KEPT
    return found if fresh else None


def _browser() -> str:
    """What this browser is known by: a random cookie that the server gave it before, kept as a fingerprint."""
    cookie = st.context.cookies.get(XSRF_COOKIE_NAME)
    token = decode_xsrf_token_string(cookie)[0] if isinstance(cookie, str) else None  # each time it is masked anew
    return sha256(token).hexdigest() if token else ""


def _seen_before() -> Wanted | None:
    with _lock:
        found = _wanted.get(_browser())
    return found if found is not None and time.monotonic() - found.at < KEPT else None


def _keep(wanted: Wanted) -> None:
    if not (browser := _browser()):
        return
    with _lock:
        if len(_wanted) >= MOST_KEPT:
            _wanted.pop(next(iter(_wanted)))
        _wanted[browser] = wanted
