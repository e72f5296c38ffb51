"""The actions as a list: one row each, to be sorted, searched and opened."""

from datetime import date
from functools import partial

import polars as pl
import streamlit as st

from dashboard import judged, words
from dashboard.board import question_of, when
from dashboard.board_choice import HEADS, state_of
from dashboard.cached import Reads
from dashboard.later import Later
from dashboard.parts import name_of
from dashboard.selection import Choices
from data.action import Action

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

    for action in found:
        later.work(partial(judge, action))


def _table(choices: Choices, found: list[Action], verdicts: dict[int, str], today: date) -> None:
    rows = [
        {
            "Team": name_of(choices, one.team_id),
            "Play": words.play(one.play),
            "About": question_of(one),
            "State": HEADS[state_of(one, today)],
            "When": words.first_up(when(one, today)),
            "Review": one.review_on,
            "Owner": one.owner,
            "So far": verdicts[one.id],
        }
        for one in found
    ]
    st.dataframe(
        pl.DataFrame(rows),
        hide_index=True,
        key=KEY,
        on_select=lambda: _open([one.id for one in found]),
        selection_mode="single-row",
        column_config={"Review": st.column_config.DateColumn(format="D MMM YYYY")},
        alt="The actions, one row each, by the day of their review",
    )
    st.caption("A row that you choose opens its action.")


def _open(numbers: list[int]) -> None:
    rows = st.session_state[KEY]["selection"]["rows"]
    if rows:
        st.query_params.from_dict({"action": str(numbers[rows[0]])})
