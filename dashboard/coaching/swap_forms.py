"""A role swap beside its action: hours and buddy when it is planned, what was learnt and what was fixed since."""

from collections.abc import Callable, Iterable

import streamlit as st

from dashboard import door, parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices
from data.coaching import swaps
from data.coaching.action import Action
from data.coaching.swaps import Note, Swap
from data.errors import Trouble

ROLE_SWAP = "role_swap"
HOURS = 8.0
BUDDY = "Who takes the guest along? They were asked, and said yes."
HEADS = {"learnt": "What was learnt", "fixed": "What was fixed since"}
ASKED = {
    "learnt": "What was learnt? What lacked when our work arrived? Please name no person.",
    "fixed": "What was fixed since, because of it?",
}


def fields(key: str, now: Swap | None = None) -> Swap:
    """The two fields of a role swap, to stand in a form. What is empty is refused when it is recorded."""
    first, second = st.columns([1, 2])
    was = now.hours if now else HOURS
    hours = first.number_input("Hours", 0.5, swaps.MOST_HOURS, was, 0.5, format="%.1f", key=f"{key}-hours")
    buddy = second.text_input("Buddy", now.buddy if now else "", key=f"{key}-buddy", placeholder=BUDDY)
    return Swap(float(hours), buddy)


def each(choices: Choices, teams: Iterable[str], key: str) -> dict[str, Swap]:
    """The same for several teams: the hours once, a buddy for each."""
    most, each_key = swaps.MOST_HOURS, f"{key}-hours"
    hours = st.number_input("Hours for each guest", 0.5, most, HOURS, 0.5, format="%.1f", key=each_key, width=200)
    st.caption(f"A buddy for each team. {BUDDY}")
    columns = st.columns(2)
    found = {}
    for place, team in enumerate(teams):
        with columns[place % 2]:
            buddy = st.text_input(f"Buddy for {plain(parts.name_of(choices, team))}", key=f"{key}-buddy-{team}")
        found[team] = Swap(float(hours), buddy)
    return found


def meant(reads: Reads, action_id: int, swap: Swap | None) -> Swap | None:
    """What the form says, checked; none where nothing was agreed and no buddy is named."""
    if swap is None or (not swap.buddy.strip() and swaps.agreed(reads.scope, reads.database, action_id) is None):
        return None
    return swaps.checked(ROLE_SWAP, swap)


def save(reads: Reads, action: Action, swap: Swap | None) -> None:
    """Agree anew where hours or buddy differ from what is agreed."""
    if swap is None or not swaps.is_swap(action.play):
        return
    now = swaps.agreed(reads.scope, reads.database, action.id)
    if now is None or (now.hours, now.buddy) != (swap.hours, swap.buddy):
        swaps.change(reads.scope, reads.database, action.id, swap)


@door.fragment()
def show(reads: Reads, action: Action) -> None:
    """Of a role swap: what is agreed, what was learnt, what was fixed, and the form that adds to it."""
    if not swaps.is_swap(action.play):
        return
    now = swaps.agreed(reads.scope, reads.database, action.id)
    told = swaps.notes(reads.scope, reads.database, action.id)
    st.markdown("**The swap**")
    if now is None:
        st.markdown("No buddy is written down: it was recorded before buddies were asked for. Add one under Edit.")
    else:
        st.markdown(plain(f"{now.hours:g} hours, taken along by {now.buddy}."))
    for kind, head in HEADS.items():
        _said(head, [one for one in told if one.kind == kind])
    if trouble := st.session_state.pop(_trouble_key(action), None):
        st.warning(plain(trouble))
    with st.expander("Add what was learnt or fixed"), st.form(f"swap-{action.id}", border=False):
        for kind, asked in ASKED.items():
            st.text_area(asked, key=f"swap-{kind}-{action.id}", height=80)
        st.form_submit_button("Add it", key=f"swap-save-{action.id}", on_click=door.still(_add), args=(reads, action))


def _said(head: str, told: list[Note]) -> None:
    if told:
        lines = [f"- {plain(one.words)} ({plain(one.by)}, {words.day(one.at.date())})" for one in told]
        st.markdown(f"{head}:\n\n" + "\n".join(lines))
    else:
        st.caption(f"{head}: nothing is written down yet.")


def _add(reads: Reads, action: Action) -> None:
    """Before the part is drawn anew: keep what was written, and empty each field only where it was kept."""
    written = {kind: st.session_state[f"swap-{kind}-{action.id}"] for kind in HEADS}
    if not any(text.strip() for text in written.values()):
        st.session_state[_trouble_key(action)] = "Please write what was learnt or what was fixed: both are empty."
    for kind, text in written.items():
        if text.strip():
            _try(action, lambda kind=kind, text=text: _keep(reads, action, kind, text))  # type: ignore[misc]


def _keep(reads: Reads, action: Action, kind: str, text: str) -> None:
    swaps.note(reads.scope, reads.database, action.id, kind, text)
    st.session_state[f"swap-{kind}-{action.id}"] = ""


def _try(action: Action, work: Callable[[], None]) -> None:
    try:
        work()
    except Trouble as trouble:
        st.session_state[_trouble_key(action)] = str(trouble)


def _trouble_key(action: Action) -> str:
    return f"swap-trouble-{action.id}"
