"""By what a device is known in a retrospective: a secret in a cookie of its own, never in an address that is shared.

The server gives it with the first page (dashboard.server.guard), out of reach of any script. A cookie comes back after
a reload, a lost connection, a restart of the server, and in another tab: the same device has the same seat. It is gone
after twelve hours, is sent to no other site, and says nothing of who holds the device.
"""

import re

import streamlit as st

from data.retro.retrospective import new_secret

COOKIE = "heartline_device"
SECONDS = 12 * 60 * 60
_KEPT = "secret of this device"
_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")


def known() -> str | None:
    """The secret of this device, if it has one."""
    if _KEPT in st.session_state:
        return str(st.session_state[_KEPT])
    found = _in_cookie()
    if found:
        st.session_state[_KEPT] = found
    return found


def secret() -> str:
    """The secret of this device; where its browser takes no cookies, one that lasts as long as this visit."""
    return known() or str(st.session_state.setdefault(_KEPT, new_secret()))


def given() -> str:
    """A new secret as the server gives it to a browser: the value of a Set-Cookie."""
    return f"{COOKIE}={new_secret()}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax"


def _in_cookie() -> str | None:
    found = st.context.cookies.get(COOKIE)
    return found if isinstance(found, str) and _SECRET.fullmatch(found) else None  # a test has no browser behind it
