"""The chain of the record: each row's digest is an HMAC over the row and the digest before it.

The key is derived from the home's by HKDF (RFC 5869). Who can change the database alone cannot make digests that fit.
The anchor is a file of the home with the newest number and digest, itself under that key: by it a tail that was cut
off is found. It is written after the rows, so it may lag behind them, and never runs ahead.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.errors import Trouble
from data.home import Home
from data.pseudonym import key_of_home
from data.versions import write_whole

GENESIS = "0" * 64  # what the first row follows
ANCHOR = "record.anchor"
_INFO = b"heartline record"
LONGEST = 500  # characters of a text: a record is no place to fill a disk from outside


@dataclass(frozen=True)
class Entry:
    """One row of the record, before it has its place in the chain."""

    at: datetime
    who: str
    what: str
    about: str
    detail: dict[str, Any]


def entry(at: datetime, who: str, what: str, about: str, detail: dict[str, Any]) -> Entry:
    """An entry as every database keeps it the same: texts tidied, dates as text."""
    return Entry(at, _text(who), _text(what), _text(about), {_text(name): _plain(one) for name, one in detail.items()})


def _text(given: str) -> str:
    # Half a surrogate pair cannot be stored, and PostgreSQL keeps no zero byte.
    return given.encode("utf-8", "replace").decode().replace("\x00", "")[:LONGEST]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {_text(str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        some = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(one) for one in some]
    return _text(str(value))


def key_for(home: Home) -> bytes:
    """The key of this home's record. Trouble where the home's key is lost or damaged: then nothing can be recorded."""
    return derived(key_of_home(home), _INFO)


@lru_cache(maxsize=32)
def derived(key: bytes, info: bytes) -> bytes:
    """A key of its own for one use (`info`), from the home's."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)


def digest(key: bytes, number: int, one: Entry, previous: str) -> str:
    """The digest of the entry in its place."""
    at = one.at.astimezone(UTC).isoformat(timespec="microseconds")
    body = [number, at, one.who, one.what, one.about, one.detail, previous]
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.digest(key, canonical.encode(), "sha256").hex()


@dataclass(frozen=True)
class Anchor:
    """How far the record was known to reach."""

    number: int
    digest: str


def path_of(home: Home) -> Path:
    return home.path / ANCHOR


def read_anchor(home: Home) -> Anchor | None:
    """The anchor of this home; None where there is none. Trouble where it was changed or is damaged."""
    try:
        return parsed(home, path_of(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Trouble(f"The record's anchor {path_of(home)} cannot be read ({error!r}).") from None


def parsed(home: Home, given: str) -> Anchor:
    """The anchor of this home from the text of its file. Trouble where it was changed or is damaged."""
    try:
        raw = json.loads(given)
        found = Anchor(int(raw["number"]), str(raw["digest"]))
        seal = str(raw["seal"])
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble(f"The record's anchor {path_of(home)} cannot be read ({error!r}).") from None
    if not hmac.compare_digest(seal.encode(), _seal(key_for(home), found).encode()):
        raise Trouble(f"The record's anchor {path_of(home)} was changed by something else than Heartline.")
    return found


def write_anchor(home: Home, anchor: Anchor) -> None:
    """Put the anchor on the disk, whole."""
    write_whole(path_of(home), sealed(key_for(home), anchor))


def lay_first_anchor(home: Home, key: bytes) -> None:
    """For a home whose key is about to be made: from then on, no anchor means that somebody took it away."""
    path, first = path_of(home), Anchor(0, GENESIS)
    if not path.exists() or b'"number": 0,' in path.read_bytes():  # that of a key that never got there
        write_whole(path, sealed(derived(key, _INFO), first))


def sealed(key: bytes, anchor: Anchor) -> bytes:
    """The anchor as it lies in the home; `key` is that of the record."""
    return json.dumps({"number": anchor.number, "digest": anchor.digest, "seal": _seal(key, anchor)}).encode()


def _seal(key: bytes, anchor: Anchor) -> str:
    return hmac.digest(key, f"anchor {anchor.number} {anchor.digest}".encode(), "sha256").hex()
