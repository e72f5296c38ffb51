"""What each stage shows, to both sides alike. What people typed is shown as text, whatever is in it."""

from collections.abc import Callable, Iterable
from html import escape

import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.retro import reads as team_reads
from dashboard.retro import words as said
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data.retro import outcome
from data.retro.retrospective import Card, Room, Topic
from data.retro.summary import ranked
from metrics.sign import all_signs

COLUMNS = {"helps": "What helps", "hinders": "What hinders"}
Beside = Callable[[Card], None]


def show(reads: Reads, choices: Choices, room: Room, *, beside: Beside | None = None, leads: bool = False) -> None:
    """The body of the stage that the room is in. `beside`: what whoever leads can do with a card.

    `leads`: it is the screen that everybody looks at, so it says what to do now.
    """
    st.header(said.TITLES[room.at.stage], anchor=False)
    if room.at.collecting:
        if leads:
            st.markdown(said.NOW[room.at.stage])
        st.markdown(said.waiting(room))
    {
        "safety": lambda: safety(room),
        "last": lambda: last(reads, room),
        "praise": lambda: praise(reads, room),
        "signs": lambda: signs(reads, choices, room, beside),
        "cards": lambda: columns(room, beside),
        "group": lambda: groups(room, beside),
        "vote": lambda: topics(room, while_voting=leads),
        "agree": lambda: agreed(reads, room),
    }[room.at.stage]()


def safety(room: Room) -> None:
    at = room.at
    if at.answered is None:
        return
    sentence = said.safety(at.answered, at.safety)
    st.markdown(f"**{plain(sentence)}**")
    if at.safety is not None:
        with st.container(width=480):
            parts.chart(team_reads.spread(at.safety), sentence, key="safety-spread")
    if advice := said.advice(at.safety):
        st.markdown(plain(advice))


def last(reads: Reads, room: Room) -> None:
    found = team_reads.last(reads, room.at)
    if not found:
        st.markdown("Nothing was agreed since the last retrospective. Today may be the first time.")
    for what, helped in found:
        with st.container(border=True):
            st.markdown(f"**{plain(what)}**")
            st.markdown(plain(helped))


def praise(reads: Reads, room: Room) -> None:
    found = team_reads.kind_words(reads, room.at.team_id)
    if found:
        quotes = [f"> “{plain(told)}” {words.day(day)}" for told, day in found]
        st.markdown("**Customers' kind words**\n\n" + "\n>\n".join(quotes))
    else:
        team_reads.praise_missing()
    cards(room.of_kind("thanks"))


def signs(reads: Reads, choices: Choices, room: Room, beside: Beside | None) -> None:
    """Each sign in its sentence; one that changed has its chart; remarks stand below the sign that they are on."""
    rows = team_reads.signs(reads, choices, room.at.team_id)
    if not rows:
        st.markdown("There is nothing to read of this team yet.")
    remarks = room.of_kind("remark")
    spoken = {card.about for card in remarks}
    told = [row for row in rows if row["direction"] is not None or row["sign"] in spoken]
    for row in told:
        sign(reads, choices, row)
        cards([card for card in remarks if card.about == row["sign"]], beside)
    cards([card for card in remarks if card.about not in {row["sign"] for row in rows}], beside)
    if calm := [row for row in rows if row not in told]:
        with st.expander(words.first_up(team_reads.quiet(len(calm), some=bool(told)))):
            for row in calm:
                st.markdown(
                    f"**{plain(words.heading(all_signs()[row['sign']]))}** {plain(parts.said_of(choices, row))}"
                )


def sign(reads: Reads, choices: Choices, row: Row) -> None:
    """A sign in its sentence; one that changed has its chart."""
    sentence = parts.said_of(choices, row)
    st.markdown(f"**{plain(words.heading(all_signs()[row['sign']]))}** {plain(sentence)}")
    if row["direction"] is not None and row["share"] is not None:
        asked = Selection(team=row["team_id"]).filters(choices)
        parts.chart(reads.p_chart(asked, row["team_id"], row["sign"], height=110), sentence, key=f"retro-{row['sign']}")


def columns(room: Room, beside: Beside | None = None) -> None:
    """What helps beside what hinders."""
    if not room.of_kind(*COLUMNS):
        return
    for column, (kind, head) in zip(st.columns(len(COLUMNS)), COLUMNS.items(), strict=True):
        with column:
            found = room.of_kind(kind)
            st.markdown(f"**{head} ({len(found)})**")
            cards(found, beside)


def groups(room: Room, beside: Beside | None = None) -> None:
    """The groups with their cards, then the cards that are in none."""
    alone = [topic for topic in room.topics() if topic.cards[0].group_id is None]
    named = [topic for topic in room.topics() if topic.cards[0].group_id is not None]
    if not alone and not named:
        st.markdown("No card was written, so there is nothing to group.")
    for one in named:
        topic(one)
        if beside:
            with st.expander(f"{words.count(len(one.cards), 'card')}: take one out"):
                cards(one.cards, beside)
    if alone and beside is None:
        st.markdown(f"**Not in a group ({len(alone)})**")
        cards([one.cards[0] for one in alone], kind=True)


def topics(room: Room, *, while_voting: bool) -> None:
    """What is voted on; once the votes are counted, most votes first."""
    if not room.topics():
        st.markdown("There is nothing to vote on.")
    if room.at.votes is None and not while_voting:
        return
    for one in ranked(room):
        topic(one, said.votes(room.at.votes.get(one.id, 0)) if room.at.votes is not None else "")


def topic(one: Topic, told: str = "", below: Callable[[], None] | None = None) -> None:
    """A group under its name, or a card alone; `below`: what one can do with it."""
    grouped = one.cards[0].group_id is not None
    with st.container(border=True):
        name = f"**{plain(one.name)}**" if grouped else f"{plain(one.name)} :gray[{said.KINDS[one.cards[0].kind]}]"
        st.markdown(f"**{told}.** {name}" if told else name)
        if grouped:
            st.markdown("\n".join(f"- {plain(card.words)} :gray[{said.KINDS[card.kind]}]" for card in one.cards))
        if below:
            below()


def agreed(reads: Reads, room: Room) -> None:
    """The actions of today; and, while there is room for one, what mattered most."""
    found = outcome.agreed(reads.scope, reads.database, room.at.id)
    for one in found:
        with st.container(border=True):
            st.markdown(f"**{plain(words.play(one.play))}.** {plain(one.why)}")
            st.caption(plain(f"{one.owner}, from {words.day(one.starts_on)}, review on {words.day(one.review_on)}"))
    if not found:
        st.markdown("At most two, each with an owner and a day on which it is looked at again.")
    votes = room.at.votes or {}
    most = [one for one in ranked(room) if votes.get(one.id)][:3]
    if most:
        lines = [f"- {plain(one.name)}: {said.votes(votes[one.id])}" for one in most]
        st.markdown("**What mattered most**\n\n" + "\n".join(lines))


def cards(found: Iterable[Card], beside: Beside | None = None, *, kind: bool = False) -> None:
    """Each card in its own frame.

    Where there is nothing to do with them they are one element, which takes a tenth of the time: a dozen pages are
    drawn at once.
    """
    if beside is None:
        if told := "".join(_framed(card, kind=kind) for card in found):
            st.html(f'<div class="retro-cards" role="list">{told}</div>')
        return
    for card in found:
        with st.container(border=True, key=f"card-{card.id}"):
            st.markdown(plain(card.words))
            beside(card)


def _framed(card: Card, *, kind: bool) -> str:
    told = f" <small>{escape(said.KINDS[card.kind])}</small>" if kind else ""
    return f'<div role="listitem">{escape(card.words)}{told}</div>'
