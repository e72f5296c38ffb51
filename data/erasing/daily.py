"""Dropping what is too old by itself: when the server starts, and once a day while it runs, in one of its processes."""

import logging
from threading import Event, Thread

from filelock import FileLock, Timeout

from data.database import open_database
from data.erasing.retention import Dropped, keep_to_it
from data.errors import Trouble
from data.home import Home

DAY = 24 * 3600.0  # seconds
log = logging.getLogger("heartline.retention")


def start(home: Home, *, every: float = DAY) -> Event:
    """Begin to look after it beside the server; set the event that this returns to stop."""
    stop = Event()
    Thread(target=_go_on, args=(home, every, stop), name="retention", daemon=True).start()
    return stop


def _go_on(home: Home, every: float, stop: Event) -> None:
    while not stop.is_set():
        try:
            once(home)
        except Trouble as trouble:  # said, and tried again tomorrow
            log.warning("What is too old could not be dropped: %s", trouble)
        except Exception:
            log.exception("What is too old could not be dropped")
        stop.wait(every)


def once(home: Home) -> Dropped:
    """Drop what is too old now, unless another process is at it."""
    if not home.versions.is_dir():
        return Dropped()
    try:
        with FileLock(home.path / "retention.lock", timeout=0), open_database(home) as database:
            return keep_to_it(home, database)
    except Timeout:
        return Dropped()
