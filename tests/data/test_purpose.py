"""Why this is done: asked for whole, kept in versions, readable by all and recorded by who runs it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from data import purpose
from data.database import Database
from data.errors import Trouble
from data.purpose import MADE_UP, Consulted
from data.scope import Scope, manager_scope

NOW = datetime(2026, 10, 19, 9, tzinfo=UTC)


def test_nothing_is_recorded_at_first(database: Database) -> None:
    assert purpose.current(database) is None
    assert purpose.history(database) == []


def test_the_newest_version_holds_and_the_earlier_ones_stay(database: Database, everyone: Scope) -> None:
    first = purpose.keep(everyone, database, MADE_UP, now=NOW)
    second = purpose.keep(everyone, database, replace(first, ticket_months=12), now=NOW)
    assert first == replace(MADE_UP, number=1, at=NOW, by="maria")
    assert purpose.current(database) == second == replace(first, ticket_months=12, number=2)
    assert purpose.history(database) == [first, second]


def test_the_same_again_makes_no_version(database: Database, everyone: Scope) -> None:
    first = purpose.keep(everyone, database, MADE_UP, now=NOW)
    assert purpose.keep(everyone, database, replace(first, number=0), now=NOW) == first


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"purpose": " "}, "purpose"),
        ({"legal_basis": ""}, "legal basis"),
        ({"consulted": ()}, "Say who was consulted, and when"),
        ({"consulted": (Consulted("Staff", date(2027, 1, 1)),)}, "which is yet to come"),
        ({"ticket_months": 0}, "0 months is no period for tickets: choose 1 to 240"),
        ({"record_months": 2}, "2 months is no period for the record: choose 3 to 240"),
        ({"ask": ""}, "whom staff may ask"),
    ],
)
def test_what_lacks_something_is_not_kept(
    database: Database, everyone: Scope, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(Trouble, match=said):
        purpose.keep(everyone, database, replace(MADE_UP, **wrong), now=NOW)  # type: ignore[arg-type]
    assert purpose.current(database) is None


def test_only_who_runs_it_records_it_and_that_is_recorded(database: Database, everyone: Scope) -> None:
    with pytest.raises(Trouble, match="may not do this"):
        purpose.keep(manager_scope("ada", frozenset({"north"})), database, MADE_UP, now=NOW)
    purpose.keep(everyone, database, MADE_UP, now=NOW)
    with database.reading() as session:
        assert session.execute(sa.text("SELECT who, what FROM record_entries")).all() == [("maria", "changed")]
