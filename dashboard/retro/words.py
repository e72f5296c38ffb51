"""The words of a retrospective. Pure: values in, sentences out."""

from collections.abc import Sequence

from dashboard import words
from data.retro.retrospective import FEWEST_ANSWERS, STAGES, Retrospective, Room

TITLES = {
    "safety": "How safe is it to speak?",
    "last": "What became of last time's actions?",
    "praise": "What deserves a thank-you?",
    "signs": "What do our signs say, and do we see it differently?",
    "cards": "What helps us, what hinders us?",
    "group": "What belongs together?",
    "vote": "What matters most?",
    "agree": "What do we try?",
}
SHORT = {
    "safety": "Safe to speak",
    "last": "Last time",
    "praise": "Praise",
    "signs": "Our signs",
    "cards": "Helps, hinders",
    "group": "Group",
    "vote": "Vote",
    "agree": "Agree",
}
SAFETY = {
    1: "I will say that all is well, and keep the rest to myself",
    2: "I will not say much",
    3: "I can talk about some things; others will be hard",
    4: "I can talk about almost anything",
    5: "I can talk about anything",
}
NOW = {
    "safety": "Answer on your own device, by yourself. The answers are shown all together, never one by one.",
    "praise": "Whom would you like to thank, for what? Write it on your own device.",
    "signs": "Look at the signs. Where the numbers do not know something, write it on your own device.",
    "cards": "Write on your own device, one thing a card. All cards are shown together.",
    "vote": "Vote on your own device for what matters most to you.",
}
KINDS = {"thanks": "Thank you", "remark": "We see it differently", "helps": "Helps", "hinders": "Hinders"}
ASKS = {
    "thanks": "Thank somebody, for something they did",
    "remark": "What do the numbers not know?",
    "helps": "What helps us to help customers?",
    "hinders": "What stands in our way?",
}
ANONYMOUS = (
    "Nobody is told who wrote or chose what, and it is not stored: not the name, not the device, not the time. What is "
    "written stays hidden until all of it is shown at once, in no particular order."
)
HOW_ANONYMOUS = (
    "Your device keeps a secret in a cookie, for twelve hours. With it, and with nothing else, your own cards can be "
    "changed until they are shown; then the link between the two is wiped. How safe it is to speak is shown only where "
    "five or more answered. Not protected: a style that everybody knows, and a card about something only you were at."
)
LOW = (
    "Some of you do not find it safe to speak. That it is said took courage: please do not ask who. What helps: write "
    "rather than speak today; talk of the work and never of a person; let whoever has power over others speak last, or "
    "leave the room for a while. And ask at the end what would make it a little safer next time."
)
MIXED = "For some of you not everything is easy to say. Write first, speak after; nobody has to explain their card."


def stage_line(stage: str) -> str:
    """ "5 of 8: Helps, hinders"."""
    return f"{STAGES.index(stage) + 1} of {len(STAGES)}: {SHORT[stage]}"


def stages_line(now: str) -> str:
    """All stages in their order, the one that the room is in in bold."""
    return " · ".join(f"**{SHORT[stage]}**" if stage == now else SHORT[stage] for stage in STAGES)


def enough(room: Room) -> bool:
    """Is there enough to be shown? What is counted once cannot be counted again."""
    if room.at.stage == "safety":
        return room.voted >= FEWEST_ANSWERS
    return room.at.stage != "vote" or room.voted > 0


def safety(answered: int | None, counts: Sequence[int] | None) -> str:
    """What the answers say, in a sentence; too few are not told."""
    if answered is None:
        return ""
    if counts is None:
        told = "nobody answered" if not answered else f"{answered} answered"
        return f"Too few to show: {told}, and it takes {FEWEST_ANSWERS} so that nobody can be told apart."
    open_, hard = sum(counts[3:]), sum(counts[:2])
    said = f"{open_} of {answered} can talk about anything or almost anything"
    return f"{said}; {hard} will not say much." if hard else f"{said}."


def advice(counts: Sequence[int] | None) -> str:
    """What to do where it is not safe for everybody; nothing where it is, or where it is not known."""
    if counts is None:
        return ""
    if sum(counts[:2]):
        return LOW
    return MIXED if counts[2] else ""


def waiting(room: Room) -> str:
    """How far people are, without a word on who."""
    at = room.at
    if not room.seats:
        return "Nobody has joined yet."
    if at.stage == "safety":
        return f"{room.voted} of {room.seats} answered. They are shown once {FEWEST_ANSWERS} have."
    if at.stage == "vote":
        return f"{room.voted} of {room.seats * at.votes_each} votes given."
    written = {
        "praise": words.count(room.written.get("thanks", 0), "card"),
        "signs": words.count(room.written.get("remark", 0), "remark"),
        "cards": f"{words.count(room.written.get('helps', 0), 'card')} on what helps, "
        f"{room.written.get('hinders', 0)} on what hinders",
    }
    return f"{written[at.stage]} written, hidden until all are shown."


def show_label(at: Retrospective) -> str:
    """What the button does that shows this stage."""
    return {"safety": "Show the answers", "vote": "Close the vote and show it"}.get(at.stage, "Show all cards")


def people(room: Room) -> str:
    many = room.seats
    return "nobody has joined yet" if not many else f"{many} {'takes' if many == 1 else 'take'} part"


def votes(many: int) -> str:
    return words.count(many, "vote")
