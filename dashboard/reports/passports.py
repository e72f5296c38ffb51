"""Where each number of a review comes from: formula, clock, window, n, what is expected, versions, its page.

A passport is frozen with the review: definitions may change later, what was said then stays explained as it was then.
"""

from typing import Any

from dashboard import address, measures, words
from dashboard.reports.gathered import Gathered
from metrics.disclosure import FEWEST_PEOPLE
from metrics.sign import Sign, all_signs

Passport = dict[str, Any]


def passports(found: Gathered) -> list[Passport]:
    """All of them, numbered in their order: the signs, customers, staff, coaching."""
    every = [
        *(_of_sign(found, sign) for key, sign in all_signs().items() if key in found.over),
        _customers(found),
        _staff(found),
        _coaching(found),
    ]
    return [
        one | {"number": number, "rows": [[name, words.ended(told)] for name, told in one["rows"]]}
        for number, one in enumerate(every, start=1)
    ]


def _of_sign(found: Gathered, sign: Sign) -> Passport:
    row = found.over[sign.key]
    told = {"Formula": f"{sign.counts}, of {sign.of}", "Clock": f"{sign.clock} time", "Window": _window(found, row)}
    told |= _read(found, sign, row) if row["n"] is not None else {"Why not": row["why"] or "no reason is known"}
    week = row["last"].isoformat() if row["last"] else None
    link = address.link("", branch=found.branch, week=week)
    rows = [*(told | {"Versions": versions(found)}).items()]
    return {"key": f"sign:{sign.key}", "name": words.heading(sign), "rows": rows, "link": link}


def _read(found: Gathered, sign: Sign, row: dict[str, Any]) -> dict[str, str]:
    """How what was counted was read."""
    of = f"the branch {found.branch}" if found.branch else "the company"
    return {
        "Dated by": f"{sign.dated_by}; weeks start on Monday",
        "n": _n(row, sign),
        "Expected": "from the whole's own past at the same mix of tickets, its season taken into account",
        "Read as": measures.READ_AS[sign.measure],
        "Read of": f"{of}: all teams of {FEWEST_PEOPLE} people or more together; smaller ones are in no sum",
        "Final": words.matures(sign.matures),
        "Mind": sign.caveat,
        "Elsewhere": sign.elsewhere or "no common name",
    }


def _n(row: dict[str, Any], sign: Sign) -> str:
    if sign.measure == "rate":
        return f"{row['x']:,} counted, over {row['n']:,} {sign.thing}s summed over the weeks"
    return f"{row['n']:,} {'degrees of freedom' if sign.measure == 'dispersion' else f'{sign.thing}s'}"


def _window(found: Gathered, row: dict[str, Any]) -> str:
    if row["first"] is None:
        return f"no final week in {found.period.name}"
    first, last = (words.long_day(row[name], None) for name in ("first", "last"))
    return (
        f"{words.count(row['weeks'], 'final week')} of {found.period.name}, those that begin {first} to {last} "
        f"{row['last'].year}; a week belongs to the period that holds its Thursday"
    )


def versions(found: Gathered) -> str:
    """Of the data and of the standards."""
    return f"data version {found.fresh.version}, version {found.standards} of the standards"


def _customers(found: Gathered) -> Passport:
    told = {
        "Formula": "favourable answers (in the top 40% of their scale, such as 4 and 5 of 5), of the answers about "
        "the trait",
        "Window": f"answers given in the weeks of {found.period.name}",
        "n": "beside each share",
        "Intervals": "95%; a team's own answers count as one wave, because the same people answer each time",
        "Left out": f"teams of fewer than {FEWEST_PEOPLE} people, and fewer than five answers",
        "Versions": versions(found),
    }
    link = address.link("empathy", branch=found.branch)
    return {"key": "customers", "name": "What customers and staff say", "rows": [*told.items()], "link": link}


def _staff(found: Gathered) -> Passport:
    people = next((one.people for one in found.staff if one.people is not None), None)
    told = {
        "Load": "tickets that teams let go in a week, of full-time posts times five working days; the weeks' mean",
        "Absence": "weekdays lost to sickness and leave, of all weekdays of those who belonged to the teams",
        "Wastage": "leavers in the 52 weeks up to the period's last, of the average headcount of these weeks",
        "Newcomers": "people hired less than 183 days before, of all people",
        "Window": f"the weeks of {found.period.name}, and the same weeks a year before",
        "n": f"{people} people" if people is not None else "not known",
        "Left out": f"teams of fewer than {FEWEST_PEOPLE} people; nothing is told of one team",
        "Versions": versions(found),
    }
    return {"key": "staff", "name": "The staff", "rows": [*told.items()], "link": address.link("method")}


def _coaching(found: Gathered) -> Passport:
    told = {
        "Formula": "the sign's share after the start, less what teams of a like mix that were not coached and the "
        "team's own past foretell (the plan is fixed when the action is recorded)",
        "Window": "up to 13 final weeks after the start of each action",
        "n": f"{words.count(len(found.found), 'action')} in the period",
        "Intervals": "95%; where two simpler comparisons point to different sides the verdict is “cannot tell”",
        "Versions": versions(found),
    }
    link = address.link("coaching", branch=found.branch)
    return {"key": "coaching", "name": "Coaching and its verdicts", "rows": [*told.items()], "link": link}
