"""The bar of filters on top of a page, and the address that holds what they say.

The address is the truth: before the bar is drawn the widgets are set from it, and a changed widget writes to it.
What the reader last chose is remembered for the session, so that it survives going from page to page.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.selection import PERIODS, Choices, Selection, read

_KEPT = ("period", "branch", "team", "channel", "category", "week")
_MEMORY = "filters kept"
_LAST_TEAM = "team last looked at"
_SAID = "said of the link"
_EVERY = ""  # the choice that leaves a filter open: a select box takes None for no choice at all
_LABELS = {
    "period": ("Period", ""),
    "week": ("Week", "Latest week"),
    "branch": ("Branch", "All branches"),
    "team": ("Team", "All teams"),
    "channel": ("Channel", "All channels"),
    "category": ("Category", "All categories"),
}


def current(choices: Choices, *, one_team: bool = False) -> Selection:
    """What the address asks for; on a page that was opened without any, what the reader last chose.

    `one_team`: the page is about one team, so its team is the page's subject and no filter for the other pages.
    """
    address = {name: value for name, value in st.query_params.to_dict().items() if isinstance(value, str)}
    if not address:
        address = dict(st.session_state.get(_MEMORY, {}))
        if one_team and _LAST_TEAM in st.session_state:
            address["team"] = st.session_state[_LAST_TEAM]
        _write(address)
    selection, said = read(address, choices)
    if said:
        _write(selection.address())
        st.session_state[_SAID] = said
    _remember(selection, one_team)
    return selection


def last_team() -> str | None:
    """The team that the reader last looked at, in this session."""
    team = st.session_state.get(_LAST_TEAM)
    return team if isinstance(team, str) else None


def move(selection: Selection) -> Selection:
    """Show `selection` on a page about one team, and say so in the address."""
    _write(selection.address())
    _remember(selection, one_team=True)
    return selection


def bar(
    choices: Choices, selection: Selection, *, one_team: bool = False, week: bool = True, period: bool = True
) -> None:
    """Draw the filters, and what there is to say about a link that asked for what is not there.

    `week`, `period`: left out where the page does not go by them.
    """
    for note in st.session_state.pop(_SAID, []):
        st.info(note)
    names = ["team", "period", "week", "branch"] if one_team else ["period", "week", "branch", "team"]
    if not week:
        names.remove("week")
    if not period:
        names.remove("period")
    with st.container(horizontal=True, key="filters", gap="small"):
        for name in (*names, "channel", "category"):
            _choose(name, choices, selection, one_team)


def _choose(name: str, choices: Choices, selection: Selection, one_team: bool) -> None:
    """One filter, set from the address before it is drawn. Left out where there is nothing to choose from."""
    options = _options(name, choices, selection)
    if not options:
        return
    label, every = _LABELS[name]
    required = name == "period" or (name == "team" and one_team)
    offered = options if required else [_EVERY, *options]
    chosen = getattr(selection, name)
    st.session_state[f"filter-{name}"] = chosen if chosen in options else offered[0]
    st.selectbox(
        label,
        offered,
        key=f"filter-{name}",
        format_func=lambda value: every if value == _EVERY else _label(name, value, choices),
        on_change=_changed,
        args=(name, selection, choices, one_team),
        label_visibility="collapsed",
        width=168,
    )


def _changed(name: str, selection: Selection, choices: Choices, one_team: bool) -> None:
    """A filter was changed: into the address and into the memory."""
    picked = st.session_state[f"filter-{name}"]
    chosen = None if picked == _EVERY else picked
    changes: dict[str, Any] = {name: chosen, "ticket": None}
    if name == "branch" and chosen and selection.team and choices.teams[selection.team][1] != chosen:
        changes["team"] = None
    if name == "team" and chosen and selection.branch not in (None, choices.teams[chosen][1]):
        changes["branch"] = None
    changed = replace(selection, **changes)
    _write(changed.address())
    _remember(changed, one_team)


def _remember(selection: Selection, one_team: bool) -> None:
    kept = {name: value for name, value in selection.address().items() if name in _KEPT}
    if one_team:
        if selection.team:
            st.session_state[_LAST_TEAM] = selection.team
        kept.pop("team", None)
        before = st.session_state.get(_MEMORY, {})
        kept |= {name: before[name] for name in ("team",) if name in before}
    st.session_state[_MEMORY] = kept


def _options(name: str, choices: Choices, selection: Selection) -> list[Any]:
    match name:
        case "period":
            return list(PERIODS)
        case "week":
            return _weeks(choices)
        case "branch":
            return list(choices.branches)
        case "team":
            return choices.teams_of(selection.branch)
        case "channel":
            return list(choices.channels)
        case _:
            return list(choices.categories)


def _label(name: str, value: Any, choices: Choices) -> str:
    if name == "team":
        return choices.teams[value][0]
    if name == "period":
        return PERIODS[value]
    if name == "category":
        return words.first_up(words.called("category", value))
    if isinstance(value, date):
        return f"Week of {words.day(value, choices.last_week)}"
    return str(value)


def _weeks(choices: Choices) -> list[date]:
    """The weeks before the latest, newest first."""
    first, last = choices.first_week, choices.last_week
    if first is None or last is None:
        return []
    return [last - timedelta(weeks=back) for back in range(1, (last - first).days // 7 + 1)]


def _write(address: dict[str, str]) -> None:
    st.query_params.from_dict(address)
