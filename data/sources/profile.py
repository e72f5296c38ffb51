"""A profile: how a helpdesk's own columns become the contract's. A small TOML file; docs in docs/profiles.md.

kind = "native"  the contract's own columns; the table is given, or known by its header
kind = "rows"    one row of the file is one row of a table
kind = "audit"   one row of the file is one update of a ticket: see data.sources.audit
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from data.errors import Trouble
from data.sources.cells import ISO
from metrics.frames import CONTRACT

NATIVE = "heartline"
AUDIT_COLUMNS = ("ticket", "order", "at", "opened_at", "state", "team", "agent", "by", "priority")
AUDIT_NEEDS = ("ticket", "at", "state")
STATES = ("new", "active", "on_hold", "resolved", "closed")


def plain(name: str) -> str:
    """A header as it is compared: case, blanks, underscores and hyphens make no difference."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


@dataclass(frozen=True)
class TableMap:
    """For one table: contract column -> accepted headers; words to put in the place of others; what is always so.

    `after` makes an instant of a duration: column -> (minutes or hours, accepted headers), counted from opened_at.
    `before` makes a date of one: column -> (days, months or years, accepted headers, the day counted back from).
    `answers` makes several rows of one, for surveys: question -> the headers under which its score stands.
    """

    columns: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    after: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    before: dict[str, tuple[str, tuple[str, ...], date]] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def headers(self) -> Iterator[tuple[str, ...]]:
        """All that it reads: for each thing, the headers under which it may stand."""
        yield from (*self.columns.values(), *self.answers.values())
        yield from (names for _, names in self.after.values())
        yield from (names for _, names, _ in self.before.values())


@dataclass(frozen=True)
class Audit:
    """What the columns of an audit log stand for, and what its states mean.

    `automatic`: states that come by themselves, whoever's name stands beside them. `work`: those that say that somebody
    worked on the ticket.
    """

    columns: dict[str, tuple[str, ...]]
    states: dict[str, str]
    priorities: tuple[str, ...] = ()  # the most pressing first
    system_accounts: frozenset[str] = frozenset()
    automatic: frozenset[str] = frozenset()
    work: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Profile:
    """A source's columns in the words of the contract."""

    name: str
    title: str
    kind: Literal["native", "rows", "audit"]
    require: tuple[tuple[str, ...], ...] = ()  # each group: one of these headers
    tables: dict[str, TableMap] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ISO
    zone: str = "UTC"
    order: str = ""  # the header by which the last of several rows of one key wins
    audit: Audit | None = None

    @cached_property
    def all_formats(self) -> tuple[str, ...]:
        """Its date formats after ISO's own, in which no day can be taken for a month."""
        return tuple(dict.fromkeys((*ISO, *self.formats)))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every header that the profile reads, as compared."""
        groups: list[Iterable[str]] = [*self.require, *(self.audit.columns.values() if self.audit else ())]
        groups += [names for table in self.tables.values() for names in table.headers()]
        return frozenset(plain(name) for group in groups for name in group)

    def lacks(self, header: Iterable[str]) -> list[str]:
        """What the profile needs and `header` has not, each as its first accepted name."""
        found = {plain(name) for name in header}
        return [group[0] for group in self.require if not found.intersection(plain(name) for name in group)]

    def fit(self, header: Iterable[str]) -> int:
        """How many of the headers the profile reads."""
        return len({plain(name) for name in header} & self.known)


def find(header: list[str], accepted: Iterable[str]) -> str | None:
    """The first of the accepted names that `header` has, as `header` spells it."""
    spelled = {plain(name): name for name in reversed(header)}
    return next((spelled[plain(name)] for name in accepted if plain(name) in spelled), None)


def profiles(own: Path | None = None) -> dict[str, Profile]:
    """All profiles by name: the shipped ones, and those of the folder `own`, which win. Trouble for a broken one."""
    shipped = files("data.sources").joinpath("profiles")
    texts = {item.name: item.read_text("utf-8") for item in shipped.iterdir() if item.name.endswith(".toml")}
    found = [_parse(text, name) for name, text in sorted(texts.items())]
    if own and own.is_dir():
        found += [_load(path) for path in sorted(own.glob("*.toml"))]
    return {profile.name: profile for profile in found}


def _load(path: Path) -> Profile:
    try:
        return _parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"The profile {path} cannot be read: {error}.") from None


def _parse(text: str, where: str) -> Profile:
    try:
        return _profile(tomllib.loads(text), Path(where).stem)
    except tomllib.TOMLDecodeError as error:
        raise Trouble(f"The profile {where} is no TOML: {error}.") from None
    except (KeyError, TypeError, ValueError, AttributeError, LookupError) as error:
        raise Trouble(f"The profile {where} says something unknown: {error}. See docs/profiles.md.") from None


def _profile(raw: dict[str, Any], stem: str) -> Profile:
    kind = raw.get("kind", "rows")
    if kind not in ("native", "rows", "audit"):
        raise ValueError(f'kind "{kind}" (there are native, rows, audit)')
    zone = str(raw.get("zone", "UTC"))
    ZoneInfo(zone)
    return Profile(
        name=str(raw.get("name", stem)),
        title=str(raw.get("title", "")),
        kind=kind,
        require=tuple(_names(group) for group in raw.get("require", [])),
        tables={name: _table(name, table) for name, table in raw.get("tables", {}).items()},
        missing=_words(raw.get("missing", [])),
        formats=tuple(raw.get("formats", ())) or ISO,
        zone=zone,
        order=str(raw.get("order", "")),
        audit=_audit(raw["audit"]) if kind == "audit" else None,
    )


def _names(given: str | list[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(str(name) for name in given)


def _table(name: str, raw: Mapping[str, Any]) -> TableMap:
    if name not in CONTRACT:
        raise ValueError(f'table "{name}" (there are {", ".join(CONTRACT)})')
    columns = {column: _names(accepted) for column, accepted in raw.get("columns", {}).items()}
    after = {column: (str(spec["unit"]), _names(spec["from"])) for column, spec in raw.get("after", {}).items()}
    before = {
        column: (str(spec["unit"]), _names(spec["from"]), date.fromisoformat(str(spec["day"])))
        for column, spec in raw.get("before", {}).items()
    }
    constants = {column: str(value) for column, value in raw.get("constants", {}).items()}
    strange = {*columns, *after, *before, *constants, *raw.get("values", {})} - set(CONTRACT[name].column_names())
    if strange:
        raise ValueError(f"column {', '.join(sorted(strange))} of {name}")
    if any(unit not in ("minutes", "hours") for unit, _ in after.values()):
        raise ValueError("unit (there are minutes, hours)")
    if any(unit not in ("days", "months", "years") for unit, *_ in before.values()):
        raise ValueError("unit (there are days, months, years)")
    answers = {str(question): _names(accepted) for question, accepted in raw.get("answers", {}).items()}
    if answers and name != "surveys":
        raise ValueError(f"answers of {name} (surveys alone have them)")
    values = {
        column: {str(word).casefold(): str(value) for word, value in words.items()}
        for column, words in raw.get("values", {}).items()
    }
    return TableMap(columns, values, constants, after, before, answers)


def _audit(raw: Mapping[str, Any]) -> Audit:
    columns = {role: _names(raw[role]) for role in AUDIT_COLUMNS if role in raw}
    lacking = [role for role in AUDIT_NEEDS if role not in columns]
    if lacking:
        raise ValueError(f"an audit without {', '.join(lacking)}")
    states = {str(word).casefold(): state for state in STATES for word in raw.get("states", {}).get(state, [])}
    strange = set(raw.get("states", {})) - set(STATES)
    if strange:
        raise ValueError(f"state {', '.join(sorted(strange))} (there are {', '.join(STATES)})")
    return Audit(
        columns,
        states,
        tuple(str(word).casefold() for word in raw.get("priorities", [])),
        *(_words(raw.get(name, [])) for name in ("system_accounts", "automatic", "work")),
    )


def _words(given: Iterable[object]) -> frozenset[str]:
    return frozenset(str(word).casefold() for word in given)
