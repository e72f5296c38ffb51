"""Who may look: given, dated, withdrawn and never deleted; each change on record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from data import access
from data.access_tables import GrantRow
from data.database import Database, open_database
from data.errors import Trouble
from data.home import Home
from data.record_tables import RecordRow
from data.scope import Right, Scope, local_scope
from data.sign_in import Person, tidy_subject

ROOT = local_scope("root")
NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(Home(tmp_path / "home")) as opened:
        yield opened


def seen(database: Database, subject: str, on: date = TODAY) -> Scope:
    return access.scope_for(database, subject, on, branches={"n1": "North", "s1": "South"}, people=lambda: {"n1": 12})


def noted(database: Database) -> list[str]:
    with database.reading() as session:
        return [row.what for row in session.scalars(select(RecordRow).order_by(RecordRow.number))]


def test_what_is_given_holds_from_its_day_and_what_is_withdrawn_at_once(database: Database) -> None:
    given = access.give(ROOT, database, " Ada@Example.COM ", "Manager", over="branch", place="North", now=NOW)
    assert given.subject == "ada@example.com"
    assert seen(database, "ADA@example.com").teams == frozenset({"n1"})
    assert seen(database, "ada@example.com", TODAY - timedelta(days=1)).teams == frozenset()
    access.withdraw(ROOT, database, given.id, now=NOW)
    assert seen(database, "ada@example.com").rights == frozenset()
    assert noted(database) == ["gave access", "withdrew access"]


def test_nothing_is_deleted_and_what_was_withdrawn_says_by_whom(database: Database) -> None:
    given = access.give(ROOT, database, "ada@example.com", "analyst", now=NOW)
    access.withdraw(local_scope("eve"), database, given.id, now=NOW)
    with database.reading() as session:
        [row] = session.scalars(select(GrantRow))
    assert (row.given_by, row.withdrawn_by) == ("root", "eve")
    assert access.list_(ROOT, database, standing=True) == []
    with pytest.raises(Trouble, match="eve withdrew grant 1 already"):
        access.withdraw(ROOT, database, given.id)


@pytest.mark.parametrize("right", [right for right in Right if right is not Right.RUN])
def test_only_who_runs_the_installation_gives_lists_and_withdraws(database: Database, right: Right) -> None:
    outsider = Scope("eve", teams=None, rights=frozenset({right}), signed_in=True)
    for tried in (
        lambda: access.give(outsider, database, "eve@example.com", "admin"),
        lambda: access.withdraw(outsider, database, 1),
        lambda: access.list_(outsider, database),
        lambda: access.set_threshold(outsider, database, 10),
        lambda: access.thresholds(outsider, database),
    ):
        with pytest.raises(Trouble, match="may not do this"):
            tried()
    assert noted(database) == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"subject": "ada", "role": "admin"}, "no e-mail address"),
        ({"subject": "a da@example.com", "role": "admin"}, "no e-mail address"),
        ({"subject": "ada@example.com\u200b", "role": "admin"}, "Say who it is"),
        ({"subject": "ada@example.com", "role": "king"}, "no role"),
        ({"subject": "ada@example.com", "role": "admin", "over": "branch", "place": "North"}, "is over company"),
        ({"subject": "ada@example.com", "role": "member"}, "is over team"),
        ({"subject": "ada@example.com", "role": "manager", "place": "n1"}, "names no place"),
        (
            {"subject": "ada@example.com", "role": "manager", "over": "team", "place": "x", "known": ["n1"]},
            "There is no",
        ),
        ({"subject": "ada@example.com", "role": "analyst", "until": TODAY - timedelta(days=1)}, "before it begins"),
    ],
)
def test_what_makes_no_grant_is_refused_and_says_why(database: Database, told: dict[str, object], said: str) -> None:
    with pytest.raises(Trouble, match=said):
        access.give(ROOT, database, now=NOW, **told)  # type: ignore[arg-type]
    assert access.list_(ROOT, database) == []


def test_a_lookalike_letter_is_another_person(database: Database) -> None:
    access.give(ROOT, database, "kate@example.com", "analyst", now=NOW)
    assert tidy_subject("KATE@example.com") == "kate@example.com"
    assert seen(database, "\u212aate@example.com").rights == frozenset()  # the sign for kelvin is no k


def test_issuer_and_subject_are_told_apart_by_case(database: Database) -> None:
    access.give(ROOT, database, "https://id.example.com|Ab1", "analyst", now=NOW)
    assert seen(database, "https://id.example.com|Ab1").may(Right.READ)
    assert not seen(database, "https://id.example.com|ab1").may(Right.READ)


def test_the_last_threshold_of_a_branch_holds_and_none_goes_under_five(database: Database) -> None:
    access.set_threshold(ROOT, database, 12, branch="North")
    access.set_threshold(ROOT, database, 8, branch="North")
    assert access.thresholds(ROOT, database) == {"North": 8}
    with pytest.raises(Trouble, match="fewer than 5"):
        access.set_threshold(ROOT, database, 4)


def test_a_sign_in_that_was_signed_out_of_is_over_in_every_tab(database: Database) -> None:
    ada = Person("ada@example.com", "Ada", "fingerprint", NOW)
    access.arrived(database, ada, now=NOW)
    access.arrived(database, ada, now=NOW)
    access.leave(database, ada, now=NOW)
    with pytest.raises(access.SignedOut):
        access.arrived(database, ada, now=NOW)
    access.arrived(database, Person("ada@example.com", "Ada", "another", NOW), now=NOW)
    assert noted(database) == ["signed in", "signed out", "signed in"]
