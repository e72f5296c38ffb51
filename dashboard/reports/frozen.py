"""Makes a review: reads everything once, says it, draws it, freezes it whole. Rendering reads only what was frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard import words
from dashboard.reports import ending, middle, opening
from dashboard.reports.figures import funnel_figures, sign_figure
from dashboard.reports.gathered import Gathered, Progress, gather
from dashboard.reports.passports import passports, versions
from dashboard.reports.sheets import sheets
from data import clock
from data.ask import Company
from data.coaching.action import tidy_text
from data.database import Database
from data.errors import Trouble
from data.reviewing import reviews
from data.reviewing.periods import Period
from data.reviewing.reviews import Review, likeness
from data.scope import Scope

FORMAT = 1
ASK_LENGTH = 500
MOST_ASKS = 20
UNNAMED = "A smaller team"


@dataclass(frozen=True)
class Made:
    """A review, and what is to be said beside it: whether it was there already, under which name."""

    review: Review
    new: bool
    said: str


def silent(_: float, __: str) -> None:
    """No progress is shown."""


def review(  # what decides over it, one by one
    company: Company,
    scope: Scope,
    database: Database,
    period: Period,
    *,
    branch: str | None = None,
    asks: Sequence[str] = (),
    suggest: bool = True,
    anew: bool = False,
    progress: Progress = silent,
    now: datetime | None = None,
) -> Made:
    """The frozen review of that period and branch; made now where there is none yet, or `anew` asks for another.

    Raises Trouble for an unknown branch, a period without data, or `asks` for a review that is frozen already.
    """
    asker, scope = company.wide(scope), company.wide(scope.reviewing())
    teams = _teams_of(company, scope, branch)
    there = None if anew else reviews.find(asker, database, period, branch, teams)
    typed = [tidy_text(one, "decision asked for", ASK_LENGTH) for one in asks if one.strip()]
    if there is not None:
        if typed:
            raise Trouble(
                f"The review of {period.name} is frozen already (number {there.number}), so no question can be added: "
                "ask for a new one with --new, or record what was decided on its page."
            )
        return Made(there, False, _again(there, period, branch, bool(teams)))
    if branch is not None and not teams:
        raise Trouble(_no_branch(company, scope, database, branch))
    if len(typed) > MOST_ASKS:
        raise Trouble(f"A review asks for at most {MOST_ASKS} decisions; these are {len(typed)}.")
    found = _for(asker, gather(company, scope, database, period, branch, progress))
    at = clock.instant(now)
    content = _content(found, company, scope, typed, suggest=suggest, at=at, progress=progress)
    progress(0.97, "Freezing it")
    kept = reviews.keep(
        scope,
        database,
        period,
        branch=branch,
        teams=found.shown.teams,
        data_version=found.fresh.version,
        content=content,
        named=[team for team in found.shown.teams if not asker.signed_in or asker.may_see(team)],
        now=at,
    )
    progress(1.0, "Done")
    return Made(kept, True, f"Review {kept.number} was made and frozen: {content['title']}.")


def _for(asker: Scope, found: Gathered) -> Gathered:
    """With sign-in, teams that whoever makes it may not see have no name in it, nor what another named of them."""
    if not asker.signed_in:
        return found
    if found.previous is not None and not reviews.may_read(asker, found.previous):
        found = replace(found, previous=None, decided=[])
    return replace(found, names={team: name if asker.may_see(team) else UNNAMED for team, name in found.names.items()})


def _content(
    found: Gathered,
    company: Company,
    scope: Scope,
    typed: Sequence[str],
    *,
    suggest: bool,
    at: datetime,
    progress: Progress,
) -> dict[str, Any]:
    """The whole review as plain JSON."""
    whose = opening.subject(found)
    progress(0.75, "Drawing the charts")
    told = [key for key, row in found.over.items() if row["share"] is not None]
    drawn = [sign_figure(found, key, whose) for key in told]
    progress(0.88, "Drawing the funnels")
    funnels = funnel_figures(found, company)
    known = passports(found)
    asks: list[dict[str, Any]] = [{"text": one, "why": "", "suggested": False} for one in typed]
    asks += [one | {"suggested": True} for one in (ending.suggested(found) if suggest else [])]
    numbered = [{"number": number, **one} for number, one in enumerate(asks, start=1)]
    sections = [
        opening.last_time(found),
        opening.changes(found),
        middle.branches(found, {key: one["said"] for key, one in funnels.items()}),
        middle.signs(found),
        middle.customers(found),
        middle.staff(found),
        ending.coaching(found),
        ending.unsaid(found),
        ending.decisions(numbered),
        ending.appendix(found),
    ]
    return {
        "format": FORMAT,
        "title": _title(found),
        "lang": "en",
        "period": {"key": found.period.key, "name": found.period.name},
        "branch": found.branch,
        "rests_on": rests_on(found),
        "asked": _asked(len(numbered)),
        "made": {"at": at.isoformat(), "by": scope.asker},
        "versions": {"data": found.fresh.version, "standards": found.standards, "said": versions(found)},
        "sections": [one for one in sections if one is not None],
        "figures": {one["key"]: one for one in [*drawn, *funnels.values()]},
        "passports": known,
        "asks": numbered,
        "sheets": sheets(found, known),
    }


def _title(found: Gathered) -> str:
    whose = f"{found.branch}: " if found.branch else ""
    return f"{whose}Service culture in {found.period.name}"


def _asked(many: int) -> str:
    """For the cover: whether anything is asked of the reader."""
    return f"{words.count(many, 'decision')} asked for: see “Decisions asked for”." if many else ""


def rests_on(found: Gathered) -> str:
    """One line for the cover: which weeks, how many teams, which versions, who is left out."""
    weeks = found.weeks
    teams = words.count(len(found.shown.teams), "team")
    where = f" in {words.count(len(found.shown.branches), 'branch', 'branches')}" if found.parts is not None else ""
    left = f"; {words.count(found.shown.withheld, 'team')} too small to be told" if found.shown.withheld else ""
    horizon = found.fresh.horizon
    until = f"data to {words.long_day(horizon.date())} {horizon.year}, " if horizon else ""
    return (
        f"{words.count(len(weeks), 'week')} from {words.long_day(weeks[0])} {weeks[0].year}; {teams}{where}{left}; "
        f"{until}{versions(found)}."
    )


def _teams_of(company: Company, scope: Scope, branch: str | None) -> frozenset[str]:
    """The teams that a branch of this name has now; none where there is no such branch."""
    if branch is None:  # not asked of the data: it may have to be counted first, and a frozen review needs none of it
        return frozenset()
    teams = company.teams(scope)
    return frozenset(teams.filter(teams["branch"] == branch)["team_id"])


def _again(there: Review, period: Period, branch: str | None, known: bool) -> str:
    """What is said beside a review that was there already."""
    when = f"{words.long_day(there.at.date())} {there.at.year}"
    name = ""
    if there.branch != branch:
        name = f" under the name that the branch had then, {there.branch}"
    elif branch is not None and not known:
        name = ", when there was a branch of this name; today there is none"
    return (
        f"This is review {there.number} of {period.name}, frozen on {when}{name}. "
        "To make another from the data as it is now, ask for a new one (--new)."
    )


def _no_branch(company: Company, scope: Scope, database: Database, branch: str) -> str:
    """Why there is no review of that branch: it was renamed, or never was."""
    teams = company.teams(scope)
    branches = sorted(teams["branch"].drop_nulls().unique())
    if not branches:
        return "The data has no branches (teams.branch): leave --branch out to review the whole company."
    for past in reviews.list_(scope, database):
        if past.branch == branch:
            now = {name: frozenset(teams.filter(teams["branch"] == name)["team_id"]) for name in branches}
            likely = max(branches, key=lambda name: likeness(past.teams, now[name]))
            if likeness(past.teams, now[likely]) > reviews.ALIKE:
                return f"There is no branch {branch!r} any more; most of its teams are in {likely!r} now: ask for that."
    return f"There is no branch {branch!r}: choose one of {', '.join(branches)}."
