"""The company of tests.roles with sign-in set up and something written about each team; and what its pages offer.

A file that a page offers is recorded as Streamlit is given it, opened as Streamlit would on a click, and read.
"""

import ast
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import streamlit as st
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.door import Visitor
from dashboard.reports import frozen
from dashboard.serving import APP
from data import access, clock, purpose
from data.ask import Company
from data.coaching import actions
from data.database import Database
from data.derived import derive
from data.home import Home
from data.intake import import_file
from data.retro import leading
from data.reviewing import periods, reviews
from data.scope import Scope, local_scope
from data.sign_in import Person, path_of
from data.talks import conversations
from tests import roles
from tests.data.test_sign_in import WHOLE
from tests.roles import NAMES, NOW, PEOPLE, ROOT, TEAMS, TODAY

SECRET = "s" * 32
OWN = {"manager": "q7nb", "member": "q7sa"}  # who has a retrospective that was closed, and a one-on-one
BAD = "q7sb"  # the team in a row that was set aside
BAD_ROW = f"ticket_id,at,kind,team_id,agent_id,actor\nT0001,no day at all,replied,{BAD},{BAD}-a1,agent\n"


@dataclass(frozen=True)
class World:
    """`closed`, `talks`: by role the number of a retrospective and of a one-on-one of theirs."""

    home: Home
    database: Database
    scopes: dict[str, Scope]
    closed: dict[str, int]
    talks: dict[str, int]


def imported(folder: Path, home: Home) -> Company:
    """The data of the company, with one row set aside."""
    roles.import_company(folder, home)
    bad = folder / "bad.csv"
    bad.write_text(BAD_ROW)
    assert import_file(home, bad, "events", now=NOW).set_aside == 1
    derive(home)
    return Company(home)


def made(home: Home, company: Company, database: Database) -> World:
    """Everybody's grants, what was written about each team, and sign-in."""
    roles.grant_all(database)
    purpose.keep(ROOT, database, purpose.MADE_UP)
    for one in PEOPLE:
        if one.role is not None:
            told: dict[str, Any] = {"over": one.over, "place": one.place, "until": one.until}
            access.give(ROOT, database, f"local:{one.name}", one.role, since=roles.FIRST.date(), **told)
    for team in TEAMS:
        write(database, team)
    scopes = roles.scopes(home, database, access.people_of(company))
    closed = {name: close(database, team) for name, team in OWN.items()}
    talks = {name: talk_with(database, f"{name}@example.com", team) for name, team in OWN.items()}
    period = periods.parse("2026-Q1")
    frozen.review(company, scopes["executive"], database, period, branch="North", now=NOW)
    every = {"title": " ".join(NAMES.values()), "asks": []}
    reviews.keep(ROOT, database, period, branch=None, teams=list(TEAMS), data_version=1, content=every, now=NOW)
    path_of(home).write_text(WHOLE)
    path_of(home).chmod(0o600)
    return World(home, database, scopes, closed, talks)


def write(database: Database, team: str) -> None:
    said = f"of {NAMES[team]}"
    actions.create(
        ROOT, database, team_id=team, play="fifteen_seconds", sign="buck_passing", why=said, starts_on=TODAY,
        review_on=TODAY, owner="Ada", now=NOW,
    )  # fmt: skip
    leading.open_(local_scope(said), database, team_id=team, secret=SECRET, now=NOW)
    conversations.create(ROOT, database, host="Ada", guest=said, teams=[team], held_on=clock.now().date())


def close(database: Database, team: str) -> int:
    """Close the team's retrospective, and open another."""
    one = next(leading.get(ROOT, database, place) for place, of in enumerate(TEAMS, start=1) if of == team)
    leading.close(ROOT, database, one.id, {}, secret=SECRET, seen=one.turn, now=NOW)
    leading.open_(local_scope(f"of {NAMES[team]}"), database, team_id=team, secret=SECRET, now=NOW)
    return one.id


def talk_with(database: Database, guest: str, team: str) -> int:
    return conversations.create(ROOT, database, host="Ada", guest=guest, teams=[team], held_on=clock.now().date()).id


def visitor(world: World, name: str) -> Visitor:
    person = Person(f"{name}@example.com", name, name, clock.now() + timedelta(hours=1))
    return Visitor(world.scopes[name], person)


def page(name: str, query: dict[str, str] | None = None) -> AppTest:
    """The page as it stands after its first run, whoever opens it."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.switch_page(f"views/{name}.py")
    for key, value in (query or {}).items():
        app.query_params[key] = value
    app.run()
    assert [error.message for error in app.exception] == [], (name, query)
    return app


def shown(app: AppTest) -> str:
    """All that went to the browser, tables and charts too."""
    return " ".join(_texts(app._tree))


def _texts(node: Any) -> Iterator[str]:
    if hasattr(node, "children"):
        for child in node.children.values():
            yield from _texts(child)
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield proto.SerializeToString().decode("latin-1")


@dataclass
class Offered:
    """The files that the pages offered, by the key of their button: see `recording`."""

    found: dict[str, Any] = field(default_factory=dict)

    def opened(self) -> dict[str, str]:
        """Each as text, made as on a click; and none is kept."""
        told = {key: text_of(data() if callable(data) else data) for key, data in self.found.items()}
        self.found.clear()
        return told


def recording(offered: Offered) -> Callable[..., bool]:
    """`st.download_button` as it is, and what it was given is kept."""
    give: Any = st.download_button

    def button(label: str, data: Any, *given: Any, key: str, **more: Any) -> bool:
        offered.found[key] = data
        return bool(give(label, data, *given, key=key, **more))

    return button


def text_of(content: str | bytes) -> str:
    """What stands in a file, whatever its kind."""
    if isinstance(content, str):
        return content
    if content.startswith(b"%PDF"):
        return "".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    return content.decode()


def offers() -> set[str]:
    """The key of every noted.download in the source; of one with something put into it what stands before."""
    found: set[str] = set()
    for path in Path(dashboard.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "noted.download":
                key = next(one.value for one in node.keywords if one.arg == "key")
                parts = key.values if isinstance(key, ast.JoinedStr) else [key]
                found.add(str(parts[0].value if isinstance(parts[0], ast.Constant) else ast.unparse(parts[0])))
    return found
