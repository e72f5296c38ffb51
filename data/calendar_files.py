"""Days to come as calendar files (.ics, RFC 5545): the reviews of actions, and one-on-ones.

The same event has the same UID whenever and wherever it is written, and a sequence that grows with each change, so that
a calendar moves it and does not show it twice.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from data.coaching.action import Action
from data.talks.conversation import Conversation

PRODUCT = "-//Heartline//Heartline//EN"


def review(action: Action, what: str, team: str, link: str) -> Event:
    """The review of an action, all day. `what`: the play, as people read it."""
    uid = f"heartline:action:{action.id}:{action.created_at.isoformat()}"
    event = _event(uid, f"Review: {what}, {team}", link)
    event.add("dtstart", action.review_on)
    event.add("dtend", action.review_on + timedelta(days=1))
    event.add("description", f"{action.why}\n\nOwner: {action.owner}\n{link}")
    event.add("dtstamp", action.updated_at)
    event.add("sequence", action.revision - 1)
    return event


def one_on_one(conversation: Conversation, link: str) -> Event:
    """The day of a one-on-one. Nothing of what is in it: calendars are seen by others."""
    uid = f"heartline:conversation:{conversation.id}:{conversation.created_at.isoformat()}"
    event = _event(uid, f"One-on-one: {conversation.host} and {conversation.guest}", link)
    event.add("dtstart", conversation.held_on)
    event.add("dtend", conversation.held_on + timedelta(days=1))
    event.add("description", link)
    event.add("dtstamp", conversation.updated_at)
    event.add("sequence", conversation.revision - 1)
    return event


def as_file(events: Iterable[Event]) -> bytes:
    """The events as one calendar file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _event(uid: str, summary: str, link: str) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, uid)}@heartline")
    event.add("summary", summary)
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    return event
