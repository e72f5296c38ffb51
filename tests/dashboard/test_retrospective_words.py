"""The words of a retrospective: what is told, what is withheld, and the one page that stays."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.plain import JOINER
from dashboard.retro import device, invite, summary, words
from data.coaching.action import Action
from data.retro.retrospective import STAGES, Card, Group, Retrospective, Room

AT = datetime(2026, 10, 12, 9, tzinfo=UTC)
OPEN = Retrospective(
    id=1,
    team_id="north",
    code="BCDFGH",
    stage="safety",
    turn=1,
    revision=1,
    leader="",
    led_by="Maria",
    opened_at=AT,
    closed_at=None,
)
ROOM = Room(at=OPEN, seats=6, voted=4, written={}, cards=(), groups=())
ACTION = Action(
    id=7,
    team_id="north",
    play="fifteen_seconds",
    sign="buck_passing",
    why="Passed on without a word",
    starts_on=date(2026, 10, 12),
    review_on=date(2026, 11, 9),
    owner="Ines",
    status="under way",
    outcome=None,
    closed_at=None,
    seen=None,
    fixed=None,
    revision=1,
    created_at=AT,
    created_by="Maria",
    updated_at=AT,
    updated_by="Maria",
)
KEPT = {
    "took_part": 6,
    "answered": 5,
    "safety": [0, 1, 1, 1, 2],
    "thanks": ["Thank you, *night shift*"],
    "remarks": [{"about": "slow_simple", "words": "It was down", "sent": True}],
    "topics": [
        {"name": "Tools", "votes": 5, "cards": [{"kind": "hinders", "words": "Two systems"}]},
        {"name": None, "votes": 1, "cards": [{"kind": "helps", "words": "Lunch"}]},
    ],
    "voted": True,
    "told": {"signs": ["All 9 signs show no change."], "last": []},
}


@pytest.mark.parametrize(
    ("answered", "counts", "said"),
    [
        (None, None, ""),
        (0, None, "Too few to show: nobody answered, and it takes 5 so that nobody can be told apart."),
        (4, None, "Too few to show: 4 answered, and it takes 5 so that nobody can be told apart."),
        (5, (0, 0, 1, 2, 2), "4 of 5 can talk about anything or almost anything."),
        (6, (1, 1, 1, 2, 1), "3 of 6 can talk about anything or almost anything; 2 will not say much."),
    ],
)
def test_safety_is_told_as_a_spread_or_not_at_all(answered: int, counts: tuple[int, ...] | None, said: str) -> None:
    assert words.safety(answered, counts) == said


def test_low_safety_gets_kind_advice_and_good_safety_none() -> None:
    assert words.advice((1, 0, 0, 0, 4)) == words.advice((0, 3, 0, 0, 2)) == words.LOW
    assert words.advice((0, 0, 1, 0, 4)) == words.MIXED
    assert words.advice((0, 0, 0, 1, 4)) == words.advice(None) == ""


def test_while_people_write_only_how_many_is_told() -> None:
    assert words.waiting(ROOM) == "4 of 6 answered. They are shown once 5 have."
    assert words.waiting(replace(ROOM, seats=0)) == "Nobody has joined yet."
    vote = replace(ROOM, at=replace(OPEN, stage="vote"))
    assert words.waiting(vote) == "4 of 18 votes given."
    cards = replace(ROOM, at=replace(OPEN, stage="cards"), written={"helps": 1, "hinders": 3})
    assert words.waiting(cards) == "1 card on what helps, 3 on what hinders written, hidden until all are shown."


def test_answers_cannot_be_shown_before_there_are_enough_of_them() -> None:
    assert not words.enough(ROOM)
    assert words.enough(replace(ROOM, voted=5))
    assert words.enough(replace(ROOM, at=replace(OPEN, stage="cards"), voted=0))


def test_every_stage_has_its_words() -> None:
    assert set(STAGES) == set(words.TITLES) == set(words.SHORT)
    assert [words.stage_line(stage)[:6] for stage in STAGES] == [f"{n} of 8" for n in range(1, 9)]


def test_topics_are_groups_then_cards_that_stand_alone() -> None:
    cards = (
        Card("a", "helps", None, "Lunch"),
        Card("b", "hinders", None, "Two systems", "g"),
        Card("c", "thanks", None, "Thank you"),
    )
    room = replace(ROOM, cards=cards, groups=(Group("g", "Tools"), Group("e", "Empty")))
    assert [(topic.id, topic.name) for topic in room.topics()] == [("g", "Tools"), ("a", "Lunch")]


def test_the_page_that_stays_is_said_in_plain_text() -> None:
    closed = replace(OPEN, closed_at=AT, summary=KEPT)
    assert summary.as_text(closed, "North", [ACTION]) == (
        "Retrospective of North, 12 October 2026\n\n"
        "Led by Maria. 6 devices took part. Who wrote what was not kept.\n\n"
        "WHAT WE TRY\n"
        "- Fifteen seconds, Ines, from 12 Oct, review on 9 Nov: Passed on without a word\n\n"
        "WHAT MATTERS\n- 5 votes. Tools: Two systems (hinders)\n- 1 vote. Lunch (helps)\n\n"
        "SAFE TO SPEAK\n3 of 5 can talk about anything or almost anything; 1 will not say much. "
        "From 1 (I keep it to myself) to 5 (anything): 1: 0, 2: 1, 3: 1, 4: 1, 5: 2.\n\n"
        "THANK YOU\n- Thank you, *night shift*\n\n"
        "OUR SIGNS, AS THEY WERE THEN\n- All 9 signs show no change.\n\n"
        "WE SEE IT DIFFERENTLY\n- Do simple issues take long? It was down (sent to the manager as an answer)\n"
    )


def test_in_markdown_what_people_typed_is_text() -> None:
    typed = {"thanks": ["# <b>Thank</b> [you](http://x)\n- all"]}
    said = summary.as_markdown(replace(OPEN, closed_at=AT, summary=typed), "North", [])
    assert r"- \# \<b\>Thank\</b\> \[you\]\(http\://x\) \- all" in said.replace(JOINER, "")
    assert "No action was agreed\\." in said


def test_others_join_by_a_link_without_any_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert invite.only_here()
    monkeypatch.setenv("HEARTLINE_ADDRESS", "https://heartline.example.com/")
    assert invite.link("BCDFGH") == "https://heartline.example.com/retrospective?join=BCDFGH"
    assert not invite.only_here()
    assert invite.square("BCDFGH").startswith("<svg")


def test_a_device_gets_a_secret_that_no_script_reads_and_no_other_site_is_sent() -> None:
    name, _, rest = device.given().partition("=")
    assert name == "heartline_device"
    assert rest[32:] == "; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"
    assert device.given() != device.given()
