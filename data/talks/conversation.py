"""A one-on-one: a manager with a team lead, or with their own manager. What it is, and what makes none."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data import conflict
from data.coaching.action import NAME_LENGTH, WORDS_LENGTH, Json, plain_json, tidy_text
from data.errors import Trouble

MOST_PRIORITIES = 2
PRIORITY_LENGTH = 300
MOST_TEAMS = 40
LONG_AGO, FAR_OFF = timedelta(days=366), timedelta(days=2 * 366)
# The two people and the teams stay: other people or other teams are another conversation.
EDITABLE = ("held_on", "priorities", "shared")


@dataclass(frozen=True)
class Conversation:
    """One one-on-one as it stood at one revision.

    `host` prepares it, `guest` is the other side; names as they were typed. The readings of `teams` stand beside it.
    `series` is the first conversation of the same two people. `shared` are the notes that both may read; it may be
    empty. What only one of them may read is in data.talks.private_notes, and never part of this.
    """

    id: int
    series: int
    host: str
    guest: str
    teams: tuple[str, ...]
    held_on: date
    priorities: tuple[str, ...]
    shared: str
    revision: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str

    @property
    def people(self) -> frozenset[str]:
        """The two, however their names were written: in capitals or not, whoever of them asked."""
        return pair(self.host, self.guest)


@dataclass(frozen=True)
class Change:
    """One step in a conversation's history, with the whole conversation as it stood after it."""

    revision: int
    at: datetime
    by: str
    what: str
    conversation: Conversation


class Conflict(conflict.Conflict):
    """Someone else changed the conversation first: `base` and `current` are Conversations."""

    base: Conversation
    current: Conversation

    def __init__(self, base: Conversation, current: Conversation, tried: Mapping[str, Any]) -> None:
        super().__init__(base, current, tried, called="conversation", fields=EDITABLE)


def pair(host: str, guest: str) -> frozenset[str]:
    """Two names as one key: order, capitals and spaces do not matter."""
    return frozenset(" ".join(name.casefold().split()) for name in (host, guest))


def tidy(fields: Mapping[str, Any]) -> Json:
    """The fields as they will be kept. Raises Trouble with one sentence for the first that cannot be."""
    return {name: _TIDY[name](value) for name, value in fields.items()}


def check(fields: Mapping[str, Any], today: date, known_teams: Collection[str] | None = None) -> None:
    """Raise Trouble for the first thing that makes these (tidied) fields no conversation."""
    if "host" in fields and len(pair(fields["host"], fields["guest"])) < 2:
        raise Trouble(f"A one-on-one is of two people, and both are {fields['host']!r}: name the other one.")
    for team in fields.get("teams", ()):
        if known_teams is not None and team not in known_teams:
            raise Trouble(f"There is no team {team!r} in the data: choose one of those listed.")
    held_on = fields.get("held_on", today)
    if not today - LONG_AGO <= held_on <= today + FAR_OFF:
        raise Trouble(
            f"The day {held_on.isoformat()} is too far from today ({today.isoformat()}): "
            "choose one of the year that was or of the two to come."
        )


def as_content(conversation: Conversation) -> Json:
    """The whole conversation as JSON, for its history."""
    content: Json = plain_json(asdict(conversation))
    return content


def from_content(content: Mapping[str, Any]) -> Conversation:
    """The conversation that `as_content` kept."""
    told = dict(content)
    told |= {name: tuple(content[name]) for name in ("teams", "priorities")}
    told["held_on"] = date.fromisoformat(content["held_on"])
    told |= {name: datetime.fromisoformat(content[name]) for name in ("created_at", "updated_at")}
    return Conversation(**told)


def tidy_day(value: object, what: str) -> date:
    """`value` where it is a day. Raises Trouble where it is none."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Trouble(f"The {what} must be a day, such as 2026-10-12; it is {value!r}.")
    return value


def _teams(value: Any) -> tuple[str, ...]:
    teams = tuple(sorted({tidy_text(team, "team", NAME_LENGTH) for team in value}))
    if not teams:
        raise Trouble("Choose a team, or several: their readings stand beside the conversation.")
    if len(teams) > MOST_TEAMS:
        raise Trouble(f"A conversation is about at most {MOST_TEAMS} teams, not {len(teams)}.")
    return teams


def _priorities(value: Any) -> tuple[str, ...]:
    """Empty ones are left out: a form has a field for each that there could be."""
    told = tuple(tidy_text(one, "priority", PRIORITY_LENGTH) for one in value if str(one or "").strip())
    if len(told) > MOST_PRIORITIES:
        raise Trouble(
            f"A one-on-one has at most {MOST_PRIORITIES} priorities, and these are {len(told)}: what matters most?"
        )
    return told


def _shared(value: Any) -> str:
    return tidy_text(value, "shared notes", WORDS_LENGTH) if str(value or "").strip() else ""


_TIDY = {
    "host": lambda value: tidy_text(value, "name of who asks", NAME_LENGTH),
    "guest": lambda value: tidy_text(value, "name of the other side", NAME_LENGTH),
    "teams": _teams,
    "held_on": lambda value: tidy_day(value, "day of the conversation"),
    "priorities": _priorities,
    "shared": _shared,
}
