"""What a widget calls runs before its page, by what the page knew when it was drawn: the door looks anew."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import cached, door, noted
from dashboard.door import Visitor
from data import access, clock, record
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.record_reading import entries
from data.scope import Scope, local_scope
from data.sign_in import Person, path_of
from tests.dashboard.routes import Offered
from tests.data.test_sign_in import WHOLE

PLACE = Path(dashboard.__file__).parent
CALLED = {"on_click", "on_change", "on_submit", "on_select"}
# These write nothing that is kept: they change the address or the choice in the browser's own session.
WRITE_NOTHING = {
    ("filters.py", "_changed"),
    ("boards/bar.py", "_changed"),
    ("boards/list.py", "lambda: _open([one.id for one in found])"),
    ("tickets.py", "_keep"),
    ("views/handoffs.py", "_keep"),
    ("views/playbook.py", "_chosen"),
}
# By a link's own key, which is checked where it is written: nobody needs to be signed in.
BY_LINK = {("views/agenda.py", "_add")}
# Runs nothing: the file is made at the door.
DONE_ELSEWHERE = {("noted.py", "'ignore'")}
# Redraws by itself and reads how often something was changed, nothing else.
REDRAWS = {"retro/live.py"}


def called() -> Iterator[tuple[str, str]]:
    for path in PLACE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                for one in node.keywords:
                    if one.arg in CALLED:
                        yield path.relative_to(PLACE).as_posix(), ast.unparse(one.value)


def test_whatever_a_widget_calls_looks_first_whether_its_page_still_holds() -> None:
    found = set(called())
    forgotten = {(place, what) for place, what in found if not what.startswith("door.still(")}
    assert forgotten == WRITE_NOTHING | BY_LINK | DONE_ELSEWHERE
    assert len(found) > 30


def test_a_part_that_is_drawn_alone_is_made_at_the_door() -> None:
    alone = {path.relative_to(PLACE).as_posix() for path in PLACE.rglob("*.py") if "st.fragment(" in path.read_text()}
    assert alone - {"door.py"} == REDRAWS


def _page() -> None:
    import streamlit as st

    from dashboard import door

    def keep() -> None:
        st.session_state["kept"] = st.session_state.get("kept", 0) + 1

    door.shown_to(door.visitor())
    door.said()
    st.button("Keep", on_click=door.still(keep))


@pytest.mark.parametrize("later", [Scope("ada", signed_in=True), Scope("nobody", signed_in=True)])
def test_a_click_on_a_page_that_no_longer_holds_does_nothing_and_says_so(
    later: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = {"scope": local_scope("ada")}
    monkeypatch.setattr(door, "visitor", lambda: Visitor(now["scope"]))
    app = AppTest.from_function(_page).run()
    app.button[0].click().run()
    assert app.session_state["kept"] == 1
    now["scope"] = later
    app.button[0].click().run()
    assert app.session_state["kept"] == 1
    assert [one.value for one in app.warning] == [
        "What you may see and do has changed since this page was drawn, so your last step was not kept."
    ]
    app.button[0].click().run()
    assert app.session_state["kept"] == 2  # the page was drawn anew, for who asks now
    assert not app.warning
    st.session_state.clear()


def test_a_file_is_made_outside_of_the_session_for_who_it_was_offered_to_while_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, root, now = Home(tmp_path / "home"), local_scope("root"), clock.now()
    monkeypatch.setenv("HEARTLINE_HOME", str(home.path))
    with open_database(home) as database:
        path_of(home).write_text(WHOLE)
        path_of(home).chmod(0o600)
        given = access.give(root, database, "ada@example.com", "admin")
        ada = Person("ada@example.com", "Ada", "this sign-in", now + timedelta(hours=1))
        scope = cached.scope_of(home, ada.subject, now.date())

        def offered(person: Person) -> Callable[[], bytes | str]:
            with pytest.MonkeyPatch.context() as drawn:
                drawn.setattr(door, "visitor", lambda: Visitor(scope, person))
                return door.handing_out(lambda told: told.asker.encode())

        assert not door.visitor().is_let_in  # as it is where Streamlit makes the file
        assert offered(ada)() == b"ada@example.com"
        with pytest.raises(Trouble, match="sign in again"):
            offered(replace(ada, until=now))()
        signed_out = replace(ada, sign_in="another")
        access.leave(database, signed_out)
        with pytest.raises(Trouble, match="You signed out"):
            offered(signed_out)()
        access.withdraw(root, database, given.id)
        with pytest.raises(Trouble, match="has changed since"):
            offered(ada)()
    cached.database.clear()


def test_a_file_is_given_in_one_place_alone_which_notes_it_and_asks_at_the_door() -> None:
    given = [
        path.relative_to(PLACE).as_posix()
        for path in PLACE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "download_button"
    ]
    assert given == ["noted.py"]


def test_a_file_has_its_row_in_the_record_and_without_a_row_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, offered = Home(tmp_path / "home"), Offered()
    monkeypatch.setenv("HEARTLINE_HOME", str(home.path))
    monkeypatch.setattr(st, "download_button", lambda _, data, *__, key, **___: offered.found.update({key: data}))
    monkeypatch.setattr(door, "visitor", lambda: Visitor(local_scope("ada")))
    told = {"how": "a summary"}
    noted.download("Take it", lambda _: told["how"], "a.txt", "text/plain", key="it", what="a summary", about="north")
    give = offered.found["it"]
    with open_database(home) as database:
        assert taken_out(database) == []
        assert give() == "a summary"
        assert taken_out(database) == [("ada", "took out", "north")]
        told.clear()
        with pytest.raises(KeyError):
            give()
        assert len(taken_out(database)) == 1
        told["how"] = "a summary"
        monkeypatch.setattr(record, "took_out", refused)
        with pytest.raises(Trouble, match="full"):
            give()
    cached.database.clear()


def taken_out(database: Database) -> list[tuple[str, str, str]]:
    found = entries(database, local_scope("root"))
    return list(found.filter(pl.col("what") == record.TOOK_OUT).select("who", "what", "about").iter_rows())


def refused(*_: object) -> None:
    raise Trouble("The disk is full.")
