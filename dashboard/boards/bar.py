"""The bar above the board: board or list, the filters, the files. What is chosen is kept in the address."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import noted, parts, words
from dashboard.boards import export
from dashboard.boards.choice import HEADS, VIEWS, BoardChoice
from dashboard.plain import plain
from dashboard.selection import Choices
from data import clock
from data.scope import Scope
from metrics.sign import all_signs

_EVERY = ""  # the choice that leaves a filter open: a select box takes None for no choice at all
_ALL = {
    "branch": "All branches",
    "team": "All teams",
    "play": "All plays",
    "sign": "All signs",
    "owner": "All owners",
    "state": "All states",
}
SPANS = {7: "Review within a week", 28: "Review within 4 weeks", 91: "Review within 13 weeks"}


def show(choice: BoardChoice, offered: Mapping[str, Sequence[str]], choices: Choices, said: Sequence[str]) -> None:
    """Draw the toggle and the filters, and what there is to say about a link that asked in vain."""
    for note in said:
        st.info(plain(note))
    st.session_state["board-view"] = choice.view
    st.segmented_control(
        "Shown as",
        list(VIEWS),
        key="board-view",
        format_func=VIEWS.__getitem__,
        label_visibility="collapsed",
        on_change=_changed,
        args=("view", choice),
        required=True,
    )
    with st.container(horizontal=True, key="filters", gap="small"):
        for name, every in _ALL.items():
            if len(offered[name]) > 1 or getattr(choice, name):
                _filter(name, every, choice, offered[name], choices)
        _before(choice)


def _before(choice: BoardChoice) -> None:
    """Up to which day the review lies: three spans from today, and the day that the link asks for."""
    today = clock.now().date()
    spans = {today + timedelta(days=days - 1): text for days, text in SPANS.items()}
    known = sorted({*spans, *([choice.before] if choice.before else [])})
    st.session_state["board-before"] = choice.before or _EVERY
    st.selectbox(
        "Review up to",
        [_EVERY, *known],
        key="board-before",
        format_func=lambda value: (
            "Any review day" if value == _EVERY else spans.get(value, f"Review up to {words.day(value, today)}")
        ),
        on_change=_changed,
        args=("before", choice),
        label_visibility="collapsed",
        width=150,
    )


def _filter(name: str, every: str, choice: BoardChoice, known: Sequence[str], choices: Choices) -> None:
    st.session_state[f"board-{name}"] = getattr(choice, name) or _EVERY
    st.selectbox(
        words.first_up(name),
        [_EVERY, *known],
        key=f"board-{name}",
        format_func=lambda value: every if value == _EVERY else _called(name, value, choices),
        on_change=_changed,
        args=(name, choice),
        label_visibility="collapsed",
        width=150,
    )


def _called(name: str, value: str, choices: Choices) -> str:
    match name:
        case "team":
            return parts.name_of(choices, value)
        case "play":
            return words.play(value)
        case "sign":
            return words.heading(all_signs()[value]) if value in all_signs() else value
        case "state":
            return HEADS[value]
    return value


def _changed(name: str, choice: BoardChoice) -> None:
    picked: Any = st.session_state[f"board-{name}"]
    st.query_params.from_dict(choice.address(**{name: None if picked in (_EVERY, None) else picked}))


def files(made: Callable[[], pl.DataFrame], count: int, today: date) -> None:
    """The chosen actions to take away, for who may. A file is made when it is asked for."""
    kinds: dict[str, tuple[str, Callable[[Scope], bytes]]] = {
        "csv": ("text/csv", lambda _: export.as_csv(made())),
        "xlsx": (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda _: export.as_xlsx(made()),
        ),
    }
    with st.container(horizontal=True, key="files", vertical_alignment="center"):
        st.caption(f"{words.count(count, 'action')} as a file:")
        for ending, (mime, data) in kinds.items():
            noted.download(
                {"csv": "CSV", "xlsx": "Workbook"}[ending],
                data,
                f"actions-{today.isoformat()}.{ending}",
                mime,
                key=f"export-{ending}",
                what=f"the actions as {ending}",
                type="tertiary",
                icon=":material/download:",
            )
