"""Where do customers get lost? Who passes tickets to whom, what it costs the customers, and single tickets' paths."""

import polars as pl
import streamlit as st

from dashboard import filters, flow_charts, flow_words, parts, tickets, words
from dashboard.cached import Reads
from dashboard.passing import Passing
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from data import flows
from metrics.handoffs import HANDOFF_KINDS

BACK = 5
NO_LOG = (
    "Who passed a ticket to whom cannot be told from this data: it has one row a ticket and no log of what happened to "
    "it. Export your helpdesk's event log, or the audit log of its tickets, and import it."
)


def show(reads: Reads) -> None:
    choices = reads.choices()
    selection = filters.current(choices)
    st.title("Handoffs: where do customers get lost?", anchor=False)
    if parts.no_tickets(reads):
        return
    filters.bar(choices, selection)
    if not flows.tells_of_handoffs(reads.company):
        st.markdown(NO_LOG)
        return
    found = reads.passing(selection.filters(choices))
    said(reads, choices, selection, found)
    if not found.told.handoffs:
        return
    names = names_of(choices)
    left, right = st.columns([5, 3], gap="large")
    with left:
        routes(found, names)
    with right:
        of_what_kind(found)
        back_and_forth(found, names)
    every_route(found, names)
    paths(reads, choices, selection, found)


def names_of(choices: Choices) -> dict[str, str]:
    return {team: name for team, (name, _) in choices.teams.items()}


def said(reads: Reads, choices: Choices, selection: Selection, found: Passing) -> None:
    st.markdown(f"**{plain(found.sentence)}**")
    team = selection.team
    if team and team not in flows.named_teams(reads.company):
        st.markdown(f"{plain(parts.name_of(choices, team))}: too few to say, fewer than five people.")
        return
    if not found.told.handoffs:
        return
    mind = [
        flow_words.unknown_waits(found.told),
        "Dated by when it was passed on, by the passing team's own clock.",
        "What they waited runs from the handoff until the receiving team first did something, in calendar hours with "
        "time on hold taken out.",
        "Teams of fewer than five people are not named: they stand together, or are left out.",
    ]
    st.caption(plain(" ".join(part for part in mind if part)))


def routes(found: Passing, names: dict[str, str]) -> None:
    st.header("Who passes to whom", anchor=False)
    if found.flow:
        covered = flow_words.covered(found.pairs, flow_charts.ROUTES)
        st.caption(plain(f"From the left to the right; a band is as high as its number of handoffs. {covered}"))
        parts.chart(found.flow, found.sentence, key="flow")
    with st.expander("As a matrix"):
        if found.matrix:
            st.caption("From the team on the left to the team above; most handoffs first.")
            with st.container(key="matrix-wide"):
                parts.chart(found.matrix, f"The same by pair of teams. {found.sentence}", key="matrix")


def of_what_kind(found: Passing) -> None:
    st.header("What kind of handoff", anchor=False)
    if found.kinds_drawn:
        parts.chart(found.kinds_drawn, flow_words.kinds(found.kinds), key="kinds")
    with st.expander("What the kinds mean"):
        st.caption("The first that fits counts.")
        st.markdown("\n".join(f"- **{head}:** {plain(means)}" for head, means in flow_words.KINDS.values()))


def back_and_forth(found: Passing, names: dict[str, str]) -> None:
    st.header("There and back", anchor=False)
    if found.between.is_empty():
        st.markdown("No ticket came back to a team that had it before.")
        return
    st.caption(
        "A way back: to a team that had the ticket before. It is a fact of the pair, not of either team. To and fro: "
        "between the same two teams three times or more without a pause."
    )
    rows = found.between.head(BACK).iter_rows(named=True)
    st.markdown("\n".join(f"- {plain(flow_words.back(row, names))}" for row in rows))
    if found.between.height > BACK:
        st.caption(f"and {found.between.height - BACK:,} more pairs, in the table below")


def every_route(found: Passing, names: dict[str, str]) -> None:
    with st.expander(f"All routes as a table ({found.pairs.height:,})"):
        called = [
            pl.Series(head, [flow_words.name(team, names) for team in found.pairs[end]])
            for end, head in (("from_team", "From"), ("to_team", "To"))
        ]
        hours = (pl.col("lost_minutes") / 60).alias("Hours waited")
        half = (pl.col("median_minutes") / 60).alias("Half waited over (hours)")
        shown = found.pairs.with_columns(called).select(
            "From",
            "To",
            pl.col("handoffs").alias("Handoffs"),
            pl.col("tickets").alias("Tickets"),
            pl.col("bounce_backs").alias("Way back"),
            pl.col("ping_pong").alias("To and fro (tickets)"),
            hours,
            half,
            *(pl.col(kind).alias(words.first_up(flow_words.KINDS[kind][0])) for kind in HANDOFF_KINDS),
        )
        config = {"Hours waited": parts.WHOLE, "Half waited over (hours)": st.column_config.NumberColumn(format="%.1f")}
        parts.table(shown, "All routes with their handoffs, the largest first", config=config, key="routes")


def paths(reads: Reads, choices: Choices, selection: Selection, found: Passing) -> None:
    """The tickets of one route, and the path of one of them. Only of routes between teams that are named."""
    st.header("Tickets and their paths", anchor=False)
    names = names_of(choices)
    named = [
        (row["from_team"], row["to_team"])
        for row in found.pairs.iter_rows(named=True)
        if not flow_words.is_group(row["from_team"]) and not flow_words.is_group(row["to_team"])
    ]
    if not named:
        st.markdown("No route is between two teams that can be named.")
        return
    keys = {f"{one}>{other}": (one, other) for one, other in named}
    asked = st.query_params.get("route")
    if "route" not in st.session_state or st.session_state["route"] not in keys:
        st.session_state["route"] = asked if asked in keys else next(iter(keys))
    count = {f"{row['from_team']}>{row['to_team']}": row["tickets"] for row in found.pairs.iter_rows(named=True)}
    chosen = st.selectbox(
        "Route",
        list(keys),
        key="route",
        format_func=lambda key: (
            f"{names.get(keys[key][0], keys[key][0])} to {names.get(keys[key][1], keys[key][1])}"
            f" ({words.count(count[key], 'ticket')})"
        ),
        on_change=_keep,
        width=480,
    )
    passed = reads.tickets_between(selection.filters(choices), *keys[chosen])
    tickets.show_latest(reads, selection, passed.rename({"bounce_back": "came_back"}), keys[chosen][0])


def _keep() -> None:
    st.query_params["route"] = st.session_state["route"]
    st.query_params.pop("ticket", None)


parts.page(show)
