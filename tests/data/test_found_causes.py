"""What a manager found stays on record with who, when and what was ruled out; a Scope decides who sees it."""

from datetime import UTC, date, datetime

import pytest

from data import found_causes
from data.database import Database
from data.errors import Trouble
from data.found_causes import FoundCause
from data.scope import Scope, local_scope, manager_scope

AT = datetime(2026, 10, 14, 9, tzinfo=UTC)
WEEK = date(2026, 10, 5)


def find(scope: Scope, database: Database, **more: object) -> FoundCause:
    told = {"team_id": "north", "sign": "buck_passing", "week": WEEK, "cause": "A new form", "now": AT}
    return found_causes.record(scope, database, **(told | more))  # type: ignore[arg-type]


def test_what_was_found_says_who_when_what_and_what_was_ruled_out(database: Database, everyone: Scope) -> None:
    made = find(everyone, database, week=date(2026, 10, 8), cause=" A new form ", ruled_out=" Illness ")
    assert made == FoundCause(
        made.id, "north", "buck_passing", WEEK, "A new form", "Illness", None, "maria", AT, None, None
    )
    assert found_causes.list_(everyone, database, team="north", sign="buck_passing") == [made]
    assert found_causes.list_(everyone, database, team="south") == []


def test_taken_back_it_stays_on_record(database: Database, everyone: Scope) -> None:
    made = find(everyone, database)
    before = found_causes.stamp(database)
    back = found_causes.undo(local_scope("tom"), database, made.id, now=AT)
    assert (back.stands, back.undone_by, back.undone_at) == (False, "tom", AT)
    assert found_causes.stamp(database) != before
    assert found_causes.list_(everyone, database) == []
    assert found_causes.list_(everyone, database, standing=False) == [back]
    with pytest.raises(Trouble, match="tom took this cause back already"):
        found_causes.undo(everyone, database, made.id)


def test_a_second_finding_stands_beside_the_first(database: Database, everyone: Scope) -> None:
    first, second = find(everyone, database), find(everyone, database, cause="The form was not it")
    assert found_causes.list_(everyone, database) == [second, first]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"cause": "  "}, "Please fill in the cause that you found"),
        ({"sign": "mood"}, "There is no sign 'mood'"),
        ({"action_id": 99}, "There is no action 99 of the team 'north'"),
        ({"known_teams": {"south"}}, "There is no team 'north' in the data"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(
    database: Database, everyone: Scope, told: dict[str, object], said: str
) -> None:
    with pytest.raises(Trouble, match=said):
        find(everyone, database, **told)
    assert found_causes.list_(everyone, database) == []


def test_who_may_not_see_the_team_neither_finds_nor_reads_nor_takes_back(database: Database, everyone: Scope) -> None:
    made, other = find(everyone, database), manager_scope("eve", frozenset({"south"}))
    assert found_causes.list_(other, database) == []
    with pytest.raises(Trouble, match="not yours to see"):
        find(other, database)
    with pytest.raises(Trouble, match="not yours to see"):
        found_causes.undo(other, database, made.id)
