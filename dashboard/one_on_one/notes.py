"""What is kept of a one-on-one: priorities and notes for both, and notes for oneself.

Two who write at once: the second is shown both texts, and what they wrote stays in the form.
"""

from typing import Any

import streamlit as st

from dashboard import door, words
from dashboard.cached import Reads
from dashboard.one_on_one import words as told
from dashboard.one_on_one.forms import done
from dashboard.plain import plain
from data.errors import Trouble
from data.talks import conversations, private_notes
from data.talks.conversation import MOST_PRIORITIES, Conflict, Conversation


def kept(reads: Reads, talk: Conversation) -> None:
    """Day, priorities and shared notes: read by both, changed by whoever is quicker, and nothing lost."""
    st.header("What we keep", anchor=False)
    st.markdown("**Priorities**")
    for priority in talk.priorities:
        st.markdown(f"- {plain(priority)}")
    if not talk.priorities:
        st.caption(f"None yet. At most {MOST_PRIORITIES}: what matters most until the next time?")
    st.markdown("**Shared notes**")
    st.markdown(told.lines(talk.shared)) if talk.shared else st.caption("None yet.")
    writing = st.container(key="conversation-write")
    with writing, st.expander("Write", expanded=not talk.shared or _clash_key(talk) in st.session_state):
        _edit(reads, talk)
    if talk.revision > 1:
        with st.expander("History of changes"):
            for change in reversed(conversations.history(reads.scope, reads.database, talk.id)):
                st.markdown(plain(told.step(change)))
            if st.button("Undo the last change", key=f"undo-{talk.id}", type="tertiary") and done(
                lambda: conversations.undo(reads.scope, reads.database, talk.id, expected_revision=talk.revision)
            ):
                _forget(talk)
                st.rerun()


def _edit(reads: Reads, talk: Conversation) -> None:
    """The form starts from the conversation as it was when the form was first shown, and remembers which that was."""
    base = _base(talk)
    if clash := st.session_state.get(_clash_key(talk)):
        _both(clash)
    with st.form(f"keep-{talk.id}", border=False):
        priorities = [
            st.text_input(f"Priority {place + 1}", key=_priority_key(talk, place)) for place in range(MOST_PRIORITIES)
        ]
        shared = st.text_area("Shared notes", key=f"keep-shared-{talk.id}", height=160)
        held_on = st.date_input("Day", key=f"keep-held-on-{talk.id}", format="YYYY-MM-DD")
        if not st.form_submit_button("Keep it", key=f"keep-save-{talk.id}", type="primary"):
            return
    wanted: dict[str, Any] = {
        "priorities": tuple(one.strip() for one in priorities if one.strip()),
        "shared": shared.strip(),
        "held_on": held_on,
    }
    changes = {name: value for name, value in wanted.items() if value != getattr(base, name)}
    if _saved(reads, talk, base, changes):
        _forget(talk)
        st.toast("Kept.")
        st.rerun()
    elif _clash_key(talk) in st.session_state:
        st.rerun()


def _saved(reads: Reads, talk: Conversation, base: Conversation, changes: dict[str, Any]) -> bool:
    """Save over what was seen. Where the other changed other fields both are kept; where not, both are shown."""
    seen = st.session_state.get(_clash_key(talk))
    revision = seen.current.revision if seen else base.revision

    def save(at: int) -> None:
        conversations.edit(reads.scope, reads.database, talk.id, changes, expected_revision=at)

    try:
        save(revision)
    except Conflict as conflict:
        if not conflict.clashes:
            newest = conflict.current.revision
            return done(lambda: save(newest))
        st.session_state[_clash_key(talk)] = conflict
        return False
    except Trouble as trouble:
        st.warning(plain(trouble))
        return False
    return True


def _both(clash: Conflict) -> None:
    st.warning(plain(clash))
    for name in clash.clashes:
        left, right = st.columns(2)
        left.markdown(f"**{told.FIELDS[name]}, by {plain(clash.current.updated_by)}**")
        left.markdown(told.lines(told.field(clash.current, name)))
        right.markdown(f"**{told.FIELDS[name]}, as you wrote it**")
        right.markdown(told.lines(told.text(clash.tried[name])))
    st.caption("What you wrote is still in the form. Keeping it again takes the place of theirs; the history has both.")


def private(reads: Reads, talk: Conversation) -> None:
    """Notes for oneself."""
    st.header("Only for you", anchor=False)
    st.caption(plain(f"Notes that only {reads.scope.asker} can read. They are on no link, in no print and no export."))
    for note in private_notes.list_(reads.scope, reads.database, talk.id):
        st.markdown(f"{words.day(note.at.date())}: {told.lines(note.words)}")
        st.button(
            "Take back", key=f"note-off-{note.id}", type="tertiary", on_click=door.still(_take), args=(reads, note.id)
        )
    if said := st.session_state.pop(f"note-trouble-{talk.id}", None):
        st.warning(plain(said))
    with st.form(f"note-{talk.id}", border=False):
        st.text_area("A note for yourself", key=f"note-words-{talk.id}", height=80)
        st.form_submit_button(
            "Keep the note", key=f"note-save-{talk.id}", on_click=door.still(_note), args=(reads, talk.id)
        )
    if off := private_notes.list_(reads.scope, reads.database, talk.id, removed=True):
        with st.expander(f"Taken back ({len(off)})"):
            for note in off:
                st.markdown(told.lines(note.words))
                key = f"note-back-{note.id}"
                st.button(
                    "Bring it back", key=key, type="tertiary", on_click=door.still(_take), args=(reads, note.id, True)
                )


def _note(reads: Reads, conversation_id: int) -> None:
    """Before the page is drawn anew: the field is emptied only where the note was kept."""
    field = f"note-words-{conversation_id}"
    try:
        private_notes.write(reads.scope, reads.database, conversation_id, st.session_state[field])
    except Trouble as trouble:
        st.session_state[f"note-trouble-{conversation_id}"] = str(trouble)
    else:
        st.session_state[field] = ""


def _take(reads: Reads, note_id: int, back: bool = False) -> None:
    private_notes.remove(reads.scope, reads.database, note_id, back=back)


def _base(talk: Conversation) -> Conversation:
    """The conversation that the form started from; the newest where nothing was written in it yet."""
    base: Conversation | None = st.session_state.get(_base_key(talk))
    if base is not None and (base.revision == talk.revision or _touched(base)):
        return base
    st.session_state[_base_key(talk)] = talk
    st.session_state.update(_written(talk))
    return talk


def _written(talk: Conversation) -> dict[str, Any]:
    """What each field of the form says where nothing was changed in it yet."""
    priorities = (*talk.priorities, *[""] * MOST_PRIORITIES)[:MOST_PRIORITIES]
    return {
        **{_priority_key(talk, place): text for place, text in enumerate(priorities)},
        f"keep-shared-{talk.id}": talk.shared,
        f"keep-held-on-{talk.id}": talk.held_on,
    }


def _touched(base: Conversation) -> bool:
    """Does the form say anything else than it started from?"""
    return any(st.session_state.get(key, value) != value for key, value in _written(base).items())


def _forget(talk: Conversation) -> None:
    """The form starts anew from the conversation as it is when it is drawn next."""
    for key in (_base_key(talk), _clash_key(talk)):
        st.session_state.pop(key, None)


def _priority_key(talk: Conversation, place: int) -> str:
    return f"keep-priority-{place}-{talk.id}"


def _base_key(talk: Conversation) -> str:
    return f"base of conversation {talk.id}"


def _clash_key(talk: Conversation) -> str:
    return f"clash of conversation {talk.id}"
