"""One server process: Streamlit's application behind our door, run by uvicorn."""

import socket
from typing import Any

from dashboard.server import logs, measured, runs, status, watch
from dashboard.server.files import Files
from dashboard.server.guard import Guard
from dashboard.server.hosts import names_of
from dashboard.serving import APP
from data.home import Home
from data.settings import Settings
from data.sign_in import sign_in_of

_PATIENCE = 5  # seconds in which open answers may end once the server is told to stop


def application(home: Home, settings: Settings, host: str, options: dict[str, Any], place: int | None = None) -> Guard:
    """The whole of it as one ASGI application. `options`: Streamlit's; `place`: among several processes, see Guard."""
    import streamlit as st
    from streamlit.web import bootstrap

    made = st.App(APP, routes=status.routes(home, settings), on_script_error=watch.error)
    bootstrap.load_config_options(options)
    logs.start(settings)  # after Streamlit's own, in whose place it is put
    measured.time_the_database()
    runs.keep_what_was_drawn()
    sign_in = sign_in_of(home)
    names = names_of(settings, host, sign_in.redirect_uri if sign_in else "")
    files = Files(home, settings.upload_megabytes << 20)
    return Guard(made, names, https=names.https, place=place, files=files)


def server_of(app: Guard, settings: Settings) -> Any:
    """Uvicorn on `app`, as Streamlit's own command sets it, and with the proxies that are trusted."""
    import uvicorn
    from streamlit.runtime.runtime_util import get_max_message_size_bytes
    from streamlit.web.server.starlette.starlette_server_config import DEFAULT_WEBSOCKET_PING_INTERVAL as PING

    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        ws_max_size=get_max_message_size_bytes(),
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=_PATIENCE,
    )
    return uvicorn.Server(config)


def run(app: Guard, settings: Settings, listening: socket.socket) -> None:
    """Serve `app` at a socket that listens already, until stopped."""
    logs.log.info("started", place=app.place)
    server_of(app, settings).run(sockets=[listening])
    logs.log.info("stopped")
