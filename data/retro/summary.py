"""The one page that stays of a retrospective, as plain JSON. Pure: what was in the room in, the page out.

`took_part` (seats), `answered` and `safety` (null where too few answered), `thanks`, `remarks` (about, words, sent),
`topics` (name, votes, cards of kind and words; most votes first), `actions` (their numbers: the rows live elsewhere),
`led_by`, and `told`: what the pages said of the team in it.
"""

from collections.abc import Sequence

from data.coaching.action import Json
from data.retro.retrospective import Room, Topic

FORMAT = 1


def summary_of(room: Room, actions: Sequence[int], told: Json) -> Json:
    """The page, from what is in the room at its end."""
    at = room.at
    return {
        "format": FORMAT,
        "team_id": at.team_id,
        "led_by": at.led_by,
        "took_part": room.seats,
        "answered": at.answered,
        "safety": at.safety,
        "thanks": [card.words for card in room.of_kind("thanks")],
        "remarks": [
            {"about": card.about, "words": card.words, "sent": card.id in at.replies} for card in room.of_kind("remark")
        ],
        "topics": [_topic(one, (at.votes or {}).get(one.id, 0)) for one in ranked(room)],
        "voted": at.votes is not None,
        "actions": list(actions),
        "told": told,
    }


def ranked(room: Room) -> list[Topic]:
    """The topics, those with most votes first once they were counted."""
    votes = room.at.votes or {}
    return sorted(room.topics(), key=lambda topic: -votes.get(topic.id, 0))


def _topic(topic: Topic, votes: int) -> Json:
    alone = len(topic.cards) == 1 and topic.cards[0].words == topic.name
    cards = [{"kind": card.kind, "words": card.words} for card in topic.cards]
    return {"name": None if alone else topic.name, "votes": votes, "cards": cards}
