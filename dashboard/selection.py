"""The filters -> one frozen Selection, kept in the address. Pure: an address in, a selection out, and back.

A copied link opens the same view. What the address asks for and the data does not have falls back to everything,
and the page says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from data.filters import Filters

PERIODS: dict[int, str] = {13: "13 weeks", 26: "26 weeks", 52: "52 weeks", 104: "2 years"}
DEFAULT_PERIOD = 52


@dataclass(frozen=True)
class Choices:
    """What can be chosen: the data's branches, teams (id -> name, branch), channels, categories, weeks (Mondays).

    `now`: small teams, which are read with others, and under which id; a link to one leads there.
    """

    branches: tuple[str, ...] = ()
    teams: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    first_week: date | None = None
    last_week: date | None = None
    signs: tuple[str, ...] = ()
    now: Mapping[str, str] = field(default_factory=dict)

    def teams_of(self, branch: str | None) -> list[str]:
        """The teams of a branch, or all, by name."""
        return sorted(
            (team for team, (_, where) in self.teams.items() if branch in (None, where)),
            key=lambda team: _in_order(self.teams[team][0]),
        )


@dataclass(frozen=True)
class Selection:
    """What the page shows. None is all. `sign`, `ticket`, `action` and `plan` are what is opened on it."""

    period: int = DEFAULT_PERIOD
    branch: str | None = None
    team: str | None = None
    channel: str | None = None
    category: str | None = None
    week: date | None = None
    sign: str | None = None
    ticket: str | None = None
    action: int | None = None
    plan: bool = False

    def address(self, **changes: Any) -> dict[str, str]:
        """The query parameters that open this view, with `changes`; defaults are left out."""
        changed = replace(self, **changes)
        bare = Selection()
        pairs = [(f.name, getattr(changed, f.name)) for f in fields(changed)]
        return {name: _text(value) for name, value in pairs if value is not None and value != getattr(bare, name)}

    def filters(self, choices: Choices) -> Filters:
        """What is asked of the data: the period ends with the week asked for, else with the data's last."""
        until = self.week or choices.last_week
        since = until - timedelta(weeks=self.period - 1) if until else None
        if since and choices.first_week:
            since = max(since, choices.first_week)
        return Filters(
            since=since,
            until=until,
            branch=self.branch,
            team=self.team,
            channel=self.channel,
            category=self.category,
        )


def read(address: Mapping[str, str], choices: Choices) -> tuple[Selection, list[str]]:
    """The address -> what to show, and what to say about what it asked for in vain."""
    said: list[str] = []
    branch = _one_of(address.get("branch"), choices.branches, "branch", said)
    asked = address.get("team")
    team = _one_of(choices.now.get(asked, asked) if asked else None, choices.teams, "team", said)
    if team and branch and choices.teams[team][1] != branch:
        said.append(f"{choices.teams[team][0]} is no team of {branch}: the branch is left out.")
        branch = None
    selection = Selection(
        period=_period(address.get("period"), said),
        branch=branch,
        team=team,
        channel=_one_of(address.get("channel"), choices.channels, "channel", said),
        category=_one_of(address.get("category"), choices.categories, "category", said),
        week=_week(address.get("week"), choices, said),
        sign=_one_of(address.get("sign"), choices.signs, "sign", said),
        ticket=(address.get("ticket") or "")[:200] or None,
        action=_number(address.get("action")),
        plan=address.get("plan") == "1",
    )
    return selection, said


def _in_order(name: str) -> list[tuple[int, str]]:
    """Names in the order in which people read them: Team 9 before Team 10."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", name.casefold())]


def _one_of(asked: str | None, known: Any, what: str, said: list[str]) -> str | None:
    if not asked:
        return None
    if asked in known:
        return asked
    said.append(f"The link asks for a {what} that the data does not have ({asked[:60]}): all are shown.")
    return None


def _period(asked: str | None, said: list[str]) -> int:
    if not asked:
        return DEFAULT_PERIOD
    if asked.isascii() and asked.isdigit() and int(asked) in PERIODS:
        return int(asked)
    said.append(
        f"The link asks for a period that there is none of ({asked[:60]}): {PERIODS[DEFAULT_PERIOD]} are shown."
    )
    return DEFAULT_PERIOD


def _week(asked: str | None, choices: Choices, said: list[str]) -> date | None:
    """The Monday of the week that holds the day asked for."""
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        said.append(f"The link asks for a week that is no date ({asked[:60]}): the latest is shown.")
        return None
    monday = day - timedelta(days=day.weekday())
    first, last = choices.first_week, choices.last_week
    if first is None or last is None or not first <= monday <= last:
        said.append(f"The data has no week of {day.isoformat()}: the latest is shown.")
        return None
    return None if monday == last else monday


def _number(asked: str | None) -> int | None:
    return int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 12 else None


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)
