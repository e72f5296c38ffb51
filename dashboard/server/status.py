"""`/health`: the process lives. `/ready`: it can serve. `/metrics`: what it counted."""

import ipaddress
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.server import measured
from dashboard.server.logs import log
from data.home import Home
from data.readiness import NotReady, not_ready
from data.settings import Settings

_FRESH = 2.0  # seconds for which an answer holds: asking cannot be made a burden
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def routes(home: Home, settings: Settings) -> list[Route]:
    """The three, for st.App."""
    ready = _Ready(home)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    def is_ready(_: Request) -> Response:  # no async: Starlette runs it beside the loop
        found = ready.look()
        if found is None:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "reason": found.told}, status_code=503)

    def metrics(request: Request) -> Response:
        if not may_read_metrics(settings, request):
            return Response("There is nothing here.", status_code=404)
        told, kind = measured.told(home)
        return Response(told, media_type=None, headers={"content-type": kind})

    offered: dict[str, Any] = {"/health": health, "/ready": is_ready, "/metrics": metrics}
    return [Route(path, answer, methods=["GET"]) for path, answer in offered.items()]


def may_read_metrics(settings: Settings, request: Request) -> bool:
    """By the setting server.metrics; "here" is a client of this machine that came through no proxy."""
    if settings.metrics != "here":
        return settings.metrics == "everyone"
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


class _Ready:
    """The last look, and when it was; a change for the worse is logged once."""

    def __init__(self, home: Home) -> None:
        self._home, self._at = home, float("-inf")
        self._found: NotReady | None = None

    def look(self) -> NotReady | None:
        now = time.monotonic()
        if now - self._at < _FRESH:
            return self._found
        found, before = not_ready(self._home), self._found
        if found is not None and found != before:
            log.warning("not ready", reason=found.told, why=found.why)
        self._found, self._at = found, now
        return found
