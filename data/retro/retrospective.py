"""A retrospective of a team as a value: its stages, what is on the table, what one's own device has put there.

How it stays anonymous. No row says who wrote it, or when:

- A device that joins makes up a secret, which never leaves it but to this server and is not kept here. The database
  has only a fingerprint of it, the *seat*: enough to know that somebody may speak, not who it is.
- A card, an answer and a vote carry no seat, no time and no number in order, only a random id and a *key* made from
  the secret, which without the secret cannot be told from a random one. So the device can find, change and withdraw
  what is its own, nobody can answer twice or cast more votes than they have (there are only so many keys a secret),
  and yet nobody who reads the whole database can say which two rows are of the same person.
- When a stage is shown the keys are wiped. Answers and votes are counted and deleted; cards are written anew, all at
  once and under new ids: from then on not even the device that wrote a card can be told to have written it.
- Nothing is shown one by one: who sees a number change as somebody sits back knows whose it was. Answers on how safe
  it is are shown only where five or more answered.
- Rows lie in the order of their random ids, in the file too. Closing deletes the cards; the summary stays.

What it does not protect from: somebody who reads this server's memory or its network while people write, or keeps
copies of the database's journal from minute to minute; a style of writing that everybody knows; one person who sits
on several seats.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from data.coaching.action import Json
from data.errors import Trouble
from data.scope import Right, Scope

STAGES = ("safety", "last", "praise", "signs", "cards", "group", "vote", "agree")
# The stages in which people write or choose, and the kinds of cards that they write in them.
KINDS: Mapping[str, tuple[str, ...]] = {"praise": ("thanks",), "signs": ("remark",), "cards": ("helps", "hinders")}
BALLOTS = ("safety", "vote")
COLLECTING = (*KINDS, *BALLOTS)
SAFETY = ("1", "2", "3", "4", "5")
FEWEST_ANSWERS = 5
CODE_LETTERS = "BCDFGHJKMNPQRSTVWXZ"  # no vowels, so that no code is a word; none that is easily misread
CODE_LENGTH = 6
CARD_LENGTH = 500
NAME_LENGTH = 80
MOST_CARDS = 12  # of a kind, of one seat, before they are shown
MOST_SEATS = 60
MOST_VOTES = 10
MOST_ACTIONS = 2


@dataclass(frozen=True)
class Retrospective:
    """One retrospective as it stands. `turn` grows with each step of whoever leads, `revision` with every change.

    `safety`: how many answered 1 to 5, None before it was shown or where too few answered; `answered`: how many did,
    once it was shown. `votes`: topic -> votes, once they were counted. `replies`: card -> the answer made of it.
    """

    id: int
    team_id: str
    code: str
    stage: str
    turn: int
    revision: int
    leader: str
    led_by: str
    opened_at: datetime
    closed_at: datetime | None
    shown: tuple[str, ...] = ()
    votes_each: int = 3
    answered: int | None = None
    safety: tuple[int, ...] | None = None
    votes: Mapping[str, int] | None = field(default=None, hash=False)
    replies: Mapping[str, int] = field(default_factory=dict, hash=False)
    summary: Json | None = field(default=None, hash=False)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def collecting(self) -> bool:
        """May people write, answer or vote now?"""
        return self.is_open and self.stage in COLLECTING and self.stage not in self.shown

    def led_with(self, secret: str) -> bool:
        """Is this the secret of whoever leads?"""
        return hmac.compare_digest(self.leader, fingerprint("lead", secret))


@dataclass(frozen=True)
class Card:
    """One card. `about`: the sign that a remark is on. `group_id`: where it was put."""

    id: str
    kind: str
    about: str | None
    words: str
    group_id: str | None = None


@dataclass(frozen=True)
class Group:
    """A named group of cards."""

    id: str
    name: str


@dataclass(frozen=True)
class Topic:
    """What is voted on: a group with its cards, or a card that is in none."""

    id: str
    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Room:
    """What everybody may see. `written`: how many cards of a kind are hidden yet; `voted`: ballots cast so far."""

    at: Retrospective
    seats: int
    voted: int
    written: Mapping[str, int]
    cards: tuple[Card, ...]
    groups: tuple[Group, ...]

    def of_kind(self, *kinds: str) -> tuple[Card, ...]:
        """The cards of these kinds that were shown, in an order that tells nothing and stays."""
        return tuple(card for card in self.cards if card.kind in kinds)

    def topics(self) -> tuple[Topic, ...]:
        """The groups in the order in which they were made, then the cards that are in none."""
        cards = self.of_kind(*KINDS["cards"])
        grouped = [(one, tuple(card for card in cards if card.group_id == one.id)) for one in self.groups]
        named = [Topic(one.id, one.name, inside) for one, inside in grouped if inside]
        return (*named, *(Topic(card.id, card.words, (card,)) for card in cards if card.group_id is None))


@dataclass(frozen=True)
class Mine:
    """What one's own device has put there, while it can still be changed. `votes`: topic -> how many."""

    safety: int | None = None
    votes: Mapping[str, int] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Seat:
    """A place at one retrospective: whoever has the secret. Never written down on this side. Shows nothing of it."""

    retrospective_id: int
    team_id: str
    secret: str = field(repr=False)

    @property
    def scope(self) -> Scope:
        """Who sits here may see this team, and is nobody in particular."""
        return Scope(
            asker="somebody in the retrospective",
            teams=frozenset({self.team_id}),
            rights=frozenset({Right.READ, Right.FOLLOW, Right.ANSWER}),
        )

    def key(self, about: str, number: int) -> str:
        """The key of this seat's `number`-th row `about` something. Without the secret it looks like any other."""
        said = f"{self.retrospective_id}/{about}/{number}"
        return hmac.new(self.secret.encode(), said.encode(), sha256).hexdigest()

    def keys(self, about: str, many: int) -> list[str]:
        return [self.key(about, number) for number in range(many)]


@dataclass(frozen=True)
class Look:
    """What a device sees: all but `at` only where it has a seat."""

    at: Retrospective
    seat: Seat | None
    room: Room | None
    mine: Mine | None


class Moved(Trouble):
    """Somebody else led on first. Nothing of theirs was overwritten; what one wrote is still where one wrote it."""


def new_secret() -> str:
    """What a device proves itself by: 192 random bits."""
    return secrets.token_urlsafe(24)


def fingerprint(purpose: str, secret: str) -> str:
    """What is kept of a secret: enough to know it again, not enough to find it."""
    return sha256(f"heartline/{purpose}/{secret}".encode()).hexdigest()


def new_id() -> str:
    return secrets.token_hex(16)


def new_code() -> str:
    """Six letters that can be read aloud."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalpha())[:20]
