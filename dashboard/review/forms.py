"""The forms of the review: make one and freeze it, take it away as files, write down what was decided on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from dashboard import noted, parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.reports import frozen, rendering
from data import clock
from data.reviewing import decisions as review_decisions
from data.reviewing import periods
from data.reviewing.decisions import OUTCOMES, Decision
from data.reviewing.periods import Period
from data.reviewing.reviews import Review
from data.scope import Scope

WHOLE = "The whole company"
AGAIN = "make another from the data as it is now"


def make(reads: Reads) -> None:
    """Choose period and branch, say what is asked for, and freeze it."""
    choices = reads.choices()
    with st.form("make-review", border=False):
        left, right = st.columns(2)
        period = left.selectbox(
            "Period",
            [one.key for one in offered(reads)],
            key="review-period",
            accept_new_options=True,
            help=f"Or type one: {periods.SUCH_AS}.",
        )
        branch = right.selectbox("Branch", [WHOLE, *choices.branches], key="review-branch")
        asks = st.text_area(
            "Decisions that you ask for, one a line (may stay empty)",
            key="review-asks",
            height=100,
            help="They are frozen with the review; after the meeting you write down here what was decided.",
        )
        suggest = st.checkbox("Also ask for what the data suggests", value=True, key="review-suggest")
        anew = st.checkbox(f"Where one is frozen already, {AGAIN}", key="review-new")
        if st.form_submit_button("Make it and freeze it", key="review-make", type="primary"):
            with parts.trouble_said():
                _make(reads, period or "", None if branch == WHOLE else branch, asks, suggest=suggest, anew=anew)


def offered(reads: Reads) -> list[Period]:
    """The periods that had ended when the data did, and those it ends within; as far as the data goes."""
    choices = reads.choices()
    first, last = choices.first_week, choices.last_week
    if first is None or last is None:
        return []
    within = [periods.containing(last, kind) for kind in ("quarter", "month", "half-year", "year")]
    every = [*periods.ended(last + timedelta(weeks=1)), *within]
    return [one for one in dict.fromkeys(every) if any(first <= week <= last for week in one.weeks)]


def _make(reads: Reads, period: str, branch: str | None, asks: str, *, suggest: bool, anew: bool) -> None:
    asked = periods.parse(period)
    with st.status("Making the review", expanded=True) as status:
        bar = st.progress(0.0)

        def progress(done: float, what: str) -> None:
            bar.progress(done, text=what)

        made = frozen.review(
            reads.company, reads.scope, reads.database, asked,
            branch=branch, asks=asks.splitlines(), suggest=suggest, anew=anew, progress=progress,
        )  # fmt: skip
        status.update(label=plain(made.said), state="complete", expanded=False)
    st.toast(plain(made.said.replace(" (--new)", "")))
    st.query_params["review"] = str(made.review.number)
    st.rerun()


def downloads(reads: Reads, found: Review) -> None:
    """The three files. They are made when they are asked for, from what was frozen, and are the same each time."""
    with st.container(horizontal=True, key="review-files"):
        for kind, name in rendering.NAMES.items():
            file_name = rendering.file_name(found, kind)
            noted.download(
                f"{name} (.{kind})",
                _content(reads, found, kind),
                file_name,
                rendering.MIMES[kind],
                key=f"download-{kind}",
                what=file_name,
            )
    for sentence in rendering.made_otherwise(reads.database, found):
        st.caption(plain(sentence))


def _content(reads: Reads, found: Review, kind: str) -> Callable[[Scope], bytes]:
    database = reads.database
    return lambda _: rendering.render(database, found, kind).content


def decisions(reads: Reads, found: Review) -> None:
    """After the meeting: what was decided on each question, and beyond them. Kept; the next review opens with it."""
    every = review_decisions.list_(reads.scope, reads.database, found.number)
    stands = review_decisions.standing(every)
    asks = {one["number"]: one["text"] for one in found.content["asks"]}
    if stands:
        st.subheader("What was decided", anchor=False)
    for one in sorted(stands, key=lambda one: (one.ask is None, one.ask, one.id)):
        _stands(reads, found, one, asks)
    box = st.container(key="review-deciding")
    with box, st.expander("Write down what was decided"), st.form("decide", border=False, clear_on_submit=True):
        choice = st.selectbox(
            "On which question",
            [*asks, None],
            format_func=lambda number: f"{number}. {asks[number]}" if number else "Something beyond these questions",
            key="decide-ask",
        )
        outcome = st.radio("Outcome", OUTCOMES, horizontal=True, key="decide-outcome")
        said = st.text_area("In words (of something beyond the questions: what)", key="decide-words", height=80)
        left, right = st.columns(2)
        who = left.text_input("By whom", key="decide-by", placeholder="the board")
        when = right.date_input("When", value=clock.now().date(), key="decide-on")
        if st.form_submit_button("Record it", key="decide-go"):
            _record(reads, found, ask=choice, outcome=outcome, words=said, decided_by=who, decided_on=when)


def _stands(reads: Reads, found: Review, one: Decision, asks: dict[int, str]) -> None:
    lead = asks[one.ask] if one.ask is not None else one.words or ""
    by = f" by {one.decided_by}" if one.decided_by else ""
    on = f" on {words.long_day(one.decided_on)} {one.decided_on.year}" if one.decided_on else ""
    more = f": {one.words}" if one.words and one.ask is not None else ""
    st.markdown(f"**{plain(lead)}** {plain(words.ended(f'{words.first_up(one.outcome)}{by}{on}{more}'))}")
    if st.button("Take this back", key=f"take-back-{one.id}", type="tertiary"):
        parts.done(
            lambda: review_decisions.take_back(reads.scope, reads.database, found, one.id),
            "Taken back. It stays in the record.",
        )


def _record(reads: Reads, found: Review, **told: Any) -> None:
    parts.done(
        lambda: review_decisions.record(reads.scope, reads.database, found, **told),
        "Recorded. The next review opens with it.",
    )
