"""What a retrospective shows of its team, as the other pages say it; kept where it is drawn."""

from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from dashboard import parts, words
from dashboard.boards import board
from dashboard.cached import Reads, kept
from dashboard.coaching import coaching_reads, verdict_words
from dashboard.selection import Choices, Selection
from dashboard.specs import Spec, spec_of
from dashboard.theme import GREY
from dashboard.words import Row
from data import clock
from data.coaching.action import Action
from data.errors import Trouble
from data.retro import outcome
from data.retro.retrospective import Retrospective
from metrics.sign import all_signs

KIND_WEEKS = 13
SHOWN_KIND = 4


def signs(reads: Reads, choices: Choices, team_id: str) -> list[Row]:
    """The team's readings, concerns first, then what got better, then the calm; what no data is for is left out."""
    found = parts.rows_of(reads.readings(Selection(team=team_id).filters(choices), None))
    unit = choices.now.get(team_id, team_id)  # a small team is read together with another
    rows = [row for row in found if row["team_id"] == unit and row["status"] != "not measured"]
    order = {"worse": 0, "better": 1}
    return sorted(rows, key=lambda row: order.get(row["direction"] or "", 2))


def told(reads: Reads, choices: Choices, at: Retrospective) -> dict[str, list[str]]:
    """What was said of the team, in sentences, to be kept with the summary."""
    rows = signs(reads, choices, at.team_id)
    changed = [row for row in rows if row["direction"] is not None]
    asked = [f"{words.heading(all_signs()[row['sign']])} {parts.said_of(choices, row)}" for row in changed]
    calm = [words.first_up(quiet(len(rows) - len(changed), some=bool(changed)))] if len(rows) > len(changed) else []
    return {"signs": asked + calm, "last": [" ".join(line) for line in last(reads, at)]}


def quiet(many: int, *, some: bool) -> str:
    """ "the other 8 signs show no change beyond chance, or there is too little to say"."""
    who = f"{'the other' if some else 'all'} {words.count(many, 'sign')}"
    return f"{who} {'show' if many > 1 else 'shows'} no change beyond chance, or too little to say."


def last(reads: Reads, at: Retrospective) -> list[tuple[str, str]]:
    """Last time's actions: what it was and how far it is, and what can be said of whether it helped."""
    today = clock.now().date()
    found = outcome.since_last(reads.scope, reads.database, at)
    return [(f"{_what(one)} {words.first_up(board.when(one, today))}.", _helped(reads, one, today)) for one in found]


def _what(action: Action) -> str:
    return f"{words.play(action.play)}, for “{board.question_of(action)}”, {action.owner}."


def _helped(reads: Reads, action: Action, today: date) -> str:
    """The verdict in its sentence, as the page Coaching says it."""
    if action.starts_on > today:
        return "Not begun yet."
    try:
        found = coaching_reads.verdict(reads, action)
    except Trouble:
        return "The data no longer has this team or this sign, so it cannot be said whether it helped."
    measure = all_signs()[action.sign].measure
    return verdict_words.sentence(found.judged.verdict, measure)


def kind_words(reads: Reads, team_id: str) -> list[tuple[str, date]]:
    """Customers' kind words to the team, newest first."""
    said = reads.praise(team_id, KIND_WEEKS).sort("at", descending=True).head(SHOWN_KIND)
    return [(row["words"], row["at"].date()) for row in said.iter_rows(named=True)]


def spread(counts: tuple[int, ...]) -> Spec:
    """How the answers on safety are spread, as five bars."""
    return _spread(counts)


@kept(max_entries=200)
def _spread(counts: tuple[int, ...]) -> Spec:
    frame = pl.DataFrame({"answer": [str(n) for n in range(1, len(counts) + 1)], "people": list(counts)})
    base = alt.Chart(frame).encode(
        alt.X("answer:N").title("from 1, I keep it to myself, to 5, I can talk about anything").axis(labelAngle=0),
        alt.Y("people:Q").axis(None).scale(domain=[0, max(*counts, 1) * 1.2]),
    )
    bars = base.mark_bar(color=GREY, width=34)
    text = base.mark_text(dy=-8).encode(text="people:Q").transform_filter("datum.people > 0")
    return spec_of(alt.layer(bars, text).properties(height=150, width="container"))


def praise_missing() -> None:
    st.caption("No customer's kind word came in lately. One that somebody remembers is worth a card.")
