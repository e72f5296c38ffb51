"""Handoffs in words. Pure: summaries in, sentences out. It speaks of pairs and routes, never of who is to blame."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboard import words
from metrics.flows import NO_KIND, OUTSIDE, REST, SMALL, Summary

KINDS = {
    "routing": (
        "sorted to a desk",
        "by a dispatch team, or within 30 business minutes of opening and before any reply",
    ),
    "cover": ("stood in for", "whoever passed it on was away that day or the next"),
    "escalation": ("passed up", "to a higher support line, after a reply or a note"),
    "after_reply": ("passed on after a reply", "the customer starts again with someone new"),
    "without_work": ("passed on without work", "neither a reply nor a note while the team held it"),
    NO_KIND: ("none of these", "a note was written, or it cannot be told"),
}
FEW = 10  # of fewer waits half says nothing
_GROUPS = {SMALL: "small teams", OUTSIDE: "teams that you do not see", REST: "all other teams"}


def name(team: str, names: Mapping[str, str]) -> str:
    """A team's name, or what a group is called."""
    return _GROUPS.get(team) or names.get(team, team)


def is_group(team: str) -> bool:
    return team in _GROUPS


def route(row: Mapping[str, object], names: Mapping[str, str]) -> str:
    """ "Web North to Deliveries North"."""
    return f"{name(str(row['from_team']), names)} to {name(str(row['to_team']), names)}"


def sentence(
    told: Summary, pairs: pl.DataFrame, names: Mapping[str, str], since: date | None, until: date | None
) -> str:
    """What the page says first: how many, how many came back, what it cost, and where most of it is."""
    if not told.handoffs:
        return f"No ticket was passed on {period(since, until)}."
    said = f"Of {words.count(told.tickets, 'ticket')} passed on {period(since, until)}, "
    said += (
        f"{told.came_back:,} ({words.share(told.came_back / told.tickets)}) came back to a team that had them before"
    )
    said += f"; {waited(told)}" if told.lost_minutes is not None else ""
    top = pairs.row(0, named=True)
    return f"{said}; the busiest route is {route(top, names)} ({top['handoffs']:,} of {told.handoffs:,} handoffs)."


def waited(told: Summary) -> str:
    """ "customers waited 8,904 hours in all for the next team to begin (half of the times over 1.2 hours)"."""
    half = f" (half of the times over {span(told.median_minutes)})" if told.median_minutes and told.waits >= FEW else ""
    return f"customers waited {span(told.lost_minutes)} in all for the next team to begin{half}"


def unknown_waits(told: Summary) -> str:
    """What is not known of the waits, in a sentence; nothing where all is."""
    if told.lost_minutes is None:
        return (
            "How long the customers waited for it cannot be told: the log has neither replies nor notes, "
            "so that nobody knows when a team began."
        )
    open_ = told.handoffs - told.waits
    if not open_:
        return ""
    is_ = "is" if open_ == 1 else "are"
    return f"{words.count(open_, 'handoff')} {is_} not over yet: their wait is not counted."


def period(since: date | None, until: date | None) -> str:
    """ "in the 13 weeks from 20 July 2026": with its year, for the last week may lie far back."""
    if since is None or until is None:
        return "in all weeks"
    weeks = (until - since).days // 7 + 1
    return f"in the {words.count(weeks, 'week')} from {words.long_day(since)} {since.year}"


def span(minutes: float | None) -> str:
    """Calendar time: 45 minutes, 6.5 hours, 3,200 hours."""
    if minutes is None:
        return "unknown"
    if minutes < 90:
        return words.count(round(minutes), "minute")
    return f"{minutes / 60:,.1f} hours".replace(".0 ", " ") if minutes < 6000 else f"{minutes / 60:,.0f} hours"


def back(row: Mapping[str, object], names: Mapping[str, str]) -> str:
    """One pair between which tickets came back, in a sentence."""
    said = f"{name(str(row['team']), names)} and {name(str(row['other']), names)}: "
    said += f"{row['bounce_backs']:,} of {row['handoffs']:,} handoffs were a way back"
    fro = int(str(row["ping_pong"]))
    return said + (f", {words.count(fro, 'ticket')} went to and fro." if fro else ".")


def kinds(found: pl.DataFrame) -> str:
    """The kinds in a line: "sorted to a desk 42%, passed on without work 33%"."""
    told = [
        f"{KINDS[row['kind']][0]} {words.share(row['share'])}" for row in found.iter_rows(named=True) if row["handoffs"]
    ]
    return words.first_up(", ".join(told)) + "."


def covered(pairs: pl.DataFrame, shown: int) -> str:
    """How much of it a picture of the largest pairs shows."""
    if pairs.height <= shown:
        return ""
    counts = pairs["handoffs"].to_list()
    every, drawn = sum(counts), sum(counts[:shown])
    return f"The {shown} largest of {pairs.height:,} routes, {words.share(drawn / every)} of the handoffs."
