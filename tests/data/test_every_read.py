"""Every function of data that takes a Scope, for every role: what comes out tells of no team that the role may not see.

tests.asked_of_data names them all. A function that is not there fails the first test: whoever adds one says there what
it is. A team's id and name are its markers, and the whole of what comes out is searched for them.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

import data
from data import (
    access,
    found_causes,
    praise,
    ratings,
    rebases,
    replies,
)
from data.ask import Company
from data.coaching import actions
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.retro import leading
from data.reviewing import periods, reviews
from data.scope import Scope
from data.talks import action_points, agenda, conversations, private_notes
from metrics.questions import STAGES
from metrics.trait import all_traits
from tests import roles
from tests.asked_of_data import (
    BY_NAME,
    FOR_ADMINS,
    INNER,
    OF_BRANCHES,
    READS,
    RUN_IT,
    SAME_DOOR,
    SECRET,
    SIGN,
    WRITES,
    Call,
    World,
)
from tests.roles import ALL, NAMES, NOW, PEOPLE, ROOT, TEAMS, TODAY, marked


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("roles")
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        patch.setenv("HEARTLINE_HOME", str(home.path))
        roles.import_company(folder, home)
        company = Company(home)
        with open_database(home) as database:
            roles.grant_all(database)
            found = roles.scopes(home, database, access.people_of(company))
            yield World(home, company, database, {team: written(database, team) for team in TEAMS}, found)


def written(database: Database, team: str) -> dict[str, Any]:
    """Something of each kind about a team, each with its name in it."""
    said, day = f"of {NAMES[team]}", TODAY - timedelta(days=20)
    one = actions.create(
        ROOT, database, team_id=team, play="fifteen_seconds", sign=SIGN, why=said, starts_on=day,
        review_on=TODAY + timedelta(days=3), owner="Ada", now=NOW,
    )  # fmt: skip
    actions.check_in(ROOT, database, one.id, said, now=NOW)
    reply = replies.answer(ROOT, database, team_id=team, sign=SIGN, words=said, now=NOW)
    cause = found_causes.record(ROOT, database, team_id=team, sign=SIGN, week=day, cause=said, now=NOW)
    word = praise.add(ROOT, database, team_id=team, words=said, now=NOW)
    rated = ratings.rate(ROOT, database, team, _stage(), _scores(), asked_on=day,
                         voice=_voice(), now=NOW)  # fmt: skip
    based = rebases.acknowledge(ROOT, database, team_id=team, sign=SIGN, week=day, reason=said, now=NOW)
    retro = leading.open_(ROOT, database, team_id=team, secret=SECRET, now=NOW)
    talk = conversations.create(ROOT, database, host="Ada", guest=NAMES[team], teams=[team], held_on=TODAY, now=NOW)
    agenda.add(ROOT, database, talk.id, said, now=NOW)
    point = action_points.add(ROOT, database, talk.id, words=said, owner="Ada", due_on=TODAY, now=NOW)
    note = private_notes.write(ROOT, database, talk.id, said, now=NOW)
    period = periods.parse("2026-Q1")
    review = reviews.keep(
        ROOT, database, period, branch=TEAMS[team][0], teams=[team], named=[team], data_version=1,
        content={"title": said, "asks": []}, now=NOW,
    )  # fmt: skip
    return {
        "action": one, "reply": reply.id, "cause": cause.id, "praise": word, "rating": rated, "rebase": based.id,
        "retro": retro, "talk": talk.id, "point": point.id, "note": note.id, "review": review,
    }  # fmt: skip


def _stage() -> str:
    return STAGES[0]


def _voice() -> str:
    return ratings.VOICES[0]


def _scores() -> dict[str, float]:
    return {next(iter(all_traits())): 3.0}


def test_every_function_that_takes_a_scope_is_named_here() -> None:
    named = [*READS, *OF_BRANCHES, *FOR_ADMINS, *WRITES, *SAME_DOOR, *INNER, *RUN_IT]
    assert len(named) == len(set(named))
    assert set(named) ^ set(_scoped()) == set()


def _scoped() -> Iterator[str]:
    for found in pkgutil.walk_packages(data.__path__, "data."):
        if found.name.split(".")[1] in {"migrations", "sample", "sources"}:
            continue
        module = importlib.import_module(found.name)
        for name, one in vars(module).items():
            if name.startswith("_") or getattr(one, "__module__", None) != found.name:
                continue
            short = f"{found.name.removeprefix('data.')}.{name}"
            if inspect.isfunction(one) and _takes_a_scope(one):
                yield short
            elif one is Company:
                methods = inspect.getmembers(one, inspect.isfunction)
                yield from (f"{short}.{of}" for of, call in methods if not of.startswith("_") and _takes_a_scope(call))


def _takes_a_scope(function: Callable[..., object]) -> bool:
    return any("Scope" in str(one.annotation) for one in inspect.signature(function).parameters.values())


@pytest.mark.parametrize("name", [one.name for one in PEOPLE])
def test_what_is_read_tells_of_no_team_that_the_role_may_not_see(world: World, name: str) -> None:
    who = next(one for one in PEOPLE if one.name == name)
    scope = world.company.wide(world.scopes[name])
    for what, call in READS.items():
        for team in TEAMS:
            told = _told(call, world, scope, team)
            sees = ALL if (name, what) in BY_NAME else who.sees
            assert marked(told) <= sees, (what, team)


@pytest.mark.parametrize("name", [one.name for one in PEOPLE])
def test_a_review_is_read_by_who_reviews_all_of_its_teams(world: World, name: str) -> None:
    told = "".join(_told(call, world, world.scopes[name], team) for call in OF_BRANCHES.values() for team in TEAMS)
    # of the team that is too small for them there is a review, too: it has its name
    assert marked(told) == (frozenset({"q7na"}) if name == "executive" else frozenset())


def test_who_runs_the_installation_alone_reads_the_names_of_all_teams(world: World) -> None:
    for name in world.scopes:
        for call in FOR_ADMINS.values():
            assert bool(marked(_told(call, world, world.scopes[name], "q7na"))) is (name == "admin"), name


def test_who_may_see_everything_does_so_the_search_would_find_what_leaks(world: World) -> None:
    """The search itself: the one user of local mode is told of all teams by nearly every read."""
    found = {
        what for what, call in READS.items()
        if any(marked(_told(call, world, ROOT, team)) for team in TEAMS)
    }  # fmt: skip
    assert len(found) >= 40, sorted(set(READS) - found)


@pytest.mark.parametrize("what", WRITES)
def test_what_is_written_is_refused_to_who_lacks_the_right_with_that_team(world: World, what: str) -> None:
    call, allowed = WRITES[what]
    for who in PEOPLE:
        for team in TEAMS:
            with pytest.raises((Trouble, AttributeError)) as raised:
                call(world, world.scopes[who.name], team)
            refused = any(said in str(raised.value) for said in REFUSALS)
            may = who.name in allowed and (who.name == "admin" or team in who.sees)
            if what != "coaching.actions.create":
                assert refused is not may, (who.name, team, str(raised.value))


REFUSALS = (
    "may not do this", "yours to see", "only who may see every team", "There is no action", "There is no answer",
    "There is no retrospective",
)  # fmt: skip


def _told(call: Call, world: World, scope: Scope, team: str) -> str:
    """All that comes out, as text. What is refused tells nothing but what was asked."""
    try:
        found = call(world, scope, team)
    except Trouble:
        return ""
    return found.write_json() if isinstance(found, pl.DataFrame) else repr(found)
