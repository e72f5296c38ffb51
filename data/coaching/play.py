"""What a play is: one thing that a team may try, as its file in the playbook declares it.

A play's file is TOML with the keys of `KEYS`; what each means is written in docs/playbook.md. Nothing in it names a
person, and nothing in it is code: a file with an error is refused whole, in one sentence that names what is wrong.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from data.coaching.action import WORDS_LENGTH, tidy_text
from data.errors import Trouble
from metrics.sign import all_signs
from metrics.system import Kind

# What may lie behind a signal, as metrics.causes, metrics.cause_groups and metrics.system tell it.
SYSTEM: tuple[str, ...] = get_args(Kind)
CAUSES: dict[str, str] = {
    "together": "many teams moved together",
    "flood": "a flood of tickets",
    "load": "more load than usual",
    "absence": "more absence than usual",
    "mix": "other tickets than before",
    "category": "some kinds of tickets",
    "channel": "one way of asking",
    "hour": "some hours of the day",
    "newcomers": "people who are new",
    "longer_there": "people who have been there longer",
    "routed_from": "what one team passes on",
    "evenly": "all of it alike",
}
Changes = Literal["work", "people"]
AIMS = ("Hear the customer", "Work as one", "Be able to help", "Mend the work itself", "Keep heart")
OWN_AIM = "Our own"
NAME_LENGTH = 80
MOST_LINES = 60
MOST_WEEKS = 520


@dataclass(frozen=True)
class Card:
    """A scene to play: what happened, how the customer feels, what they say, and what to reach."""

    situation: str
    emotion: str
    says: str
    goal: str


@dataclass(frozen=True)
class Question:
    """A question for an interview, what to listen for, and what the answer cannot tell."""

    ask: str
    listen_for: str
    limit: str


@dataclass(frozen=True)
class Words:
    """What to say, and what it takes the place of (may be empty)."""

    say: str
    instead_of: str = ""


@dataclass(frozen=True)
class Play:
    """One play. `changes`: the work around a team, or how its people do it; `lasts_weeks`: None where it has no usual
    life; `own`: a company's file, which may take the place of a shipped play (`replaces`)."""

    key: str
    name: str
    purpose: str
    steps: tuple[str, ...]
    aim: str = OWN_AIM
    changes: Changes = "people"
    signs: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    who: str = ""
    time: str = ""
    needs: tuple[str, ...] = ()
    lasts_weeks: int | None = None
    watch: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    words: tuple[Words, ...] = ()
    cards: tuple[Card, ...] = ()
    guide: tuple[str, ...] = ()
    debrief: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    own: bool = False
    replaces: bool = False


def parse(raw: bytes, key: str, *, own: bool = False) -> Play:
    """The play that a file declares. Raises Trouble with what is wrong with it: half a sentence, the file unnamed."""
    try:
        told = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise Trouble("is not written in UTF-8; save it anew as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise Trouble(f"is no TOML: {error}") from None
    except RecursionError:
        raise Trouble("is nested too deep to be a play") from None
    if strange := sorted(set(told) - set(KEYS)):
        raise Trouble(f"has the key {strange[0]!r}, which no play has; there are {', '.join(KEYS)}")
    if lacking := [name for name in NEEDED if name not in told]:
        raise Trouble(f"lacks {lacking[0]!r}, which every play needs")
    return Play(key=key, own=own, **{name: KEYS[name](value, name) for name, value in told.items()})


def _text(value: object, name: str, longest: int = WORDS_LENGTH) -> str:
    if not isinstance(value, str):
        raise Trouble(f"has {_kind(value)} as {name!r}, where a text is needed")
    try:
        return " ".join(tidy_text(value, name, longest).split())
    except Trouble as trouble:
        raise Trouble(f"is not right at {name!r}: {str(trouble).rstrip('.')}") from None


def _name(value: object, name: str) -> str:
    return _text(value, name, NAME_LENGTH)


def _lines(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Trouble(f"has {_kind(value)} as {name!r}, where a list of texts is needed")
    if len(value) > MOST_LINES:
        raise Trouble(f"has {len(value)} lines as {name!r}; at most {MOST_LINES} can be read by anyone")
    return tuple(_text(one, name) for one in value)


def _steps(value: object, name: str) -> tuple[str, ...]:
    lines = _lines(value, name)
    if not lines:
        raise Trouble(f"has no line under {name!r}: a play says what to do")
    return lines


def _known(known: Callable[[], Mapping[str, object]], what: str) -> Callable[[object, str], tuple[str, ...]]:
    def read(value: object, name: str) -> tuple[str, ...]:
        lines = tuple(dict.fromkeys(_lines(value, name)))
        if strange := [one for one in lines if one not in known()]:
            raise Trouble(f"names the {what} {strange[0]!r}, which there is not; there are {', '.join(known())}")
        return lines

    return read


def _changes(value: object, name: str) -> str:
    if value not in get_args(Changes):
        raise Trouble(f"says that it changes {value!r}; a play changes {' or '.join(map(repr, get_args(Changes)))}")
    return str(value)


def _weeks(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Trouble(f"has {_kind(value)} as {name!r}, where a whole number of weeks is needed")
    if not 1 <= value <= MOST_WEEKS:
        raise Trouble(f"has {value} as {name!r}; it lies between 1 and {MOST_WEEKS} weeks")
    return value


def _rows(made: type[Any], needed: tuple[str, ...], may: tuple[str, ...] = ()) -> Callable[[object, str], Any]:
    """A list of tables with these texts, each as `made`."""

    def read(value: object, name: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise Trouble(f"has {_kind(value)} as {name!r}, where [[{name}]] tables are needed")
        if len(value) > MOST_LINES:
            raise Trouble(f"has {len(value)} of {name!r}; at most {MOST_LINES} can be read by anyone")
        for one in value:
            if strange := sorted(set(one) - {*needed, *may}):
                raise Trouble(f"has the key {strange[0]!r} under {name!r}; there are {', '.join((*needed, *may))}")
            if lacking := [part for part in needed if part not in one]:
                raise Trouble(f"lacks {lacking[0]!r} under {name!r}")
        return tuple(made(**{part: _text(text, f"{name}.{part}") for part, text in one.items()}) for one in value)

    return read


def _kind(value: object) -> str:
    """What a TOML value is, in words."""
    kinds: dict[type[object], str] = {
        bool: "a yes or no", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"
    }  # fmt: skip
    return kinds.get(type(value), "a date or a time")


KEYS: dict[str, Callable[[object, str], Any]] = {
    "name": _name,
    "purpose": _text,
    "aim": _name,
    "changes": _changes,
    "signs": _known(all_signs, "sign"),
    "causes": _known(lambda: CAUSES, "cause"),
    "steps": _steps,
    "who": _text,
    "time": _text,
    "needs": _lines,
    "lasts_weeks": _weeks,
    "watch": _lines,
    "caveats": _lines,
    "words": _rows(Words, ("say",), ("instead_of",)),
    "cards": _rows(Card, ("situation", "emotion", "says", "goal")),
    "guide": _lines,
    "debrief": _lines,
    "questions": _rows(Question, ("ask", "listen_for", "limit")),
}
NEEDED = ("name", "purpose", "steps")
