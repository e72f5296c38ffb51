"""Words that staff wrote are read by their team and its managers, and by nobody else."""

from datetime import UTC, date, datetime

import pytest

from data import replies
from data.database import Database
from data.errors import Trouble
from data.retro import leading
from data.roles import Grant, Over, Places, Role, scope_of
from data.scope import Scope, local_scope
from metrics.disclosure import FEWEST_FOR_COMMENTS, comments_withheld

DAY, NOW = date(2026, 10, 12), datetime(2026, 10, 12, 9, tzinfo=UTC)
WORDS = "We had a hunch about the depot"


def scope(role: Role) -> Scope:
    """Of a company of one branch of two teams, twelve and thirty people."""
    over, place = (Over.TEAM, "n1") if role is Role.MEMBER else (Over.COMPANY, None)
    grant = Grant(1, "ada@example.com", role, over, place, DAY, None, "root", NOW)
    places = Places({"n1": "North", "n2": "North"}, lambda: {"n1": 12, "n2": 30}, {})
    return scope_of("ada@example.com", [grant], places, DAY)


def test_who_is_outside_a_team_reads_no_word_of_its_people(database: Database) -> None:
    root = local_scope("root")
    replies.answer(root, database, team_id="n1", sign="buck_passing", words=WORDS, now=NOW)
    retro = leading.open_(root, database, team_id="n1", secret="s" * 32, now=NOW)
    for role in Role:
        told, reads = replies.list_(scope(role), database), role in {Role.MANAGER, Role.MEMBER}
        assert [one.words for one in told] == ([WORDS] if reads else []), role
        if reads:
            assert leading.get(scope(role), database, retro.id).team_id == "n1"
        else:
            with pytest.raises(Trouble, match="not yours to see"):
                leading.get(scope(role), database, retro.id)


def test_why_they_do_not_is_said() -> None:
    assert FEWEST_FOR_COMMENTS == 10
    assert "fewer than ten" in comments_withheld(9)
    assert "fewer than ten" in comments_withheld(None)
    assert comments_withheld(10) == "What people of this team wrote is for the team and its managers to read."
