"""All that a review rests on, read once: the signs of the whole and of its branches, the staff, customers, coaching.

No words yet: those are in the sections. Everything is asked of one version of the data, for one asker.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from data import causes, empathy
from data.ask import Company
from data.coaching import actions, verdicts, what_works
from data.coaching.action import Action
from data.coaching.verdicts import Verdict
from data.coaching.what_works import Works
from data.database import Database
from data.errors import Trouble
from data.filters import Filters
from data.freshness import Freshness
from data.reviewing import decisions, reviews, staff_side
from data.reviewing.decisions import Decision
from data.reviewing.periods import Period
from data.reviewing.pooled import COMPANY, Pooled, Shown, last_week, shown
from data.reviewing.reviews import Review
from data.reviewing.staff_side import Carried
from data.scope import Scope
from metrics.explained import Explained
from metrics.reading import read
from metrics.sign import all_signs

Row = dict[str, Any]
Progress = Callable[[float, str], None]  # how far (0 to 1), and what is being done
# Only sales teams are asked, one or two a branch: told of the whole, never of a branch.
OF_THE_WHOLE = frozenset({"staff_discontent"})
KIND_WORDS = 3
FEWEST_TEAMS = 2
ONE_TEAM = "only one team has any of this, and of one team nothing is told here"


@dataclass(frozen=True, eq=False)
class Gathered:
    """What there is to tell. `unit`: the name under which the whole is counted: the branch's, or the company's.

    `over`: by sign the period of the whole; `of_branches`: by sign and branch. `readings`: each team's reading of each
    sign at the period's last final week; `explained`: what moved the worse ones of them.
    """

    period: Period
    branch: str | None
    fresh: Freshness
    standards: int
    shown: Shown
    names: dict[str, str]
    whole: Pooled
    over: dict[str, Row]
    parts: Pooled | None
    of_branches: dict[tuple[str, str], Row]
    readings: list[Row]
    explained: dict[tuple[str, str], Explained]
    staff: list[Carried]
    traits: pl.DataFrame
    steps: pl.DataFrame
    praise: list[Row]
    acts: list[Action]
    found: dict[int, Verdict]
    works: list[Works]
    lacking: dict[str, str]
    previous: Review | None
    decided: list[Decision] = field(default_factory=list)

    @property
    def unit(self) -> str:
        return self.branch or COMPANY

    @property
    def weeks(self) -> tuple[date, ...]:
        """The weeks of the period that the data holds."""
        last = self.fresh.week
        return tuple(week for week in self.period.weeks if last is not None and week <= last)

    def branch_of(self, team: str) -> str | None:
        return self.shown.teams.get(team)


def gather(
    company: Company, scope: Scope, database: Database, period: Period, branch: str | None, progress: Progress
) -> Gathered:
    """Read everything. Raises Trouble for a period without data, or one of which no team may be shown."""
    progress(0.02, "Looking at the data")
    check_period(company, period)
    there = shown(company, scope, period, branch)
    if not there.teams:
        where = f"The branch {branch}" if branch else "The company"
        raise Trouble(f"{where} has no team of five people or more in {period.name}, so nothing can be told of it.")
    progress(0.08, "Counting the signs of the whole")
    whole = Pooled(company, period, dict.fromkeys(there.teams, branch or COMPANY), _whole_branches(there, branch))
    over = {row["sign"]: _of_several(company, there, period, row) for row in whole.over().to_dicts()}
    progress(0.25, "Counting the signs of the branches")
    parts = _parts(company, period, there, branch)
    of_branches = {} if parts is None else {(row["sign"], row["unit"]): row for row in parts.over().to_dicts()}
    progress(0.4, "Reading the teams, and what moved them")
    weeks = [week for week in period.weeks if week <= (last_week(company, period) or date.min)]
    readings = _readings(company, there, weeks[-1])
    explained = dict(_explained(company, scope, readings, period, weeks[-1]))
    progress(0.55, "Listening to customers and staff")
    filters = Filters(since=weeks[0], until=weeks[-1], branch=branch)
    progress(0.65, "Judging the coaching")
    acts = [one for one in actions.list_(scope, database) if one.team_id in there.teams and in_period(one, period)]
    judged = verdicts.verdicts(scope, company, database, acts)
    previous = reviews.last_before(scope, database, period, branch, there.teams)
    return Gathered(
        period=period,
        branch=branch,
        fresh=replace(company.freshness(), notes=(*company.freshness().notes, *company.merging_counted())),
        standards=company.freshness().standards_version,
        shown=there,
        names=dict(company.teams(scope).select("team_id", "name").iter_rows()),
        whole=whole,
        over=over,
        parts=parts,
        of_branches=of_branches,
        readings=readings,
        explained=explained,
        staff=staff_side.staff_side(company, there.teams, weeks),
        traits=empathy.traits(company, scope, filters),
        steps=empathy.by_step(empathy.journey(company, scope, database, filters)),
        praise=_praise(company, scope, there, period),
        acts=acts,
        found={one.action.id: one for one in judged},
        works=what_works.what_works(scope, company, database),
        lacking=company.lacking(),
        previous=previous,
        decided=_decided(scope, database, previous),
    )


def check_period(company: Company, period: Period) -> None:
    """Raises Trouble with the weeks that there are, where the data has none of this period."""
    fresh = company.freshness()
    first = company.derived.opened["week"].min()
    if fresh.week is None or not isinstance(first, date):
        raise Trouble("The data has no whole week of tickets yet, so there is nothing to review: import more of it.")
    if not any(first <= week <= fresh.week for week in period.weeks):
        end = fresh.week + timedelta(days=6)
        raise Trouble(
            f"There is no data of {period.name}: what can be read goes from {first.day} {first:%B %Y} to "
            f"{end.day} {end:%B %Y}. Choose a period within that, or import what is missing."
        )


def in_period(action: Action, period: Period) -> bool:
    """Did it run in the period, or come due in it?"""
    if action.starts_on > period.until:
        return False
    return action.is_open or ended_on(action) >= period.since


def ended_on(action: Action) -> date:
    """The day on which it was closed; of an open one, that of its review."""
    return action.closed_at.date() if action.closed_at else action.review_on


def _of_several(company: Company, there: Shown, period: Period, row: Row) -> Row:
    """The row, or why nothing is told: what only one team was asked is that team's."""
    if row["n"] is None or all_signs()[row["sign"]].unit == "branch":
        return row
    counts = company.counts_of(row["sign"], period.weeks[0], period.weeks[-1] + timedelta(weeks=1), answered=True)
    teams = counts.filter(pl.col("team_id").cast(pl.String).is_in(list(there.teams)), pl.col("n") > 0)["team_id"]
    if teams.n_unique() >= FEWEST_TEAMS:
        return row
    kept = {name: row[name] for name in ("sign", "unit", "measure")}
    return dict.fromkeys(row) | kept | {"status": "too few to say", "why": ONE_TEAM}


def _whole_branches(there: Shown, branch: str | None) -> dict[str, str]:
    if branch is not None:
        return {branch: branch}
    return {one: COMPANY for one in there.teams.values() if one is not None}


def _parts(company: Company, period: Period, there: Shown, branch: str | None) -> Pooled | None:
    """The branches apart, where there are two or more to tell of."""
    if branch is not None or len(there.branches) < 2:
        return None
    units = {team: one for team, one in there.teams.items() if one in there.branches}
    return Pooled(company, period, units, {one: one for one in there.branches})


def _readings(company: Company, there: Shown, last: date) -> list[Row]:
    """Each team's reading of each sign of teams at the last final week up to `last`, as it was known then."""
    every = read(company.as_read(Filters(), last), missing=company.lacking())
    rows = every.filter(pl.col("team_id").is_in(list(there.teams))).to_dicts()
    return [row for row in rows if row["sign"] in all_signs() and all_signs()[row["sign"]].unit == "team"]


def _explained(
    company: Company, scope: Scope, readings: list[Row], period: Period, last: date
) -> Iterator[tuple[tuple[str, str], Explained]]:
    """What moved those that changed for the worse and are read in the period."""
    week = None if last == company.freshness().week else last
    for row in readings:
        if row["status"] == "signal" and row["direction"] == "worse" and row["week"] in period.weeks:
            found = causes.of_signal(scope, company, Filters(), row, week)
            if found is not None:
                yield (row["sign"], row["team_id"]), found


def _praise(company: Company, scope: Scope, there: Shown, period: Period) -> list[Row]:
    """Of each branch the newest kind word of the period, at most `KIND_WORDS`, by branch."""
    horizon = company.freshness().horizon
    weeks = 1 if horizon is None else max((horizon.date() - period.since).days // 7 + 1, 1)
    within = pl.col("at").dt.date().is_between(period.since, period.until)
    told = company.praise(scope, weeks=weeks).filter(within, pl.col("team_id").is_in(list(there.teams)))
    rows = [row | {"branch": there.teams[row["team_id"]], "of": told.height} for row in told.iter_rows(named=True)]
    first = {row["branch"] or "": row for row in reversed(rows)}
    chosen = [first[name] for name in sorted(first)][:KIND_WORDS]
    more = [row for row in rows if all(row is not one for one in chosen)]
    return (chosen + more)[:KIND_WORDS]


def _decided(scope: Scope, database: Database, previous: Review | None) -> list[Decision]:
    if previous is None:
        return []
    return decisions.standing(decisions.list_(scope, database, previous.number))
