"""Files beside the pages: with sign-in set up only for who is signed in, and no more than a session needs.

Streamlit takes an upload, and gives a file away, for whoever has the address. Here the browser's signed cookie is read
as its own stream reads it, and who it names is asked for as the pages do.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from data import access, clock, sign_in
from data.errors import Trouble
from data.home import Home
from data.scope import Right, Scope
from data.settings import settings_of

UPLOAD = "/_stcore/upload_file/"
MEDIA = "/media/"
_PICTURE = ".svg"  # the sign of the pages, which the browser asks for before anybody signs in
MOST_FILES = 4  # that a session holds at once: the page takes one at a time
ROOM = 2  # times the largest file


@dataclass
class Files:
    """Who may send and fetch files of this home. `largest`: bytes of one upload."""

    home: Home
    largest: int
    _coming: Counter[str] = field(default_factory=Counter)

    def refusal(self, method: str, path: str, asked: Mapping[str, str]) -> str | None:
        """Why this file may not come or go ("signed out" or "size"); None: it may, or is none."""
        sent = path.startswith(UPLOAD)
        if not sent and (not path.startswith(MEDIA) or path.endswith(_PICTURE)):
            return None
        if method == "OPTIONS":
            return None
        if self._is_guarded():
            scope = self._scope(asked.get("cookie", ""))
            if not (scope.may(Right.IMPORT) if sent else scope.rights):
                return "signed out"
        return "size" if method == "PUT" and sent and not self._has_room(path, asked) else None

    def comes(self, path: str, length: int) -> None:
        """This many bytes are on their way into the session in the path (negative: they have arrived)."""
        self._coming[_session(path)] += length
        if not self._coming[_session(path)]:
            del self._coming[_session(path)]

    def _has_room(self, path: str, asked: Mapping[str, str]) -> bool:
        length = asked.get("content-length", "")
        if not length.isdigit():  # every browser says how much it sends
            return False
        held = _held(_session(path))
        coming = sum(held) + self._coming[_session(path)] + int(length)
        return len(held) < MOST_FILES and coming <= ROOM * (self.largest + (1 << 20))

    def _is_guarded(self) -> bool:
        return sign_in.is_guarded(self.home)

    def _scope(self, cookies: str) -> Scope:
        """What who has this cookie may; nothing where the cookie is none, or its sign-in is over."""
        from dashboard import cached

        nobody = Scope("nobody", signed_in=True)
        try:
            claims = claims_of(cookies)
            if claims.get("is_logged_in") is not True:
                return nobody
            now = clock.now()
            person = sign_in.person_of(claims, settings_of(self.home), now)
            access.arrived(cached.database(self.home.path), person)
            return cached.scope_of(self.home, person.subject, now.date())
        except Trouble:
            return nobody


def claims_of(cookies: str) -> dict[str, Any]:
    """What the signed cookie of a sign-in says; empty where there is none, or its signature is wrong."""
    from streamlit.web.server.starlette import starlette_websocket
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    try:
        found = {name: one.value for name, one in SimpleCookie(cookies).items()}
        told = starlette_websocket._get_signed_cookie_with_chunks(found, USER_COOKIE_NAME)
        claims = json.loads(told) if told else {}
    except (CookieError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _session(path: str) -> str:
    return path.removeprefix(UPLOAD).partition("/")[0]


def _held(session: str) -> list[int]:
    """The sizes of the files that a session holds."""
    from streamlit import runtime
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return []
    return [len(one.data) for one in list(manager.file_storage.get(session, {}).values())]
