"""How a review says a number: plain words first, then the level, of how many, its interval, and what was expected.

Of thousands of tickets a share has a decimal: 9.2% (8.9 to 9.4%), where a single team's would be 9%.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboard import measures, words
from data.reviewing.periods import Period
from metrics.sign import Sign

Row = Mapping[str, Any]
MANY = 1000  # from so many on, a tenth of a percent is no false precision


def share(value: float | None, n: float | None = None) -> str:
    """0.0917 of 47,876 -> "9.2%"; of 140 -> "9%"; unknown -> "unknown"."""
    if value is None:
        return "unknown"
    return f"{value * 100:.1f}%" if n is not None and n >= MANY else words.share(value)


def level(value: float | None, row: Row) -> str:
    """A level of this row in its own unit."""
    if measures.of(row) == "share":
        return share(value, row["n"])
    return measures.level(value, row)


def interval(row: Row) -> str:
    """The 95% interval in the same unit; nothing where none is known."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return ""
    if measures.of(row) == "share" and row["n"] >= MANY:
        return f"95% interval {low * 100:.1f} to {high * 100:.1f}%"
    return f"95% interval {measures.interval(low, high, row)}"


def counted(row: Row, sign: Sign) -> str:
    """ "9.2% (4,390 of 47,876 tickets; 95% interval 8.9 to 9.4%)"."""
    within, things = interval(row), f"{sign.thing}s"
    tail = f"; {within}" if within else ""
    if sign.measure == "share":
        return f"{level(row['share'], row)} ({row['x']:,} of {row['n']:,} {things}{tail})"
    if sign.measure == "rate":
        return f"{row['x']:,} {things}" + (f" ({within})" if within else "")
    if sign.measure == "dispersion":
        return f"{level(row['share'], row)} times as unevenly as chance would" + (f" ({within})" if within else "")
    return f"{level(row['share'], row)} ({row['x']:,} of {row['n']:,}{tail})"


def figures(row: Row, sign: Sign) -> str:
    """What was counted, beside what the whole's own past would lead one to expect."""
    told = counted(row, sign)
    if row["expected"] is None:
        return told
    short = ", which is short, so that this may still move" if row["trial"] else ""
    return f"{told}; about {level(row['expected'], row)} expected from its own past{short}"


def changed(row: Row, sign: Sign, subject: str) -> str:
    """In plain words and without a number: "South sees customers come back less often than it used to"."""
    who = who_of(sign, subject)
    rises = (row["direction"] == "worse") == (sign.better == "lower")
    if sign.measure == "rate" and f"{sign.thing}s" in sign.says:
        many = f"{'more' if rises else 'fewer'} {sign.thing}s"
        return f"{who} {sign.says.replace(f'{sign.thing}s', many)} than it used to"
    often = "more often" if rises else "less often"
    return f"{who} {sign.says} {often} than it used to" if sign.says else f"{who}: {sign.asks} {often}"


def who_of(sign: Sign, subject: str) -> str:
    """Who does what the sign says: the sales staff answers, not the company."""
    if sign.key != "staff_discontent":
        return words.first_up(subject)
    return "The sales staff" if subject == "the company" else f"The sales staff of {subject}"


def since(row: Row, beside: date | None = None) -> str:
    """ "For the worse, since the week of 5 January." """
    began = "" if row["since"] is None else f", since the week of {words.long_day(row['since'], beside)}"
    return f"For the {row['direction']}{began}."


def sentence(row: Row, sign: Sign, subject: str, period: Period) -> str:
    """All that is said of one sign of the whole, whatever its status."""
    if row["status"] == "signal":
        return f"{changed(row, sign, subject)}. {since(row, period.until)} {words.first_up(figures(row, sign))}."
    if row["status"] == "no change":
        return f"No change beyond chance. {words.first_up(figures(row, sign))}."
    return unsaid(row, period)


def unsaid(row: Row, period: Period) -> str:
    """Why nothing can be said, and when it can be."""
    why = words.ended(words.first_up(row["why"] or "no reason is known"))
    if row["status"] == "not matured":
        when = row["matures_on"]
        ripe = f" It can be read from {words.long_day(when, period.until)}." if when else ""
        return f"Not final yet. {why}{ripe}"
    return f"{'Not measured' if row['status'] == 'not measured' else 'Too few to say'}. {why}"


def standing(row: Row, period: Period) -> str:
    """In two or three words, for a cell: "no change"; "worse since 5 Jan"."""
    if row["status"] != "signal":
        return words.STATUS[row["status"]]
    return f"{row['direction']} since {words.day(row['since'], period.until)}"


def several(counts: Mapping[str, int], thing: str = "team") -> str:
    """Teams by branch, by name: "2 teams in Harbour, 1 in North"; of no branch: "3 teams"."""
    told = [
        f"{words.count(n, thing) if place == 0 else n}{f' in {branch}' if branch else ''}"
        for place, (branch, n) in enumerate(sorted(counts.items()))
    ]
    return ", ".join(told)


def listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
