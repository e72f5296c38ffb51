"""Why a cell or a row is set aside, in words that a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from metrics.frames import CONTRACT, EVENT_KINDS, FUNCTIONS


@dataclass(frozen=True, eq=False)
class Reason:
    """`column`: the cell's (None: the row as a whole); `words` follow its name, one for all rows or one each."""

    column: str | None
    words: str | pl.Series
    advice: str


_AGAIN = "Export the rows, mend them, and import them again."
_UNREADABLE: tuple[tuple[str, str, str], ...] = (
    (
        "Datetime",
        "is no date and time that can be read",
        "Write it as 2024-01-31 09:30, or name the profile with its date format.",
    ),
    ("Date", "is no date that can be read", "Write it as 2024-01-31."),
    ("Boolean", "is neither true nor false", "Write true or false."),
    ("Int", "is no whole number, or too large", "Write a whole number."),
    ("Float", "is no number", "Write a number such as 12.5."),
)
_ALLOWED: dict[tuple[str, str], Sequence[str]] = {
    ("events", "kind"): EVENT_KINDS,
    ("events", "actor"): ("agent", "customer", "system"),
    ("tickets", "origin"): ("customer", "proactive"),
    ("teams", "function"): FUNCTIONS,
    ("absences", "kind"): ("sick", "leave", "training"),
    ("training", "kind"): ("classroom", "experiential"),
    ("surveys", "asked_of"): ("staff", "customer", "manager"),
    ("orders", "stage"): ("open", "won", "lost"),
}
_OTHER = ("cannot be read", _AGAIN)
# Rules over two columns: the one that is named, and what it is not.
_RULES = {
    "resolved_not_before_opened": ("resolved_at", "lies before opened_at"),
    "first_replied_not_before_opened": ("first_replied_at", "lies before opened_at"),
    "stay_ends_not_before_it_starts": ("valid_to", "lies before valid_from"),
    "left_not_before_hired": ("left_on", "lies before hired_on"),
    "absence_ends_not_before_it_starts": ("to_on", "lies before from_on"),
    "score_within_scale": ("score", "lies outside of 0 to scale_max"),
    "closed_not_before_opened": ("closed_on", "lies before opened_on"),
    "order_closed_not_before_opened": ("closed_at", "lies before opened_at"),
}


def unreadable(column: str, dtype: pl.DataType) -> Reason:
    """What is written cannot be read as what the column holds."""
    kind = type(dtype).__name__
    words, advice = next(((words, advice) for start, words, advice in _UNREADABLE if kind.startswith(start)), _OTHER)
    return Reason(column, words, advice)


def broken_rule(table: str, rule: str) -> Reason:
    """A rule of the contract, by the name that dataframely gives it ("csat|max", "resolved_not_before_opened")."""
    if rule in _RULES:
        column, words = _RULES[rule]
        return Reason(column, words, _AGAIN)
    name, _, what = rule.partition("|")
    bounds: Any = CONTRACT[table].columns().get(name)
    allowed = _ALLOWED.get((table, name))
    if what == "check" and allowed:
        return Reason(name, f"is none of {', '.join(allowed)}", _AGAIN)
    if what == "nullability":
        return Reason(name, "is missing", "Fill it in.")
    if what in ("inf", "nan"):
        return Reason(name, "is no number", "Write a number such as 12.5.")
    if what.startswith(("min", "max")) and bounds is not None:
        side = "less" if what.startswith("min") else "more"
        return Reason(name, f"is {side} than can be ({what.replace('_', ' ')}: {getattr(bounds, what)})", _AGAIN)
    return Reason(name if bounds is not None else None, f"breaks the rule {rule}", _AGAIN)
