"""With sign-in set up no command tells of a team before it is recorded what this is for, as no page does."""

from datetime import date
from pathlib import Path

import pytest

import data.scope
from dashboard.commands import asking
from data import access, purpose
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.scope import local_scope
from data.sign_in import path_of
from tests.data.test_sign_in import WHOLE

ROOT = local_scope("root")


def test_commands_that_tell_of_teams_wait_for_the_purpose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    monkeypatch.delenv("HEARTLINE_DATABASE_URL", raising=False)
    monkeypatch.setenv("HEARTLINE_HOME", str(tmp_path))
    monkeypatch.setattr(data.scope, "login", lambda: "ada")
    with open_database(home) as database:
        access.give(ROOT, database, "local:ada", "executive", since=date(2020, 1, 1))
        access.give(ROOT, database, "local:ada", "admin", since=date(2020, 1, 1))
        asking.refuse_unless_granted("signs")  # local mode: one user, no sign-in
        path_of(home).write_text(WHOLE)
        path_of(home).chmod(0o600)
        for name in sorted(set(asking.NEEDS) - asking.BEFORE_THE_PURPOSE):
            with pytest.raises(Trouble, match=r"not recorded yet what this is for|has no right to it"):
                asking.refuse_unless_granted(name)
        with pytest.raises(Trouble, match="not recorded yet"):
            asking.refuse_unless_granted("signs")
        for name in ("purpose set", "import", "forget", "serve"):
            asking.refuse_unless_granted(name)
        purpose.keep(ROOT, database, purpose.MADE_UP)
        asking.refuse_unless_granted("signs")
