"""The right of reply on the Team page: answer a reading or its tickets; accept or decline; see all that was said."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from dashboard import answer_words, door, parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from dashboard.words import Row
from data import replies
from data.errors import Trouble
from data.replies import MOST_TICKETS, Reply
from data.scope import Right
from metrics.disclosure import comments_withheld
from metrics.sign import all_signs
from metrics.taken_out import can_be_taken_out

SHOWN = 12
_SAID = "said of an answer"
EXPLAINED = (
    "For what the numbers cannot know: a policy that forced it, an order from above, a fault in the log. A manager "
    "reads the answer and accepts or declines it, with a reason. Tickets of an accepted answer no longer count in this "
    "sign of this team; the reading with every ticket stays beside it, and all of it is kept."
)


def show(reads: Reads, row: Row, behind: pl.DataFrame) -> None:
    """What the team answered to this sign, what waits for a decision, and the form for another answer."""
    if not reads.scope.may(Right.FOLLOW, row["team_id"]):
        people = dict(reads.company.heads().select("team_id", "people").iter_rows())
        st.caption(comments_withheld(people.get(row["team_id"])))
        return
    known = replies.list_(reads.scope, reads.database, team=row["team_id"], sign=row["sign"])
    if trouble := st.session_state.pop(_SAID, None):
        st.warning(plain(trouble))
    for reply in known:
        if reply.status == "open":
            _to_decide(reads, reply, row)
    decided = [reply for reply in known if reply.status != "open"]
    if decided:
        told = f"{words.count(len(decided), 'answer')} of the team, decided"
        with st.expander(told):
            for reply in decided:
                _decided(reads, reply, row)
    with st.expander("Answer this reading"):
        st.caption(EXPLAINED)
        _form(reads, row, behind, [], key=f"reading-{row['team_id']}-{row['sign']}")


def waiting(reads: Reads, choices: Choices, selection: Selection, team_id: str | None = None) -> None:
    """The answers that wait for a decision, each with the way to it: of one team, or of all. Nothing where none do."""
    found = replies.list_(reads.scope, reads.database, team=team_id, status="open")
    known = [reply for reply in found if reply.sign in all_signs()]
    if not known:
        return
    many = len(known) != 1
    st.markdown(f"**{words.count(len(known), 'answer')} {'wait' if many else 'waits'} for a decision**")
    for reply in known[:SHOWN]:
        where = selection.address(team=reply.team_id, sign=reply.sign, ticket=None, action=None)
        name, asks = parts.name_of(choices, reply.team_id), words.heading(all_signs()[reply.sign])
        label = f"{plain(name)}, {plain(reply.by)}: {plain(asks)} {plain(answer_words.of_answer(reply))}"
        st.page_link("views/team.py", label=label, query_params=where)
    if len(known) > SHOWN:
        st.caption(f"and {len(known) - SHOWN} more, on the pages of their teams")


def of_ticket(reads: Reads, row: Row, behind: pl.DataFrame, ticket: str) -> None:
    """The way to answer for one ticket, below its path; whether it was answered already."""
    if not reads.scope.may(Right.FOLLOW, row["team_id"]) or not can_be_taken_out(all_signs()[row["sign"]]):
        return
    for reply in replies.list_(reads.scope, reads.database, team=row["team_id"], sign=row["sign"]):
        if ticket in reply.tickets:
            held = f", {reply.status}" + (f" by {reply.decided.by}" if reply.decided else "")
            st.caption(f"Answered by {plain(reply.by)}{plain(held)}: “{plain(reply.words)}”")
    with st.expander("Answer this ticket"):
        _form(reads, row, behind, [ticket], key=f"ticket-{row['team_id']}-{row['sign']}-{ticket}")


def taken_out(choices: Choices, selection: Selection, rows: list[Row]) -> None:
    """On the Overview: how many readings have tickets taken out by answers, each with its numbers and its team."""
    known = [row for row in rows if row.get("replies")]
    if not known:
        return
    out = sum(row["taken_out"] or 0 for row in known)
    said = "1 reading has" if len(known) == 1 else f"{len(known):,} readings have"
    with st.expander(f"{said} accepted answers of the team; {words.count(out, 'ticket')} taken out"):
        for row in known:
            st.markdown(f"**{parts.question(choices, row)}** {plain(words.answered(row))}")
            parts.team_link(selection, row)


def _form(reads: Reads, row: Row, behind: pl.DataFrame, chosen: list[str], key: str) -> None:
    """`chosen`: the tickets that are marked at first; none: the reading as a whole."""
    if not reads.scope.may(Right.ANSWER, row["team_id"]):
        return
    by_ticket = can_be_taken_out(all_signs()[row["sign"]]) and behind.height > 0
    first = behind.sort("counted", descending=True, maintain_order=True)["ticket_id"] if by_ticket else pl.Series([""])
    with st.form(f"answer-{key}", border=False):
        said = st.text_area("What does the team say?", key=f"answer-words-{key}", height=96)
        tickets = (
            st.multiselect(
                "Take these tickets out (empty: answer the reading, and leave its number as it is)",
                first.unique(maintain_order=True).to_list(),
                default=chosen,
                key=f"answer-tickets-{key}",
                max_selections=MOST_TICKETS,
            )
            if by_ticket
            else []
        )
        if st.form_submit_button("Send it to the manager", key=f"answer-go-{key}"):
            parts.done(lambda: _answer(reads, row, behind, said, tickets), "Kept. It waits for a manager's decision.")


def _answer(reads: Reads, row: Row, behind: pl.DataFrame, said: str, tickets: list[str]) -> Reply:
    return replies.answer(
        reads.scope,
        reads.database,
        team_id=row["team_id"],
        sign=row["sign"],
        week=row["week"],
        words=said,
        tickets=tickets,
        known_teams=reads.choices().teams,
        known_tickets=set(behind["ticket_id"]) if tickets else None,
    )


def _to_decide(reads: Reads, reply: Reply, row: Row) -> None:
    """An answer that waits: the manager accepts or declines it, with a reason, as they saw it."""
    if not reads.scope.may(Right.COACH, row["team_id"]):
        return
    with st.container(border=True, key=f"reply-{reply.id}"):
        st.markdown(f"**The team answers.** {_said(reply, row)}")
        _tickets(reply)
        if reply.undone:
            st.caption(f"Open again: {plain(reply.undone.by)} undid the decision, “{plain(reply.undone.reason)}”.")
        with st.form(f"decide-{reply.id}", border=False):
            st.text_input("Accept or decline, and why", key=f"decide-why-{reply.id}")
            with st.container(horizontal=True):
                for accept, label, key in ((True, _accept_label(reply), "yes"), (False, "Decline", "no")):
                    st.form_submit_button(
                        label, key=f"decide-{key}-{reply.id}", on_click=door.still(_decide), args=(reads, reply, accept)
                    )


def _decide(reads: Reads, reply: Reply, accept: bool) -> None:
    """Runs before the page is drawn anew: so that the decision is about the answer as it was seen, not as it is now."""
    reason = st.session_state[f"decide-why-{reply.id}"]
    _say_trouble(
        lambda: replies.decide(reads.scope, reads.database, reply.id, accept=accept, reason=reason, seen=reply.revision)
    )


def _undo(reads: Reads, reply: Reply) -> None:
    reason = st.session_state[f"undo-reply-why-{reply.id}"]
    _say_trouble(lambda: replies.undo(reads.scope, reads.database, reply.id, reason, seen=reply.revision))


def _say_trouble(work: Callable[[], object]) -> None:
    try:
        work()
    except Trouble as trouble:
        st.session_state[_SAID] = str(trouble)


def _accept_label(reply: Reply) -> str:
    return f"Accept: take {answer_words.of_answer(reply)} out" if reply.tickets else "Accept"


def _decided(reads: Reads, reply: Reply, row: Row) -> None:
    st.markdown(_said(reply, row))
    _tickets(reply)
    for step in reply.steps:
        day = words.long_day(step.at.date(), row["week"])
        st.caption(f"{words.first_up(step.what)} by {plain(step.by)} on {day}: “{plain(step.reason)}”")
    if answer_words.same_person(reply):
        st.caption("Answered and decided by the same person.")
    with st.form(f"undo-reply-{reply.id}", border=False):
        st.text_input("Undo the decision: why?", key=f"undo-reply-why-{reply.id}")
        st.form_submit_button(
            "Undo: open it again", key=f"undo-reply-go-{reply.id}", on_click=door.still(_undo), args=(reads, reply)
        )


def _said(reply: Reply, row: Row) -> str:
    of = f"{answer_words.of_answer(reply)}, {answer_words.of_weeks(reply, row['week'])}"
    day = words.long_day(reply.at.date(), row["week"])
    return f"“{plain(reply.words)}” {plain(reply.by)}, {day}, about {plain(of)}."


def _tickets(reply: Reply) -> None:
    if reply.tickets:
        more = f" and {len(reply.tickets) - SHOWN} more" if len(reply.tickets) > SHOWN else ""
        st.caption(f"Tickets: {plain(', '.join(reply.tickets[:SHOWN]) + more)}")
