"""Every page, every file and every command, for every role, against one table; and what comes out tells of no other's.

A page that is not in the table fails the first test, a command the second, a file the third: whoever adds one says here
for whom it is.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st
import typer
from typer.main import get_command
from typer.testing import CliRunner

import data.scope
from dashboard import cli, door, menu
from dashboard.commands import asking
from dashboard.door import Visitor
from dashboard.menu import Entry
from dashboard.serving import APP
from data.coaching import actions
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.roles import RIGHTS, Role
from data.scope import Right, Scope
from data.talks import conversations
from tests import roles
from tests.dashboard import routes
from tests.dashboard.routes import BAD, Offered, World, page, recording, shown, visitor
from tests.roles import PEOPLE, ROOT, TEAMS, Grantee, marked

pytestmark = pytest.mark.xdist_group("routes")  # one company, and what was read of it once, for all

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


# Whatever a page offers as a file: the key of its button (or what it begins with), and who is offered it.
FILES: dict[str, frozenset[str]] = {
    "export-": frozenset({"manager"}),  # the actions
    "new-export": frozenset({"manager"}),  # who goes first
    "download-": EXECUTIVE,  # the review
    "rejects-download": ADMIN,  # rows of any team that were set aside, for who brings them in again
    "as-text": FOLLOWERS,  # what stayed of a retrospective, in the words of those who took part
    "as-markdown": FOLLOWERS,
    "ics-": FOLLOWERS,  # the day of a one-on-one
    "staff-pdf": EVERYONE,
}
ROWS = ("export-", "new-export")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The company with sign-in set up, something written about each team, and everybody's grants."""
    folder = tmp_path_factory.mktemp("routes")
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HEARTLINE_DATABASE_URL", raising=False)
        patch.setenv("HEARTLINE_HOME", str(home.path))
        company = routes.imported(folder, home)
        with open_database(home) as database:
            yield routes.made(home, company, database)
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def offered(world: World, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """What the pages offer as files, from now on."""
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    found = Offered()
    monkeypatch.setattr(st, "download_button", recording(found))
    return found


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


NO_GRANT = "You are signed in, and nothing is shown to you yet"


def refusal(who: Grantee, entry: Entry) -> str:
    """The title of what stands in the place of a page that may not be opened."""
    if who.name not in EVERYONE:
        return NO_GRANT
    return "What you can do here" if entry.name == menu.FIRST else f"{entry.title} is not part of your access"


@pytest.mark.parametrize("name", [one.name for one in PEOPLE])
def test_every_page_for_every_role(world: World, offered: Offered, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens or is refused as the table says; it, and each file that it offers, tells of no other's team."""
    monkeypatch.setattr(door, "visitor", lambda: visitor(world, name))
    who = next(one for one in PEOPLE if one.name == name)
    seen, taken = set[str](), set[str]()
    for entry in menu.PAGES:
        for query in ({}, *own(world, name, entry.name)):
            app = page(entry.name, query)
            assert ("Download as CSV" in shown(app)) is (name not in EXPORTERS)  # hidden in the toolbar of tables
            titles, found, files = [one.value for one in app.title], marked(shown(app)), offered.opened()
            if name in PAGES[entry.name]:
                assert refusal(who, entry) not in titles, entry.name
            else:
                assert (titles, found, files) == ([refusal(who, entry)], frozenset(), {}), entry.name
            if entry.name not in {"access", "purpose"}:  # they name teams to who gives access to them
                assert found <= who.sees, (entry.name, query)
                seen |= found
            for key, told in files.items():
                file = next(one for one in FILES if key.startswith(one))
                assert marked(told) <= (who.sees if file != "rejects-download" else {BAD}), (entry.name, key)
                taken.add(file)
                assert TELLS[file] in told if file in TELLS else marked(told), (entry.name, key)
    assert seen == who.sees  # they do see what is theirs
    assert taken == {file for file, whose in FILES.items() if name in whose} - {"new-export"}


# What stands in a file that need not name a team; the others do. So it is seen that they were read.
TELLS = {"download-": "North", "staff-pdf": "What Heartline knows", "ics-": "BEGIN:VEVENT"}


def own(world: World, name: str, of: str) -> list[dict[str, str]]:
    """What leads deeper into this page, to something of this role's own."""
    if of == "retrospective" and name in world.closed:
        return [{"retrospective": str(world.closed[name])}]
    if of == "one_on_one" and name in world.talks:
        return [{"conversation": str(world.talks[name])}]
    return []


@pytest.mark.parametrize("name", [one.name for one in PEOPLE])
def test_a_page_shows_nothing_of_a_team_that_its_reader_may_not_see(
    world: World, offered: Offered, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a link leads deeper, too, to another's team."""
    monkeypatch.setattr(door, "visitor", lambda: visitor(world, name))
    who = next(one for one in PEOPLE if one.name == name)
    other = next(team for team in TEAMS if team not in who.sees)
    number = list(TEAMS).index(other) + 1
    for of, links in DEEPER.items():
        for link in links:
            asked = {"team": other, "number": number, "ticket": roles.ticket_of(other)}
            app = page(of, {key: value.format(**asked) for key, value in link.items()})
            assert marked(shown(app), ids=False) <= who.sees, (of, link)
            assert all(marked(told, ids=False) <= who.sees for told in offered.opened().values()), (of, link)


def test_every_file_is_in_the_table_and_rows_are_for_who_may_take_them_out_alone(
    world: World, offered: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert routes.offers() == set(FILES)
    may = {role.value for role in Role if Right.EXPORT in RIGHTS[role]}
    assert all(FILES[file] <= may for file in ROWS)
    both = Visitor(Scope("manager", teams=frozenset({"q7na", "q7nb"}), rights=RIGHTS[Role.MANAGER], signed_in=True))
    for now, given in ((both, True), (Visitor(_without_export(both.scope)), False)):
        monkeypatch.setattr(door, "visitor", lambda now=now: now)
        app = page("coaching", {"plan": "1"})
        app.multiselect(key="new-team").set_value(["q7na", "q7nb"]).run()
        told = offered.opened()
        assert ("new-export" in told) is given
        assert {marked(content) for key, content in told.items() if key.startswith(ROWS)} <= {both.scope.teams}
        assert any(key.startswith("export-") for key in told) is given


def _without_export(scope: Scope) -> Scope:
    return Scope(scope.asker, scope.teams, rights=scope.rights - {Right.EXPORT}, signed_in=True)


def test_who_lost_a_grant_writes_nothing_more_from_a_form_that_is_still_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARTLINE_HOME", str(world.home.path))
    who = {"now": "manager"}
    monkeypatch.setattr(door, "visitor", lambda: visitor(world, who["now"]))
    app = page("coaching", {"action": str(list(TEAMS).index("q7nb") + 1)})
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
    for name, key in (("overview", ""), ("team", "token"), ("retrospective", "join"), ("agenda", "token")):
        app = page(name, {key: token} if key else {})
        opened = name == "agenda"
        assert app.title[0].value.replace("\\", "") == (
            "Ada and of Zinnia: what shall we talk about?" if opened else "Heartline"
        )
        assert marked(shown(app)) == (frozenset({"q7na"}) if opened else frozenset()), name
