"""The forms by which a one-on-one is opened, and by which the other side is asked in."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from dashboard import address, noted, parts
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices
from data import calendar_files, clock
from data.errors import Trouble
from data.talks import conversations
from data.talks.conversation import Conversation


def done(work: Callable[[], object]) -> bool:
    """Do it; trouble is said in its sentence and leaves what was written where it is."""
    try:
        work()
    except Trouble as trouble:
        st.warning(plain(trouble))
        return False
    return True


def new(reads: Reads, choices: Choices, teams: list[str]) -> None:
    """Open a one-on-one. Who asks prepares it; the names may be typed anew."""
    today = clock.now().date()
    with st.form("new-conversation", border=False):
        left, right, last = st.columns([2, 2, 1])
        host = left.text_input("Who prepares it", reads.scope.asker, key="new-host")
        guest = right.text_input("With", key="new-guest", placeholder="The team lead, or your own manager")
        held_on = last.date_input("On", today + timedelta(days=7), key="new-held-on", format="YYYY-MM-DD")
        chosen = st.multiselect(
            "About the team, or several",
            choices.teams_of(None),
            default=[team for team in teams if team in choices.teams],
            format_func=lambda team: parts.name_of(choices, team),
            key="new-teams",
        )
        if not st.form_submit_button("Open the conversation", type="primary", key="new-conversation-save"):
            return
    made: list[Conversation] = []
    if done(lambda: made.append(_created(reads, choices, host, guest, chosen, held_on))):
        st.query_params.from_dict({"conversation": str(made[0].id)})
        st.rerun()


def _created(reads: Reads, choices: Choices, host: str, guest: str, teams: list[str], held_on: date) -> Conversation:
    return conversations.create(
        reads.scope,
        reads.database,
        host=host,
        guest=guest,
        teams=teams,
        held_on=held_on,
        known_teams=set(choices.teams),
    )


def following(reads: Reads, choices: Choices, talk: Conversation) -> None:
    """The next conversation of the same two, two weeks on."""
    with st.form(f"next-{talk.id}", border=False):
        later = max(talk.held_on, clock.now().date()) + timedelta(days=14)
        held_on = st.date_input("The next one on", later, key=f"next-on-{talk.id}", format="YYYY-MM-DD")
        if not st.form_submit_button("Open the next one", key=f"next-save-{talk.id}"):
            return
    made: list[Conversation] = []
    teams = [team for team in talk.teams if team in choices.teams]
    if done(lambda: made.append(_created(reads, choices, talk.host, talk.guest, teams, held_on))):
        st.query_params.from_dict({"conversation": str(made[0].id)})
        st.rerun()


def invitation(reads: Reads, talk: Conversation) -> None:
    """The day for one's calendar, and the link for the other side."""
    event = calendar_files.one_on_one(talk, address.link("one_on_one", conversation=talk.id))
    noted.download(
        "Save the day (.ics)",
        lambda _: calendar_files.as_file([event]),
        f"one-on-one-{talk.held_on.isoformat()}.ics",
        "text/calendar",
        key=f"ics-{talk.id}",
        what="the day of a one-on-one",
        icon=":material/event:",
    )
    with st.expander(f"Link for {plain(talk.guest)}"):
        st.markdown(
            plain(
                f"Through it {talk.guest} sees the agenda and adds points to it, and nothing else: no notes, no action "
                f"points. It opens until a week after the day."
            )
        )
        st.code(address.link("agenda", token=conversations.token(reads.scope, reads.database, talk.id)), language=None)
        if st.button("Make another link, and let this one open nothing", key=f"renew-{talk.id}", type="tertiary"):
            conversations.renew_token(reads.scope, reads.database, talk.id)
            st.rerun()
