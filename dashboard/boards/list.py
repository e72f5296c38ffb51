"""The actions as a list: one row each, to be sorted, searched and opened."""

from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.boards.board import ended_at, question_of
from dashboard.boards.choice import HEADS, state_of
from dashboard.boards.later import Later
from dashboard.cached import Reads
from dashboard.coaching import judged
from dashboard.parts import name_of, no_formulas
from dashboard.selection import Choices
from data.coaching.action import Action

KEY = "actions-list"


def show(reads: Reads, choices: Choices, found: list[Action], later: Later, today: date) -> None:
    """The list, drawn once its verdicts are known. A chosen row opens its action."""
    verdicts: dict[int, str] = {}
    place = st.container()

    def judge(action: Action) -> str:
        verdicts[action.id] = words.first_up(judged.brief(reads, action)) if action.starts_on <= today else ""
        if len(verdicts) == len(found):
            with place:
                _table(choices, found, verdicts, today)
        return ""

    found = sorted(found, key=in_order)
    for action in found:
        later.work(partial(judge, action))


def in_order(action: Action) -> tuple[bool, int, int]:
    """What is still open by the day of its review, then what has ended, the latest first."""
    day = action.review_on if action.is_open else ended_at(action).date()
    return not action.is_open, day.toordinal() * (1 if action.is_open else -1), action.id


def _table(choices: Choices, found: list[Action], verdicts: dict[int, str], today: date) -> None:
    rows = [
        {
            "Team": name_of(choices, one.team_id),
            "Play": words.play(one.play),
            "About": question_of(one),
            "State": HEADS[state_of(one, today)],
            "So far": verdicts[one.id],
            "Review": one.review_on,
            "Owner": one.owner,
        }
        for one in found
    ]
    st.dataframe(
        no_formulas(pl.DataFrame(rows)),
        hide_index=True,
        key=KEY,
        on_select=lambda: _open([one.id for one in found]),
        selection_mode="single-row",
        column_config={"Review": st.column_config.DateColumn(format="D MMM YYYY")},
        alt="The actions, one row each: open ones by the day of their review, then those that have ended",
    )
    st.caption("A row that you choose opens its action.")


def _open(numbers: list[int]) -> None:
    rows = st.session_state[KEY]["selection"]["rows"]
    if rows:
        st.query_params.from_dict({"action": str(numbers[rows[0]])})
