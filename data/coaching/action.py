"""A coaching action: what was agreed with a team, why, until when, and what was known at that moment."""

import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from data import conflict
from data.errors import Trouble

OPEN = ("planned", "under way")
CLOSED = ("done", "stopped")
STATUSES = OPEN + CLOSED
# What a manager may change. The team may not: another team is another action. What was fixed stays: a change of start
# or sign puts another plan beside it.
EDITABLE = ("play", "sign", "why", "starts_on", "review_on", "owner", "status", "seen")

NAME_LENGTH = 200
WORDS_LENGTH = 10_000
_NAMES = ("team_id", "play", "sign", "owner")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # neither PostgreSQL nor a browser can hold them

Json = dict[str, Any]


@dataclass(frozen=True)
class Action:
    """One coaching action as it stood at one revision.

    `seen` is the reading that led to it, as it was seen: sign, week, status, x, n, share, low, high, expected,
    sentence, data version. `fixed` is what was fixed before anyone saw the outcome: window, baseline, comparison
    teams, review weeks (data.coaching.planning); its `changes` are the plans that later changes put beside it. Both are
    plain JSON, null where there was none. Days are the team's own; instants are UTC.
    """

    id: int
    team_id: str
    play: str
    sign: str
    why: str
    starts_on: date
    review_on: date
    owner: str
    status: str
    outcome: str | None
    closed_at: datetime | None
    seen: Json | None = field(hash=False)
    fixed: Json | None = field(hash=False)
    revision: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    programme_id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, on: date) -> bool:
        """Was its review due before `on`, and is it still open?"""
        return self.is_open and self.review_on < on

    def is_due(self, on: date, days: int = 7) -> bool:
        """Does its review fall on `on` or one of the days after it, `days` in all, and is it still open?"""
        return self.is_open and 0 <= (self.review_on - on).days < days


@dataclass(frozen=True)
class CheckIn:
    """What was seen or said on the way. Never changed, only added to."""

    id: int
    action_id: int
    at: datetime
    by: str
    words: str


@dataclass(frozen=True)
class Change:
    """One step in an action's history, with the whole action as it stood after it."""

    revision: int
    at: datetime
    by: str
    what: str
    note: str | None
    action: Action


class Conflict(conflict.Conflict):
    """Someone else changed the action first: `base` and `current` are Actions."""

    base: Action
    current: Action

    def __init__(self, base: Action, current: Action, tried: Mapping[str, Any]) -> None:
        super().__init__(base, current, tried, called="action", fields=(*EDITABLE, "outcome"))


def tidy(fields: Mapping[str, Any]) -> Json:
    """The fields as they will be kept: text trimmed and printable, JSON plain. Raises Trouble for what cannot be."""
    tidied: Json = {}
    for name, value in fields.items():
        if name in {"seen", "fixed"}:
            tidied[name] = None if value is None else plain_json(value)
        elif name in {"starts_on", "review_on"}:
            if not isinstance(value, date) or isinstance(value, datetime):
                raise Trouble(f"The {_say(name)} must be a day, such as 2026-10-12; it is {value!r}.")
            tidied[name] = value
        else:
            tidied[name] = tidy_text(value, _say(name), NAME_LENGTH if name in _NAMES else WORDS_LENGTH)
    return tidied


def check(fields: Mapping[str, Any], known_teams: Collection[str] | None = None) -> None:
    """Raise Trouble with one clear sentence for the first thing that makes these fields no action."""
    if known_teams is not None and fields["team_id"] not in known_teams:
        raise Trouble(f"There is no team {fields['team_id']!r} in the data: choose one of those listed.")
    if fields["review_on"] < fields["starts_on"]:
        raise Trouble(
            f"The review ({fields['review_on']}) comes before the start ({fields['starts_on']}): "
            "choose a later review or an earlier start."
        )
    if fields["status"] not in STATUSES:
        raise Trouble(f"An action is one of {', '.join(STATUSES)}; it cannot be {fields['status']!r}.")


def tidy_text(value: object, what: str, longest: int = WORDS_LENGTH) -> str:
    """`value` trimmed and without what cannot be printed. Raises Trouble where nothing is left or it is too long."""
    text = _NOT_TEXT.sub("", str(value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise Trouble(f"Please fill in the {what}: it is empty.")
    if len(text) > longest:
        raise Trouble(f"The {what} has {len(text):,} characters; at most {longest:,} can be kept: please shorten it.")
    return text


def plain_json(value: Any) -> Any:
    """`value` as JSON keeps it: days and instants as ISO text, and no number where there is none (NaN is null)."""
    if isinstance(value, Mapping):
        return {_NOT_TEXT.sub("", str(key)): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain_json(item) for item in items]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _NOT_TEXT.sub("", value)
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def as_content(action: Action) -> Json:
    """The whole action as JSON, for its history."""
    content: Json = plain_json(asdict(action))
    return content


def from_content(content: Mapping[str, Any]) -> Action:
    """The action that `as_content` kept."""
    days = {name: date.fromisoformat(content[name]) for name in ("starts_on", "review_on")}
    instants = {
        name: content[name] and datetime.fromisoformat(content[name])
        for name in ("created_at", "updated_at", "closed_at")
    }
    return Action(**{**content, **days, **instants})


def as_json(action: Action) -> str:
    """One line of JSON, keys in the order of the class: what the command line prints."""
    return json.dumps(as_content(action), ensure_ascii=False, allow_nan=False)


def _say(name: str) -> str:
    return {"team_id": "team", "starts_on": "start", "review_on": "review day"}.get(name, name)
