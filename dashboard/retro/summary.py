"""The one page that stays of a retrospective, in sections: for the screen, for paper, as text and as Markdown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import words
from dashboard.plain import plain
from dashboard.retro import words as said
from data.coaching.action import Action
from data.retro.retrospective import Retrospective
from metrics.sign import all_signs


@dataclass(frozen=True)
class Section:
    """A heading, a sentence or two, and lines below them. What people typed is in it as they typed it."""

    title: str
    told: str = ""
    lines: tuple[str, ...] = ()


def title(at: Retrospective, team: str) -> str:
    return f"Retrospective of {team}, {_day(at)}"


def sections(at: Retrospective, actions: Sequence[Action]) -> list[Section]:
    """The page: what was agreed first. Sections of which there is nothing to say are left out."""
    kept: dict[str, Any] = at.summary or {}
    told = kept.get("told", {})
    topics = [_topic(one, voted=kept.get("voted", False)) for one in kept.get("topics", ())]
    made = [
        _agreed(actions),
        Section("What matters", "", tuple(topics)),
        Section("Safe to speak", _safety(kept)),
        Section("Thank you", "", tuple(kept.get("thanks", ()))),
        Section("Last time's actions", "", tuple(told.get("last", ()))),
        Section("Our signs, as they were then", "", tuple(told.get("signs", ()))),
        Section("We see it differently", "", tuple(map(_remark, kept.get("remarks", ())))),
    ]
    return [one for one in made if one.told or one.lines]


def head(at: Retrospective) -> str:
    """Who led it, when, and how many took part."""
    many = (at.summary or {}).get("took_part", 0)
    return f"Led by {at.led_by}. {words.count(many, 'device')} took part. Who wrote what was not kept."


def as_text(at: Retrospective, team: str, actions: Sequence[Action]) -> str:
    """The page as plain text."""
    parts = [title(at, team), head(at)]
    for one in sections(at, actions):
        lines = [f"- {' '.join(line.split())}" for line in one.lines]
        parts.append("\n".join([one.title.upper(), *([one.told] if one.told else []), *lines]))
    return "\n\n".join(parts) + "\n"


def as_markdown(at: Retrospective, team: str, actions: Sequence[Action]) -> str:
    """The page as Markdown, in which what people typed is text and nothing else."""
    parts = [f"# {plain(title(at, team))}", plain(head(at))]
    for one in sections(at, actions):
        parts.append(f"## {plain(one.title)}")
        if one.told:
            parts.append(plain(one.told))
        if one.lines:
            parts.append("\n".join(f"- {plain(line)}" for line in one.lines))
    return "\n\n".join(parts) + "\n"


def _day(at: Retrospective) -> str:
    day = (at.closed_at or at.opened_at).date()
    return f"{words.long_day(day)} {day.year}"


def _agreed(actions: Sequence[Action]) -> Section:
    lines = tuple(
        f"{words.play(one.play)}, {one.owner}, from {words.day(one.starts_on)}, review on {words.day(one.review_on)}: "
        f"{one.why}"
        for one in actions
    )
    return Section("What we try", "" if lines else "No action was agreed.", lines)


def _safety(kept: dict[str, Any]) -> str:
    if kept.get("answered") is None:
        return ""
    counts = kept.get("safety")
    if counts is None:
        return said.safety(kept["answered"], None)
    spread = ", ".join(f"{number}: {many}" for number, many in enumerate(counts, start=1))
    return f"{said.safety(kept['answered'], counts)} From 1 (I keep it to myself) to 5 (anything): {spread}."


def _topic(topic: dict[str, Any], *, voted: bool) -> str:
    cards = "; ".join(f"{card['words']} ({said.KINDS[card['kind']].lower()})" for card in topic["cards"])
    name = f"{topic['name']}: " if topic["name"] else ""
    return f"{said.votes(topic['votes'])}. {name}{cards}" if voted else f"{name}{cards}"


def _remark(remark: dict[str, Any]) -> str:
    sign = all_signs().get(remark["about"] or "")
    asks = f"{words.heading(sign)} " if sign else ""
    return f"{asks}{remark['words']}{' (sent to the manager as an answer)' if remark['sent'] else ''}"
