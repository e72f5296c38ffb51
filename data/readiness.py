"""Can this home be served right now? Looks only: makes nothing, changes nothing, waits for nobody."""

import os
from dataclasses import dataclass

from data import migrations
from data.database import parse_url, plain_engine
from data.database_trouble import told
from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.settings import settings_of


@dataclass(frozen=True)
class NotReady:
    """`told` to whoever asks: no path, no name of a server. `why` for the log of who runs it."""

    told: str
    why: str = ""


def not_ready(home: Home) -> NotReady | None:
    """Why not; None: it can.

    The settings must be right, the home there and readable, the database answer at the right revision, and the newest
    version of the data be one that can be read.
    """
    looks = (
        (_settings, "A setting is wrong."),
        (_home, "The home cannot be read."),
        (_database, "The database does not answer as it should."),
        (_data, "The newest version of the data cannot be read."),
    )
    for look, words in looks:
        try:
            found = look(home)
        except (Trouble, OSError) as trouble:
            return NotReady(f"{words} `heartline check` says why.", str(trouble))
        if found:
            return NotReady(found)
    return None


def _settings(home: Home) -> str | None:
    settings_of(home)
    return None


def _home(home: Home) -> str | None:
    if not home.path.is_dir():
        return "The home is not there: it was not made yet, or its disk is not mounted."
    if not os.access(home.path, os.R_OK | os.W_OK | os.X_OK):
        return "The home cannot be read and written by the account that the server runs under."
    return None


def _database(home: Home) -> str | None:
    url = parse_url(home.database_url)
    if url.get_backend_name() == "sqlite" and not os.path.isfile(str(url.database)):
        return "The database is not there."
    engine = plain_engine(url)
    try:
        with told(url), engine.connect() as connection:
            at, newest = migrations.revision_of(connection), migrations.known()[-1]
    finally:
        engine.dispose()
    if at != newest:
        return f"The database stands at revision {at or 'none'} and this Heartline needs {newest}."
    return None


def _data(home: Home) -> str | None:
    lake = Lake(home)
    version = lake.current()
    for table in version.tables:
        lake.scan(table, version).collect_schema()
    return None
