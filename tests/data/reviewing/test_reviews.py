"""Frozen reviews: kept whole, found by period and branch though it was renamed, decided on without changing them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from data.database import Database
from data.errors import Trouble
from data.reviewing import decisions, periods, reviews
from data.reviewing.reviews import Review
from data.scope import Right, Scope, manager_scope

Q2, Q3 = periods.parse("2026-Q2"), periods.parse("2026-Q3")
NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
NORTH = ("n1", "n2", "n3")


def content(**more: Any) -> dict[str, Any]:
    asks = [{"number": 1, "text": "More hands?"}, {"number": 2, "text": "Another desk?"}]
    return {"title": "Service culture", "asks": asks, "share": 0.1 + 0.2, "words": "Ω “q” =1+1"} | more


def kept(scope: Scope, database: Database, period: periods.Period = Q3, **more: Any) -> Review:
    told: dict[str, Any] = {"branch": None, "teams": NORTH, "data_version": 1, "content": content(), "now": NOW}
    return reviews.keep(scope, database, period, **(told | more))


def test_what_was_kept_comes_back_whole(everyone: Scope, database: Database) -> None:
    made = kept(everyone, database)
    found = reviews.get(everyone, database, made.number)
    assert found == made
    assert found.content == content()
    assert (found.title, found.asks, found.by, found.at) == ("Service culture", 2, "maria", NOW)


def test_a_review_that_was_changed_in_the_database_is_refused(everyone: Scope, database: Database) -> None:
    made = kept(everyone, database)
    with database.writing() as session:
        session.execute(sa.text("UPDATE reviews SET content = replace(content, '0.3', '0.4')"))
    with pytest.raises(Trouble, match="was changed after it was frozen"):
        reviews.get(everyone, database, made.number)


def test_the_newest_review_of_a_period_and_branch_is_found(everyone: Scope, database: Database) -> None:
    kept(everyone, database)
    newer, north = kept(everyone, database), kept(everyone, database, branch="North")
    assert reviews.find(everyone, database, Q3, None) == newer
    assert reviews.find(everyone, database, Q3, "North", NORTH) == north
    assert reviews.find(everyone, database, Q2, None) is None
    assert reviews.find(everyone, database, Q3, "South", ("s1", "s2")) is None


def test_a_renamed_branch_is_known_by_its_teams(everyone: Scope, database: Database) -> None:
    spring = kept(everyone, database, Q2, branch="North")
    autumn = kept(everyone, database, Q3, branch="Upper", teams=(*NORTH, "n4"))
    other = kept(everyone, database, Q3, branch="North", teams=("s1", "s2"))
    assert autumn.branch_id == spring.branch_id != other.branch_id
    assert reviews.find(everyone, database, Q2, "Upper", NORTH) == spring
    assert reviews.find(everyone, database, Q2, "North") == spring  # there is no branch of that name today
    assert reviews.last_before(everyone, database, Q3, "Upper", NORTH) == spring
    assert reviews.last_before(everyone, database, Q3, "North", ("s1", "s2")) is None
    assert reviews.last_before(everyone, database, Q3, None, NORTH) is None


def test_who_may_not_see_every_team_reads_no_review(everyone: Scope, database: Database) -> None:
    made = kept(everyone, database)
    some = manager_scope("otto", frozenset(NORTH[:2]))
    assert reviews.list_(some, database) == []
    with pytest.raises(Trouble, match="not yours to read"):
        reviews.get(some, database, made.number)
    with pytest.raises(Trouble, match="not yours to see"):
        kept(some, database)


def test_with_sign_in_a_review_is_read_by_who_may_see_all_that_it_names(everyone: Scope, database: Database) -> None:
    """Its maker's names are frozen in it: an executive who may see fewer teams is not told them by it."""
    reach = frozenset(NORTH)

    def executive(*seen: str) -> Scope:
        rights = frozenset({Right.READ, Right.REVIEW})
        return Scope("ada", frozenset(seen), rights=rights, within=((Right.REVIEW, reach),), signed_in=True)

    whole, masked = kept(everyone, database), kept(everyone, database, named=["n1"])
    assert [one.number for one in reviews.list_(executive("n1"), database)] == [masked.number]
    assert reviews.find(executive("n1"), database, Q3, None) == masked
    assert reviews.get(executive(*NORTH), database, whole.number) == whole
    assert reviews.list_(executive(), database) == []
    with pytest.raises(Trouble, match="not yours to read"):
        reviews.get(executive("n1", "n2"), database, whole.number)
    assert len(reviews.list_(everyone, database)) == 2


def test_a_later_file_that_differs_from_the_first_is_noticed(everyone: Scope, database: Database) -> None:
    made = kept(everyone, database)
    assert reviews.rendered(database, made, "pdf", b"first", "typst 1", NOW) is None
    assert reviews.rendered(database, made, "pdf", b"first", "typst 2", NOW) is None
    assert reviews.rendered(database, made, "pptx", b"other", "pptx 1", NOW) is None
    first = reviews.rendered(database, made, "pdf", b"second", "typst 2", NOW)
    assert first is not None
    assert (first.made_with, first.digest) == ("typst 1", reviews.digest(b"first"))
    assert [one.kind for one in reviews.renderings(database, made.number)] == ["pdf", "pptx"]


def test_decisions_are_added_and_the_last_of_a_question_stands(everyone: Scope, database: Database) -> None:
    made = kept(everyone, database)

    def decide(**told: Any) -> decisions.Decision:
        return decisions.record(everyone, database, made, now=NOW, **told)

    decide(ask=1, outcome="put off")
    yes = decide(ask=1, outcome="decided", words="Two posts.", decided_by="the board", decided_on=date(2026, 10, 12))
    more = decide(ask=None, outcome="decided", words="Ask South.")
    every = decisions.list_(everyone, database, made.number)
    assert decisions.standing(every) == [yes, more]
    decisions.take_back(everyone, database, made, yes.id)
    stands = decisions.standing(decisions.list_(everyone, database, made.number))
    assert [(one.ask, one.outcome) for one in stands] == [(1, "put off"), (None, "decided")]
    with pytest.raises(Trouble, match="taken back or replaced already"):
        decisions.take_back(everyone, database, made, yes.id)
    assert len(decisions.list_(everyone, database, made.number)) == 4
    assert reviews.get(everyone, database, made.number) == made


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"ask": 3, "outcome": "decided"}, "asks no question 3"),
        ({"ask": 1, "outcome": "maybe"}, "cannot be 'maybe'"),
        ({"ask": None, "outcome": "decided", "words": "  "}, "decision"),
    ],
)
def test_a_decision_on_nothing_is_refused(everyone: Scope, database: Database, told: dict[str, Any], said: str) -> None:
    made = kept(everyone, database)
    with pytest.raises(Trouble, match=said):
        decisions.record(everyone, database, made, **told)
    assert decisions.list_(everyone, database, made.number) == []
