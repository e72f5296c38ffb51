"""The playbook: the plays that come with Heartline (data/plays/*.toml) and a company's own (HOME/plays/*.toml).

A file's name is the play's key. An own file of a shipped play's key takes its place, and is said to. A file with an
error is named in one sentence, and all others work.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from os import stat_result
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from data.coaching.play import AIMS, SYSTEM, Play, parse
from data.errors import Trouble
from data.home import Home
from metrics.cause_groups import LONGER
from metrics.explained import Explained
from metrics.sign import all_signs

MOST_BYTES = 200_000
SUGGESTED = 3
_KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, eq=False)
class Playbook:
    """All plays by key, and a sentence for each file that has an error."""

    plays: Mapping[str, Play]
    troubles: tuple[str, ...] = ()
    folder: Path | None = field(default=None)

    @property
    def replaced(self) -> list[Play]:
        """The own plays that take the place of a shipped one."""
        return [play for play in self.plays.values() if play.replaces]

    def by_aim(self) -> dict[str, list[Play]]:
        """The plays by what they are for; within that by name, which is no ranking."""
        found: dict[str, list[Play]] = {aim: [] for aim in AIMS}
        for play in sorted(self.plays.values(), key=lambda one: (one.name.casefold(), one.key)):
            found.setdefault(play.aim, []).append(play)
        return {aim: plays for aim, plays in found.items() if plays}

    def of_sign(self, sign: str) -> list[Play]:
        """The plays that may help with a sign: those that the sign names, in its order, then all others by name."""
        named = all_signs()[sign].plays if sign in all_signs() else ()
        order = {key: place for place, key in enumerate(named)}
        listed = [play for play in self.plays.values() if play.key in order or sign in play.signs]
        return sorted(listed, key=lambda one: (order.get(one.key, len(order)), one.name.casefold(), one.key))

    def suggest(self, sign: str, causes: Collection[str] = ()) -> list[Play]:
        """At most three plays for a signal of this sign with these causes (play.CAUSES; where none is known: by sign).

        Where the cause is the system's, only plays that change the work and name that cause: never coaching of people.
        """
        system = {cause for cause in causes if cause in SYSTEM}
        if system:
            fit = [one for one in self.plays.values() if one.changes == "work" and system.intersection(one.causes)]
            fit.sort(
                key=lambda one: (sign not in one.signs, -len(system.intersection(one.causes)), one.name.casefold())
            )
            return fit[:SUGGESTED]
        fit = self.of_sign(sign)
        fit.sort(key=lambda one: -len(set(causes).intersection(one.causes)))  # those that fit alike stay in their order
        return fit[:SUGGESTED]


def causes_of(found: Explained | None) -> frozenset[str]:
    """What moved a signal, in the words that plays name: the system alone where it is that."""
    if found is None:
        return frozenset()
    if found.system:
        return frozenset(one.kind for one in found.system)
    cause = found.cause
    if cause.why is not None:
        return frozenset()
    named = {"longer_there" if one.value == LONGER else one.dimension for one in cause.named}
    if cause.mix is not None and cause.rate is not None and abs(cause.mix) > abs(cause.rate):
        named.add("mix")
    return frozenset(named or {"evenly"})


def playbook(home: Home) -> Playbook:
    """The plays of this home. Read anew when one of its files changes. Never raises for what a file says."""
    return _read(home.plays, _stamp(home.plays))


def names(home: Home) -> dict[str, str]:
    """What each play is called, by key."""
    return {key: play.name for key, play in playbook(home).plays.items()}


def lasts_weeks(home: Home, key: str) -> int | None:
    """How many weeks an action of this play usually lives; None where its play says nothing, or is not in the book."""
    play = playbook(home).plays.get(key)
    return play.lasts_weeks if play else None


def play_named(home: Home, key: str) -> Play:
    """The play of that key. Trouble that names those there are."""
    plays = playbook(home).plays
    if key not in plays:
        raise Trouble(f"There is no play {key!r}: choose one of {', '.join(plays)}.")
    return plays[key]


@cache
def shipped() -> dict[str, Play]:
    """The plays that come with Heartline, by key."""
    folder = files("data").joinpath("plays")
    found = {item.name.removesuffix(".toml"): item for item in folder.iterdir() if item.name.endswith(".toml")}
    return {key: parse(item.read_bytes(), key) for key, item in sorted(found.items())}


@lru_cache(maxsize=8)
def _read(folder: Path, stamp: Stamp) -> Playbook:
    """`stamp` is part of the question: a changed file is another answer."""
    plays, troubles = dict(shipped()), []
    for name, *_ in stamp:
        if not _may_be_a_play(name):
            continue
        try:
            own = _own(folder / name)
        except Trouble as trouble:
            troubles.append(f"The play {folder / name} {str(trouble).rstrip('.')}.")
        else:
            plays[own.key] = replace(own, replaces=own.key in shipped())
    return Playbook(dict(sorted(plays.items())), tuple(troubles), folder)


def _own(path: Path) -> Play:
    key = path.name[: -len(".toml")]
    if not _KEY.fullmatch(key):
        raise Trouble("is called by a name that is no key: use small letters, digits and _, as in our_play.toml")
    try:
        found = path.stat()
        if S_ISDIR(found.st_mode):
            raise Trouble("is a folder, where a file is needed")
        if not S_ISREG(found.st_mode):
            raise Trouble("is no plain file")
        if found.st_size > MOST_BYTES:
            raise Trouble(f"has {found.st_size:,} bytes; a play has at most {MOST_BYTES:,}")
        return parse(path.read_bytes(), key, own=True)
    except OSError as error:
        raise Trouble(f"cannot be read: {error.strerror or error}") from None


def _may_be_a_play(name: str) -> bool:
    return name.casefold().endswith(".toml") and not name.startswith(".")


def _stamp(folder: Path) -> Stamp:
    """Name, time and size of each file, by name. Empty where there is no such folder, or it cannot be looked into."""
    try:
        return tuple(sorted(_told(path) for path in folder.iterdir()))
    except OSError:
        return ()


def _told(path: Path) -> tuple[str, int, int]:
    try:
        found: stat_result = path.stat()
    except OSError:  # a link that leads nowhere
        return path.name, 0, 0
    return path.name, found.st_mtime_ns, found.st_size
