"""Where a retrospective begins: open one for a team, take part in one, read what stayed of earlier ones."""

import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.retro import device, invite
from dashboard.selection import Choices
from data import clock
from data.errors import Trouble
from data.retro import leading
from data.retro.retrospective import MOST_VOTES, Retrospective
from data.scope import Right

PAGE = "views/retrospective.py"
SHOWN = 12
HELD = (
    "A team looks at itself for an hour: is it safe to speak, what became of last time's actions, who deserves thanks, "
    "what do the signs say, what helps and what hinders, and what at most two things do we try. You lead it on a "
    "screen that all can see; the others write on their own devices, and nobody is told who wrote what."
)


def show(reads: Reads, choices: Choices, team: str | None) -> None:
    st.title("Retrospective: what do we learn?", anchor=False)
    found = leading.list_(reads.scope, reads.database)
    for one in found:
        if one.is_open:
            _link(choices, one)
    st.markdown(HELD)
    _open(reads, choices, team)
    st.page_link(PAGE, label="Take part in one with its code", query_params={"join": ""})
    past = [one for one in found if not one.is_open and team in (None, one.team_id)]
    if past:
        st.header("What stayed of earlier ones", anchor=False)
        for one in past[:SHOWN]:
            _link(choices, one)
        if len(past) > SHOWN:
            with st.expander(f"{len(past) - SHOWN} more"):
                for one in past[SHOWN:]:
                    _link(choices, one)


def of_team(reads: Reads, team_id: str) -> None:
    """On the team's page: the one that is open, the last one, or the way to a first."""
    found = leading.list_(reads.scope, reads.database, team=team_id)
    ways = st.container(horizontal=True)
    if found:
        now = "Its retrospective is open" if found[0].is_open else f"Its last retrospective, {_when(found[0])}"
        ways.page_link(PAGE, label=now, query_params={"retrospective": str(found[0].id)})
    if not reads.scope.may(Right.COACH, team_id):
        return
    if not found or not found[0].is_open:
        ways.page_link(PAGE, label="Hold a retrospective", query_params={"team": team_id})
    ways.page_link("views/one_on_one.py", label="Prepare a one-on-one about it", query_params={"team": team_id})


def _open(reads: Reads, choices: Choices, team: str | None) -> None:
    if not reads.scope.may(Right.COACH):
        return
    teams = choices.teams_of(None)
    if not teams:
        st.markdown("The data names no team yet.")
        return
    with st.form("open-retrospective", width=720), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Team",
            teams,
            index=teams.index(team) if team in teams else None,
            format_func=lambda one: parts.name_of(choices, one),
            placeholder="Whose retrospective?",
            key="open-team",
            width=320,
        )
        votes = st.number_input("Votes each", 1, MOST_VOTES, 3, key="open-votes", width=140)
        if not st.form_submit_button("Open a retrospective", type="primary", key="open-go"):
            return
    try:
        if chosen is None:
            raise Trouble("Choose the team first.")
        made = leading.open_(
            reads.scope,
            reads.database,
            team_id=chosen,
            secret=device.secret(),
            votes_each=int(votes),
            known_teams=set(choices.teams),
        )
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    st.query_params.from_dict({"retrospective": str(made.id)})
    st.rerun()


def _link(choices: Choices, one: Retrospective) -> None:
    team = parts.name_of(choices, one.team_id)
    if one.is_open:
        label = f"{team}: open since {_when(one)}, led by {one.led_by}, code {invite.spelt(one.code)}"
    else:
        label = f"{team}, {_when(one)}, led by {one.led_by}"
    st.page_link(PAGE, label=plain(label), query_params={"retrospective": str(one.id)})


def _when(one: Retrospective) -> str:
    return words.long_day((one.closed_at or one.opened_at).date(), clock.now().date())
