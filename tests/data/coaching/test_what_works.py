"""What a play did here: over all that ended, a plus is better, a programme counts once, and nobody unseen is named."""

from datetime import timedelta
from typing import Any

import pytest

from data.ask import Company
from data.coaching import actions, programmes, verdicts, what_works
from data.database import Database
from data.home import Home
from data.scope import Scope, manager_scope
from metrics.pooling import pool
from tests.data.coached import BUDDY, SIGN, START, TEAM, agreed, at, ended, planned

TEAMS = ["north-bills", "harbour-bills", "south-mobile", "north-mobile"]


@pytest.fixture(scope="module")
def company(sample: Home) -> Company:
    return Company(sample)


def done(scope: Scope, company: Company, database: Database, team: str, **more: object) -> None:
    sign = str(more.get("sign", SIGN))
    plan = planned(scope, company, database, team_ids=[team], sign=sign)
    ended(scope, database, agreed(scope, database, team_id=team, fixed=plan, **more))


def test_where_nothing_has_ended_there_is_nothing_to_say(company: Company, database: Database, everyone: Scope) -> None:
    agreed(everyone, database)
    assert what_works.what_works(everyone, company, database) == []


def test_two_ended_actions_of_a_play_are_pooled_and_a_plus_is_better(
    company: Company, database: Database, everyone: Scope
) -> None:
    for team in (TEAM, "north-bills"):
        done(everyone, company, database, team)
    done(everyone, company, database, "south-mobile", play="relieve_load", sign="slow_simple")
    found = what_works.what_works(everyone, company, database)
    assert [(one.play, len(one.ended), one.pooled is None, one.untold) for one in found] == [
        ("relieve_load", 1, True, 0),
        ("role_swap", 2, False, 0),
    ]
    lines = [one.judged.verdict.headline for one in verdicts.verdicts(everyone, company, database)]
    swaps = [line for line, one in zip(lines, actions.list_(everyone, database), strict=True) if one.sign == SIGN]
    told = {one.effect: (one.low, one.high) for one in found[1].ended}
    assert told == {-line.effect: (-line.high, -line.low) for line in swaps if line}
    expected = pool([one.effect for one in found[1].ended], [one.error for one in found[1].ended])  # type: ignore[arg-type]
    assert expected is not None
    assert found[1].pooled is not None
    assert found[1].pooled.effect == pytest.approx(expected.effect)
    assert found[1].pooled.actions == 2
    assert list(found[1].course) == [4, 9, 13]


def test_of_a_sign_that_should_rise_a_rise_is_a_plus(company: Company, database: Database, everyone: Scope) -> None:
    done(everyone, company, database, TEAM, sign="repeat_business")
    [found] = what_works.what_works(everyone, company, database)
    [verdict] = verdicts.verdicts(everyone, company, database)
    line = verdict.judged.verdict.headline
    assert line is not None
    assert [(one.effect, one.low, one.high) for one in found.ended] == [(line.effect, line.low, line.high)]


def test_a_programme_counts_once_and_is_named_by_no_team(company: Company, database: Database, everyone: Scope) -> None:
    fields: dict[str, Any] = {
        "teams": TEAMS,
        "play": "role_swap",
        "sign": SIGN,
        "why": "x",
        "starts_on": START,
        "owner": "Tom",
        "agreed": dict.fromkeys(TEAMS, BUDDY),
    }
    _, made = programmes.record(everyone, company, database, **fields, now=at(START))
    for one in made:
        ended(everyone, database, one)
    [found] = what_works.what_works(everyone, company, database)
    assert [(one.team_id, one.teams, one.weeks) for one in found.ended] == [(None, 4, 13)]
    assert found.pooled is None


def test_a_team_that_the_asker_may_not_see_takes_part_and_is_not_named(
    company: Company, database: Database, everyone: Scope
) -> None:
    for team in (TEAM, "north-bills"):
        done(everyone, company, database, team)
    [found] = what_works.what_works(manager_scope("nora", frozenset({"north-bills"})), company, database)
    assert sorted(one.team_id or "" for one in found.ended) == ["", "north-bills"]
    assert found.pooled is not None
    assert what_works.what_works(Scope("nobody"), company, database) == []


def test_what_cannot_be_computed_is_counted_apart_and_what_is_no_share_takes_no_part(
    company: Company, database: Database, everyone: Scope
) -> None:
    old = START - timedelta(weeks=60)
    early = agreed(everyone, database, starts_on=old, review_on=old + timedelta(weeks=13), now=at(old))
    ended(everyone, database, early)
    ended(everyone, database, agreed(everyone, database, sign="uneven_treatment"))
    [found] = what_works.what_works(everyone, company, database)
    assert (found.play, found.ended, found.pooled, found.untold) == ("role_swap", (), None, 1)
    assert found.course == {4: None, 9: None, 13: None}
