"""A one-on-one in words. Pure."""

from collections.abc import Sequence
from datetime import date

from dashboard import words
from dashboard.plain import plain
from data.talks.action_points import ActionPoint
from data.talks.conversation import Change as Step
from data.talks.conversation import Conversation

FIELDS = {"held_on": "Day", "priorities": "Priorities", "shared": "Shared notes"}
SIDES = {"host": "", "guest": ", by the link"}


def between(talk: Conversation) -> str:
    """ "Ada and Bruno Dunnavel"."""
    return f"{talk.host} and {talk.guest}"


def when(talk: Conversation, today: date) -> str:
    """ "Monday 12 October, in 3 days"."""
    days = (talk.held_on - today).days
    away = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if away is None:
        away = f"in {words.count(days, 'day')}" if days > 0 else f"{words.count(-days, 'day')} ago"
    return f"{talk.held_on:%A} {words.long_day(talk.held_on, today)}, {away}"


def teams(names: Sequence[str]) -> str:
    """A few names; of many how many there are."""
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more teams"


def due(point: ActionPoint, today: date) -> str:
    """ "Bruno, by 20 Oct"; what is late is said so; what was settled says how."""
    day = words.day(point.due_on, today)
    if not point.is_open:
        done = words.day(point.at.date(), today)
        return f"{point.owner}: {'became a coaching action' if point.action_id else point.state} on {done}"
    return f"{point.owner}, {'was due' if point.is_overdue(today) else 'by'} {day}"


def field(talk: Conversation, name: str, beside: date | None = None) -> str:
    """One field of a conversation as text that can be shown."""
    return text(getattr(talk, name), beside)


def text(value: object, beside: date | None = None) -> str:
    """A day, priorities or notes as text."""
    if isinstance(value, date):
        return words.long_day(value, beside)
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def lines(text: str) -> str:
    """Text that somebody typed, its line ends kept and nothing in it read as formatting."""
    return "  \n".join(plain(line) for line in text.splitlines())


def step(change: Step) -> str:
    """One line of a history."""
    return f"{words.day(change.at.date())} {change.at:%H:%M} UTC, {change.by}: {change.what}"
