"""Who may see what? The grants as they stand, giving and withdrawing them, and from how many people executives see."""

from datetime import date

import polars as pl
import streamlit as st

from dashboard import cached, door, parts, words
from dashboard.plain import plain
from data import access, clock, surroundings, versions
from data.database import Database
from data.lake import Lake
from data.roles import LEAST_THRESHOLD, MAY_BE_OVER, USUAL_THRESHOLD, Grant, Over, Role
from data.scope import Right, Scope

WHAT = {
    Role.ADMIN: "runs the installation: access, imports, purpose, record, standards; sees no team's readings",
    Role.EXECUTIVE: "the review, and teams from a number of people on",
    Role.MANAGER: "their teams, with what was agreed; coaches them",
    Role.MEMBER: "their own team; answers and rates",
    Role.ANALYST: "readings and exports; no coaching notes, no conversations",
}


def show() -> None:
    st.title("Access: who may see what?", anchor=False)
    scope = door.scope()
    scope.require(Right.RUN)
    database = cached.database(door.home().path)
    if not door.is_guarded():
        st.markdown(
            "Sign-in is not set up, so there is one user, on this machine, who sees everything. What you give here "
            "holds from the day on which sign-in is set up (docs/access.md)."
        )
    st.markdown("Nobody sees anything that is not given here. What is withdrawn acts at their next click.")
    standing(scope, database)
    give(scope, database)
    thresholds(scope, database)
    past(scope, database)


def places() -> dict[Over, dict[str, str]]:
    """What a grant can be over, by what is kept of it: branches by name, teams by id."""
    home = door.home()
    if not versions.numbers(home):
        return {Over.BRANCH: {}, Over.TEAM: {}}
    branches = sorted({one for one in access.branches_of(home).values() if one is not None})
    # Whoever gives access must know the teams by name; no reading is asked for.
    names = surroundings.every_team(door.scope(), Lake(home))
    return {Over.BRANCH: {one: one for one in branches}, Over.TEAM: names}


def where(grant: Grant, known: dict[Over, dict[str, str]]) -> str:
    if grant.place is None:
        return "the company"
    return f"{grant.over} {known.get(grant.over, {}).get(grant.place, grant.place)}"


def when(grant: Grant, today: date) -> str:
    begins = f"from {words.day(grant.since, today)} {grant.since.year}"
    return begins if grant.until is None else f"{begins} to {words.day(grant.until, today)} {grant.until.year}"


def standing(scope: Scope, database: Database) -> None:
    today, known = clock.now().date(), places()
    found = [one for one in access.list_(scope, database, standing=True) if one.until is None or one.until >= today]
    st.header("Who has access", anchor=False)
    if not found:
        st.markdown("Nobody yet.")
    for grant in sorted(found, key=lambda one: (one.subject, one.role, one.id)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"grant-{grant.id}"):
            said = f"**{plain(grant.subject)}** {grant.role} of {plain(where(grant, known))}, {when(grant, today)}"
            st.markdown(said, width="stretch")
            with st.popover("Withdraw", key=f"withdraw-{grant.id}"):
                st.markdown(plain(f"{grant.subject} sees nothing by this from the next click on."))
                if st.button("Withdraw it", key=f"withdraw-{grant.id}-now"):
                    parts.done(lambda number=grant.id: access.withdraw(scope, database, number), "Withdrawn.")  # type: ignore[misc]


def give(scope: Scope, database: Database) -> None:
    st.header("Give access", anchor=False)
    known, today = places(), clock.now().date()
    chosen = st.selectbox("Role", list(Role), format_func=str, key="grant-role", width=320)
    role = chosen or Role.MANAGER
    st.caption(words.first_up(words.ended(WHAT[role])))
    over = st.radio("Over", MAY_BE_OVER[role], horizontal=True, key=f"grant-over-{role}")
    with st.form("grant", border=False, width=640):
        who = st.text_input("E-mail address, or issuer|subject", key="grant-who", max_chars=320)
        place = None
        if over in known:
            names = known[over]
            label = "Which branch" if over is Over.BRANCH else "Which team"
            place = st.selectbox(label, sorted(names, key=names.__getitem__), format_func=names.__getitem__, index=None)
        left, right = st.columns(2)
        since = left.date_input("From", today, key="grant-since")
        until = right.date_input("Until (open if empty)", None, min_value=today, key="grant-until")
        if st.form_submit_button("Give access", type="primary", key="grant-give"):
            parts.done(
                lambda: access.give(
                    scope, database, who, role, over=over or Over.COMPANY, place=place, since=since, until=until
                ),
                "Access was given.",
            )


def thresholds(scope: Scope, database: Database) -> None:
    st.header("From how many people executives see a team", anchor=False)
    told = access.thresholds(scope, database)
    usual = told.get("", USUAL_THRESHOLD)
    others = [f"{branch}: {many}" for branch, many in sorted(told.items()) if branch]
    st.markdown(plain(f"{usual} people" + (f"; {', '.join(others)}" if others else "") + "."))
    with st.form("threshold", border=False, width=640):
        left, right = st.columns(2)
        branch = left.selectbox(
            "Branch", ["", *places()[Over.BRANCH]], format_func=lambda one: one or "every other branch"
        )
        people = right.number_input("People", LEAST_THRESHOLD, 1000, usual, key="threshold-people")
        if st.form_submit_button("Set", key="threshold-set"):
            parts.done(lambda: access.set_threshold(scope, database, int(people), branch=branch), "It was set.")


def past(scope: Scope, database: Database) -> None:
    known, today = places(), clock.now().date()
    gone = [
        one
        for one in access.list_(scope, database)
        if one.withdrawn_at or (one.until is not None and one.until < today)
    ]
    if not gone:
        return
    with st.expander(f"What has ended ({len(gone)})"):
        rows = [
            {
                "Who": one.subject,
                "Role": str(one.role),
                "Over": where(one, known),
                "When": when(one, today),
                "Given by": one.given_by,
                "Withdrawn": f"{one.withdrawn_at:%Y-%m-%d} by {one.withdrawn_by}" if one.withdrawn_at else "it ran out",
            }
            for one in gone
        ]
        parts.table(pl.DataFrame(rows), "Access that has ended, the newest first", key="access-past")


with parts.trouble_said():
    show()
