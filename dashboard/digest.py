"""A manager's week in a message: a kind word, what needs a look, what is due, what got better; nothing else.

Read with the manager's own Scope, so that nothing of another's team can be in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from icalendar import Event
from jinja2 import Environment, PackageLoader, select_autoescape

from dashboard import address, words
from dashboard.words import Row
from data import calendar_files
from data.ask import Company
from data.coaching import actions, untouched
from data.coaching.action import Action
from data.database import Database
from data.digests.recipients import Recipient
from data.digests.sending import Message
from data.filters import Filters
from data.scope import Scope, manager_scope
from data.talks import action_points, conversations
from data.talks.conversation import Conversation
from metrics.sign import all_signs

MOST = 6  # of each part; the rest is one click further
KIND_WEEKS = 2
NEWS_WEEKS = 13  # so long is a change for the better news; one for the worse is told as long as it lasts
DAYS = 7


@dataclass(frozen=True)
class Item:
    """One sentence and where it is told in full."""

    said: str
    link: str


@dataclass(frozen=True)
class Part:
    """One heading of the digest: how many there are, those that are told, and where all of them are."""

    title: str
    count: int
    items: tuple[Item, ...]
    all: str

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass(frozen=True)
class KindWord:
    """A customer's kind word, which opens the digest."""

    words: str
    team: str
    on: str


@dataclass(frozen=True)
class Digest:
    """What one manager is told of one week."""

    week: date
    kind: KindWord | None
    look: Part
    due: Part
    better: Part
    events: tuple[Event, ...]
    data_to: datetime | None

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.look, self.due, self.better)

    @property
    def is_empty(self) -> bool:
        """A kind word opens a digest, and alone is none."""
        return not any(part.count for part in self.parts)


def gather(
    company: Company, database: Database, recipient: Recipient, week: date, today: date, scope: Scope | None = None
) -> Digest:
    """The digest of `week` (its Monday) for one manager, as of `today`. `scope`: with sign-in, by their grants.

    Of this week each sign is read at its last final week; of an earlier one as it stood the week before.
    """
    scope = company.wide(scope or manager_scope(recipient.name, frozenset(recipient.teams)))
    teams = company.teams(scope)
    names = {row["team_id"]: words.first_up(words.called("team", row["name"])) for row in teams.iter_rows(named=True)}
    branches = dict(teams.select("team_id", "branch").iter_rows())
    before = week - timedelta(weeks=1)
    fresh = company.freshness()
    last = fresh.week
    asked = before if week + timedelta(days=DAYS) <= today and last is not None and before < last else None
    rows = _once(company.readings(scope, Filters(), asked).iter_rows(named=True), branches)
    signals = [row for row in rows if row["status"] == "signal"]
    better = [row for row in signals if row["direction"] == "better" and is_news(row, last)]
    due, events = _due(company, database, scope, names, week, today)
    return Digest(
        week=week,
        kind=_kind(company, scope, names),
        look=_signs("Needs a look", [row for row in signals if row["direction"] == "worse"], names, branches),
        due=_part("Due", due, "coaching"),
        better=_signs("Got better", better, names, branches),
        events=tuple(events),
        data_to=fresh.horizon,
    )


def is_news(row: Row, last: date | None) -> bool:
    """Did the change begin so lately that it is news, by the data's last week?"""
    return row["since"] is None or last is None or row["since"] > last - timedelta(weeks=NEWS_WEEKS)


def message(recipient: Recipient, digest: Digest) -> Message:
    """The digest in plain text and in HTML, with the days to keep as a calendar file."""
    told = {
        "title": title(digest),
        "greeting": f"{recipient.name}, this is your week of {words.long_day(digest.week)}.",
        "kind": digest.kind,
        "parts": digest.parts,
        "foot": f"Read from data to {words.moment(digest.data_to, digest.week)}. What is calm is not told. All of it:",
        "home": address.link(),
    }
    made = _templates()
    text = made.get_template("digest.txt.j2").render(told).strip() + "\n"
    html = made.get_template("digest.html.j2").render(told)
    ics = calendar_files.as_file(digest.events).decode() if digest.events else None
    return Message(told["title"], text, html, ics)  # type: ignore[arg-type]  # of a dict of many kinds


def title(digest: Digest) -> str:
    """ "Your week of 12 October: 2 need a look, 1 due, 1 got better"."""
    look, due, better = (part.count for part in digest.parts)
    told = [
        *([f"{look} {'needs' if look == 1 else 'need'} a look"] if look else []),
        *([f"{due} due"] if due else []),
        *([f"{better} got better"] if better else []),
    ]
    return f"Your week of {words.long_day(digest.week)}: {', '.join(told)}"


@cache
def _templates() -> Environment:
    escaped = select_autoescape(enabled_extensions=("html.j2",), default_for_string=True)
    return Environment(loader=PackageLoader("dashboard"), autoescape=escaped, trim_blocks=True)  # noqa: S701 - by name


def _signs(title: str, rows: list[Row], names: dict[str, str], branches: dict[str, str | None]) -> Part:
    newest = sorted(rows, key=lambda row: (-(row["since"] or date.min).toordinal(), row["team_id"], row["sign"]))
    items = [
        Item(
            words.first_up(words.sentence(row, all_signs()[row["sign"]], _subject(row, names, branches))),
            address.link("team", team=row["team_id"], sign=row["sign"]),
        )
        for row in newest
    ]
    return _part(title, items, "")


def _part(title: str, items: list[Item], page: str) -> Part:
    return Part(title, len(items), tuple(items[:MOST]), address.link(page))


def _once(rows: Iterable[Row], branches: dict[str, str | None]) -> list[Row]:
    """What is read of a branch stands once, at the first of its teams; what is no longer declared not at all."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        sign = all_signs().get(row["sign"])
        if sign is not None:
            branch = branches.get(row["team_id"])
            found.setdefault(
                (sign.key, f"branch {branch}" if sign.unit == "branch" and branch else row["team_id"]), row
            )
    return list(found.values())


def _subject(row: Row, names: dict[str, str], branches: dict[str, str | None]) -> str:
    branch = branches.get(row["team_id"])
    of_branch = all_signs()[row["sign"]].unit == "branch" and branch
    return f"Branch {branch}" if of_branch else names[row["team_id"]]


def _kind(company: Company, scope: Scope, names: dict[str, str]) -> KindWord | None:
    said = company.praise(scope, weeks=KIND_WEEKS)
    if said.is_empty():
        return None
    row = said.sort("at", descending=True).row(0, named=True)
    return KindWord(row["words"], names.get(row["team_id"], row["team_id"]), words.day(row["at"].date()))


def _due(
    company: Company, database: Database, scope: Scope, names: dict[str, str], week: date, today: date
) -> tuple[list[Item], list[Event]]:
    """Reviews, one-on-ones and action points of these seven days or overdue, and what asks whether it still lives."""
    from_day = max(week, today) if today < week + timedelta(days=DAYS) else week
    items, events = [], []
    found = actions.list_(scope, database, status=actions.OPEN)
    for action in found:
        if action.is_overdue(from_day) or action.is_due(from_day, DAYS):
            link = address.link("coaching", action=action.id)
            team = names.get(action.team_id, action.team_id)
            items.append(Item(_review(action, team, from_day), link))
            events.append(calendar_files.review(action, words.play(action.play), team, link))
    for talk in _talks(scope, database, from_day):
        link = address.link("one_on_one", conversation=talk.id)
        day = f"{talk.held_on:%A} {words.long_day(talk.held_on, from_day)}"
        items.append(Item(f"One-on-one of {talk.host} and {talk.guest}, {day}.", link))
        events.append(calendar_files.one_on_one(talk, link))
    for point in action_points.list_(scope, database, states=(action_points.OPEN,)):
        if _same(point.owner, scope.asker) and point.due_on < from_day + timedelta(days=DAYS):
            link = address.link("one_on_one", conversation=point.conversation_id)
            was = "was due" if point.is_overdue(from_day) else "by"
            items.append(Item(f"You said: {point.words} ({was} {words.day(point.due_on, from_day)})", link))
    touched = untouched.last_touched(scope, database)
    for one in untouched.untouched(company.home, found, touched, from_day):
        said = (
            f"{words.play(one.action.play)}, {names.get(one.action.team_id, one.action.team_id)}: nothing was written "
        )
        said += f"for {words.count(one.weeks, 'week')}. Still alive?"
        items.append(Item(said, address.link("coaching", action=one.action.id)))
    return items, events


def _review(action: Action, team: str, today: date) -> str:
    when = words.day(action.review_on, today)
    state = f"its review is overdue since {when}" if action.is_overdue(today) else f"review on {when}"
    return f"{words.play(action.play)}, {team}: {state}."


def _talks(scope: Scope, database: Database, from_day: date) -> list[Conversation]:
    """The one-on-ones of these days in which the asker is one of the two."""
    until = from_day + timedelta(days=DAYS)
    every = conversations.list_(scope, database)
    mine = [one for one in every if _same(one.host, scope.asker) or _same(one.guest, scope.asker)]
    return sorted((one for one in mine if from_day <= one.held_on < until), key=lambda one: (one.held_on, one.id))


def _same(name: str, other: str) -> bool:
    return " ".join(name.casefold().split()) == " ".join(other.casefold().split())
