"""The settings: one file, HOME/heartline.toml, and environment variables that win over it.

    address = "https://heartline.example.com"

    [server]
    port = 8600

A setting `server.port` is the variable HEARTLINE_SERVER_PORT. Whatever is wrong is named: file, key, what was found and
what it takes. HEARTLINE_HOME alone is no setting of the file, for it says where the file is. Who gets a digest is in
digest.toml and the secrets of sign-in in secrets.toml: see docs/settings.md, which is made from here.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import setting_kinds as kinds
from data.errors import Trouble
from data.home import Home, find_home
from data.setting_kinds import Kind

FILE = "heartline.toml"
PREFIX = "HEARTLINE_"
FOREIGN = (f"{PREFIX}SERVICE_", f"{PREFIX}PORT")  # Kubernetes sets these itself for a service called heartline
LARGEST = 1 << 20  # bytes: more is no file of settings


def _setting(key: str, kind: Kind, default: Any, says: str, *, example: str = "", secret: bool = False) -> Any:
    told = {"key": key, "kind": kind, "says": says, "example": example, "secret": secret}
    return field(default=default, repr=not secret, metadata=told)


ONLY_PROVIDER = "default"  # so Streamlit calls the provider of [auth] itself


@dataclass(frozen=True)
class Settings:
    """Every setting there is. What is empty was not set."""

    address: str = _setting(
        "address",
        kinds.words("an http or https address such as https://heartline.example.com", kinds.is_address),
        "",
        "The address under which people reach the pages: codes to join, messages and packs link to it. "
        "Not set: http://localhost and the port.",
        example="https://heartline.example.com",
    )
    user: str = _setting(
        "user",
        kinds.words("a name of at most 100 letters", lambda said: 0 < len(said) <= 100),
        "",
        "The name under which you act at this machine. Not set, or with sign-in: your login.",
        example="Ada Brindlow",
    )
    ticket_url: str = _setting(
        "ticket_url",
        kinds.words("an address such as https://help.example.com/tickets/{ticket_id}", kinds.is_ticket_pattern),
        "",
        "Links a ticket into the helpdesk; {ticket_id} is put in.",
        example="https://help.example.com/tickets/{ticket_id}",
    )
    database_url: str = _setting(
        "database.url",
        kinds.words("an address such as postgresql://user:password@host/name", lambda said: ":" in said),
        "",
        "Keeps what people decide in PostgreSQL (needs the extra `postgres`). Not set: SQLite in the home.",
        example="postgresql://user:password@host/name",
        secret=True,
    )
    host: str = _setting(
        "server.host",
        kinds.words("an IP address or a name of this machine", kinds.is_listened_at),
        "127.0.0.1",
        "What the server listens at. Beyond this machine only with sign-in.",
        example="0.0.0.0",  # noqa: S104 - shown, not listened at
    )
    port: int = _setting("server.port", kinds.number(1, 65535), 8501, "The port that the server listens at.")
    processes: int = _setting(
        "server.processes",
        kinds.number(1, 64),
        1,
        "How many server processes share the port's work: about one for each core. See docs/running.md.",
        example="2",
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "server.allowed_hosts",
        kinds.several("a list of names such as heartline.example.com or *.example.com", kinds.is_host),
        (),
        "Names by which the pages may be asked for, beside that of the address and this machine's own. "
        "Every other is refused.",
        example="heartline.internal",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "server.trusted_proxies",
        kinds.several("a list of IP addresses or networks such as 10.0.0.0/8", kinds.is_network),
        ("127.0.0.1", "::1"),
        "Proxies that are believed when they say who asked and whether by https.",
        example="10.0.0.0/8",
    )
    upload_megabytes: int = _setting(
        "server.upload_megabytes",
        kinds.number(1, 4096),
        512,
        "The largest file that may be sent by a page. It is held in memory: give a larger one to `heartline import`.",
    )
    metrics: str = _setting(
        "server.metrics",
        kinds.choice("here", "everyone", "off"),
        "here",
        "Who may read /metrics: who asks from this machine and through no proxy, whoever reaches the port, or nobody.",
    )
    log_format: str = _setting(
        "server.log_format",
        kinds.choice("auto", "console", "json"),
        "auto",
        "Lines for people (console) or for programs (json). auto: console at a terminal, else json.",
    )
    log_level: str = _setting(
        "server.log_level",
        kinds.choice("debug", "info", "warning", "error"),
        "info",
        "The least that is logged.",
    )
    sign_in_claim: str = _setting(
        "sign_in.claim",
        kinds.choice("email", "subject"),
        "email",
        "What names a person who signs in: their e-mail address, or the provider's issuer|subject.",
    )
    trust_unverified_email: tuple[str, ...] = _setting(
        "sign_in.trust_unverified_email",
        kinds.providers(ONLY_PROVIDER),
        (),
        "Providers by which people are let in under an address that the provider does not say is verified. "
        "Only for one that gives addresses itself, such as your own directory.",
        example="entra",
    )
    sign_in_hours: int = _setting(
        "sign_in.hours", kinds.number(1, 720), 12, "How long a sign-in lasts before it is asked for again."
    )


@dataclass(frozen=True)
class Setting:
    """One setting as it is declared."""

    name: str  # of the field of Settings
    key: str
    kind: Kind
    says: str
    example: str
    default: Any
    secret: bool

    @property
    def variable(self) -> str:
        return PREFIX + self.key.replace(".", "_").upper()


DECLARED = tuple(Setting(name=one.name, default=one.default, **one.metadata) for one in fields(Settings))
_BY_KEY = {one.key: one for one in DECLARED}
_BY_VARIABLE = {one.variable: one for one in DECLARED}


@dataclass(frozen=True)
class Held:
    """What holds of one setting, and where it is from: the file's path, the variable, or "" for the default."""

    setting: Setting
    value: Any = field(repr=False)
    source: str


@dataclass(frozen=True)
class Read:
    """All settings, and a sentence for each that is wrong; what is wrong holds its default."""

    held: tuple[Held, ...]
    wrong: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        return Settings(**{one.setting.name: one.value for one in self.held})


def settings_of(home: Home | None = None) -> Settings:
    """The settings of this home (None: the one that HEARTLINE_HOME names). Trouble that names what is wrong."""
    read = read_settings(home)
    if read.wrong:
        more = f" ({len(read.wrong) - 1} more: see `heartline check`.)" if len(read.wrong) > 1 else ""
        raise Trouble(read.wrong[0] + more)
    return read.settings


def read_settings(home: Home | None = None) -> Read:
    """What holds and what is wrong, read anew where the file or the environment changed. Never raises for what it
    finds."""
    path = (home or find_home()).path / FILE
    given = tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith(PREFIX)))
    try:
        stat = path.stat()
    except OSError:  # missing, or in a folder that may not be looked into: said by who reads the home
        return _read(path, None, given)
    return _read(path, (stat.st_mtime_ns, stat.st_size, stat.st_ino), given)


@lru_cache(maxsize=64)
def _read(path: Path, stamp: tuple[int, int, int] | None, given: tuple[tuple[str, str], ...]) -> Read:
    wrong: list[str] = []
    in_file = dict(_in_file(path, wrong)) if stamp else {}
    environment = {name: value for name, value in given if value.strip()}
    wrong.extend(_misspelt(environment))
    return Read(tuple(_held(one, in_file, environment, path, wrong) for one in DECLARED), tuple(wrong))


def _held(one: Setting, in_file: Mapping[str, Any], given: Mapping[str, str], path: Path, wrong: list[str]) -> Held:
    if one.variable in given:
        source, found, read = one.variable, given[one.variable], one.kind.text
        where = f"The environment variable {one.variable} is"
    elif one.key in in_file:
        source, found, read = str(path), in_file[one.key], one.kind.typed
        where = f"{path}: {one.key} is"
    else:
        return Held(one, one.default, "")
    try:
        return Held(one, read(found), source)
    except ValueError:
        what = "not what it can be" if one.secret else _short(found)
        wrong.append(f"{where} {what}, and it takes {one.kind.takes}: mend it there.")
        return Held(one, one.default, "")


def _in_file(path: Path, wrong: list[str]) -> Iterator[tuple[str, Any]]:
    """The keys of the file with their values, as "server.port"."""
    try:
        told = tomllib.loads(_bytes(path).decode("utf-8-sig"))
    except OSError as error:
        wrong.append(f"{path} cannot be read ({error.strerror or error}): mend its permissions.")
    except UnicodeDecodeError:
        wrong.append(f"{path} is not written in UTF-8: save it anew as UTF-8.")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        # only where: what stands there may be a secret
        where = str(error).rpartition("(")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else "nested"
        wrong.append(f"{path} is no TOML ({where}): mend it there.")
    else:
        yield from _flat(told, path, wrong)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as opened:
        read = opened.read(LARGEST + 1)
    if len(read) > LARGEST:
        raise OSError(0, f"it is larger than {LARGEST // 1024} kB, which no file of settings is")
    return read


def _flat(told: Mapping[str, Any], path: Path, wrong: list[str]) -> Iterator[tuple[str, Any]]:
    sections = {key.partition(".")[0] for key in _BY_KEY if "." in key}
    for name, value in told.items():
        if name in sections and isinstance(value, dict):
            inner = {f"{name}.{key}": one for key, one in value.items()}
        elif name in sections:
            wrong.append(f"{path}: {_short(name)} is no table: write [{name}] on a line, its keys below.")
            continue
        else:
            inner = {name: value}
        for key, one in inner.items():
            if key in _BY_KEY:
                yield key, one
            else:
                wrong.append(f"{path} has the key {_short(key)}, which means nothing; {_nearest(key, tuple(_BY_KEY))}.")


def _misspelt(given: Mapping[str, str]) -> Iterator[str]:
    """Variables that are nearly ours; others are left alone."""
    for name in given:
        if name.startswith(FOREIGN):
            continue
        if name not in _BY_VARIABLE and (near := difflib.get_close_matches(name, _BY_VARIABLE, 1, cutoff=0.9)):
            yield f"The environment variable {name} means nothing; {near[0]} is meant? Rename or remove it."


def _nearest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, 1, cutoff=0.6)
    if not near:  # the right name in the wrong table
        near = [one for one in known if one.rpartition(".")[2] == key.rpartition(".")[2]]
    return f"the nearest that does is {near[0]!r}" if near else "there are " + ", ".join(known)


def _short(found: Any) -> str:
    """As it was found, without what may be a password in an address."""
    said = re.sub(r"//[^/@\s]*@", "//...@", repr(found))
    return said if len(said) <= 80 else said[:77] + "..."
