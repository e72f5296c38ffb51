"""A retrospective from opening to its summary, from both sides, in SQLite and in PostgreSQL alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from data import replies
from data.coaching import actions
from data.database import Database
from data.errors import Trouble
from data.retro import leading, outcome
from data.retro import seats as retrospective_seats
from data.retro.retrospective import MOST_CARDS, MOST_SEATS, Mine, Moved, Retrospective, Seat, new_secret
from data.scope import Scope, local_scope, manager_scope

AT = datetime(2026, 10, 12, 9, tzinfo=UTC)
LEAD = "the secret of who leads"
NOT_MINE = manager_scope("eve", frozenset({"south"}))
ACTION = {
    "play": "fifteen seconds",
    "sign": "buck_passing",
    "why": "Passed on without a word",
    "starts_on": date(2026, 10, 12),
    "review_on": date(2026, 11, 9),
    "owner": "Tom",
}


@pytest.fixture
def begun(database: Database, everyone: Scope) -> Retrospective:
    return leading.open_(everyone, database, team_id="north", secret=LEAD, now=AT)


def sit(database: Database, at: Retrospective, many: int) -> list[Seat]:
    return [retrospective_seats.join(database, at.code, f"device {number}") for number in range(many)]


def go(database: Database, everyone: Scope, at: Retrospective, stage: str) -> Retrospective:
    turn = leading.get(everyone, database, at.id).turn
    return leading.go(everyone, database, at.id, stage, secret=LEAD, seen=turn)


def show(database: Database, everyone: Scope, at: Retrospective) -> Retrospective:
    turn = leading.get(everyone, database, at.id).turn
    return leading.show_now(everyone, database, at.id, secret=LEAD, seen=turn)


def mine(database: Database, at: Retrospective, seat: Seat) -> Mine:
    """What the seat has put there."""
    found = retrospective_seats.look(database, at.code, seat.secret).mine
    assert found is not None
    return found


def test_from_opening_to_the_summary(database: Database, everyone: Scope, begun: Retrospective) -> None:
    seats = sit(database, begun, 5)
    for seat, answer in zip(seats, (1, 4, 4, 5, 5), strict=True):
        retrospective_seats.answer_safety(database, seat, answer)
    assert show(database, everyone, begun).safety == (1, 0, 0, 2, 2)
    go(database, everyone, begun, "praise")
    retrospective_seats.write(database, seats[0], "thanks", "Thank you, Billing")
    go(database, everyone, begun, "cards")
    retrospective_seats.write(database, seats[1], "helps", "Lunch together")
    retrospective_seats.write(database, seats[2], "hinders", "Two systems")
    retrospective_seats.write(database, seats[3], "hinders", "Two passwords")
    go(database, everyone, begun, "group")
    room = leading.room(everyone, database, begun.id)
    two = [card.id for card in room.cards if card.kind == "hinders"]
    tools = leading.group(everyone, database, begun.id, two, "Tools", secret=LEAD)
    go(database, everyone, begun, "vote")
    for seat in seats[:3]:
        retrospective_seats.vote(database, seat, tools)
    go(database, everyone, begun, "agree")
    made = outcome.agree(everyone, database, begun.id, ACTION, secret=LEAD, now=AT)
    turn = leading.get(everyone, database, begun.id).turn
    told = {"signs": ["It is calm."]}
    ended = leading.close(everyone, database, begun.id, told, secret=LEAD, seen=turn, now=AT)
    summary = ended.summary or {}
    for topic in summary["topics"]:
        topic["cards"].sort(key=lambda card: card["words"])
    assert summary == {
        "format": 1,
        "team_id": "north",
        "led_by": "maria",
        "took_part": 5,
        "answered": 5,
        "safety": [1, 0, 0, 2, 2],
        "thanks": ["Thank you, Billing"],
        "remarks": [],
        "topics": [
            {
                "name": "Tools",
                "votes": 3,
                "cards": [{"kind": "hinders", "words": "Two passwords"}, {"kind": "hinders", "words": "Two systems"}],
            },
            {"name": None, "votes": 0, "cards": [{"kind": "helps", "words": "Lunch together"}]},
        ],
        "voted": True,
        "actions": [made.id],
        "told": told,
    }
    assert leading.room(everyone, database, begun.id).cards == ()
    assert outcome.agreed(everyone, database, begun.id) == [made]
    assert made == actions.get(everyone, database, made.id)


def test_four_answers_are_too_few_and_are_not_kept(database: Database, everyone: Scope, begun: Retrospective) -> None:
    for seat in sit(database, begun, 4):
        retrospective_seats.answer_safety(database, seat, 2)
    shown = show(database, everyone, begun)
    assert (shown.answered, shown.safety) == (4, None)


def test_an_answer_can_be_changed_until_it_is_counted_and_counts_once(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    seats = sit(database, begun, 5)
    for seat in seats:
        retrospective_seats.answer_safety(database, seat, 1)
        retrospective_seats.answer_safety(database, seat, 5)
        assert mine(database, begun, seat).safety == 5
    assert show(database, everyone, begun).safety == (0, 0, 0, 0, 5)
    with pytest.raises(Moved, match="counted meanwhile, so yours was not added"):
        retrospective_seats.answer_safety(database, seats[0], 1)


def test_cards_are_hidden_and_ones_own_until_all_are_shown_at_once(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    one, other = sit(database, begun, 2)
    go(database, everyone, begun, "cards")
    retrospective_seats.write(database, one, "helps", "  Lunch\x00 together ")
    retrospective_seats.write(database, other, "helps", "Coffee")
    room = leading.room(everyone, database, begun.id)
    assert (room.cards, room.written) == ((), {"helps": 2})
    [own] = mine(database, begun, one).cards
    assert own.words == "Lunch together"
    retrospective_seats.rewrite(database, one, own.id, "<b>Lunch</b>")
    with pytest.raises(Moved):
        retrospective_seats.rewrite(database, other, own.id, "Mine now")
    [coffee] = mine(database, begun, other).cards
    retrospective_seats.withdraw(database, other, coffee.id)
    show(database, everyone, begun)
    room = leading.room(everyone, database, begun.id)
    assert [card.words for card in room.cards] == ["<b>Lunch</b>"]
    assert mine(database, begun, one).cards == ()
    with pytest.raises(Moved, match="can no longer be changed"):
        retrospective_seats.rewrite(database, one, room.cards[0].id, "Changed")


def test_writing_once_more_leaves_what_was_shown(database: Database, everyone: Scope, begun: Retrospective) -> None:
    [seat] = sit(database, begun, 1)
    go(database, everyone, begun, "cards")
    retrospective_seats.write(database, seat, "helps", "First")
    at = show(database, everyone, begun)
    with pytest.raises(Moved, match="shown while you were writing"):
        retrospective_seats.write(database, seat, "helps", "Second")
    leading.write_again(everyone, database, at.id, secret=LEAD, seen=at.turn)
    retrospective_seats.write(database, seat, "helps", "Second")
    room = leading.room(everyone, database, begun.id)
    assert ([card.words for card in room.cards], room.written) == (["First"], {"helps": 1})


def test_who_joins_twice_keeps_the_seat_and_who_joins_late_gets_one(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    sit(database, begun, 2)
    sit(database, begun, 2)
    go(database, everyone, begun, "vote")
    late = retrospective_seats.join(database, f" {begun.code[:3].lower()}-{begun.code[3:].lower()} ", "late")
    assert leading.room(everyone, database, begun.id).seats == 3
    assert retrospective_seats.look(database, begun.code, "late").seat == late
    assert retrospective_seats.look(database, begun.code, "nobody").seat is None
    assert retrospective_seats.look(database, begun.code, None).room is None
    assert late.scope.may_see("north")
    assert not late.scope.may_see("south")


def test_two_who_lead_at_once_the_second_is_told_and_nothing_is_changed(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    first = leading.go(everyone, database, begun.id, "last", secret=LEAD, seen=begun.turn)
    with pytest.raises(Moved, match="led on from another screen meanwhile: nothing was changed"):
        leading.go(everyone, database, begun.id, "cards", secret=LEAD, seen=begun.turn)
    tom = local_scope("tom")
    with pytest.raises(Moved, match=r"maria leads this retrospective on another screen.*Take over"):
        leading.go(tom, database, begun.id, "cards", secret="tom's", seen=first.turn)
    taken = leading.take_over(tom, database, begun.id, secret="tom's")
    assert (taken.stage, taken.led_by, taken.led_with("tom's"), taken.led_with(LEAD)) == ("last", "tom", True, False)
    with pytest.raises(Moved, match="tom leads this retrospective"):
        leading.go(everyone, database, begun.id, "cards", secret=LEAD, seen=taken.turn)


def test_of_many_who_lead_at_once_one_goes_on(database: Database, everyone: Scope, begun: Retrospective) -> None:
    def on(number: int) -> str:
        try:
            leading.go(everyone, database, begun.id, "last", secret=LEAD, seen=begun.turn)
        except Moved:
            return "told"
        return "went on"

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(on, range(4))) == ["told", "told", "told", "went on"]


def test_twelve_who_write_at_once_lose_no_card(database: Database, everyone: Scope, begun: Retrospective) -> None:
    go(database, everyone, begun, "cards")
    with ThreadPoolExecutor(12) as workers:
        seats = list(workers.map(lambda n: retrospective_seats.join(database, begun.code, f"device {n}"), range(12)))
        list(workers.map(lambda seat: retrospective_seats.write(database, seat, "helps", seat.secret), seats * 3))
    show(database, everyone, begun)
    room = leading.room(everyone, database, begun.id)
    assert (room.seats, len(room.cards)) == (12, 36)


def test_one_seat_at_two_screens_at_once_has_no_more_votes(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    [seat] = sit(database, begun, 1)
    go(database, everyone, begun, "cards")
    retrospective_seats.write(database, seat, "helps", "Lunch")
    go(database, everyone, begun, "vote")
    topic = leading.room(everyone, database, begun.id).topics()[0].id

    def vote(_: int) -> str:
        try:
            retrospective_seats.vote(database, seat, topic)
        except Trouble as told:
            return str(told)
        return "cast"

    with ThreadPoolExecutor(8) as workers:
        told = sorted(workers.map(vote, range(8)))
    assert told == ["You have given all your 3 votes: take one back first."] * 5 + ["cast"] * 3
    assert go(database, everyone, begun, "agree").votes == {topic: 3}


def test_groups_stay_as_they_are_once_votes_were_cast(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    [seat] = sit(database, begun, 1)
    go(database, everyone, begun, "cards")
    for word in "one", "two":
        retrospective_seats.write(database, seat, "hinders", word)
    go(database, everyone, begun, "group")
    first, second = (card.id for card in leading.room(everyone, database, begun.id).cards)
    group = leading.group(everyone, database, begun.id, [first], "Tools", secret=LEAD)
    leading.group(everyone, database, begun.id, [second], "", secret=LEAD, into=group)
    leading.ungroup(everyone, database, begun.id, first, secret=LEAD)
    topics = leading.room(everyone, database, begun.id).topics()
    assert [(topic.id, len(topic.cards)) for topic in topics] == [(group, 1), (first, 1)]
    go(database, everyone, begun, "vote")
    retrospective_seats.vote(database, seat, group)
    go(database, everyone, begun, "group")
    with pytest.raises(Trouble, match="Votes were cast on these groups, so they stay"):
        leading.ungroup(everyone, database, begun.id, second, secret=LEAD)
    go(database, everyone, begun, "vote")
    retrospective_seats.take_back(database, seat, group)
    leading.ungroup(everyone, database, begun.id, second, secret=LEAD)
    assert leading.room(everyone, database, begun.id).groups == ()
    with pytest.raises(Moved, match="no longer there: your vote was not used"):
        retrospective_seats.vote(database, seat, group)


def test_a_third_action_is_not_agreed(database: Database, everyone: Scope, begun: Retrospective) -> None:
    for _ in range(2):
        outcome.agree(everyone, database, begun.id, ACTION, secret=LEAD, now=AT)
    with pytest.raises(Trouble, match="2 actions were agreed already, and more are seldom done"):
        outcome.agree(everyone, database, begun.id, ACTION, secret=LEAD, now=AT)
    assert len(actions.list_(everyone, database)) == 2


def test_last_times_actions_are_those_since_the_retrospective_before(database: Database, everyone: Scope) -> None:
    def held(at: datetime) -> Retrospective:
        now = leading.open_(everyone, database, team_id="north", secret=LEAD, now=at)
        made = outcome.agree(everyone, database, now.id, ACTION, secret=LEAD, now=at)
        leading.close(everyone, database, now.id, {}, secret=LEAD, seen=1, now=at)
        assert outcome.agreed(everyone, database, now.id) == [made]
        return now

    _, before, now = (held(AT + timedelta(days=30 * month)) for month in range(3))
    own = outcome.agreed(everyone, database, before.id)
    assert outcome.since_last(everyone, database, now) == own


def test_a_remark_becomes_the_teams_answer_once_and_in_the_name_of_who_leads(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    [seat] = sit(database, begun, 1)
    go(database, everyone, begun, "signs")
    retrospective_seats.write(database, seat, "remark", "The system was down", about="slow_simple")
    show(database, everyone, begun)
    [card] = leading.room(everyone, database, begun.id).cards
    sent = outcome.send_remark(everyone, database, begun.id, card.id, secret=LEAD, now=AT)
    assert sent.words == "The system was down\n\nSaid in the team's retrospective of 2026-10-12."
    assert (sent.team_id, sent.sign, sent.by) == ("north", "slow_simple", "maria")
    with pytest.raises(Trouble, match="sent already"):
        outcome.send_remark(everyone, database, begun.id, card.id, secret=LEAD)
    assert replies.list_(everyone, database) == [sent]


def test_what_is_not_yours_to_see_is_not_there(database: Database, begun: Retrospective) -> None:
    said = f"There is no retrospective {begun.id}, or it is not yours to see."
    asked: list[Callable[[], Any]] = [
        lambda: leading.get(NOT_MINE, database, begun.id),
        lambda: leading.room(NOT_MINE, database, begun.id),
        lambda: leading.take_over(NOT_MINE, database, begun.id, secret="x"),
        lambda: outcome.agreed(NOT_MINE, database, begun.id),
    ]
    for ask in asked:
        with pytest.raises(Trouble, match=said):
            ask()
    assert leading.list_(NOT_MINE, database) == []


def test_a_team_has_one_that_is_open(database: Database, everyone: Scope, begun: Retrospective) -> None:
    with pytest.raises(Trouble, match=rf"open already, led by maria \(code {begun.code}\): take it over"):
        leading.open_(everyone, database, team_id="north", secret="other")
    leading.open_(everyone, database, team_id="south", secret="other")


def test_after_closing_nothing_is_added_and_the_code_says_so(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    [seat] = sit(database, begun, 1)
    go(database, everyone, begun, "cards")
    retrospective_seats.write(database, seat, "helps", "Kept although it was not shown")
    ended = leading.close(everyone, database, begun.id, {}, secret=LEAD, seen=2, now=AT)
    assert [topic["cards"][0]["words"] for topic in (ended.summary or {})["topics"]] == [
        "Kept although it was not shown"
    ]
    with pytest.raises(Trouble, match="was closed meanwhile: nothing more can be added"):
        retrospective_seats.write(database, seat, "helps", "Too late")
    with pytest.raises(Trouble, match=f"The retrospective {begun.code} has ended. Ask maria"):
        retrospective_seats.join(database, begun.code, new_secret())
    with pytest.raises(Trouble, match="was closed meanwhile"):
        leading.take_over(everyone, database, begun.id, secret="x")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" \n", "Please fill in the card: it is empty."),
        ("x" * 10_000, "The card has 10,000 characters; at most 500 can be kept: please shorten it."),
    ],
)
def test_what_makes_no_card_is_said(
    database: Database, everyone: Scope, begun: Retrospective, words: str, sentence: str
) -> None:
    [seat] = sit(database, begun, 1)
    go(database, everyone, begun, "cards")
    with pytest.raises(Trouble) as told:
        retrospective_seats.write(database, seat, "helps", words)
    assert str(told.value) == sentence


def test_cards_of_a_seat_and_seats_are_bounded(database: Database, everyone: Scope, begun: Retrospective) -> None:
    seat = sit(database, begun, MOST_SEATS)[0]
    with pytest.raises(Trouble, match=f"All {MOST_SEATS} seats of this retrospective are taken"):
        retrospective_seats.join(database, begun.code, "one more")
    go(database, everyone, begun, "cards")
    for number in range(MOST_CARDS):
        retrospective_seats.write(database, seat, "helps", f"{number}")
    with pytest.raises(Trouble, match=f"written {MOST_CARDS} cards already"):
        retrospective_seats.write(database, seat, "helps", "one more")
    retrospective_seats.write(database, seat, "hinders", "another kind")


@pytest.mark.parametrize("code", ["", "ABC", "XXXXXX' OR 1=1", "💥"])
def test_a_wrong_code_is_said(database: Database, begun: Retrospective, code: str) -> None:
    with pytest.raises(Trouble, match="There is no retrospective with the code"):
        retrospective_seats.join(database, code, "x")


def test_who_has_no_seat_can_add_nothing(database: Database, everyone: Scope, begun: Retrospective) -> None:
    with pytest.raises(Trouble, match="You have no seat here yet"):
        retrospective_seats.answer_safety(database, Seat(begun.id, "north", "made up"), 5)
    with pytest.raises(Trouble, match="You have no seat here yet"):
        retrospective_seats.answer_safety(database, Seat(99, "north", "made up"), 5)


def test_the_pulse_beats_with_every_change_and_with_no_look(
    database: Database, everyone: Scope, begun: Retrospective
) -> None:
    beats = [leading.pulse(database, begun.id)]
    [seat] = sit(database, begun, 1)
    for change in (
        lambda: retrospective_seats.answer_safety(database, seat, 3),
        lambda: go(database, everyone, begun, "cards"),
        lambda: retrospective_seats.write(database, seat, "helps", "Lunch"),
    ):
        beats.append(leading.pulse(database, begun.id))
        change()
        leading.room(everyone, database, begun.id)
        mine(database, begun, seat)
    beats.append(leading.pulse(database, begun.id))
    assert beats == sorted(set(beats))
    assert leading.pulse(database, 99) == 0
