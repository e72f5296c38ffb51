"""Every page and every command, for every role, against one table; and what comes out tells of no other's team.

A page that is not in the table fails the first test, a command the second: whoever adds one says here for whom it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st
import typer
from streamlit.testing.v1 import AppTest
from typer.main import get_command
from typer.testing import CliRunner

import data.scope
from dashboard import cli, door, menu
from dashboard.commands import asking
from dashboard.door import Visitor
from dashboard.serving import APP
from data import access, clock, purpose
from data.ask import Company
from data.coaching import actions
from data.database import Database, open_database
from data.derived import derive
from data.errors import Trouble
from data.home import Home
from data.retro import leading
from data.scope import Scope, local_scope
from data.sign_in import Person, path_of
from data.talks import conversations
from tests import roles
from tests.data.test_sign_in import WHOLE
from tests.roles import NAMES, NOW, PEOPLE, ROOT, TEAMS, TODAY, marked

EVERYONE = frozenset({"admin", "executive", "manager", "member", "analyst"})
READERS = EVERYONE - {"admin"}
FOLLOWERS = frozenset({"manager", "member"})
ADMIN, EXECUTIVE = frozenset({"admin"}), frozenset({"executive"})
PAGES: dict[str, frozenset[str]] = {
    "overview": READERS,
    "team": READERS,
    "review": EXECUTIVE,
    "empathy": READERS,
    "handoffs": READERS,
    "coaching": FOLLOWERS,
    "retrospective": FOLLOWERS,
    "playbook": EVERYONE,
    "one_on_one": FOLLOWERS,
    "agenda": EVERYONE,
    "standards": EVERYONE,
    "data": EVERYONE,
    "method": EVERYONE,
    "for_staff": EVERYONE,
    "access": ADMIN,
    "purpose": ADMIN,
}
OWNER = frozenset(one.name for one in PEOPLE)  # for who owns the home, whatever they were granted
EXPORTERS = frozenset({"manager", "analyst"})
COMMANDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("access", "access grant", "access list", "access threshold", "access who", "access withdraw"), OWNER
    ),
    **dict.fromkeys(("serve", "demo", "check", "restore", "settings"), OWNER),
    **dict.fromkeys(("import", "rejects", "backup", "digest", "forget", "retention", "purpose set"), ADMIN),
    **dict.fromkeys(("signs", "handoffs", "empathy", "teams", "rebase", "plan", "plays"), READERS),
    **dict.fromkeys(
        ("praise", "praise list", "praise add", "praise pass-on", "praise undo", "standards kept"), READERS
    ),
    **dict.fromkeys(
        ("history", "record", "purpose", "staff-page", "standards", "standards list", "standards history"), EVERYONE
    ),
    **dict.fromkeys(("standards set", "standards undo"), EVERYONE),  # who may is asked where it is written
    **dict.fromkeys(("replies", "replies answer", "replies accept", "replies decline", "replies undo"), FOLLOWERS),
    **dict.fromkeys(("retrospective", "retrospective list", "retrospective show"), FOLLOWERS),
    **dict.fromkeys(("actions", "verdicts", "works", "one-on-ones"), FOLLOWERS),
    **dict.fromkeys(("review", "review list"), EXECUTIVE),
    "facts": EXPORTERS,
}
# What a command is run with to tell all that it can. Those that write or only ask for a right are not run.
RUNS = (
    ("signs", "--format", "json"), ("handoffs", "--format", "json"), ("empathy", "--format", "json"),
    ("teams", "--format", "json"), ("actions", "--format", "json"), ("verdicts", "--format", "json"),
    ("plan", "q7nb", "--sign", "buck_passing", "--starts", "2026-03-30", "--format", "json"),
    ("works", "--format", "json"), ("praise", "list", "--format", "json"), ("one-on-ones", "--format", "json"),
    ("retrospective", "list", "--format", "json"), ("retrospective", "show", "3"), ("replies", "--format", "json"),
    ("rebase", "--list", "--format", "json"), ("review", "list", "--format", "json"), ("rejects", "--format", "json"),
    ("standards", "kept", "--format", "json"), ("facts", "-o", "{folder}/facts.parquet"),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    home: Home
    database: Database
    scopes: dict[str, Scope]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The company with sign-in set up, something written about each team, and everybody's grants."""
    folder = tmp_path_factory.mktemp("routes")
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        patch.setenv("HEARTLINE_HOME", str(home.path))
        roles.import_company(folder, home)
        derive(home)
        company = Company(home)
        with open_database(home) as database:
            roles.grant_all(database)
            purpose.keep(ROOT, database, purpose.MADE_UP)
            for one in PEOPLE:
                if one.role is not None:
                    told: dict[str, Any] = {"over": one.over, "place": one.place, "until": one.until}
                    access.give(ROOT, database, f"local:{one.name}", one.role, since=roles.FIRST.date(), **told)
            for team in TEAMS:
                write(database, team)
            found = roles.scopes(home, database, access.people_of(company))
            path_of(home).write_text(WHOLE)
            path_of(home).chmod(0o600)
            yield World(home, database, found)
    st.cache_data.clear()
    st.cache_resource.clear()


def write(database: Database, team: str) -> None:
    said = f"of {NAMES[team]}"
    actions.create(
        ROOT, database, team_id=team, play="fifteen_seconds", sign="buck_passing", why=said, starts_on=TODAY,
        review_on=TODAY, owner="Ada", now=NOW,
    )  # fmt: skip
    leading.open_(local_scope(said), database, team_id=team, secret="s" * 32, now=NOW)
    conversations.create(ROOT, database, host="Ada", guest=said, teams=[team], held_on=clock.now().date())


def visitor(world: World, name: str) -> Visitor:
    person = Person(f"{name}@example.com", name, name, NOW)
    return Visitor(world.scopes[name], person)


def typed_by(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    """Commands are typed by this login, whatever name it gives itself."""
    monkeypatch.setattr(data.scope, "login", lambda: login)
    monkeypatch.setenv("HEARTLINE_USER", "admin" if login != "admin" else "nobody")


def test_every_page_is_in_the_table_and_opens_for_its_roles_alone(world: World) -> None:
    files = {path.stem for path in (APP.parent / "views").glob("*.py")}
    assert {one.name for one in menu.PAGES} == files == set(PAGES)
    for one in menu.PAGES:
        opens = {who.name for who in PEOPLE if menu.may_open(one, visitor(world, who.name))}
        assert opens == PAGES[one.name], one.name


def test_every_command_is_in_the_table_and_runs_for_its_roles_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    assert set(_commands(get_command(cli.app))) == set(COMMANDS) == set(asking.NEEDS)
    for who in PEOPLE:
        typed_by(monkeypatch, who.name)
        scope = asking.asking()
        runs = {name for name in COMMANDS if asking.may_use(name, scope)}
        assert runs == {name for name, whose in COMMANDS.items() if who.name in whose}, who.name


def _commands(command: Any, before: str = "") -> Iterator[str]:
    for name, one in getattr(command, "commands", {}).items():
        yield f"{before} {name}".strip()
        yield from _commands(one, f"{before} {name}".strip())


def test_a_command_that_nobody_named_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    typed_by(monkeypatch, "admin")
    app = typer.Typer()

    @app.command("forgotten")
    def forgotten() -> None:
        raise AssertionError("it ran")

    asking.gated(app)
    with pytest.raises(Trouble, match="no right to it"):
        forgotten_in(app)()


def forgotten_in(app: typer.Typer) -> Any:
    return app.registered_commands[0].callback


@pytest.mark.parametrize("name", ["executive", "manager", "analyst"])
def test_a_command_tells_of_no_team_that_its_user_may_not_see(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    typed_by(monkeypatch, name)
    who = next(one for one in PEOPLE if one.name == name)
    for call in RUNS:
        both = " ".join(call[:2])
        if name not in COMMANDS[both if both in COMMANDS else call[0]]:
            continue
        ran = CliRunner().invoke(cli.app, [word.format(folder=tmp_path) for word in call])
        assert ran.exception is None or isinstance(ran.exception, Trouble | SystemExit), (call, ran.exception)
        told = ran.output + "".join(pl.read_parquet(path).write_csv() for path in tmp_path.iterdir())
        assert marked(told, ids=call[0] != "plan") <= who.sees, call
        for path in tmp_path.iterdir():
            path.unlink()


# Where a page leads deeper: typed by who may open the page, about whatever there is. 1 to 4 are of the teams in turn.
DEEPER: dict[str, tuple[dict[str, str], ...]] = {
    "team": ({"team": "{team}", "sign": "buck_passing", "ticket": "{ticket}"},),
    "empathy": ({"team": "{team}"},),
    "handoffs": ({"team": "{team}", "from": "{team}", "to": "q7sa", "ticket": "{ticket}"},),
    "coaching": ({"action": "{number}"}, {"team": "{team}", "plan": "1"}),
    "retrospective": ({"retrospective": "{number}"}, {"team": "{team}"}),
    "one_on_one": ({"conversation": "{number}"}, {"team": "{team}"}),
}


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_a_page_shows_nothing_of_a_team_that_its_reader_may_not_see(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    monkeypatch.setattr(door, "visitor", lambda: visitor(world, name))
    who = next(one for one in PEOPLE if one.name == name)
    other = next(team for team in TEAMS if team not in who.sees)
    number, seen = list(TEAMS).index(other) + 1, set[str]()
    mine = [one for one, whose in PAGES.items() if name in whose and one not in {"access", "purpose"}]
    for page in mine if name != "member" else DEEPER:  # a member sees what a manager does, of another team
        for deeper in DEEPER.get(page, ({},)):
            app = AppTest.from_file(str(APP), default_timeout=120)
            app.switch_page(f"views/{page}.py")
            for key, value in deeper.items():
                app.query_params[key] = value.format(team=other, number=number, ticket=roles.ticket_of(other))
            app.run()
            assert [error.message for error in app.exception] == [], page
            found = marked(_shown(app), ids=not deeper)
            assert found <= who.sees, (page, deeper)
            seen |= found
    assert seen == who.sees  # they do see what is theirs


def _shown(app: AppTest) -> str:
    """All that went to the browser, tables and charts too."""
    return " ".join(_texts(app._tree))


def _texts(node: Any) -> Iterator[str]:
    if hasattr(node, "children"):
        for child in node.children.values():
            yield from _texts(child)
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield proto.SerializeToString().decode("latin-1")


@pytest.mark.parametrize("name", ["nobody", "expired"])
def test_who_has_no_grant_is_shown_nothing_on_any_page(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    monkeypatch.setattr(door, "visitor", lambda: visitor(world, name))
    for page in ("overview", "team", "access"):
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.switch_page(f"views/{page}.py")
        app.run()
        assert app.title[0].value == "You are signed in, and nothing is shown to you yet"
        assert marked(_shown(app)) == frozenset()


def test_who_lost_a_grant_writes_nothing_more_from_a_form_that_is_still_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    who = {"now": "manager"}
    monkeypatch.setattr(door, "visitor", lambda: visitor(world, who["now"]))
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.switch_page("views/coaching.py")
    app.query_params["action"] = str(list(TEAMS).index("q7nb") + 1)
    app.run()
    save = "check-in-save"
    for now, kept in (("manager", ["seen"]), ("expired", ["seen"])):
        next(one for one in app.text_area if str(one.key).startswith("check-in-words")).set_value("seen")
        who["now"] = now
        next(one for one in app.button if str(one.key).startswith(save)).click()
        app.run()
        number = list(TEAMS).index("q7nb") + 1
        assert [one.words for one in actions.check_ins(ROOT, world.database, number)] == kept
    assert app.title[0].value == "You are signed in, and nothing is shown to you yet"
    assert "was not kept" in app.warning[0].value


def test_before_sign_in_no_page_shows_anything_and_an_agenda_by_its_link_shows_that_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    monkeypatch.setattr(door, "visitor", lambda: Visitor(Scope("nobody", signed_in=True)))
    token = conversations.token(ROOT, world.database, 1)
    for page, key in (("overview", ""), ("team", "token"), ("retrospective", "join"), ("agenda", "token")):
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.switch_page(f"views/{page}.py")
        if key:
            app.query_params[key] = token
        app.run()
        opened = page == "agenda"
        assert app.title[0].value.replace("\\", "") == (
            "Ada and of Zinnia: what shall we talk about?" if opened else "Heartline"
        )
        assert marked(_shown(app)) == (frozenset({"q7na"}) if opened else frozenset()), page
