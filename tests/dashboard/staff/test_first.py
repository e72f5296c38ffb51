"""With sign-in nobody sees a team before it is recorded what for; in local mode it stands in nobody's way."""

from pathlib import Path

import pytest

from dashboard.door import Visitor
from dashboard.staff import first
from data import purpose
from data.database import open_database
from data.home import Home
from data.purpose import MADE_UP
from data.scope import Right, Scope, local_scope
from data.sign_in import Person
from tests.roles import NOW


def signed_in(*rights: Right) -> Visitor:
    scope = Scope("ada@example.com", frozenset({"north"}), rights=frozenset(rights), signed_in=True)
    return Visitor(scope, Person("ada@example.com", "a", "a", NOW))


@pytest.mark.parametrize("rights", [(Right.READ,), (Right.RUN, Right.IMPORT)])
def test_who_signs_in_is_shown_no_page_of_a_team_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rights: tuple[Right, ...]
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("HEARTLINE_HOME", str(home.path))
    who = signed_in(*rights)
    with open_database(home) as database:
        asked = {page: first.is_asked(who, page) for page in ("overview", "team", "data", "purpose", "for_staff")}
        assert asked == {"overview": True, "team": True, "data": True, "purpose": False, "for_staff": False}
        assert not first.is_asked(Visitor(local_scope("maria")), "overview")
        purpose.keep(local_scope("maria"), database, MADE_UP)
    assert not first.is_asked(who, "overview")
