"""What the pages ask about coaching, kept: plans, verdicts, what works. Kept also under what was decided since."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboard import pictures, words
from dashboard.cached import ReadFrom, Reads, company_of, database, kept, teams_of
from dashboard.specs import Spec, spec_of
from data import clock
from data.coaching import actions, planning, verdicts, what_works
from data.coaching.action import Action, Json
from data.coaching.verdicts import Verdict
from data.coaching.what_works import Works


def plan(reads: Reads, team_ids: Sequence[str], sign: str, starts_on: date) -> Json:
    """What would be fixed with an action of these teams, were it recorded now: see data.coaching.planning."""
    return _plan(reads.read_from, actions.stamp(reads.database), tuple(sorted(team_ids)), sign, starts_on)


def verdict(reads: Reads, action: Action) -> Verdict:
    """What can be said of an action: see data.coaching.verdicts."""
    return _verdict(reads.read_from, actions.stamp(reads.database), action.id)


def verdict_chart(reads: Reads, action: Action) -> Spec:
    """The course of an action beside the teams it is compared with."""
    return _verdict_chart(reads.read_from, actions.stamp(reads.database), action.id)


def works(reads: Reads) -> list[Works]:
    """What each play did here, over its ended actions."""
    return _works(reads.read_from, actions.stamp(reads.database))


def forest(reads: Reads, play: str) -> Spec:
    """The ended actions of a play and what they give together."""
    return _forest(reads.read_from, actions.stamp(reads.database), play)


@kept(max_entries=200)
def _plan(read_from: ReadFrom, stamp: str, team_ids: tuple[str, ...], sign: str, starts_on: date) -> Json:
    """`stamp` is part of the question: who is coached already is not compared with."""
    asked, today = company_of(read_from), clock.now().date()
    scope, kept_in = read_from.scope, database(read_from.home)
    return planning.fix(scope, asked, kept_in, team_ids=team_ids, sign=sign, starts_on=starts_on, on=today)


@kept(max_entries=500)
def _verdict(read_from: ReadFrom, stamp: str, action_id: int) -> Verdict:
    kept_in = database(read_from.home)
    action = actions.get(read_from.scope, kept_in, action_id)
    return verdicts.verdict(read_from.scope, company_of(read_from), kept_in, action)


@kept(max_entries=500)
def _verdict_chart(read_from: ReadFrom, stamp: str, action_id: int) -> Spec:
    judged = _verdict(read_from, stamp, action_id).judged
    reviews = [date.fromisoformat(one["on"]) for one in judged.plan["reviews"]]
    coached = "this team" if len(judged.plan["teams"]) == 1 else "coached teams"
    drawn = pictures.action_chart(
        judged.course.with_columns(final=pl.lit(True)),
        start=date.fromisoformat(judged.plan["start"]),
        reviews=reviews,
        names=(coached, "compared teams", "expected"),
    )
    return spec_of(drawn)


@kept(max_entries=8)
def _works(read_from: ReadFrom, stamp: str) -> list[Works]:
    return what_works.what_works(read_from.scope, company_of(read_from), database(read_from.home))


@kept(max_entries=100)
def _forest(read_from: ReadFrom, stamp: str, play: str) -> Spec:
    found = next(one for one in _works(read_from, stamp) if one.play == play)
    names = dict(teams_of(read_from).select("team_id", "name").iter_rows())
    rows = [
        {
            "label": words.since(one.team_id and names.get(one.team_id), one.teams, one.starts_on),
            "effect": one.effect,
            "low": one.low,
            "high": one.high,
            "weeks": one.weeks,
        }
        for one in found.ended
    ]
    return spec_of(pictures.forest(pl.DataFrame(rows), found.pooled, better="higher"))
