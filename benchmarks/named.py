"""Of the troubles that were found in the sample company: was their cause named rightly, and were people blamed for it?

Rightly: the largest group named is of the planted dimension and one of its values; where the trouble is spread evenly,
none is named. Judged in the week in which the trouble was found, and four weeks later while it still is a signal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from metrics import context
from metrics.behind import rows_behind
from metrics.explained import Explained, explain, known
from metrics.facts import Facts
from metrics.floods import floods
from metrics.panel import Panel
from metrics.sign import all_signs

LATER = timedelta(weeks=4)
LATE_HOUR = 15


@dataclass(frozen=True)
class Told:
    """What was said of one trouble. `alone`: no other trouble of that sign and team stood at the time."""

    right: bool
    system: bool
    truly_system: bool
    outage: bool
    alone: bool


class Explainer:
    """What the causes of one sample company rest on."""

    def __init__(
        self,
        tables: Mapping[str, pl.DataFrame],
        facts: Facts,
        troubles: list[dict[str, Any]],
        weeks: list[date],
        *,
        besides: Sequence[dict[str, Any]] = (),
    ):
        """`besides`: what else moves a sign of a team, so that a trouble there is not alone."""
        self._troubles = [*troubles, *besides]
        by_sign = {key: sorted({one["team"] for one in troubles if one["sign"] == key}) for key in all_signs()}
        self._rows = {
            key: rows_behind(all_signs()[key], facts, teams, tables["events"].lazy(), tables["people"])
            for key, teams in by_sign.items()
            if teams
        }
        week = pl.col("opened_at").dt.truncate("1w").dt.date()
        self._floods = floods(tables["tickets"].group_by("category", week=week).agg(tickets=pl.len()))
        calendar = pl.Series(weeks)
        passed = facts.let_gos.select("ticket_id", "team_id", week=pl.col("at").dt.truncate("1w").dt.date()).collect()
        away = context.absence(tables["people"], tables["absences"], calendar)
        load = context.load(passed, context.headcount(tables["people"], calendar))
        self._context = load.join(away, on=["team_id", "week"], how="left")

    def told(self, trouble: Mapping[str, Any], panel: Panel, row: Mapping[str, Any]) -> Told:
        """What is said of a trouble that was read as `row`."""
        team = row["team_id"]
        found = explain(
            known(panel),
            row,
            team,
            rows=self._rows[row["sign"]].filter(team_id=team),
            floods=self._floods,
            context=self._context.filter(team_id=team),
        )
        return Told(
            right=rightly(found, trouble["concentrated_on"]),
            system=bool(found.system),
            truly_system=trouble["kind"] == "system",
            outage=trouble["outage"],
            alone=not any(self._other(one, trouble, row["week"]) for one in self._troubles),
        )

    @staticmethod
    def _other(one: Mapping[str, Any], trouble: Mapping[str, Any], week: date) -> bool:
        same = one["sign"] == trouble["sign"] and one["team"] == trouble["team"] and one["key"] != trouble["key"]
        over = date.fromisoformat(one["until"]) + LATER if one["until"] else date.max
        return same and date.fromisoformat(one["onset"]) <= week < over


def rightly(found: Explained, truth: Mapping[str, Any] | None) -> bool:
    """Is the largest group named the planted one? None is right where the trouble is spread evenly."""
    first = next(iter(found.cause.named), None)
    if truth is None or first is None:
        return truth is None and first is None
    if first.dimension != truth["dimension"]:
        return False
    begins = first.value.split(":")[0]
    return first.value in truth["values"] or (
        first.dimension == "hour" and begins.isdigit() and int(begins) >= LATE_HOUR
    )


def table(first: Mapping[Any, Told], later: Mapping[Any, Told]) -> list[str]:
    """The lines that are printed of all companies together."""
    people = [one for one in later.values() if not one.outage and one.alone]
    started = [one for one in first.values() if not one.outage and one.alone]
    outage = [one for one in first.values() if one.outage and one.alone]
    system = [one for one in people if one.truly_system]
    staff = [one for one in people if not one.truly_system]
    return [
        f"cause named rightly: {_of(started, lambda one: one.right)} when found, "
        f"{_of(people, lambda one: one.right)} four weeks on; of the outage {_of(outage, lambda one: one.right)}",
        f"people blamed: for the outage {_of(outage, lambda one: not one.system)}, for other troubles of the system "
        f"{_of(system, lambda one: not one.system)}",
        f"the system blamed for troubles of people: {_of(staff, lambda one: one.system)}",
    ]


def _of(told: list[Told], which: Any) -> str:
    many = sum(bool(which(one)) for one in told)
    return f"{many} of {len(told)}" + (f" ({many / len(told):.0%})" if told else "")
