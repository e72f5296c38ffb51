"""One-on-ones: opened, changed, undone; their agenda, action points and private notes; and who may read what."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from data import calendar_files
from data.coaching import actions
from data.database import Database
from data.errors import Trouble
from data.scope import Scope, local_scope, manager_scope
from data.talks import action_points, agenda, conversations, private_notes
from data.talks.action_points import ActionPoint
from data.talks.conversation import Conflict, Conversation

MONDAY = datetime(2026, 10, 12, 9, tzinfo=UTC)
TODAY = MONDAY.date()
LONG = "<b>**x**</b> " * 770  # 10,010 characters


def opened(scope: Scope, database: Database, **changed: Any) -> Conversation:
    told: dict[str, Any] = {"guest": "Bruno", "teams": ["north"], "held_on": date(2026, 10, 14), "now": MONDAY}
    return conversations.create(scope, database, **{**told, **changed})


def agreed(scope: Scope, database: Database, talk: Conversation, **changed: Any) -> ActionPoint:
    told: dict[str, Any] = {"words": "Ring back.", "owner": "Bruno", "due_on": date(2026, 10, 20), "now": MONDAY}
    return action_points.add(scope, database, talk.id, **{**told, **changed})


def test_a_conversation_is_kept_whole(database: Database, everyone: Scope) -> None:
    made = opened(everyone, database, teams=["south", "north", "north"])
    assert made == Conversation(
        id=made.id,
        series=made.id,
        host="maria",
        guest="Bruno",
        teams=("north", "south"),
        held_on=date(2026, 10, 14),
        priorities=(),
        shared="",
        revision=1,
        created_at=MONDAY,
        created_by="maria",
        updated_at=MONDAY,
        updated_by="maria",
    )
    assert conversations.get(everyone, database, made.id) == made
    assert [step.conversation for step in conversations.history(everyone, database, made.id)] == [made]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"guest": " "}, "Please fill in the name of the other side: it is empty."),
        ({"guest": " MARIA "}, "A one-on-one is of two people, and both are 'maria': name the other one."),
        (
            {"guest": "x" * 201},
            "The name of the other side has 201 characters; at most 200 can be kept: please shorten",
        ),
        ({"teams": []}, "Choose a team, or several: their readings stand beside the conversation."),
        ({"teams": ["nroth"]}, "There is no team 'nroth' in the data: choose one of those listed."),
        ({"held_on": "soon"}, "The day of the conversation must be a day, such as 2026-10-12; it is 'soon'."),
        ({"held_on": date(1026, 10, 14)}, "The day 1026-10-14 is too far from today (2026-10-12)"),
        ({"held_on": date(2036, 10, 14)}, "The day 2036-10-14 is too far from today (2026-10-12)"),
    ],
)
def test_what_makes_no_conversation_is_said_in_one_sentence_and_nothing_is_kept(
    database: Database, everyone: Scope, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        opened(everyone, database, known_teams={"north", "south"}, **changed)
    assert sentence in str(trouble.value)
    assert conversations.list_(everyone, database) == []


def test_the_same_two_people_go_on_where_they_were(database: Database, everyone: Scope) -> None:
    first = opened(everyone, database)
    second = opened(local_scope("BRUNO"), database, guest="Maria ", held_on=date(2026, 10, 28))
    other = opened(everyone, database, guest="Carla")
    assert (second.series, other.series) == (first.id, other.id)
    assert conversations.list_(everyone, database, series=first.id) == [second, first]
    with pytest.raises(Trouble, match=f"have a conversation on 2026-10-14 already \\(number {first.id}\\)"):
        opened(everyone, database, guest="bruno")


def test_a_conversation_is_seen_only_by_those_who_may_see_all_its_teams(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database, teams=["north", "south"])
    agreed(everyone, database, talk)
    agenda.add(everyone, database, talk.id, "Load")
    north = manager_scope("nina", frozenset({"north"}))
    assert conversations.list_(north, database) == []
    assert action_points.list_(north, database) == []
    for look in (conversations.get, agenda.points, private_notes.list_, conversations.history, conversations.token):
        with pytest.raises(Trouble, match=f"There is no conversation {talk.id}, or it is not yours to see."):
            look(north, database, talk.id)
    with pytest.raises(Trouble, match="The team 'south' is not yours to see"):
        opened(north, database, teams=["south"])


def test_the_second_of_two_who_edit_is_told_and_nothing_is_lost(database: Database, everyone: Scope) -> None:
    base = opened(everyone, database)
    theirs = conversations.edit(
        local_scope("Bruno"), database, base.id, {"shared": "Theirs", "priorities": ["Calm"]}, expected_revision=1
    )
    mine = {"shared": "Mine", "priorities": ["Calm", " "]}
    with pytest.raises(Conflict) as conflict:
        conversations.edit(everyone, database, base.id, mine, expected_revision=1)
    assert (conflict.value.base, conflict.value.current) == (base, theirs)
    assert (conflict.value.tried["shared"], conflict.value.clashes) == ("Mine", ["shared"])
    after = conversations.edit(everyone, database, base.id, mine, expected_revision=2)
    assert (after.shared, after.priorities, after.revision) == ("Mine", ("Calm",), 3)
    back = conversations.undo(everyone, database, base.id, expected_revision=3)
    assert back.shared == "Theirs"
    again = conversations.undo(everyone, database, base.id, expected_revision=4)
    assert again.shared == "Mine"
    steps = conversations.history(everyone, database, base.id)
    assert [step.what for step in steps] == ["opened", "edited", "edited", "undone", "undone"]
    assert conversations.edit(everyone, database, base.id, {"shared": "Mine"}, expected_revision=5) == again


def test_two_priorities_at_most_and_long_text_are_said(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database)
    for changes, sentence in (
        ({"priorities": ["a", "b", "c"]}, "at most 2 priorities, and these are 3"),
        ({"shared": LONG}, "at most 10,000 can be kept"),
        ({"teams": ["south"]}, "The teams of a conversation cannot be changed"),
    ):
        with pytest.raises(Trouble, match=sentence):
            conversations.edit(everyone, database, talk.id, changes, expected_revision=1)
    assert conversations.get(everyone, database, talk.id) == talk
    kept = conversations.edit(everyone, database, talk.id, {"shared": LONG[:9_999]}, expected_revision=1)
    assert kept.shared == LONG[:9_999].strip()


def test_a_private_note_is_read_by_its_author_alone(database: Database, everyone: Scope) -> None:
    talk, bruno = opened(everyone, database), local_scope("Bruno")
    mine = private_notes.write(everyone, database, talk.id, "He looks tired.", now=MONDAY)
    theirs = private_notes.write(bruno, database, talk.id, "Ask for Friday off.", now=MONDAY)
    assert private_notes.list_(everyone, database, talk.id) == [mine]
    assert private_notes.list_(bruno, database, talk.id) == [theirs]
    with pytest.raises(Trouble, match=f"There is no note {mine.id} of yours."):
        private_notes.remove(bruno, database, mine.id)
    private_notes.remove(everyone, database, mine.id, now=MONDAY)
    assert private_notes.list_(everyone, database, talk.id) == []
    assert private_notes.list_(everyone, database, talk.id, removed=True) == [mine]
    assert private_notes.list_(bruno, database, talk.id, removed=True) == []
    private_notes.remove(everyone, database, mine.id, back=True)
    assert private_notes.list_(everyone, database, talk.id) == [mine]


def test_the_link_shows_the_agenda_and_nothing_else(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database)
    private_notes.write(everyone, database, talk.id, "He looks tired.")
    conversations.edit(everyone, database, talk.id, {"shared": "Ours"}, expected_revision=1, now=MONDAY)
    agreed(everyone, database, talk)
    agenda.add(everyone, database, talk.id, "The new calendar", now=MONDAY)
    token = conversations.token(everyone, database, talk.id)
    assert len(token) >= 32
    agenda.add_as_guest(database, token, " <b>Load</b>\n**today** ", now=MONDAY)
    seen = agenda.seen_by_guest(database, token, now=MONDAY)
    assert seen == agenda.GuestView(
        "maria",
        "Bruno",
        date(2026, 10, 14),
        (("The new calendar", "maria"), ("<b>Load</b>\n**today**", "Bruno")),
    )
    assert [point.side for point in agenda.points(everyone, database, talk.id)] == ["host", "guest"]


def test_a_link_that_is_wrong_late_or_renewed_opens_nothing(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database)
    token = conversations.token(everyone, database, talk.id)
    agenda.seen_by_guest(database, token, now=MONDAY + timedelta(days=9))
    nothing = "This link opens nothing, or nothing any more"
    for wrong, at in (("", MONDAY), (token[:-1], MONDAY), (token, MONDAY + timedelta(days=10))):
        with pytest.raises(Trouble, match=nothing):
            agenda.seen_by_guest(database, wrong, now=at)
        with pytest.raises(Trouble, match=nothing):
            agenda.add_as_guest(database, wrong, "Load", now=at)
    renewed = conversations.renew_token(everyone, database, talk.id)
    assert renewed != token
    agenda.seen_by_guest(database, renewed, now=MONDAY)
    with pytest.raises(Trouble, match=nothing):
        agenda.seen_by_guest(database, token, now=MONDAY)


def test_what_is_prepared_comes_once_also_where_it_was_taken_off(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database)
    drafts = [("praise:north", "A kind word"), ("signal:north", "Passed on")]
    assert agenda.prepare(everyone, database, talk.id, drafts) == 2
    first = agenda.points(everyone, database, talk.id)[0]
    agenda.remove(everyone, database, first.id, now=MONDAY)
    assert agenda.prepare(everyone, database, talk.id, [*drafts, ("due:1", "Role swap")]) == 1
    assert [point.words for point in agenda.points(everyone, database, talk.id)] == ["Passed on", "Role swap"]
    assert [point.id for point in agenda.points(everyone, database, talk.id, removed=True)] == [first.id]
    agenda.remove(everyone, database, first.id, back=True)
    talked = agenda.talked(everyone, database, first.id, now=MONDAY)
    assert talked.talked_at == MONDAY
    assert agenda.talked(everyone, database, first.id, yes=False).talked_at is None
    assert len(agenda.points(everyone, database, talk.id)) == 3


def test_kind_words_come_first_then_what_the_two_brought_then_what_was_prepared(
    database: Database, everyone: Scope
) -> None:
    talk = opened(everyone, database)
    agenda.prepare(everyone, database, talk.id, [("signal:north", "Passed on"), ("praise:north", "A kind word")])
    agenda.add(everyone, database, talk.id, "Holidays", now=MONDAY)
    token = conversations.token(everyone, database, talk.id)
    agenda.add_as_guest(database, token, "Load", now=MONDAY)
    in_order = ["A kind word", "Holidays", "Load", "Passed on"]
    assert [point.words for point in agenda.points(everyone, database, talk.id)] == in_order
    assert [words for words, _ in agenda.seen_by_guest(database, token, now=MONDAY).points] == in_order


def test_an_agenda_has_an_end(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database)
    drafts = [(f"signal:{number}", "Passed on") for number in range(60)]
    assert agenda.prepare(everyone, database, talk.id, drafts) == agenda.MOST_POINTS
    with pytest.raises(Trouble, match="There are 40 points on this agenda"):
        agenda.add_as_guest(database, conversations.token(everyone, database, talk.id), "One more", now=MONDAY)


def test_action_points_are_carried_over_until_they_are_done(database: Database, everyone: Scope) -> None:
    first = opened(everyone, database)
    point = agreed(everyone, database, first)
    second = opened(everyone, database, held_on=date(2026, 10, 28))
    assert action_points.list_(everyone, database, series=second.series, states=("open",)) == [point]
    moved = action_points.edit(
        everyone, database, point.id, {"due_on": date(2026, 10, 30)}, expected_revision=1, now=MONDAY
    )
    done = action_points.settle(everyone, database, point.id, "done", expected_revision=2)
    assert (moved.revision, done.state, done.revision) == (2, "done", 3)
    assert action_points.list_(everyone, database, series=second.series, states=("open",)) == []
    again = action_points.settle(everyone, database, point.id, "open", expected_revision=3)
    assert again.is_open
    steps = action_points.history(everyone, database, point.id)
    assert [what for what, _ in steps] == ["agreed", "edited", "done", "open"]
    assert [kept for _, kept in steps] == [point, moved, done, again]


def test_a_sixth_open_action_point_has_to_wait(database: Database, everyone: Scope) -> None:
    first = opened(everyone, database)
    made = [agreed(everyone, database, first, words=f"Point {number}") for number in range(5)]
    second = opened(everyone, database, held_on=date(2026, 10, 28))
    with pytest.raises(Trouble, match="5 action points are open between maria and Bruno"):
        agreed(everyone, database, second)
    action_points.settle(everyone, database, made[0].id, "dropped", expected_revision=1)
    agreed(everyone, database, second)
    with pytest.raises(Trouble, match="5 action points are open"):
        action_points.settle(everyone, database, made[0].id, "open", expected_revision=2)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": ""}, "Please fill in the action point: it is empty."),
        ({"words": "x" * 1_001}, "at most 1,000 can be kept"),
        ({"owner": " "}, "Please fill in the owner: it is empty."),
        ({"due_on": date(2026, 10, 11)}, "The day 2026-10-11 has been: by when is it to be done?"),
        ({"due_on": date(2126, 10, 11)}, "The day 2126-10-11 is more than two years away"),
        ({"due_on": None}, "The day by which it is to be done must be a day"),
    ],
)
def test_what_makes_no_action_point_is_said(
    database: Database, everyone: Scope, changed: dict[str, Any], sentence: str
) -> None:
    talk = opened(everyone, database)
    with pytest.raises(Trouble, match=sentence):
        agreed(everyone, database, talk, **changed)
    assert action_points.list_(everyone, database) == []


def test_two_who_settle_the_same_point_are_told_apart(database: Database, everyone: Scope) -> None:
    point = agreed(everyone, database, opened(everyone, database))
    done = action_points.settle(local_scope("Bruno"), database, point.id, "done", expected_revision=1)
    with pytest.raises(action_points.Conflict, match="Bruno changed this action point") as conflict:
        action_points.settle(everyone, database, point.id, "dropped", expected_revision=1)
    assert conflict.value.current == done


def test_an_action_point_becomes_a_coaching_action_or_nothing_is_written(database: Database, everyone: Scope) -> None:
    talk = opened(everyone, database)
    point = agreed(everyone, database, talk)
    content = {
        "team_id": "south",
        "play": "ownership",
        "sign": "buck_passing",
        "why": "Passed on unread.",
        "starts_on": TODAY,
        "review_on": date(2026, 11, 9),
        "owner": "Bruno",
        "seen": {"x": 31},
        "fixed": {"compared": ["west"]},
    }
    with pytest.raises(Trouble, match="The conversation is not about the team 'south'"):
        action_points.become_action(everyone, database, point.id, content, expected_revision=1, now=MONDAY)
    assert actions.list_(everyone, database) == []
    told = content | {"team_id": "north"}
    made = action_points.become_action(everyone, database, point.id, told, expected_revision=1, now=MONDAY)
    assert actions.list_(everyone, database) == [made]
    assert (made.status, made.seen, made.fixed) == ("under way", {"x": 31}, {"compared": ["west"]})
    (after,) = action_points.list_(everyone, database)
    assert (after.state, after.action_id, after.revision) == ("coaching action", made.id, 2)
    with pytest.raises(Trouble, match=f"became coaching action {made.id}: it goes on there"):
        action_points.settle(everyone, database, point.id, "done", expected_revision=2)
    with pytest.raises(Trouble, match="This action point is coaching action already"):
        action_points.become_action(everyone, database, point.id, told, expected_revision=2, now=MONDAY)


def test_the_calendar_file_of_a_day_reads_back_and_a_moved_day_keeps_its_uid(
    database: Database, everyone: Scope
) -> None:
    talk = opened(everyone, database)
    first = calendar_files.as_file([calendar_files.one_on_one(talk, "https://h.example.com/one_on_one?conversation=1")])
    moved = conversations.edit(everyone, database, talk.id, {"held_on": date(2026, 10, 15)}, expected_revision=1)
    second = calendar_files.as_file([calendar_files.one_on_one(moved, "https://h.example.com/")])
    events = [Calendar.from_ical(made).walk("VEVENT")[0] for made in (first, second)]
    assert [event.decoded("dtstart") for event in events] == [date(2026, 10, 14), date(2026, 10, 15)]
    assert [event["sequence"] for event in events] == [0, 1]
    assert events[0]["uid"] == events[1]["uid"]
    assert str(events[0]["summary"]) == "One-on-one: maria and Bruno"
    assert str(events[0]["url"]) == "https://h.example.com/one_on_one?conversation=1"
    assert first == calendar_files.as_file(
        [calendar_files.one_on_one(talk, "https://h.example.com/one_on_one?conversation=1")]
    )
