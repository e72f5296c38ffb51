"""Customers, agents and people under other names: keyed HMACs, made on the way in, so that no real id is kept.

The key never leaves the home. The same id always gets the same pseudonym, so that rows still join; without the key
nobody can tell whose it is, not even by trying all ids.
"""

import hmac
import os
from contextlib import suppress
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from data.errors import Trouble
from data.home import Home
from data.versions import sync_folder
from metrics.frames import SECRET_IDS

KEY_BYTES = 32
# What already is a pseudonym stays as it is: rows that were set aside can be exported, mended and imported again.
PREFIX = "p_"
_IS_PSEUDONYM = rf"^{PREFIX}[0-9a-f]{{32}}$"
# Agents and people are the same persons and must join; a customer with the same number is somebody else.
_KIND = {"customer_id": b"customer\x00", "agent_id": b"person\x00", "person_id": b"person\x00"}


def key_of_home(home: Home) -> bytes:
    """The home's key, made at its first use (mode 0600). Trouble: damaged, or gone although there is data."""
    try:
        key = home.key.read_bytes()
    except FileNotFoundError:
        if home.versions.is_dir() and any(home.versions.glob("*.json")):
            raise Trouble(
                f"The key {home.key} is missing although there is data: bring it back from a backup, "
                "for without it new rows would not join the old ones."
            ) from None
        return _made(home)
    except OSError as error:
        raise Trouble(f"The key {home.key} cannot be read: {error.strerror or error}.") from None
    if len(key) != KEY_BYTES:
        raise Trouble(
            f"The key {home.key} is damaged ({len(key)} bytes, not {KEY_BYTES}): bring it back from a backup."
        )
    return key


def _made(home: Home) -> bytes:
    """A new key, whole or not at all, with the record's first anchor; of two at once, the first wins for both."""
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        with FileLock(home.path / "key.lock", timeout=30):
            return home.key.read_bytes() if home.key.exists() else _put(home.key, os.urandom(KEY_BYTES), home)
    except (OSError, Timeout) as error:
        raise Trouble(
            f"The home {home.path} cannot be written ({getattr(error, 'strerror', None) or error}): "
            "choose another with --home or HEARTLINE_HOME, or mend its permissions."
        ) from None


def _put(path: Path, key: bytes, home: Home) -> bytes:
    """Put the key at `path`; the record's anchor comes first, so that there is no key without one."""
    from data.record_chain import lay_first_anchor  # which asks here for the key

    lay_first_anchor(home, key)
    beside = path.with_name(f".key.{os.getpid()}")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # somebody laid one there meanwhile
        os.link(beside, path)
        sync_folder(path.parent)
    beside.unlink()
    return path.read_bytes()


def pseudonym(key: bytes, column: str, value: str) -> str:
    """The pseudonym of one id: 128 bits of HMAC-SHA256 in hexadecimal."""
    return PREFIX + hmac.digest(key, _KIND[column] + value.encode(), "sha256").hex()[:32]


def pseudonyms(key: bytes, column: str, ids: pl.Series) -> pl.Series:
    """Each id of `column` under its pseudonym; null stays null, and a pseudonym stays itself."""
    plain = ids.drop_nulls().unique()
    plain = plain.filter(~plain.str.contains(_IS_PSEUDONYM))
    made = pl.Series([pseudonym(key, column, value) for value in plain], dtype=pl.String)
    return ids.replace(plain, made) if len(plain) else ids


def hide(key: bytes, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` of `table` with every secret id under its pseudonym."""
    secret = [column for column, tables in SECRET_IDS.items() if table in tables and column in frame.columns]
    return frame.with_columns([pseudonyms(key, column, frame[column]).alias(column) for column in secret])
