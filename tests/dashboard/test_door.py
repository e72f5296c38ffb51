"""What a widget calls runs before its page, by what the page knew when it was drawn: the door looks anew."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import cached, door
from dashboard.door import Visitor
from data import access, clock
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.scope import Scope, local_scope
from data.sign_in import Person, path_of
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
    # a file that is taken away was made before: it is noted in any case
    forgotten = {(place, what) for place, what in found if not what.startswith(("door.still(", "noted.taking_out("))}
    assert forgotten == WRITE_NOTHING | BY_LINK
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

        def offered(person: Person) -> Callable[[], bytes]:
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


def test_whatever_is_made_when_it_is_asked_for_is_handed_out_at_the_door() -> None:
    """What st.download_button is given: made already, or by the door."""
    given = set()
    for path in PLACE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.download_button":
                data = next((one.value for one in node.keywords if one.arg == "data"), None)
                made = ast.unparse(data or node.args[1])
                given.add("door.handing_out" if made.startswith("door.handing_out(") else made)
    assert given == {
        "door.handing_out",
        "calendar_files.as_file([event])",
        "summary.as_text(at, team, actions)",
        "summary.as_markdown(at, team, actions)",
        "plain_text.write_csv()",
    }
