"""Start the pages: Streamlit on dashboard/app.py, from whatever folder the command is typed in."""

import os
import socket
from importlib import import_module
from pathlib import Path

from data.errors import Trouble
from data.home import Home
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


def serve(home: Home, port: int = 8501, *, address: str = "127.0.0.1", open_browser: bool = False) -> None:
    """Serve the home's pages at `address`:`port` until stopped. Trouble where the port is taken.

    The look is in dashboard/.streamlit/config.toml, which Streamlit finds beside app.py. Without the file watcher
    twenty people who arrive together get their first page in 0.7 s and not in 7.
    """
    refuse_taken(address, port)
    os.environ["HEARTLINE_HOME"] = str(home.path)
    if sign_in_of(home) is not None:
        os.environ[GUARDED] = "1"
    for part in PARTS:
        import_module(part)
    from streamlit.web import cli

    secrets = f"--secrets.files={secrets_of(home)}"  # of this home alone, never of the folder that it is started in
    cli.main(["run", str(APP), *flags(port, address, open_browser), secrets], standalone_mode=False)


def flags(port: int, address: str, open_browser: bool) -> list[str]:
    """What is set for serving and is no part of the look."""
    options = {
        "server.port": str(port),
        "server.address": address,
        "server.headless": str(not open_browser).lower(),
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": "localhost" if address == "127.0.0.1" else address,
        "runner.magicEnabled": "false",
    }
    return [f"--{name}={value}" for name, value in options.items()]


def refuse_taken(address: str, port: int) -> None:
    """Trouble where something else listens at this port, or it may not be listened at."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Trouble(
                f"Port {port} on {address} cannot be used ({error.strerror}): choose another with --port."
            ) from error
