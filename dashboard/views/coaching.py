"""What did we agree, and does it help? The actions as board or list, the one that is opened, and what works here."""

import streamlit as st

from dashboard import filters, parts, words
from dashboard.boards import bar, board, export, still_alive
from dashboard.boards import list as board_list
from dashboard.boards.choice import DUE, chosen, options, read, state_of
from dashboard.boards.later import Later
from dashboard.cached import Reads
from dashboard.coaching import action_forms, judged
from dashboard.selection import Choices, Selection
from data import clock
from data.coaching import actions, untouched
from data.coaching.action import Action
from data.scope import Right


def show(reads: Reads) -> None:
    st.title("Coaching: what did we agree?", anchor=False)
    choices = reads.choices()
    address = set(st.query_params)
    # Elsewhere the team in the address is the page's subject; on the board it is a filter, so nothing is remembered.
    about = (
        filters.current(choices, one_team=True) if {"action", "plan"} & address else Selection(team=filters.last_team())
    )
    if about.action is not None:
        board.opened(reads, choices, about)
        return
    st.page_link("views/retrospective.py", label="Hold a retrospective of a team, or read what stayed of earlier ones")
    st.page_link("views/one_on_one.py", label="Prepare a one-on-one, or open an earlier one")
    may_plan = reads.scope.may(Right.COACH)
    form = st.expander("Plan a new action", expanded=about.plan, icon=":material/add:") if may_plan else st.empty()
    if about.plan and may_plan:
        with form:
            action_forms.new(reads, choices, about)
    later = Later("Judging the actions")
    found = actions.list_(reads.scope, reads.database)
    if found:
        agreed(reads, choices, found, later, plan=about.plan)
    else:
        st.markdown("Nothing is agreed yet. A sign on the Overview or a team's page leads to a first action.")
    st.header("What works here", anchor=False)
    works = st.container()
    if not about.plan and may_plan:  # folded, so there is time: what it could show is worked out after the board stands
        with form:
            action_forms.new(reads, choices, about)
    later.fill()
    with works, st.spinner("Putting together what each play did"):
        judged.all_plays(reads)


def agreed(reads: Reads, choices: Choices, found: list[Action], later: Later, *, plan: bool) -> None:
    """What is asked of the reader first, then the actions that fit the filters, as board or as list."""
    today = clock.now().date()
    touched = untouched.last_touched(reads.scope, reads.database)
    still_alive.due(choices, [one for one in found if state_of(one, today) == DUE], today)
    still_alive.ask(reads, choices, untouched.untouched(reads.home, found, touched, today))
    offered = options(found, choices)
    choice, said = read({} if plan else st.query_params.to_dict(), offered)
    bar.show(choice, offered, choices, said)
    fitting = chosen(choice, found, choices, today)
    if not fitting:
        st.markdown("No action fits these filters: open one of them.")
    elif choice.view == "list":
        board_list.show(reads, choices, fitting, later, today)
    else:
        board.show(reads, choices, fitting, later)
    if taken := actions.to_take_out(reads.scope, fitting):
        bar.files(
            lambda: export.frame(taken, choices, lambda one: words.first_up(judged.brief(reads, one)), touched, today),
            len(taken),
            today,
        )


parts.page(show)
