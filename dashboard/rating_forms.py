"""A team's own rating of itself along the customer's journey: enter it, see what was entered, take it back."""

from itertools import groupby

import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from data import clock, ratings
from data.ratings import SCALE, VOICES, Rating
from data.scope import Right
from metrics.questions import STAGES
from metrics.trait import all_traits

_SCORES = list(range(1, int(SCALE) + 1))


def show(reads: Reads, team_id: str, name: str) -> None:
    """The form for one step of the journey, and below it what was entered before."""
    with st.expander(f"Enter the own rating of {plain(name)}", icon=":material/add:"):
        st.caption(
            "One answer for the whole team, agreed in a meeting or given by its manager. "
            f"{_SCORES[0]} is poor, {_SCORES[-1]} is good; leave out what does not arise. "
            "A later rating takes this one's place; nothing is overwritten."
        )
        _form(reads, team_id)
        _entered(reads, team_id)


def _form(reads: Reads, team_id: str) -> None:
    if not reads.scope.may(Right.ANSWER, team_id):
        return
    today = clock.now().date()
    with st.form("rate", border=False, clear_on_submit=True):
        first, second, third = st.columns(3)
        stage = first.selectbox("Step of the journey", STAGES, key="rate-stage", format_func=words.first_up)
        voice = second.selectbox("Who speaks", VOICES, key="rate-voice", format_func=words.first_up)
        asked_on = third.date_input("Rated on", today, max_value=today, key="rate-on", format="YYYY-MM-DD")
        chosen: dict[str, int | None] = {}
        columns = st.columns(4)
        for place, trait in enumerate(all_traits().values()):
            chosen[trait.key] = columns[place % 4].selectbox(
                words.first_up(trait.name), _SCORES, index=None, key=f"rate-{trait.key}", placeholder="Not rated"
            )
        if not st.form_submit_button("Keep this rating", type="primary", key="rate-save"):
            return
    scores = {trait: float(score) for trait, score in chosen.items() if score is not None}
    parts.done(
        lambda: ratings.rate(reads.scope, reads.database, team_id, stage, scores, asked_on=asked_on, voice=voice),
        "Kept.",
    )


def _entered(reads: Reads, team_id: str) -> None:
    """What holds now, one line an entry, newest first, each with its undoing."""
    held = [one for one in ratings.list_(reads.scope, reads.database, team_id) if one.undone_at is None]
    held.sort(key=lambda one: (one.at, one.stage, one.by), reverse=True)
    for (at, stage, by), group in groupby(held, key=lambda one: (one.at, one.stage, one.by)):
        entry = list(group)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(_line(entry)), width="stretch")
            if st.button(
                "Undo", key=f"rate-undo-{entry[0].id}", help=f"Take back what was entered of {stage}, by {by}"
            ):
                _take_back(reads, entry)
        _ = at


def _line(entry: list[Rating]) -> str:
    first = entry[0]
    scores = ", ".join(f"{all_traits()[one.trait].name} {one.score:g}" for one in entry if one.trait in all_traits())
    return f"{words.first_up(first.stage)}, {first.asked_on.isoformat()}, by {first.by}: {scores}"


def _take_back(reads: Reads, entry: list[Rating]) -> None:
    parts.done(lambda: ratings.undo(reads.scope, reads.database, [one.id for one in entry]), "Taken back.")
