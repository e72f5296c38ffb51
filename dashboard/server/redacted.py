"""What must never stand in a log: passwords, tokens, cookies, queries, pseudonyms, what people typed.

Two nets, because either may have holes: keys that hold secrets by their name, and secrets by what they look like.
"""

import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from types import TracebackType
from typing import Any

HIDDEN = "[hidden]"
PLACES = "raised_at"
LONGEST = 2000
_NAMES = (
    r"[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|authorization|cookie|credential"
    r"|session|xsrf|csrf|nonce|signature|assertion)[\w.-]*|sid|auth|dsn"
)
_AMBIGUOUS = "code|join|state"  # secrets of sign-in and of a room; but "code: 2" is why a file could not be opened
_SECRET_KEY = re.compile(rf"(?i)^(?:{_NAMES}|{_AMBIGUOUS})$")
_HIDE = (
    (re.compile(r"(?im)\b((?:set-)?cookie|(?:proxy-)?authorization)\b([\"']?\s*[:=]\s*)[^\r\n]*"), rf"\1\2{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic|negotiate)\s+[\w.~+/=-]{4,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?is)\[parameters:.*"), f"[parameters: {HIDDEN}]"),  # as SQLAlchemy tells what was typed
    # What follows another scheme than the web's is a mail server's, a chat's or a database's, and may be all secret.
    (re.compile(r"(?i)\b(?!https?:|wss?:|file:)([a-z][a-z0-9+.-]{1,30})://[^\s\"'<>]*"), rf"\1://{HIDDEN}"),
    (re.compile(r"//[^/\s\"'<>]*@"), f"//{HIDDEN}@"),
    (re.compile(r"(?<=[\w/\]])[?#][^\s\"'<>]*=[^\s\"'<>]*"), f"?{HIDDEN}"),
    (re.compile(rf"(?i)(?<![\w-])({_NAMES})([\"']?\s*[:=]\s*[\"']?)(?!\[hidden)[^\s\"',;&]+"), rf"\1\2{HIDDEN}"),
    (
        re.compile(
            rf"(?i)(?<![\w-])({_AMBIGUOUS})([\"']\s*[:=]\s*[\"']?|\s?=\s?[\"']?)(?!\[hidden|-?\d{{1,5}}\b)[^\s\"',;&]+"
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"\beyJ[\w-]{4,}(?:\.[\w-]*)*"), HIDDEN),
    (re.compile(r"\bp_[0-9a-f]{32}\b|\b[0-9a-fA-F]{24,}\b"), HIDDEN),
    (re.compile(r"(?<![\w./-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{32,}"), HIDDEN),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
)
_CONTROL = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029), " ")
# Their words are about code. Any other exception may repeat what somebody typed or what stands in a ticket.
_OF_CODE = (AttributeError, ImportError, NameError, TypeError, RecursionError, MemoryError, NotImplementedError)


def redacted(text: str) -> str:
    """`text` on one line, without what looks like a secret."""
    for pattern, instead in _HIDE:
        text = pattern.sub(instead, text)
    text = text.translate(_CONTROL)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog's processor: every key and value of an event, however deep; but for places in the code."""
    return {name: value if name == PLACES else _of_key(name, value) for name, value in event.items()}


def _of_key(name: str, value: Any, depth: int = 0) -> Any:
    if _SECRET_KEY.match(str(name)) and value not in (None, "", True, False):
        return HIDDEN
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping) and depth < 4:
        return {redacted(str(key)): _of_key(str(key), one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth < 4:
        return [_of_key("", one, depth + 1) for one in value]
    return redacted(value.decode(errors="replace") if isinstance(value, bytes) else str(value))


def exception_told(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog's processor: an exception as its kind and where it came from, its words only where they are code's."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = " <- ".join(_chain(error))
        event[PLACES] = list(_places(error.__traceback__))
    return event


def _chain(error: BaseException) -> Iterator[str]:
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return
        words = f": {seen}" if isinstance(seen, _OF_CODE) else ""
        yield type(seen).__qualname__ + words
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _places(trace: TracebackType | None, most: int = 12) -> Iterator[str]:
    """The last places, ours and others', as file:line function: no line of code, no value."""
    for frame in traceback.extract_tb(trace)[-most:]:
        path = "/".join(frame.filename.replace("\\", "/").split("/")[-3:])
        yield f"{path}:{frame.lineno} {frame.name}"
