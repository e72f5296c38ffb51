"""What a setting may be: each kind reads a value of the file (typed) or of the environment (text)."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LONGEST = 2000
_HOST = re.compile(r"(\*\.)?[A-Za-z0-9]([A-Za-z0-9._-]{0,250}[A-Za-z0-9])?\.?")


@dataclass(frozen=True)
class Kind:
    """`takes`: what it takes, in words that follow "it takes". `typed` reads a value of TOML, `text` one of the
    environment; both raise ValueError for what they do not take."""

    takes: str
    typed: Callable[[Any], Any]
    text: Callable[[str], Any]


def _string(found: Any) -> str:
    if not isinstance(found, str) or len(found) > LONGEST or any(ord(letter) < 32 for letter in found):
        raise ValueError
    return found.strip()


def words(takes: str, fits: Callable[[str], bool] = lambda _: True) -> Kind:
    """Text in one line that fits."""

    def read(found: Any) -> str:
        said = _string(found)
        if not fits(said):
            raise ValueError
        return said

    return Kind(takes, read, read)


def number(least: int, most: int) -> Kind:
    """A whole number within these."""

    def typed(found: Any) -> int:
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            raise ValueError
        return found

    def text(found: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,12}", found.strip()):
            raise ValueError
        return typed(int(found))

    return Kind(f"a whole number from {least:,} to {most:,}", typed, text)


def choice(*of: str) -> Kind:
    """One of these words."""
    return words("one of " + ", ".join(f'"{one}"' for one in of), lambda said: said in of)


def several(takes: str, fits: Callable[[str], bool]) -> Kind:
    """A list of texts that each fit; in the environment with commas between them."""

    def typed(found: Any) -> tuple[str, ...]:
        if not isinstance(found, list):
            raise ValueError
        read = tuple(_string(one) for one in found)
        if not all(fits(one) for one in read):
            raise ValueError
        return read

    return Kind(takes, typed, lambda found: typed([one.strip() for one in found.split(",") if one.strip()]))


def providers(only: str) -> Kind:
    """Names of providers of sign-in; true: the `only` one, where it has no name."""
    named = several("", is_provider)

    def typed(found: Any) -> tuple[str, ...]:
        if isinstance(found, bool):
            return (only,) if found else ()
        read: tuple[str, ...] = named.typed(found)
        return read

    def text(found: str) -> tuple[str, ...]:
        said = found.strip().lower()
        if said in {"true", "false"}:
            return typed(said == "true")
        read: tuple[str, ...] = named.text(found)
        return read

    return Kind("a list of the names of providers (NAME of [auth.NAME]), or true for the only one, [auth]", typed, text)


def is_provider(said: str) -> bool:
    """The name of a provider, as a table [auth.NAME] has it."""
    return bool(re.fullmatch(r"[A-Za-z0-9-]{1,100}", said))


def is_address(said: str) -> bool:
    """An http or https address of a place: no user, no query, nothing that a link could not be put behind."""
    try:
        parts = urlsplit(said)
        _ = parts.port  # raises where it is none
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and " " not in said


def is_ticket_pattern(said: str) -> bool:
    """Where the helpdesk shows a ticket: http or https, whatever stands in the ticket's place."""
    return said.startswith(("https://", "http://")) and is_address(said.partition("?")[0].partition("#")[0])


def is_network(said: str) -> bool:
    """An address of a machine or a network: "10.0.0.7", "10.0.0.0/8"."""
    try:
        ipaddress.ip_network(said, strict=False)
    except ValueError:
        return False
    return True


def is_listened_at(said: str) -> bool:
    """What a server can listen at: a name or an IP address."""
    return "*" not in said and is_host(said)


def is_machine(said: str) -> bool:
    """The IP address of one machine."""
    try:
        ipaddress.ip_address(said)
    except ValueError:
        return False
    return True


def is_host(said: str) -> bool:
    """A name under which people reach the pages: "heartline.example.com", "*.example.com", an IP address."""
    return is_machine(said) or bool(_HOST.fullmatch(said))
