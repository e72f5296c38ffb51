"""The forms of a coaching action: new, check-in, edit, close, reopen, undo.

Two managers who change the same action: the second is shown both texts, and what they wrote stays in the form.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from dashboard import door, parts, words
from dashboard.cached import Reads
from dashboard.coaching import coaching_reads, judged, plays, programme_forms, swap_forms, verdict_words
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data import clock
from data.coaching import actions, planning, swaps
from data.coaching.action import Action, Conflict, Json
from data.coaching.swaps import Swap
from data.errors import Trouble
from metrics.sign import all_signs

_SEEN = ("sign", "week", "status", "direction", "x", "n", "share", "low", "high", "expected")
_FIELDS = {
    "play": "Play",
    "why": "Why",
    "starts_on": "Starts on",
    "review_on": "Review on",
    "owner": "Owner",
    "status": "Status",
}


def new(reads: Reads, choices: Choices, selection: Selection) -> None:
    """Plan an action: team, sign and start first, because the reading and the plan of that moment are kept with it."""
    teams, signs = choices.teams_of(None), list(all_signs())
    if not teams:
        st.markdown("The data names no team yet.")
        return
    left, right, last = st.columns([2, 2, 1])
    chosen = left.multiselect(
        "Team, or several",
        teams,
        default=[selection.team if selection.team in teams else teams[0]],
        format_func=lambda team: parts.name_of(choices, team),
        key="new-team",
    )
    sign = right.selectbox(
        "About",
        signs,
        index=signs.index(selection.sign) if selection.sign in signs else 0,
        format_func=lambda key: words.heading(all_signs()[key]),
        key="new-sign",
    )
    starts_on = last.date_input("Starts on", clock.now().date(), key="new-starts", format="YYYY-MM-DD")
    if not chosen:
        st.markdown("Choose a team.")
        return
    if len(chosen) > 1:
        programme_forms.new(reads, choices, chosen, sign, starts_on)
        return
    seen = reading_now(reads, choices, chosen[0], sign)
    if seen:
        st.caption(plain(f"Kept with the action, as it is seen now: {seen['sentence']}"))
    plan = coaching_reads.plan(reads, chosen, sign, starts_on)
    st.caption(plain(verdict_words.outlook(plan)))
    with st.expander("What will be fixed, before anyone sees how it goes"):
        judged.fixed(choices, plan)
    _new_form(reads, choices, chosen[0], sign, starts_on, seen, plan)


def _new_form(
    reads: Reads, choices: Choices, team_id: str, sign: str, starts_on: date, seen: Json | None, plan: Json
) -> None:
    with st.container():
        play = parts.play_field(sign, None, "new-play")
        if play:
            judged.what_works(reads, play)
            plays.link(play)
    with st.form("new-action", border=False):
        why = st.text_area("Why", key="new-why", placeholder="What did you see, and what do you hope for?")
        first, second = st.columns(2)
        review_on = first.date_input("Review on", _first_review(plan), key="new-review", format="YYYY-MM-DD")
        owner = second.text_input("Owner", reads.scope.asker, key="new-owner")
        swap = swap_forms.fields("new") if play and swaps.is_swap(play) else None
        if not st.form_submit_button("Record the action", type="primary", key="new-save"):
            return
    try:
        made = actions.create(
            reads.scope,
            reads.database,
            team_id=team_id,
            play=play or "",
            sign=sign,
            why=why,
            starts_on=starts_on,
            review_on=review_on,
            owner=owner,
            seen=seen,
            fixed=plan,
            known_teams=set(choices.teams),
            swap=swap,
        )
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    st.toast("Recorded.")
    st.query_params.from_dict({"action": str(made.id)})
    st.rerun()


def _first_review(plan: Json) -> date:
    return planning.day(plan["reviews"][0]["on"])


def readings_now(reads: Reads, choices: Choices, team_id: str) -> list[Row]:
    """The team's readings of this moment, whatever the page shows."""
    return parts.rows_of(reads.readings(Selection(team=team_id).filters(choices), None))


def reading_now(reads: Reads, choices: Choices, team_id: str, sign: str) -> dict[str, Any] | None:
    """The reading of this moment, to be kept with the action."""
    row: Row | None = next((row for row in readings_now(reads, choices, team_id) if row["sign"] == sign), None)
    if row is None:
        return None
    told = {name: row[name] for name in _SEEN}
    return told | {
        "sentence": parts.said_of(choices, row),
        "data_version": reads.version,
        "standards_version": reads.read_from.standards,
    }


@door.fragment()
def check_ins(reads: Reads, action: Action) -> None:
    """What was seen on the way. Adding to it redraws this part alone."""
    st.markdown("**Check-ins**")
    told = actions.check_ins(reads.scope, reads.database, action.id)
    for row in told:
        st.markdown(f"{words.day(row.at.date())}, {plain(row.by)}: {plain(row.words)}")
    if not told:
        st.caption("None yet.")
    if not action.is_open:
        return
    if said := st.session_state.pop(f"check-in-trouble-{action.id}", None):
        st.warning(plain(said))
    with st.form(f"check-in-{action.id}", border=False):
        st.text_area("What did you see since the last time?", key=f"check-in-words-{action.id}", height=80)
        st.form_submit_button(
            "Add a check-in", key=f"check-in-save-{action.id}", on_click=door.still(_check_in), args=(reads, action.id)
        )


def _check_in(reads: Reads, action_id: int) -> None:
    """Before the part is drawn anew: keep what was written, and empty its field only where it was kept."""
    field = f"check-in-words-{action_id}"
    try:
        actions.check_in(reads.scope, reads.database, action_id, st.session_state[field])
    except Trouble as trouble:
        st.session_state[f"check-in-trouble-{action_id}"] = str(trouble)
    else:
        st.session_state[field] = ""


def change(reads: Reads, action: Action) -> None:
    """Edit and close while it is open, reopen when it is not; the last change can be undone."""
    if action.is_open:
        with st.expander("Edit", expanded=_clash_key(action) in st.session_state):
            _edit(reads, action)
        with st.expander("Close"):
            _close(reads, action)
    elif st.button("Reopen", key=f"reopen-{action.id}") and _done(
        lambda: actions.reopen(reads.scope, reads.database, action.id, expected_revision=action.revision)
    ):
        st.rerun()
    if (
        action.revision > 1
        and st.button("Undo the last change", key=f"undo-{action.id}", type="tertiary")
        and _done(lambda: actions.undo(reads.scope, reads.database, action.id, expected_revision=action.revision))
    ):
        _forget(action)
        st.rerun()


def _edit(reads: Reads, action: Action) -> None:
    """The form starts from the action as it was when the form was first shown, and remembers which that was."""
    base: Action = st.session_state.setdefault(_base_key(action), action)
    if clash := st.session_state.get(_clash_key(action)):
        _both(clash)
    with st.form(f"edit-{action.id}", border=False):
        written = {
            "play": parts.play_field(base.sign, base.play, f"edit-play-{action.id}") or "",
            "why": st.text_area("Why", base.why, key=f"edit-why-{action.id}"),
            "starts_on": st.date_input(
                "Starts on", base.starts_on, key=f"edit-starts-{action.id}", format="YYYY-MM-DD"
            ),
            "review_on": st.date_input(
                "Review on", base.review_on, key=f"edit-review-{action.id}", format="YYYY-MM-DD"
            ),
            "owner": st.text_input("Owner", base.owner, key=f"edit-owner-{action.id}"),
            "status": st.selectbox(
                "Status", actions.OPEN, index=actions.OPEN.index(base.status), key=f"edit-status-{action.id}"
            ),
        }
        swap = _swap_fields(reads, action, str(written["play"]))
        if not st.form_submit_button("Save the changes", key=f"edit-save-{action.id}"):
            return
    changes = {name: value for name, value in written.items() if value != getattr(base, name)}
    if _done(lambda: _save(reads, action, base, changes, swap)):
        _forget(action)
        st.toast("Saved.")
        st.rerun()
    elif _clash_key(action) in st.session_state:
        st.rerun()


def _swap_fields(reads: Reads, action: Action, play: str) -> Swap | None:
    """Hours and buddy, where the play is a role swap or becomes one."""
    if not swaps.is_swap(play):
        return None
    return swap_forms.fields(f"edit-{action.id}", swaps.agreed(reads.scope, reads.database, action.id))


def _save(reads: Reads, action: Action, base: Action, changes: dict[str, Any], swap: Swap | None) -> None:
    """Save over what was seen. Where the other changed other fields both are kept; where not, both are shown."""
    seen = st.session_state.get(_clash_key(action))
    revision = seen.current.revision if seen else base.revision
    try:
        _edited(reads, action.id, changes, revision, swap)
    except Conflict as conflict:
        if not conflict.clashes:
            _edited(reads, action.id, changes, conflict.current.revision, swap)
            return
        st.session_state[_clash_key(action)] = conflict
        raise


def _both(clash: Conflict) -> None:
    """What the other wrote beside what this one wants, field by field."""
    st.warning(plain(clash))
    for name in clash.clashes:
        left, right = st.columns(2)
        left.markdown(f"**{_FIELDS.get(name, name)}, by {plain(clash.current.updated_by)}**")
        left.markdown(plain(getattr(clash.current, name)))
        right.markdown(f"**{_FIELDS.get(name, name)}, as you wrote it**")
        right.markdown(plain(clash.tried[name]))
    st.caption("What you wrote is still in the form. Saving again puts it in place of theirs; the history keeps both.")


def _edited(reads: Reads, action_id: int, changes: dict[str, Any], revision: int, swap: Swap | None) -> None:
    """Another start is another plan, kept beside the one that was fixed."""

    def replan(after: Action) -> Json:
        return planning.fix(
            reads.scope,
            reads.company,
            reads.database,
            team_ids=[after.team_id],
            sign=after.sign,
            starts_on=after.starts_on,
            on=clock.now().date(),
            but=[after.id],
        )

    meant = swap_forms.meant(reads, action_id, swap)
    at_once: dict[str, Any] = {"expected_revision": revision, "replan": replan, "swap": meant}
    swap_forms.save(reads, actions.edit(reads.scope, reads.database, action_id, changes, **at_once), meant)


def _close(reads: Reads, action: Action) -> None:
    with st.form(f"close-{action.id}", border=False):
        outcome = st.text_area("How did it go?", key=f"close-words-{action.id}")
        status = st.radio("It is", actions.CLOSED, horizontal=True, key=f"close-status-{action.id}")
        if not st.form_submit_button("Close the action", key=f"close-save-{action.id}"):
            return
    if _done(
        lambda: actions.close(
            reads.scope, reads.database, action.id, outcome, expected_revision=action.revision, status=status
        )
    ):
        st.toast("Closed. It can be reopened.")
        st.rerun()


def _done(work: Callable[[], object]) -> bool:
    """Do it; trouble is said in its sentence and leaves what was written where it is."""
    try:
        work()
    except Trouble as trouble:
        if not isinstance(trouble, Conflict):
            st.warning(plain(trouble))
        return False
    return True


def _forget(action: Action) -> None:
    """The forms start anew from the action as it is now."""
    for key in [_base_key(action), _clash_key(action)]:
        st.session_state.pop(key, None)
    for key in [
        str(key) for key in st.session_state if str(key).startswith("edit-") and str(key).endswith(f"-{action.id}")
    ]:
        st.session_state.pop(key, None)


def _base_key(action: Action) -> str:
    return f"base of action {action.id}"


def _clash_key(action: Action) -> str:
    return f"clash of action {action.id}"
