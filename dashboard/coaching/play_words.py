"""A play in words: whom it helps, what it did here, and how it is found in the playbook. Pure."""

from collections.abc import Iterable

from dashboard import words
from dashboard.coaching import verdict_words
from data.coaching.play import CAUSES, Play
from data.coaching.what_works import Works
from metrics.sign import all_signs

CHANGES = {
    "work": "It changes the work around the team, not its people.",
    "people": "It is about how the team does its work.",
}


def helps_with(play: Play) -> str:
    """The signs it may help with, as their questions."""
    asked = [words.heading(all_signs()[key]) for key in play.signs if key in all_signs()]
    return " ".join(asked) or "No sign in particular."


def brief(play: Play) -> str:
    """What it is for, in its first sentence."""
    first, stop, _ = play.purpose.partition(". ")
    return words.ended(first) if stop else play.purpose


def behind(play: Play) -> str:
    """What lies behind a sign where it fits best."""
    told = [CAUSES[cause] for cause in play.causes]
    if not told:
        return ""
    return f"Fits best where it comes of {', '.join(told)}."


def lasts(play: Play) -> str:
    """How long it usually lasts."""
    return words.count(play.lasts_weeks, "week") if play.lasts_weeks else "No usual life is known"


def origin(play: Play) -> str:
    """Where an own play comes from, and what it takes the place of; nothing of a shipped one."""
    if not play.own:
        return ""
    return "Our own play" + ("; it takes the place of the one that comes with Heartline." if play.replaces else ".")


def here(found: Works | None) -> str:
    """What a play did here, in a few words; never a number without its interval."""
    if found is None or not (found.ended or found.untold):
        return "Not tried here yet."
    line, ended = found.pooled, len(found.ended) + found.untold
    if line is None:
        return f"Ended {_times(ended)} here: too few to say what it does."
    low, high = verdict_words.signed(line.low), verdict_words.signed(line.high)
    clear = line.low > 0 or line.high < 0
    usual = verdict_words.signed(line.effect) if clear else "no clear effect"
    return f"Ended {_times(ended)} here: {usual} (95% interval {low} to {high})."


def may_help(plays: Iterable[Play]) -> str:
    """The plays suggested for a card, in a line; nothing where there is none."""
    named = [play.name for play in plays]
    return f"May help: {', '.join(named)}." if named else ""


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
