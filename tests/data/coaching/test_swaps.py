"""A role swap has a buddy wherever it is recorded; what it taught and what was fixed is only added to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.coaching import actions, swaps
from data.coaching.action import Action
from data.coaching.swaps import Agreed, Note, Swap
from data.database import Database
from data.errors import Trouble
from data.scope import Scope, local_scope, manager_scope

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
LATER = NOW + timedelta(weeks=30)
KIM = Swap(8, "Kim of the second line")


def record(scope: Scope, database: Database, **more: Any) -> Action:
    told: dict[str, Any] = {"team_id": "north", "play": "role_swap", "sign": "buck_passing", "why": "x", "owner": "Tom"}
    days = {"starts_on": NOW.date(), "review_on": NOW.date(), "now": NOW}
    return actions.create(scope, database, **{**told, **days, **more})


@pytest.mark.parametrize("play", ["role_swap", "Role swap", " role-swap ", "ROLE  SWAP"])
@pytest.mark.parametrize("swap", [None, Swap(8, "  ")])
def test_none_is_recorded_without_a_buddy_in_whatever_words(
    database: Database, everyone: Scope, play: str, swap: Swap | None
) -> None:
    with pytest.raises(Trouble, match="A role swap needs a buddy: say who takes the guest along"):
        record(everyone, database, play=play, swap=swap)
    assert actions.list_(everyone, database) == []


@pytest.mark.parametrize(
    ("swap", "said"),
    [
        (Swap(0, "Kim"), "takes more than no hours and at most 400, not 0"),
        (Swap(-2, "Kim"), "not -2"),
        (Swap(float("nan"), "Kim"), "not nan"),
        (Swap(401, "Kim"), "not 401"),
        (Swap(8, "x" * 201), "The name of the buddy has 201 characters; at most 200"),
    ],
)
def test_what_is_no_agreement_is_refused_and_nothing_is_recorded(
    database: Database, everyone: Scope, swap: Swap, said: str
) -> None:
    with pytest.raises(Trouble, match=said):
        record(everyone, database, swap=swap)
    assert actions.list_(everyone, database) == []


def test_hours_and_buddy_stand_beside_the_action(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, swap=Swap(7.5, " <b>Kim</b> "))
    assert swaps.agreed(everyone, database, made.id) == Agreed(7.5, "<b>Kim</b>", "maria", NOW)
    other = record(everyone, database, play="ownership", swap=KIM)
    assert swaps.agreed(everyone, database, other.id) is None


def test_another_agreement_takes_the_place_of_the_first(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, swap=KIM)
    told = swaps.change(everyone, database, made.id, Swap(4, "Noor"), now=LATER)
    assert told == swaps.agreed(everyone, database, made.id) == Agreed(4, "Noor", "maria", LATER)
    with pytest.raises(Trouble, match="needs a buddy"):
        swaps.change(everyone, database, made.id, Swap(4, " "))
    plain = record(everyone, database, play="ownership")
    with pytest.raises(Trouble, match=f"Action {plain.id} is no role swap, so it has no buddy"):
        swaps.change(everyone, database, plain.id, KIM)


def test_an_action_becomes_a_role_swap_with_a_buddy_only(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, play="ownership")
    with pytest.raises(Trouble, match="needs a buddy"):
        actions.edit(everyone, database, made.id, {"play": "role_swap"}, expected_revision=1)
    assert actions.get(everyone, database, made.id) == made
    swapped = actions.edit(everyone, database, made.id, {"play": "role_swap"}, expected_revision=1, swap=KIM, now=NOW)
    assert swaps.agreed(everyone, database, made.id) == Agreed(8, KIM.buddy, "maria", NOW)
    back = actions.undo(everyone, database, made.id, expected_revision=swapped.revision)
    again = actions.undo(everyone, database, made.id, expected_revision=back.revision)
    assert (back.play, again.play) == ("ownership", "role_swap")
    assert swaps.agreed(everyone, database, made.id) == Agreed(8, KIM.buddy, "maria", NOW)


def test_what_was_learnt_and_fixed_is_added_also_when_the_action_has_ended(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, swap=KIM)
    first = swaps.note(everyone, database, made.id, "learnt", " The number *lacks*. ", now=NOW)
    actions.close(everyone, database, made.id, "Ran.", expected_revision=1)
    second = swaps.note(local_scope("tom"), database, made.id, "fixed", "<i>The form asks.</i>", now=LATER)
    assert swaps.notes(everyone, database, made.id) == [
        Note(first.id, made.id, "learnt", "The number *lacks*.", "maria", NOW),
        Note(second.id, made.id, "fixed", "<i>The form asks.</i>", "tom", LATER),
    ]


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        ("learnt", " ", "Please fill in the field of what was learnt"),
        ("fixed", "x" * 10_001, "has 10,001 characters"),
        ("liked", "x", "not what was 'liked'"),
    ],
)
def test_what_cannot_be_added_is_refused(database: Database, everyone: Scope, kind: str, words: str, said: str) -> None:
    made = record(everyone, database, swap=KIM)
    with pytest.raises(Trouble, match=said):
        swaps.note(everyone, database, made.id, kind, words)
    assert swaps.notes(everyone, database, made.id) == []


def test_nothing_is_added_to_what_is_no_role_swap(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, play="ownership")
    with pytest.raises(Trouble, match=f"Action {made.id} is no role swap: add a check-in instead"):
        swaps.note(everyone, database, made.id, "learnt", "x")


def test_an_outsider_reads_and_writes_nothing_and_learns_nothing(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, swap=KIM)
    outsider = manager_scope("sam", frozenset({"south"}))
    for number in (made.id, 10**6):
        for asked in (
            lambda number=number: swaps.agreed(outsider, database, number),
            lambda number=number: swaps.notes(outsider, database, number),
            lambda number=number: swaps.change(outsider, database, number, KIM),
            lambda number=number: swaps.note(outsider, database, number, "learnt", "x"),
        ):
            with pytest.raises(Trouble, match=f"There is no action {number}, or it is not yours to see."):
                asked()
