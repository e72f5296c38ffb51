"""Who gets a digest: HOME/digest.toml. An error in one entry is named and the others work.

    [[recipient]]
    name = "Maria Rossi"
    user = "maria@example.com"        # with sign-in: by what she is known there
    branch = "North"                  # or: teams = ["north-bills", "north-parcels"]
    urls = ["mailtos://user:password@mail.example.com?to=maria@example.com"]

The URLs are apprise's and hold secrets: none is ever part of what is said, kept or logged.
"""

import hmac
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from data.coaching.action import NAME_LENGTH, tidy_text
from data.digests import sending
from data.errors import Trouble
from data.home import Home
from data.pseudonym import key_of_home
from data.sign_in import tidy_subject

FILE = "digest.toml"
KEYS = ("name", "user", "teams", "branch", "urls")
EXAMPLE = (
    '[[recipient]] with name = "Maria", teams = ["..."] or branch = "...", '
    'and urls = ["mailtos://user:password@mail.example.com?to=maria@example.com"]'
)


@dataclass(frozen=True)
class Way:
    """One address. `name` tells it from others without its secrets; `service`: as people call it."""

    name: str
    service: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class Recipient:
    """A manager: name, the teams that they see, and where they are reached.

    `user`: by what they are known when they sign in; their grants decide then which of these teams they are told of.
    """

    name: str
    teams: tuple[str, ...]
    ways: tuple[Way, ...]
    user: str | None = None


@dataclass(frozen=True)
class Declared:
    """Who is declared well, and a sentence for each error."""

    recipients: tuple[Recipient, ...]
    troubles: tuple[str, ...]


def declared(home: Home, teams: Mapping[str, str | None]) -> Declared:
    """What the file says. `teams`: the teams that the data has, with their branch. Trouble where there is no such file
    or it cannot be read as one."""
    rows = _rows(home)
    key = key_of_home(home)
    found: dict[str, Recipient] = {}
    troubles: list[str] = []
    for number, row in enumerate(rows, start=1):
        try:
            one = _recipient(row, teams, key, troubles, f"{FILE}, recipient {number}{_called(row)}")
            if one.name.casefold() in found:
                raise Trouble(
                    f"{FILE}, recipient {number}{_called(row)}: this name stands there already; join the two."
                )
            found[one.name.casefold()] = one
        except Trouble as trouble:
            troubles.append(str(trouble))
    return Declared(tuple(found.values()), tuple(troubles))


def _rows(home: Home) -> list[Any]:
    path = home.path / FILE
    try:
        told = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise Trouble(f"There is no {path}: make it, with a table for each manager: {EXAMPLE}.") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError:
        raise Trouble(f"{path} is not written in UTF-8: save it anew as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = str(error).rpartition("(")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else "nested"
        raise Trouble(f"{path} is no TOML ({where}): mend it there. Nobody was sent anything.") from None
    if strange := sorted(set(told) - {"recipient"}):
        raise Trouble(f"{path} has the key {strange[0]!r}, which means nothing there: it holds tables {EXAMPLE}.")
    rows = told.get("recipient", [])
    if not isinstance(rows, list) or not rows:
        raise Trouble(f"{path} names nobody: it holds a table for each manager: {EXAMPLE}.")
    return rows


def _called(row: Any) -> str:
    name = row.get("name") if isinstance(row, dict) else None
    return f" ({name[:60]})" if isinstance(name, str) and name.strip() else ""


def _recipient(row: Any, teams: Mapping[str, str | None], key: bytes, said: list[str], where: str) -> Recipient:
    if not isinstance(row, dict):
        raise Trouble(f"{where}: it is no table; write {EXAMPLE}.")
    if strange := sorted(set(row) - set(KEYS)):
        raise Trouble(f"{where}: it has the key {strange[0]!r}, which means nothing; there are {', '.join(KEYS)}.")
    name = row.get("name")
    if not isinstance(name, str):
        raise Trouble(f"{where}: it lacks a name.")
    try:
        name = " ".join(tidy_text(name, "name", NAME_LENGTH).split())
    except Trouble as trouble:
        raise Trouble(f"{where}: {trouble}") from None
    user = row.get("user")
    if user is not None and not isinstance(user, str):
        raise Trouble(f"{where}: user is the e-mail address, or issuer|subject, with which they sign in.")
    who = None if user is None else tidy_subject(user)
    return Recipient(name, _teams(row, teams, said, where), _ways(row.get("urls"), key, said, where), who)


def _teams(row: Mapping[str, Any], teams: Mapping[str, str | None], said: list[str], where: str) -> tuple[str, ...]:
    """The teams named or those of the branch; one that the data does not have is said and left out."""
    if ("teams" in row) == ("branch" in row):
        raise Trouble(f"{where}: say either teams or branch.")
    if "branch" in row:
        found = tuple(sorted(team for team, branch in teams.items() if branch is not None and branch == row["branch"]))
        if not found:
            raise Trouble(f"{where}: the data has no branch {str(row['branch'])[:60]!r}.")
        return found
    named = row["teams"]
    if not isinstance(named, list) or not named or not all(isinstance(team, str) for team in named):
        raise Trouble(f"{where}: teams is a list of team ids, such as ['north-bills'].")
    known = tuple(dict.fromkeys(team for team in named if team in teams))
    unknown = [team for team in named if team not in teams]
    if not known:
        raise Trouble(f"{where}: the data has no team {unknown[0][:60]!r}; see `heartline teams`.")
    said.extend(f"{where}: the data has no team {team[:60]!r}; the others are told of." for team in unknown)
    return known


def _ways(urls: Any, key: bytes, said: list[str], where: str) -> tuple[Way, ...]:
    """The addresses; one that is none is said, by its place in the list and never by its text."""
    if not isinstance(urls, list) or not urls:
        raise Trouble(f'{where}: urls is a list of addresses, such as ["mailtos://..."].')
    ways: dict[str, Way] = {}
    for place, url in enumerate(urls, start=1):
        try:
            service, identity = sending.known_as(url if isinstance(url, str) else "")
        except Trouble as trouble:
            said.append(f"{where}: address {place} {trouble}")
            continue
        number = sum(way.service == service for way in ways.values()) + 1
        code = hmac.new(key, identity.encode(), sha256).hexdigest()[:12]
        name = code if code not in ways else f"{code}-{number}"
        ways[name] = Way(name, service, url)
    if not ways:
        raise Trouble(f"{where}: none of its addresses can be used, so nothing can be sent.")
    return tuple(ways.values())
