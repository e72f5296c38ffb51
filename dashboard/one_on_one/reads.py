"""What stands beside a one-on-one and what its agenda is prepared from. No Streamlit of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data.coaching import actions
from data.coaching.action import Action
from data.talks import action_points, agenda, conversations
from data.talks.conversation import Conversation
from metrics.sign import all_signs

KIND_WEEKS = 26
KIND_WORDS = 2
SIGNALS = 6
LONGEST = 1_800  # of a prepared point: a point may have 2,000 characters


@dataclass(frozen=True)
class KindWord:
    """A customer's kind word to a team."""

    team_id: str
    words: str
    on: date


def kind_words(reads: Reads, talk: Conversation) -> list[KindWord]:
    """The newest kind words to these teams, one a team first, so that no team's praise hides another's."""
    found: list[KindWord] = []
    for team in talk.teams:
        said = reads.praise(team, KIND_WEEKS)
        if said.is_empty():
            continue
        told = said.sort("at", descending=True).head(KIND_WORDS).iter_rows(named=True)
        found += [KindWord(team, row["words"], row["at"].date()) for row in told]
    firsts = {one.team_id: one for one in reversed(found)}
    newest = sorted(firsts.values(), key=lambda one: one.on, reverse=True)
    rest = [one for one in found if one not in newest]
    return [*newest, *rest]


def readings(reads: Reads, choices: Choices, teams: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """The teams' readings now: the signals, those for the worse first, each newest first; and the rest.

    What is read of a branch stands once.
    """
    every = reads.readings(Selection().filters(choices), None)
    rows = parts.once(choices, parts.rows_of(every.filter(pl.col("team_id").is_in(list(teams)))))
    signals = parts.newest_first(row for row in rows if row["status"] == "signal")
    signals.sort(key=lambda row: row["direction"] != "worse")
    return signals, [row for row in rows if row["status"] != "signal"]


def agreed(reads: Reads, talk: Conversation, today: date) -> tuple[list[Action], list[Action]]:
    """The open coaching actions of these teams: those to be looked at by next week, and the others."""
    found = actions.list_(reads.scope, reads.database, status=actions.OPEN)
    mine = [one for one in found if one.team_id in talk.teams]
    due = [one for one in mine if one.is_overdue(today) or one.is_due(today)]
    return due, [one for one in mine if one not in due]


def past(reads: Reads, talk: Conversation) -> list[Conversation]:
    """The earlier conversations of the same two, the latest first."""
    series = conversations.list_(reads.scope, reads.database, series=talk.series)
    return [one for one in series if (one.held_on, one.id) < (talk.held_on, talk.id)]


def drafts(reads: Reads, choices: Choices, talk: Conversation, today: date) -> list[tuple[str, str]]:
    """An agenda from what there is: praise, what is open between the two, what is due, signals: (source, words)."""
    made = [*_praise(reads, choices, talk), *_open(reads, talk, today), *_left(reads, talk)]
    made += _due(reads, choices, talk, today)
    made += _signals(reads, choices, talk)
    return [(source, said[:LONGEST]) for source, said in made]


def _praise(reads: Reads, choices: Choices, talk: Conversation) -> list[tuple[str, str]]:
    told = kind_words(reads, talk)[:KIND_WORDS]
    return [
        (
            f"{agenda.PRAISE}{one.team_id}:{one.on.isoformat()}",
            f"Pass on a kind word to {parts.name_of(choices, one.team_id)}: “{one.words}”",
        )
        for one in told
    ]


def _open(reads: Reads, talk: Conversation, today: date) -> list[tuple[str, str]]:
    found = action_points.list_(reads.scope, reads.database, series=talk.series, states=(action_points.OPEN,))
    before = [one for one in found if one.conversation_id != talk.id]
    return [
        (f"point:{one.id}:{talk.id}", f"Still open: {one.words} ({one.owner}, by {words.day(one.due_on, today)})")
        for one in before
    ]


def _left(reads: Reads, talk: Conversation) -> list[tuple[str, str]]:
    """What either side put on the last agenda and was not talked about."""
    before = past(reads, talk)[:1]
    left = [one for talk_ in before for one in agenda.points(reads.scope, reads.database, talk_.id)]
    return [
        (f"left:{one.id}", f"Not reached last time: {one.words}")
        for one in left
        if one.talked_at is None and one.side != agenda.PREPARED
    ]


def _due(reads: Reads, choices: Choices, talk: Conversation, today: date) -> list[tuple[str, str]]:
    due, _ = agreed(reads, talk, today)
    return [
        (
            f"action:{one.id}:{one.review_on.isoformat()}",
            f"Look at {words.play(one.play)}, {parts.name_of(choices, one.team_id)}: its review is "
            + ("overdue since " if one.is_overdue(today) else "due on ")
            + words.day(one.review_on, today),
        )
        for one in due
    ]


def _signals(reads: Reads, choices: Choices, talk: Conversation) -> list[tuple[str, str]]:
    signals, _ = readings(reads, choices, talk.teams)
    return [(_source(row), asked(choices, row)) for row in signals[:SIGNALS]]


def _source(row: Row) -> str:
    since = row["since"].isoformat() if row["since"] else ""
    return f"signal:{row['team_id']}:{row['sign']}:{row['direction']}:{since}"


def asked(choices: Choices, row: Row) -> str:
    """A signal as a question to talk about, with its numbers."""
    question = f"{words.first_up(parts.subject_of(choices, row))}: {all_signs()[row['sign']].asks}"
    way = "better" if row["direction"] == "better" else "worse"
    return f"{question} It changed for the {way}: {words.evidence(row)}."
