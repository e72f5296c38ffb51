"""What moved a signal, in words: mix and rate, where it lies, and whether it is a matter of the system.

Pure: `Explained` in, words out. It speaks of kinds of tickets and of what happened, never of a person.
"""

from datetime import date

from dashboard import measures, words
from data.found_causes import FoundCause
from metrics.cause_groups import DIRECT, NEW
from metrics.causes import Cause, Named
from metrics.explained import Explained
from metrics.system import Evidence

EVENLY = "It is spread evenly: no category, channel, hour, newcomers or passing team stands out beyond chance."
NO_COACHING = "This would move whoever sits there, so no coaching of people is suggested."
ALL_OF_IT = 0.95


def told(found: Explained, beside: date | None = None) -> list[str]:
    """All that can be said of what moved a signal, a sentence or two a paragraph; the system first."""
    said = [system(found, beside)] if found.system else []
    cause = found.cause
    if cause.why is not None:
        return [*said, f"{words.first_up(cause.why)}."]
    return [*said, split(found, beside), where(cause)]


def brief(found: Explained) -> str:
    """One clause for a card: the system where it is that, else where the change lies."""
    if found.system:
        return f"Look at the system first: {'; '.join(evidence(one) for one in found.system)}."
    cause = found.cause
    if cause.why is not None:
        return ""
    if _mostly_mix(cause):
        return "Mostly other tickets than before, not the same tickets faring differently."
    if not cause.named:
        return "Spread evenly: no kind of ticket, hour or team that passes on stands out."
    return f"What moved it: {_listed([part(one) for one in cause.named])}."


def split(found: Explained, beside: date | None = None) -> str:
    """Mix and rate: "From 8% before to 13% ...: of these 5 points 0.4 (0 to 0.9) are other tickets, ..."."""
    cause = found.cause
    if cause.change is None or cause.before is None or cause.after is None or cause.mix is None or cause.rate is None:
        return ""
    mix, rate = (_range(cause.mix_low, cause.mix_high), _range(cause.rate_low, cause.rate_high))
    return (
        f"From {words.share(cause.before)} of {cause.n_before:,} before to {words.share(cause.after)} of "
        f"{cause.n_after:,} {_weeks(found, beside)}, {_points(cause.change)}. Of these, {_number(cause.mix)} points "
        f"({mix}) come of other tickets than before, {_number(cause.rate)} ({rate}) of the same tickets faring "
        "differently."
    )


def _weeks(found: Explained, beside: date | None) -> str:
    if found.first == found.last:
        return f"in the week of {words.day(found.last, beside)}"
    return f"in the weeks of {words.day(found.first, beside or found.last)} to {words.day(found.last, beside)}"


def where(cause: Cause) -> str:
    """Where the rate's part lies: the largest parts, their shares and intervals, and the rest."""
    if _mostly_mix(cause):
        return "Most of it is other tickets than before: look at what comes in, before looking at how it is done."
    if not cause.named:
        return EVENLY
    if cause.evenly is None:
        return f"It lies beyond chance with {_listed([group(one) for one in cause.named])}."
    rest = " The rest is spread evenly." if cause.evenly > 1 - ALL_OF_IT else ""
    of = "this" if cause.rate is None else f"the {abs(cause.rate) * 100:.1f} points of the same tickets"
    return f"Of {of}, {_listed([part(one) for one in cause.named])}.{rest}"


def part(one: Named) -> str:
    """One group with its share: "58% (40 to 87%) lies with tickets of Tracking question"."""
    if one.share is None:
        return f"most lies with {group(one)}"
    low, high = (min(max(value if value is not None else 0.0, 0.0), 1.0) for value in (one.low, one.high))
    how_much = "all of it" if one.share >= ALL_OF_IT else words.share(one.share)
    if low >= ALL_OF_IT:
        return f"{how_much} lies with {group(one)}"
    return f"{how_much} ({measures.percent(low)} to {measures.percent(high)}%) lies with {group(one)}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def group(one: Named) -> str:
    """A group as a person would call it."""
    if one.dimension == "category":
        return f"tickets of {words.called('category', one.value)}"
    if one.dimension == "channel":
        return f"tickets by {one.value}"
    if one.dimension == "hour":
        return f"tickets opened {'at ' if one.value[0].isdigit() and 'later' in one.value else ''}{_hours(one.value)}"
    if one.dimension == "newcomers":
        return "people with under six months' service" if one.value == NEW else "people who have been there longer"
    return "tickets that came to the team directly" if one.value == DIRECT else f"tickets passed on by {one.value}"


def system(found: Explained, beside: date | None = None) -> str:
    """The reasons to look at the system, and what follows of them."""
    reasons = "; ".join(evidence(one, beside) for one in found.system)
    return f"Look at the system first: {reasons}. {NO_COACHING}"


def evidence(one: Evidence, beside: date | None = None) -> str:
    """One reason, with its numbers."""
    if one.kind == "together":
        many = f"{one.teams} of {one.of_teams} other teams"
        return f"{many} moved the same way in the weeks in which it began, most by half as much or more"
    if one.kind == "flood":
        what = f"{one.category} tickets" if one.category else "tickets"
        when = words.long_day(one.week, beside)
        return (
            f"in the week of {when} {one.tickets:,} {what} reached the company where {one.usual:,.0f} are usual, "
            "and without the tickets of that week most of the change is gone"
        )
    if one.kind == "load":
        return f"{one.after:.1f} tickets a working day for each full-time person, {one.before:.1f} before"
    return f"{words.share(one.after)} of the working time was lost to absence, {words.share(one.before)} before"


def recorded(one: FoundCause, beside: date | None = None) -> str:
    """What a manager found, and what they ruled out."""
    ruled = f" Ruled out: {one.ruled_out}" if one.ruled_out else ""
    return (
        f"{one.by}, {words.long_day(one.at.date(), beside)}, on the week of {words.long_day(one.week, beside)}: "
        f"“{one.cause}”{ruled}"
    )


def _mostly_mix(cause: Cause) -> bool:
    """Is more than half of the change other tickets than before, whatever the chance?"""
    if cause.mix is None or cause.change is None or cause.mix_low is None or cause.mix_high is None:
        return False
    near = cause.mix_low if cause.change > 0 else -cause.mix_high
    return near > abs(cause.change) / 2


def _hours(value: str) -> str:
    return f"between {value.replace(' to ', ' and ')}" if " to " in value else value


def _points(change: float) -> str:
    return f"a {'rise' if change > 0 else 'fall'} of {abs(change) * 100:.1f} points"


def _number(value: float) -> str:
    return f"{value * 100:.1f}"


def _range(low: float | None, high: float | None) -> str:
    return "unknown" if low is None or high is None else f"{low * 100:.1f} to {high * 100:.1f}"
