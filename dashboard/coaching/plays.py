"""Plays on the pages: those suggested for a signal, the index by what each is for, and one play to read and print."""

import streamlit as st

from dashboard import door, parts, words
from dashboard.cached import Reads
from dashboard.coaching import coaching_reads, judged, play_words
from dashboard.plain import plain
from dashboard.selection import Selection
from dashboard.words import Row
from data.coaching.play import Card, Play, Question, Words
from data.coaching.playbook import Playbook, causes_of, playbook
from metrics.explained import Explained
from metrics.sign import all_signs

PAGE = "views/playbook.py"
SYSTEM = "These change the work, not the people:"


def book() -> Playbook:
    """The playbook of the home that is shown."""
    return playbook(door.home())


def for_signal(row: Row, found: Explained | None) -> list[Play]:
    """At most three plays for a change for the worse, by its sign and cause; none for anything else."""
    if row["status"] != "signal" or row["direction"] != "worse":
        return []
    return book().suggest(row["sign"], causes_of(found))


def link(key: str) -> None:
    """The way to a play's page; nothing where a manager's own words are in no playbook."""
    if key in book().plays:
        st.page_link(PAGE, label="Read the play", query_params={"play": key})


def suggested(reads: Reads, selection: Selection, row: Row, found: Explained | None) -> None:
    """The plays for a signal, each with what it is for and what it did here."""
    fit = for_signal(row, found)
    if not fit:
        return
    works = {one.play: one for one in coaching_reads.works(reads)}
    system = found is not None and bool(found.system)
    st.markdown(f"**Plays that may help.** {SYSTEM if system else ''}")
    for play in fit:
        where = selection.address(team=row["team_id"], sign=row["sign"], ticket=None, action=None)
        st.page_link(PAGE, label=plain(play.name), query_params={**where, "play": play.key})
        st.caption(f"{plain(play_words.brief(play))} {plain(play_words.here(works.get(play.key)))}")


def index(sign: str | None) -> None:
    """All plays by what they are for, or those that may help with a sign; files with an error are named."""
    kept = book()
    for trouble in kept.troubles:
        st.warning(plain(f"{trouble} The other plays work."))
    chosen = {play.key for play in kept.of_sign(sign)} if sign else set(kept.plays)
    with st.container(key="playbook-index"):
        for aim, plays in kept.by_aim().items():
            fit = [play for play in plays if play.key in chosen]
            if not fit:
                continue
            st.header(plain(aim), anchor=False)
            for column, play in zip(_columns(len(fit)), fit, strict=True):
                with column, st.container(border=True, key=f"play-{play.key}"):
                    _entry(play)
    st.caption(plain(f"Plays of your own are files in {kept.folder}: docs/playbook.md says how to write one."))


def _columns(n: int) -> list[st.delta_generator.DeltaGenerator]:
    """Places for n entries, two a row."""
    return [place for _ in range((n + 1) // 2) for place in st.columns(2)][:n]


def _entry(play: Play) -> None:
    st.page_link(PAGE, label=plain(play.name), query_params={"play": play.key})
    st.markdown(plain(play.purpose))
    told = [play_words.helps_with(play), play_words.origin(play)]
    st.caption(plain(" ".join(part for part in told if part)))


def opened(reads: Reads | None, play: Play) -> None:
    """One play, to read in a meeting and to print: what to do first, what to know beside it, then its material."""
    st.page_link(PAGE, label="All plays", icon=":material/arrow_back:", query_params={})
    st.title(plain(play.name), anchor=False)
    st.markdown(plain(play.purpose))
    with st.container(key="play"):
        left, right = st.columns([3, 2], gap="large")
        with left:
            _steps(play)
        with right:
            _facts(play)
        _material(play)
    if reads is not None:
        with st.container(key="play-here"):
            _here(reads, play)


def _steps(play: Play) -> None:
    """What to do, which words to use, what to ask."""
    st.header("Steps", anchor=False)
    st.markdown("\n".join(f"{number}. {plain(step)}" for number, step in enumerate(play.steps, 1)))
    if play.words:
        st.header("Words", anchor=False)
        st.markdown("\n".join(_words(line) for line in play.words))
    if play.questions:
        st.header("Questions, and their limits", anchor=False)
        st.markdown("\n".join(_question(question) for question in play.questions))
    if play.debrief:
        st.header("Afterwards, ask", anchor=False)
        _list("", play.debrief)


def _words(line: Words) -> str:
    instead = f" instead of “{plain(line.instead_of)}”" if line.instead_of else ""
    return f"- “{plain(line.say)}”{instead}"


def _facts(play: Play) -> None:
    told = {"Who": play.who, "Time": play.time, "Usually lasts": play_words.lasts(play)}
    st.markdown("\n\n".join(f"**{name}.** {plain(words.ended(text))}" for name, text in told.items() if text))
    for head, lines in (("Needs", play.needs), ("What to watch", play.watch), ("Mind", play.caveats)):
        _list(head, lines)
    helps = f"{play_words.helps_with(play)} {play_words.behind(play)} {play_words.CHANGES[play.changes]}"
    st.caption(plain(f"May help with: {helps} {play_words.origin(play)}"))


def _material(play: Play) -> None:
    """What some plays have beside their steps: the facilitator's guide, and cards to play."""
    if play.guide:
        st.header("For the facilitator", anchor=False)
        _list("", play.guide)
    if play.cards:
        st.header("Cards", anchor=False)
        for number, (column, card) in enumerate(zip(_columns(len(play.cards)), play.cards, strict=True)):
            with column, st.container(border=True, key=f"play-card-{number}"):
                _card(card)


def _card(card: Card) -> None:
    st.markdown(
        f"{plain(card.situation)}\n\n**They feel.** {plain(words.ended(card.emotion))}\n\n"
        f"**They say.** “{plain(card.says)}”\n\n**To reach.** {plain(card.goal)}"
    )


def _question(question: Question) -> str:
    return f"- **{plain(question.ask)}** Listen for: {plain(question.listen_for)} *Its limit:* {plain(question.limit)}"


def _list(head: str, lines: tuple[str, ...]) -> None:
    if lines:
        st.markdown((f"**{head}**\n\n" if head else "") + "\n".join(f"- {plain(line)}" for line in lines))


def _here(reads: Reads, play: Play) -> None:
    st.header("What it did here", anchor=False)
    judged.what_works(reads, play.key)
    found = next((one for one in coaching_reads.works(reads) if one.play == play.key), None)
    if found is not None and len(found.ended) > 1:
        parts.chart(coaching_reads.forest(reads, play.key), play_words.here(found), key="play-forest")
    st.page_link("views/coaching.py", label="Plan an action with it", query_params={"plan": "1", "play": play.key})


def sign_named(key: str | None) -> str | None:
    """The sign that an address asks for, where there is one of that key."""
    return key if key in all_signs() else None
