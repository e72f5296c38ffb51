"""What is said of the traits: the customers' verdict first, then the team and the tickets, and how they part."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dashboard import words
from data.empathy import Widest
from metrics.disclosure import WHY
from metrics.trait import Trait

Row = Mapping[str, Any]

VERDICTS = ("most say it is good", "opinions are divided", "most do not say that it is good")
NAMES = {"customers": "Customers", "team": "The team", "manager": "The managers", "tickets": "Tickets"}


def verdict(row: Row) -> str | None:
    """What customers say in a word: is the share that is favourable above a half, below it, or can't that be said?"""
    if row["customers_share"] is None:
        return None
    if row["customers_low"] > 0.5:
        return VERDICTS[0]
    return VERDICTS[2] if row["customers_high"] < 0.5 else VERDICTS[1]


def opening(rows: Iterable[Row], widest: Widest | None, traits: Mapping[str, Trait], several: bool) -> str:
    """The page's first sentence: the widest gap between what customers say and what the team says of itself."""
    asked = list(rows)
    if asked and all(row["customers_why"] == WHY for row in asked):
        return f"Nothing is told of a team of {WHY}: what is said of it is said of its people."
    if all(row["customers_share"] is None for row in asked):
        return (
            "Nobody can say yet: the data has no answers of customers about any trait in this period. "
            "Import a survey (the table surveys) to hear them."
        )
    if widest is None:
        return "What the team says of itself is not known here, so there is no gap to tell: these are the customers."
    teams, says = ("the teams", "say") if several else ("the team", "says")
    said = (
        f"Customers rate *{traits[widest.trait].name}* {words.share(widest.customers)} good; "
        f"{teams} {says} {words.share(widest.team)}: the widest gap, {points(widest)}"
    )
    if widest.gap.beyond_chance:
        return said + "."
    return said + ", which may be chance: too few answered to be sure that they differ."


def points(widest: Widest) -> str:
    """ "37 points, 22 to 51"; where the interval reaches below nought with its signs."""
    sign = 1 if widest.gap.gap >= 0 else -1
    low, high = sorted((sign * widest.gap.low, sign * widest.gap.high))
    return f"{_points(abs(widest.gap.gap))} points, {_points(low)} to {_points(high)}"


def overall(rows: Iterable[Row], traits: Mapping[str, Trait]) -> str:
    """The verdict over all traits in a sentence or two: with which customers are at ease and with which not."""
    by: dict[str, list[str]] = {one: [] for one in VERDICTS}
    for row in rows:
        if said := verdict(row):
            by[said].append(traits[row["trait"]].name)
    told = [
        ("Most customers say it is good: {}.", by[VERDICTS[0]]),
        ("They are divided about {}.", by[VERDICTS[1]]),
        ("Most do not say that it is good: {}.", by[VERDICTS[2]]),
    ]
    return " ".join(pattern.format("; ".join(names)) for pattern, names in told if names)


def customers(row: Row) -> str:
    """The customers' verdict on one trait: the word first, then the share with its interval and the answers."""
    said = verdict(row)
    return (
        _unknown("Customers", row["customers_why"])
        if said is None
        else f"Customers: {said}, {_share(row, 'customers')}."
    )


def team(row: Row, several: bool) -> str:
    """What the team says of itself, with its gap to the customers."""
    who = "The teams" if several else "The team"
    if row["team_share"] is None:
        return _unknown(who, row["team_why"])
    said = f"{who}: {_share(row, 'team')}"
    if row["gap"] is None:
        return said + "."
    more = "more" if row["gap"] >= 0 else "fewer"
    sure = "" if row["gap_low"] > 0 or row["gap_high"] < 0 else ", which may be chance"
    return f"{said}; {_points(abs(row['gap']))} points {more} than customers{sure}."


def manager(row: Row) -> str:
    """What the managers say of five teams or more; nothing of fewer."""
    return "" if row["manager_share"] is None else f"The managers: {_share(row, 'manager')}."


def tickets(row: Row, trait: Trait) -> str:
    """What the tickets show."""
    if row["tickets_reading"] is not None:
        return f"Tickets: {row['tickets_reading']} ({trait.asks})."
    if row["tickets_share"] is None:
        return _unknown("Tickets", row["tickets_why"])
    answered = ""
    if row["tickets_asked"] > row["tickets_n"]:
        answered = f" (of {row['tickets_asked']:,}, {words.share(row['tickets_n'] / row['tickets_asked'])} can be told)"
    low_high = words.interval(row["tickets_low"], row["tickets_high"])
    return (
        f"Tickets: {words.share(row['tickets_share'])} ({low_high}), "
        f"{row['tickets_x']:,} of {row['tickets_n']:,} {trait.of}{answered}."
    )


def described(row: Row, trait: Trait, several: bool) -> str:
    """The sentence that a trait's chart shows, for those who cannot see it."""
    said = [customers(row), team(row, several), tickets(row, trait)]
    return f"{words.first_up(trait.name)}. " + " ".join(said)


def rated(row: Row, beside: date | None) -> str:
    """Who rated when: "customers, 13 waves from 9 Nov 2025 to 11 Oct, 2,600 answers"."""
    who = {"customer": "customers", "staff": "the team itself", "manager": "the managers"}[row["asked_of"]]
    when = f"{words.day(row['first'], beside)} to {words.day(row['last'], beside)}"
    if row["first"] == row["last"]:
        when = words.day(row["last"], beside)
    return f"{who}: {words.count(row['waves'], 'wave')}, {when}, {words.count(row['answers'], 'answer')}"


def weakest_step(steps: Iterable[Row]) -> str:
    """Where on the journey customers are least at ease, in a sentence; empty where nobody was asked at any step."""
    told = list(steps)
    if not told:
        return ""
    row = min(told, key=lambda row: row["share"])
    people = words.count(round(row["heads"]), "answer")
    said = (
        f"Along the journey customers are least at ease at *{row['stage']}*: over all traits "
        f"{words.share(row['share'])} good ({words.interval(row['low'], row['high'])}, about {people} a trait)"
    )
    if row["own_score"] is None:
        return said + "."
    return f"{said}; the own rating there is {row['own_score']:.1f} of {row['own_scale']:g}."


def _share(row: Row, side: str) -> str:
    n = words.count(row[f"{side}_n"], "answer")
    low_high = words.interval(row[f"{side}_low"], row[f"{side}_high"])
    return f"{words.share(row[f'{side}_share'])} good ({low_high}, {n})"


def _unknown(who: str, why: str | None) -> str:
    return f"{who}: nothing to say, {why or 'for a reason that is not known'}."


def _points(value: float) -> str:
    return f"{100 * value:.0f}".replace("-", "\u2212")
