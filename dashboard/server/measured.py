"""What the server counts, as Prometheus reads it. Labels name pages and kinds, never a person or a team.

With several processes each writes its counts into a folder that PROMETHEUS_MULTIPROC_DIR names, and whichever is asked
adds them up.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from data.clock import now
from data.errors import Trouble
from data.home import Home
from data.lake import Lake

_QUICK = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SLOW = (0.5, 2.0, 10.0, 30.0, 120.0, 600.0)

REQUESTS = Counter("heartline_http_requests", "Requests answered, by kind and status.", ["kind", "status"])
REQUEST_SECONDS = Histogram("heartline_http_seconds", "How long a request took, by kind.", ["kind"], buckets=_QUICK)
PAGES = Counter("heartline_page_runs", "Runs of a page, by how they ended.", ["page", "outcome"])
PAGE_SECONDS = Histogram("heartline_page_seconds", "How long a run of a page took.", ["page"], buckets=_QUICK)
SESSIONS = Gauge("heartline_sessions", "Open browser sessions.", multiprocess_mode="livesum")
ERRORS = Counter("heartline_errors", "Errors that nobody foresaw, by where.", ["where"])
REFUSED = Counter("heartline_refused_requests", "Requests refused at the door, by why.", ["why"])
IMPORT_SECONDS = Histogram("heartline_import_seconds", "Imports by a page, by outcome.", ["outcome"], buckets=_SLOW)
DATABASE_SECONDS = Histogram("heartline_database_seconds", "How long a statement took.", ["kind"], buckets=_QUICK)


class _OfData(Collector):
    """Of the data itself: read when asked, for it changes in other processes too."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[Metric]:
        try:
            version = Lake(self._home).current()
        except Trouble:
            return  # /ready tells of it
        yield GaugeMetricFamily("heartline_data_version", "The newest data version.", version.number)
        if version.at is not None:
            told = "When the newest version was imported."
            yield GaugeMetricFamily("heartline_data_imported_timestamp_seconds", told, version.at.timestamp())
        if version.horizon is not None:
            told = "How old the newest data is."
            yield GaugeMetricFamily("heartline_data_age_seconds", told, (now() - version.horizon).total_seconds())


def told(home: Home) -> tuple[bytes, str]:
    """All of it in Prometheus's text form, and that form's content type."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(_with_data(home)), CONTENT_TYPE_LATEST
    return generate_latest(REGISTRY) + generate_latest(_with_data(home)), CONTENT_TYPE_LATEST


def _with_data(home: Home) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_OfData(home))
    return registry


@contextmanager
def page_run(page: str) -> Iterator[None]:
    """One run of a page: counted and timed. Streamlit ends some early by exceptions of its own, which are no errors."""
    begun, outcome = time.perf_counter(), "done"
    try:
        yield
    except Exception:
        outcome = "error"
        raise
    except BaseException:
        outcome = "stopped"
        raise
    finally:
        PAGES.labels(page, outcome).inc()
        PAGE_SECONDS.labels(page).observe(time.perf_counter() - begun)


@contextmanager
def an_import() -> Iterator[None]:
    """One import by a page."""
    begun, outcome = time.perf_counter(), "refused"
    try:
        yield
        outcome = "done"
    finally:
        IMPORT_SECONDS.labels(outcome).observe(time.perf_counter() - begun)


def time_the_database() -> None:
    """Every statement of every engine of this process is timed, by whether it reads or writes."""
    from sqlalchemy import Engine, event

    if event.contains(Engine, "before_cursor_execute", _begun):
        return
    event.listen(Engine, "before_cursor_execute", _begun)
    event.listen(Engine, "after_cursor_execute", _done)


def _begun(connection: Any, *_: Any) -> None:
    connection.info["heartline_begun"] = time.perf_counter()


def _done(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    kind = "read" if statement.lstrip()[:6].upper() == "SELECT" else "write"
    DATABASE_SECONDS.labels(kind).observe(time.perf_counter() - connection.info.pop("heartline_begun"))
