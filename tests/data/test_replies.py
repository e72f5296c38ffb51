"""A team answers a reading or tickets, a manager decides with a reason, two deciders are told, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from data import replies
from data.database import Database
from data.errors import Trouble
from data.replies import Conflict, Reply, Step
from data.scope import Scope, local_scope, manager_scope

AT = datetime(2026, 10, 14, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
WEEK = date(2026, 10, 5)
TOM = local_scope("tom")


def say(scope: Scope, database: Database, **more: Any) -> Reply:
    told: dict[str, Any] = {"team_id": "north", "sign": "buck_passing", "week": WEEK, "words": "Policy", "now": AT}
    return replies.answer(scope, database, **{**told, **more})


def test_an_answer_says_who_when_what_and_of_which_tickets(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, words=" Policy ", week=WEEK + timedelta(days=3), tickets=["t1", "t2", "t1"])
    assert made == Reply(made.id, "north", "buck_passing", WEEK, "Policy", "maria", AT, ("t1", "t2"), ())
    assert (made.status, made.decided, made.undone) == ("open", None, None)
    assert replies.list_(everyone, database) == [made]
    assert replies.standing(database) == []


def test_an_accepted_answer_takes_its_tickets_out_until_that_is_undone(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, tickets=["t1", "t2"])
    accepted = replies.decide(TOM, database, made.id, accept=True, reason="True", seen=0, now=LATER)
    assert (accepted.status, accepted.decided) == ("accepted", Step(LATER, "tom", "accepted", "True"))
    found = replies.taken_out(replies.standing(database))
    expected = pl.DataFrame(
        {"reply_id": [made.id] * 2, "sign": ["buck_passing"] * 2, "team_id": ["north"] * 2, "week": [WEEK] * 2}
        | {"ticket_id": ["t1", "t2"]},
        schema=replies.TAKEN_OUT,
    )
    assert_frame_equal(found, expected)
    again = replies.undo(everyone, database, made.id, "Not so", seen=1, now=LATER)
    assert (again.status, again.undone) == ("open", Step(LATER, "maria", "undone", "Not so"))
    assert [step.what for step in again.steps] == ["accepted", "undone"]
    assert_frame_equal(replies.taken_out(replies.standing(database)), pl.DataFrame(schema=replies.TAKEN_OUT))


def test_a_declined_answer_takes_nothing_out_and_stays_on_record(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, tickets=["t1"])
    declined = replies.decide(TOM, database, made.id, accept=False, reason="There is no such rule", now=LATER)
    assert declined.decided == Step(LATER, "tom", "declined", "There is no such rule")
    assert replies.standing(database) == []
    assert replies.list_(everyone, database, status="declined") == [declined]
    assert replies.list_(everyone, database, status="open") == []


def test_an_answer_without_tickets_may_be_accepted_and_takes_none_out(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, week=None)
    replies.decide(everyone, database, made.id, accept=True, reason="So it was")
    assert [one.id for one in replies.standing(database)] == [made.id]
    assert replies.taken_out(replies.standing(database)).is_empty()


def test_the_second_to_decide_is_told_what_the_first_did(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, tickets=["t1"])
    replies.decide(TOM, database, made.id, accept=True, reason="True", seen=0)
    with pytest.raises(Conflict, match=r"you were reading \(tom: accepted, “True”\)\. Nothing was over") as told:
        replies.decide(everyone, database, made.id, accept=False, reason="No", seen=0)
    assert told.value.current.status == "accepted"
    with pytest.raises(Trouble, match=r"tom accepted answer \d+ already, on .*: undo that decision first"):
        replies.decide(everyone, database, made.id, accept=False, reason="No")


def test_of_many_who_decide_at_once_one_is_heard_and_the_others_are_told(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, tickets=["t1"])

    def decide(number: int) -> str:
        try:
            replies.decide(local_scope(f"m{number}"), database, made.id, accept=number % 2 == 0, reason="x", seen=0)
        except Conflict:
            return "told"
        return "kept"

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(decide, range(4))) == ["kept", "told", "told", "told"]
    [kept] = replies.list_(everyone, database)
    assert len(kept.steps) == 1


def test_a_ticket_is_not_asked_for_twice_unless_it_was_declined(database: Database, everyone: Scope) -> None:
    first = say(everyone, database, tickets=["t1"])
    with pytest.raises(Trouble, match=rf"The ticket 't1' was answered already, by maria .* \(answer {first.id}, open"):
        say(TOM, database, tickets=["t2", "t1"], week=WEEK + timedelta(weeks=3))
    say(TOM, database, tickets=["t1"], week=WEEK + timedelta(weeks=4))  # another four weeks
    say(TOM, database, tickets=["t1"], sign="slow_simple")
    replies.decide(TOM, database, first.id, accept=False, reason="No")
    say(everyone, database, tickets=["t1"])


def test_the_revision_grows_with_every_decision_and_not_with_an_answer(database: Database, everyone: Scope) -> None:
    made = say(everyone, database)
    seen = [replies.revision(database)]
    replies.decide(everyone, database, made.id, accept=True, reason="x")
    seen.append(replies.revision(database))
    replies.undo(everyone, database, made.id, "x")
    assert [*seen, replies.revision(database)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"words": " \n"}, "Please fill in the answer: it is empty."),
        ({"words": "x" * 10_001}, "The answer has 10,001 characters; at most 10,000 can be kept"),
        ({"sign": "gloom"}, "There is no sign 'gloom': choose one of"),
        ({"known_teams": ["south"]}, "There is no team 'north' in the data"),
        ({"tickets": ["t9"], "known_tickets": ["t1"]}, "The ticket 't9' is not behind this reading"),
        ({"tickets": ["t1"], "sign": "uneven_treatment"}, "uneven_treatment is not counted of single tickets"),
        ({"tickets": [f"t{n}" for n in range(501)]}, "An answer speaks of at most 500 tickets, not 501"),
    ],
)
def test_what_cannot_be_answered_is_said_and_nothing_kept(
    database: Database, everyone: Scope, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble) as told:
        say(everyone, database, **given)
    assert sentence in str(told.value)
    assert replies.list_(everyone, database) == []


def test_decisions_need_a_reason_and_something_to_decide(database: Database, everyone: Scope) -> None:
    made = say(everyone, database)
    with pytest.raises(Trouble, match="Please fill in the reason"):
        replies.decide(everyone, database, made.id, accept=True, reason=" ")
    with pytest.raises(Trouble, match="is open: there is no decision to undo"):
        replies.undo(everyone, database, made.id, "x")
    with pytest.raises(Trouble, match="There is no answer 99, or it is not yours to see"):
        replies.decide(everyone, database, 99, accept=True, reason="x")
    assert replies.list_(everyone, database) == [made]


def test_whoever_sees_other_teams_only_can_neither_answer_nor_decide_nor_see(
    database: Database, everyone: Scope
) -> None:
    made, south = say(everyone, database), manager_scope("sue", frozenset({"south"}))
    with pytest.raises(Trouble, match="The team 'north' is not yours to see"):
        say(south, database)
    with pytest.raises(Trouble, match=f"There is no answer {made.id}, or it is not yours to see"):
        replies.decide(south, database, made.id, accept=True, reason="x")
    assert replies.list_(south, database) == []
    assert replies.list_(manager_scope("ned", frozenset({"north"})), database) == [made]


def test_markup_and_what_no_browser_can_hold_is_kept_as_text(database: Database, everyone: Scope) -> None:
    made = say(everyone, database, words="<b>We</b>\x00 [were](x) *told*")
    assert made.words == "<b>We</b> [were](x) *told*"
