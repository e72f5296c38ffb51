"""The door of the server, around all of Streamlit: who asks by a strange name or from a strange page is refused, every
answer carries the headers of dashboard.server.policy, and every request is counted and numbered."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from dashboard.retro import device
from dashboard.server import logs, measured, policy
from dashboard.server.files import UPLOAD, Files
from dashboard.server.hosts import Names
from dashboard.server.logs import log

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STREAM = "/_stcore/stream"
# Asked by machines that know the server by its number; they tell nothing.
_BY_ANY_NAME = frozenset({"/health", "/ready", "/_stcore/health"})
# Streamlit's own that we do not offer: its metrics (ours are at /metrics), its remote control.
_CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/script-health-check")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LARGEST_BODY = 1 << 20  # bytes, of whatever is no upload
_KINDS = (
    (("/static/", "/app/static/"), "static"),
    (("/media/",), "media"),
    ((UPLOAD,), "upload"),
    (("/health", "/ready", "/metrics", "/_stcore/health"), "health"),
    (("/auth/", "/oauth2callback"), "sign-in"),
    (("/_stcore/", "/component/"), "streamlit"),
)


class _TooLargeError(Exception):
    """What comes is longer than it may be."""


@dataclass(frozen=True)
class Guard:
    """`https`: people reach the pages by https alone. `place`: of this process among several, None if it is alone.
    `files`: who may send and fetch files."""

    app: App
    names: Names
    https: bool = False
    place: int | None = None
    files: Files | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stream(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status, kind = time.perf_counter(), 500, kind_of(scope["path"])
        asked = headers_of(scope)

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(message, scope, asked)
            await send(message)

        with logs.request(logs.reference()):
            try:
                why = self._refusal(scope, asked) or await self._refused_file(scope, asked)
                if why is None:
                    await self._let_in(scope, asked, receive, told)
                else:
                    self._refused(why, kind)
                    await _say(told, *_ANSWERS[why])
            finally:
                took = time.perf_counter() - begun
                measured.REQUESTS.labels(kind, str(status)).inc()
                measured.REQUEST_SECONDS.labels(kind).observe(took)
                log.debug("request", kind=kind, status=status, seconds=round(took, 4))

    async def _refused_file(self, scope: Scope, asked: dict[str, str]) -> str | None:
        """As _refusal, of a file; beside the loop, for the database is asked."""
        if self.files is None or kind_of(scope["path"]) not in ("upload", "media"):
            return None
        return await asyncio.to_thread(self.files.refusal, scope["method"], scope["path"], asked)

    async def _let_in(self, scope: Scope, asked: dict[str, str], receive: Receive, send: Send) -> None:
        if kind_of(scope["path"]) != "upload":
            await self._bounded(scope, receive, send)
            return
        if self.files is None or scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        length = int(asked["content-length"])
        self.files.comes(scope["path"], length)
        try:
            await self.app(scope, receive, send)
        finally:
            self.files.comes(scope["path"], -length)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, and count what comes: a body that comes in pieces does not say beforehand how long it is."""
        come, begun = 0, False

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > _LARGEST_BODY:
                raise _TooLargeError
            return message

        async def sent(message: Message) -> None:
            nonlocal begun
            if come <= _LARGEST_BODY or begun:
                begun = True
                await send(message)

        try:
            await self.app(scope, counted, sent)
        except Exception:
            if come <= _LARGEST_BODY:
                raise
        if come > _LARGEST_BODY and not begun:
            self._refused("size", kind_of(scope["path"]))
            await _say(send, *_ANSWERS["size"])

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = self._refusal(scope, headers_of(scope))
        if why is not None or scope["path"] != STREAM:
            self._refused(why or "path", "stream")
            await receive()  # the wish to connect
            await send({"type": "websocket.close", "code": 1008})
            return
        measured.SESSIONS.inc()
        try:
            await self.app(scope, receive, send)
        finally:
            measured.SESSIONS.dec()

    def _refusal(self, scope: Scope, asked: dict[str, str]) -> str | None:
        """Why this request is not answered; None: it is."""
        path = scope["path"]
        if path not in _BY_ANY_NAME and not self.names.answers_to(asked.get("host")):
            return "host"
        if path.startswith(_CLOSED):
            return "closed"
        if scope["type"] == "websocket" or scope["method"] not in _SAFE:
            foreign = asked.get("sec-fetch-site") in {"cross-site", "same-site"}
            if foreign or not self.names.same_site(asked.get("origin"), asked.get("host")):
                return "origin"
        length = asked.get("content-length", "0")
        if not path.startswith(UPLOAD) and (not length.isdigit() or int(length) > _LARGEST_BODY):
            return "size"
        return None

    @staticmethod
    def _refused(why: str, kind: str) -> None:
        measured.REFUSED.labels(why).inc()
        log.warning("refused", why=why, kind=kind)

    def _dress(self, message: Message, scope: Scope, asked: dict[str, str]) -> None:
        """Put our headers in the place of Streamlit's, and the flags that they lack on its cookies."""
        https = self.https or scope.get("scheme") == "https"
        ours = policy.headers(https)
        names = {name for name, _ in ours} | {b"server", b"access-control-allow-origin"}
        names |= {b"access-control-allow-credentials", b"access-control-allow-methods", b"access-control-allow-headers"}
        kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in names]
        kept = [(name, policy.cookie(value, https) if name.lower() == b"set-cookie" else value) for name, value in kept]
        if not scope["path"].startswith(("/static/", "/app/static/")):
            kept = [(name, value) for name, value in kept if name.lower() != b"cache-control"]
            kept.append((b"cache-control", b"no-store"))
        kept.append((b"x-request-id", logs.REQUEST.get().encode()))
        if _is_first_page(message, scope, asked):
            kept.append((b"set-cookie", policy.cookie(device.given().encode(), https)))
        message["headers"] = [*kept, *ours, *self._placed(asked, https)]

    def _placed(self, asked: dict[str, str], https: bool) -> list[tuple[bytes, bytes]]:
        """Where several processes share the port a browser stays with one, and its next connection finds it again."""
        if self.place is None:
            return []
        mark = f"{PLACE}={self.place}"
        found: list[tuple[bytes, bytes]] = [(b"connection", b"close")]
        if mark not in asked.get("cookie", "").replace(" ", "").split(";"):
            flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if https else "")
            found.append((b"set-cookie", (mark + flags).encode()))
        return found


PLACE = "heartline_process"
_ANSWERS = {
    "host": (421, "Heartline does not answer to this name. Whoever runs it can allow it: server.allowed_hosts."),
    "closed": (404, "There is nothing here."),
    "origin": (403, "This request came from another site's page and is refused."),
    "signed out": (403, "Sign in to send or to fetch a file."),
    "size": (413, "This is larger than can be taken here."),
}


def _is_first_page(message: Message, scope: Scope, asked: dict[str, str]) -> bool:
    """Is it a page, for a browser that has no secret of its own yet?"""
    if scope["method"] != "GET" or kind_of(scope["path"]) != "page" or message["status"] != 200:
        return False
    kinds = [value for name, value in message.get("headers", ()) if name.lower() == b"content-type"]
    known = any(one.strip().startswith(f"{device.COOKIE}=") for one in asked.get("cookie", "").split(";"))
    return not known and any(kind.startswith(b"text/html") for kind in kinds)


def kind_of(path: str) -> str:
    """What is asked for, in one of few words."""
    return next((kind for starts, kind in _KINDS if path.startswith(starts)), "page")


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by their lower names; of one that is there twice the first, but two Hosts are none."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key == "host" and key in found:
            found[key] = ""
        found.setdefault(key, value.decode("latin-1"))
    return found


async def _say(send: Send, status: int, words: str) -> None:
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
