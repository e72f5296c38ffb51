"""Start the pages: Streamlit on dashboard/app.py, from whatever folder the command is typed in."""

import hmac
import os
import socket
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from data.database import open_database
from data.erasing import daily
from data.errors import Trouble
from data.home import Home
from data.pseudonym import key_of_home
from data.settings import Settings, settings_of
from data.sign_in import GUARDED, sign_in_of
from data.sign_in import path_of as secrets_of

APP = Path(__file__).with_name("app.py")
# What the pages import, imported before the door opens: the first reader should not wait for it. Only what keeps no
# cache of Streamlit's, for there is no server yet to keep it in.
PARTS = (
    "dashboard.selection",
    "dashboard.timelines",
    "dashboard.words",
    "data.check",
    "data.coaching.actions",
    "data.intake",
)


def serve(
    home: Home,
    port: int = 8501,
    *,
    address: str = "127.0.0.1",
    processes: int = 1,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve the home's pages at `address`:`port` until stopped, with so many processes. Trouble where the port is
    taken, a setting wrong, or the database not to be had. `ready` is called when all that is right, before it begins.

    The look is in dashboard/.streamlit/config.toml, which Streamlit finds beside app.py.
    """
    with listening(address, port) as heard:
        os.environ["HEARTLINE_HOME"] = str(home.path)
        os.environ["HEARTLINE_SERVER_PORT"] = str(port)  # links lead to where it is, whatever the file says
        if sign_in_of(home) is not None:
            os.environ[GUARDED] = "1"
        settings = settings_of(home)
        open_database(home).close()  # brought up to date once, before several would
        if ready is not None:
            ready()
        daily.start(home)
        if processes == 1:
            one(home, address, port, heard)
            return
        from dashboard.server import logs, several

        logs.start(settings)
        several.run(heard, processes, address, port)


def one(home: Home, address: str, port: int, heard: socket.socket, place: int | None = None) -> None:
    """One server process at a socket that listens already. `place`: which of several it is."""
    for part in PARTS:
        import_module(part)
    from dashboard.server import worker

    settings = settings_of(home)
    app = worker.application(home, settings, address, options(home, settings, address, port), place)
    worker.run(app, settings, heard)


def options(home: Home, settings: Settings, address: str, port: int) -> dict[str, Any]:
    """What Streamlit is told for serving, and is no part of the look.

    Without the file watcher twenty people who arrive together get their first page in 0.7 s and not in 7. What it calls
    CORS is on: on, it refuses pages of others.
    """
    return {
        "server.port": port,
        "server.address": address,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.showEmailPrompt": False,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.maxUploadSize": settings.upload_megabytes,
        # The same in every process and after every start: what one signed another can check.
        "server.cookieSecret": hmac.digest(key_of_home(home), b"cookies of the pages", "sha256").hex(),
        "server.enableAgentApi": False,
        "secrets.files": [str(secrets_of(home))],  # of this home alone, never of the folder that it is started in
        "browser.gatherUsageStats": False,
        "browser.serverAddress": "localhost" if address == "127.0.0.1" else address,
        "client.showErrorDetails": "none",
        "logger.enableRich": False,  # it would write down what was typed
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
    }


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens. Trouble where something else does at this port, or it may not be listened at."""
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(kind)
    try:
        if os.name != "nt":  # there it would let two listen at one port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(2048)
    except OSError as error:
        made.close()
        raise Trouble(
            f"Port {port} on {address} cannot be used ({error.strerror}): choose another with --port."
        ) from error
    return made
