"""Coaching actions: recorded, changed, checked in on, closed; who may; and what happens when two edit at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.coaching import actions
from data.coaching.actions import Action, CheckIn, Conflict
from data.coaching.swaps import Swap
from data.database import Database
from data.errors import Trouble
from data.scope import Scope, local_scope, manager_scope

MONDAY = datetime(2026, 10, 12, 9, tzinfo=UTC)
SEEN = {"sign": "buck_passing", "week": date(2026, 10, 5), "status": "signal", "x": 31, "n": 140, "share": 31 / 140}


def record(scope: Scope, database: Database, **changed: Any) -> Action:
    fields: dict[str, Any] = {
        "team_id": "north",
        "play": "role swap",
        "sign": "buck_passing",
        "why": "Most of those passed on are damaged goods that come from Web.",
        "starts_on": date(2026, 10, 14),
        "review_on": date(2026, 11, 11),
        "owner": "Tom",
        "swap": Swap(8, "Kim"),
        "now": MONDAY,
    }
    return actions.create(scope, database, **{**fields, **changed})


def test_an_action_is_kept_whole(database: Database, everyone: Scope) -> None:
    made = record(everyone, database, seen=SEEN, fixed={"compared": ["south"], "weeks": [4, 9, 13]})
    assert made == Action(
        id=made.id,
        team_id="north",
        play="role swap",
        sign="buck_passing",
        why="Most of those passed on are damaged goods that come from Web.",
        starts_on=date(2026, 10, 14),
        review_on=date(2026, 11, 11),
        owner="Tom",
        status="planned",
        outcome=None,
        closed_at=None,
        seen={**SEEN, "week": "2026-10-05"},
        fixed={"compared": ["south"], "weeks": [4, 9, 13]},
        revision=1,
        created_at=MONDAY,
        created_by="maria",
        updated_at=MONDAY,
        updated_by="maria",
    )
    assert actions.get(everyone, database, made.id) == made
    assert actions.list_(everyone, database) == [made]
    assert hash(made) == hash(actions.get(everyone, database, made.id))


def test_an_action_that_starts_today_is_under_way(database: Database, everyone: Scope) -> None:
    assert record(everyone, database, starts_on=date(2026, 10, 12)).status == "under way"
    assert record(everyone, database, starts_on=date(2026, 10, 12), status="planned").status == "planned"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"review_on": date(2026, 10, 13)},
            "The review (2026-10-13) comes before the start (2026-10-14): choose a later review or an earlier start.",
        ),
        ({"owner": " \n "}, "Please fill in the owner: it is empty."),
        ({"play": ""}, "Please fill in the play: it is empty."),
        ({"why": "\x00"}, "Please fill in the why: it is empty."),
        (
            {"why": "x" * 10_001},
            "The why has 10,001 characters; at most 10,000 can be kept: please shorten it.",
        ),
        ({"owner": "x" * 201}, "The owner has 201 characters; at most 200 can be kept: please shorten it."),
        ({"team_id": "nroth"}, "There is no team 'nroth' in the data: choose one of those listed."),
        ({"starts_on": "soon"}, "The start must be a day, such as 2026-10-12; it is 'soon'."),
        ({"review_on": None}, "The review day must be a day, such as 2026-10-12; it is None."),
        ({"status": "late"}, "An action is one of planned, under way, done, stopped; it cannot be 'late'."),
        (
            {"status": "done"},
            "A new action is planned or under way: record it first, then close it with how it went.",
        ),
    ],
)
def test_what_makes_no_action_is_said_in_one_sentence_and_nothing_is_kept(
    database: Database, everyone: Scope, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        record(everyone, database, known_teams={"north", "south"}, **changed)
    assert str(trouble.value) == sentence
    assert actions.list_(everyone, database) == []


def test_ten_thousand_characters_are_kept(database: Database, everyone: Scope) -> None:
    why = "ä€😀 " * 2499 + "...."
    assert len(why) == 10_000
    made = record(everyone, database, why=why)
    assert actions.get(everyone, database, made.id).why == why


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(why=st.text(max_size=300), note=st.dictionaries(st.text(), st.floats() | st.text() | st.none() | st.dates()))
def test_any_text_and_any_reading_come_back_as_they_were_kept(
    database: Database, everyone: Scope, why: str, note: dict[str, Any]
) -> None:
    made = record(everyone, database, why=f"Because {why}", seen=note)
    assert actions.get(everyone, database, made.id) == made
    assert [change.action for change in actions.history(everyone, database, made.id)] == [made]


def test_each_change_is_kept_whole_with_who_when_and_why(database: Database, everyone: Scope) -> None:
    first = record(everyone, database)
    second = actions.edit(
        local_scope("tom"),
        database,
        first.id,
        {"review_on": date(2026, 11, 18), "owner": " Ann "},
        expected_revision=1,
        note="Tom is away",
        now=MONDAY + timedelta(hours=1),
    )
    assert (second.review_on, second.owner, second.revision, second.updated_by) == (date(2026, 11, 18), "Ann", 2, "tom")
    kept = actions.history(everyone, database, first.id)
    assert [(change.revision, change.at, change.by, change.what, change.note) for change in kept] == [
        (1, MONDAY, "maria", "created", None),
        (2, MONDAY + timedelta(hours=1), "tom", "edited", "Tom is away"),
    ]
    assert [change.action for change in kept] == [first, second]


def test_saving_what_is_there_already_keeps_no_change(database: Database, everyone: Scope) -> None:
    first = record(everyone, database)
    assert actions.edit(everyone, database, first.id, {"owner": "Tom"}, expected_revision=1) == first
    assert len(actions.history(everyone, database, first.id)) == 1


def test_the_second_of_two_editors_is_told_and_loses_nothing(database: Database, everyone: Scope) -> None:
    seen_by_both = record(everyone, database)
    theirs = actions.edit(
        everyone, database, seen_by_both.id, {"owner": "Ann", "why": "Theirs"}, expected_revision=1, now=MONDAY
    )
    mine = {"why": "Mine", "review_on": date(2026, 12, 1), "owner": "Ann"}
    with pytest.raises(Conflict) as conflict:
        actions.edit(local_scope("tom"), database, seen_by_both.id, mine, expected_revision=1)
    assert str(conflict.value) == (
        "maria changed this action while you were writing (12 Oct 09:00 UTC): nothing was overwritten and what you "
        "wrote is kept; look at both and save again."
    )
    assert (conflict.value.base, conflict.value.current, conflict.value.tried) == (seen_by_both, theirs, mine)
    assert conflict.value.clashes == ["why"]
    assert actions.get(everyone, database, seen_by_both.id) == theirs
    again = actions.edit(local_scope("tom"), database, theirs.id, mine, expected_revision=theirs.revision)
    assert (again.why, again.owner, again.revision) == ("Mine", "Ann", 3)


def test_closing_and_editing_at_once_is_a_conflict_too(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    closed = actions.close(everyone, database, made.id, "It helped", expected_revision=1)
    with pytest.raises(Conflict) as conflict:
        actions.edit(everyone, database, made.id, {"why": "More"}, expected_revision=1)
    assert conflict.value.current == closed
    with pytest.raises(Conflict) as conflict:
        actions.close(everyone, database, made.id, "No use", status="stopped", expected_revision=1)
    assert conflict.value.clashes == ["outcome", "status"]


def test_a_revision_that_never_was_is_said(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    with pytest.raises(Trouble, match=f"Action {made.id} has no revision 7: load it again"):
        actions.edit(everyone, database, made.id, {"why": "x"}, expected_revision=7)
    with pytest.raises(Trouble, match=f"Action {made.id} has no revision 7: load it again"):
        actions.undo(everyone, database, made.id, expected_revision=7)


def test_closing_keeps_how_it_went_and_reopening_takes_it_up_again(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    later = MONDAY + timedelta(days=30)
    closed = actions.close(everyone, database, made.id, " Half of it. ", expected_revision=1, now=later)
    assert (closed.status, closed.outcome, closed.closed_at, closed.revision) == ("done", "Half of it.", later, 2)
    for refused in (
        lambda: actions.edit(everyone, database, made.id, {"why": "x"}, expected_revision=2),
        lambda: actions.close(everyone, database, made.id, "again", expected_revision=2),
        lambda: actions.check_in(everyone, database, made.id, "late"),
    ):
        with pytest.raises(Trouble, match="This action is done"):
            refused()
    opened = actions.reopen(everyone, database, made.id, expected_revision=2, note="too early")
    assert (opened.status, opened.outcome, opened.closed_at, opened.revision) == ("under way", None, None, 3)
    with pytest.raises(Trouble, match="nothing to reopen"):
        actions.reopen(everyone, database, made.id, expected_revision=3)
    assert [change.what for change in actions.history(everyone, database, made.id)] == ["created", "closed", "reopened"]


def test_an_action_is_not_closed_without_a_word_or_by_an_edit(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    with pytest.raises(Trouble, match="fill in the word on how it went"):
        actions.close(everyone, database, made.id, "  ", expected_revision=1)
    with pytest.raises(Trouble, match="ends as done or stopped, not as 'won'"):
        actions.close(everyone, database, made.id, "Fine", status="won", expected_revision=1)
    with pytest.raises(Trouble, match="ended by closing it"):
        actions.edit(everyone, database, made.id, {"status": "done"}, expected_revision=1)
    with pytest.raises(Trouble, match="The team_id of an action cannot be changed"):
        actions.edit(everyone, database, made.id, {"team_id": "south"}, expected_revision=1)


def test_undoing_takes_the_last_change_back_and_undoing_again_brings_it_back(
    database: Database, everyone: Scope
) -> None:
    made = record(everyone, database)
    with pytest.raises(Trouble, match="no change to undo"):
        actions.undo(everyone, database, made.id, expected_revision=1)
    actions.close(everyone, database, made.id, "Fine", expected_revision=1)
    undone = actions.undo(everyone, database, made.id, expected_revision=2)
    assert (undone.status, undone.outcome, undone.revision) == ("planned", None, 3)
    redone = actions.undo(everyone, database, made.id, expected_revision=3)
    assert (redone.status, redone.outcome, redone.revision) == ("done", "Fine", 4)
    assert actions.history(everyone, database, made.id)[-2].note == "back to revision 1"


def test_check_ins_are_added_and_never_clash(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    first = actions.check_in(everyone, database, made.id, "Two have swapped.", now=MONDAY)
    second = actions.check_in(local_scope("tom"), database, made.id, "All have.", now=MONDAY + timedelta(days=7))
    assert actions.check_ins(everyone, database, made.id) == [first, second]
    assert second == CheckIn(second.id, made.id, MONDAY + timedelta(days=7), "tom", "All have.")
    assert actions.get(everyone, database, made.id) == made


def test_actions_are_listed_by_team_status_and_when_their_review_is(database: Database, everyone: Scope) -> None:
    today = date(2026, 11, 11)
    late = record(everyone, database, review_on=date(2026, 11, 10), status="under way")
    due = record(everyone, database, review_on=today, team_id="south")
    last = record(everyone, database, review_on=date(2026, 11, 17))
    after = record(everyone, database, review_on=date(2026, 11, 18))
    ended = actions.close(everyone, database, record(everyone, database, review_on=today).id, "x", expected_revision=1)
    assert actions.list_(everyone, database) == [late, due, ended, last, after]
    assert (
        actions.list_(everyone, database, overdue_on=today) == [late] == [a for a in [late, due] if a.is_overdue(today)]
    )
    assert actions.list_(everyone, database, due_on=today) == [due, last]
    assert [a for a in [late, due, ended, last, after] if a.is_due(today)] == [due, last]
    assert actions.list_(everyone, database, team="south") == [due]
    assert actions.list_(everyone, database, status="under way") == [late]
    assert actions.list_(everyone, database, status=actions.CLOSED) == [ended]


def test_a_team_outside_the_scope_can_be_neither_read_nor_written(database: Database, everyone: Scope) -> None:
    made = record(everyone, database)
    actions.check_in(everyone, database, made.id, "x")
    for outsider in (Scope("eve"), manager_scope("eve", frozenset({"south"}))):
        with pytest.raises(Trouble, match="The team 'north' is not yours to see"):
            record(outsider, database)
        assert actions.list_(outsider, database) == actions.list_(outsider, database, team="north") == []
        said = set()
        for ident in (made.id, 99):
            for refused in (
                lambda: actions.get(outsider, database, ident),  # noqa: B023 - called at once
                lambda: actions.history(outsider, database, ident),  # noqa: B023
                lambda: actions.check_ins(outsider, database, ident),  # noqa: B023
                lambda: actions.check_in(outsider, database, ident, "x"),  # noqa: B023
                lambda: actions.edit(outsider, database, ident, {"why": "x"}, expected_revision=1),  # noqa: B023
                lambda: actions.close(outsider, database, ident, "x", expected_revision=1),  # noqa: B023
                lambda: actions.reopen(outsider, database, ident, expected_revision=1),  # noqa: B023
                lambda: actions.undo(outsider, database, ident, expected_revision=2),  # noqa: B023
            ):
                with pytest.raises(Trouble, match="or it is not yours to see") as trouble:
                    refused()
                said.add(str(trouble.value).replace(str(ident), "?"))
        assert len(said) == 1  # the same words whether it exists or not
    assert actions.get(everyone, database, made.id) == made
    north = manager_scope("nora", frozenset({"north"}))
    assert actions.list_(north, database) == [made]


def test_nobody_changes_anything_namelessly(database: Database) -> None:
    with pytest.raises(Trouble, match="name of who does this"):
        record(local_scope(" "), database)


def test_an_instant_without_a_zone_is_a_mistake_of_the_program(database: Database, everyone: Scope) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        record(everyone, database, now=datetime(2026, 1, 1))  # noqa: DTZ001
