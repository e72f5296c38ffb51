"""What is written down of what happens: one line an event, for people or for programs, without secrets.

Our own lines, Streamlit's and uvicorn's go the same way. Who did it stands there as a pseudonym, made with the home's
key: two lines of one person can be joined, and whose they are only the key can tell.
"""

import hmac
import logging
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog

from dashboard.server import redacted
from data.errors import Trouble
from data.home import Home
from data.pseudonym import key_of_home
from data.settings import Settings

REQUEST: ContextVar[str] = ContextVar("request", default="")
# Streamlit tells of each error of a page by itself, with its words; ours is told once, by dashboard.server.errors.
_SILENT = {"streamlit.error_util"}
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"  # none that is taken for another, no words

log: Any = structlog.get_logger("heartline")


def start(settings: Settings) -> None:
    """From now on all that is logged in this process goes to the standard error, as the settings say."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    level = settings.log_level.upper()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(as_json))
    handler.addFilter(lambda record: record.name not in _SILENT)
    logging.root.handlers = [handler]
    logging.root.setLevel(max(logging.getLevelName(level), logging.INFO))  # of others no more than what matters
    logging.getLogger("heartline").setLevel(level)
    logging.captureWarnings(True)
    _take_streamlits()
    for noisy in (
        "apprise",
        "urllib3",
        "alembic",
        "httpx",
        "websockets",
        "uvicorn.access",
        "uvicorn.error",
        "fontTools",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if (request := REQUEST.get()) and "request" not in event:
        event["request"] = request
    return event


_COMMON: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _request,
    redacted.exception_told,
    redacted.redact,
]


# Before the server starts, and where there is none, nothing is written anywhere.
structlog.configure(
    processors=[*_COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
logging.getLogger("heartline").addHandler(logging.NullHandler())


def _formatter(as_json: bool) -> logging.Formatter:
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *_COMMON],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        keep_exc_info=False,
        use_get_message=True,
    )


def _take_streamlits() -> None:
    """Streamlit gives each of its loggers a handler of its own, whenever one is made: give none, and pass it on."""
    from streamlit import logger as streamlits

    def passed_on(logger: logging.Logger) -> None:
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
        logger.propagate = True

    def handed_out(name: str) -> logging.Logger:
        made = given(name)
        passed_on(made)
        return made

    given = getattr(streamlits.get_logger, "heartlines", streamlits.get_logger)
    handed_out.heartlines = given  # type: ignore[attr-defined]
    streamlits.setup_formatter = passed_on
    streamlits.get_logger = handed_out
    for logger in streamlits._loggers.values():
        passed_on(logger)


def who(home: Home, asker: str) -> str:
    """The pseudonym under which this person stands in the log."""
    try:
        key = key_of_home(home) if home.key.exists() else b""
    except Trouble:
        return "unknown"
    return hmac.digest(key, b"log\x00" + asker.encode(), "sha256").hex()[:8] if key else "unknown"


def reference() -> str:
    """Eight letters that are easy to read out: what a page says of an error and what stands in the log beside it."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


@contextmanager
def request(number: str) -> Iterator[None]:
    """Lines that are written in this block carry this request's number."""
    token = REQUEST.set(number)
    try:
        yield
    finally:
        REQUEST.reset(token)
