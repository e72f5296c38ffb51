"""The tickets behind a reading, each with its path and the way into the helpdesk."""

from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from dashboard import answers, door, journey, parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Selection
from data.settings import settings_of
from metrics.clock import parse_calendar

SHOWN = 500
_HEADS = {
    "ticket_id": "Ticket",
    "counted": "Counted",
    "taken_out": "Taken out",
    "category": "Category",
    "channel": "Channel",
    "priority": "Priority",
    "handoffs": "Passed on",
    "reopens": "Reopened",
    "came_back": "Came back",
}


def helpdesk_link(ticket_id: str) -> str | None:
    """Where the helpdesk shows the ticket, by the pattern in the setting ticket_url ("https://…/{ticket_id}")."""
    return _linked(settings_of().ticket_url, ticket_id)


def _linked(pattern: str, ticket_id: str) -> str | None:
    """The id stands in the address as a part of it and no more, whatever signs it has."""
    if not pattern:
        return None
    told = quote(ticket_id, safe="")
    return pattern.replace("{ticket_id}", told) if "{ticket_id}" in pattern else pattern + told


@door.fragment()
def show(reads: Reads, selection: Selection, tickets: pl.DataFrame, team_id: str, row: words.Row | None = None) -> None:
    """The list, those that were counted first, and below it the path of the one that is chosen.

    `row`: the reading that they are behind; the team can answer it ticket by ticket.
    """
    if tickets.is_empty():
        st.markdown("No ticket is behind this reading.")
        return
    ordered = tickets.sort("counted", "at", "ticket_id", descending=[True, True, False])
    told = f"{words.count(int(tickets['counted'].sum()), 'ticket')} counted, of {tickets.height:,}"
    _shown(reads, selection, ordered, team_id, f"{told}; those counted come first", row)


@door.fragment()
def show_latest(reads: Reads, selection: Selection, tickets: pl.DataFrame, team_id: str) -> None:
    """The list, the latest first, and below it the path of the one that is chosen."""
    told = f"{words.count(tickets.height, 'ticket')}, the latest first"
    if tickets.height > SHOWN:
        told += f"; the first {SHOWN} are listed"
    _shown(reads, selection, tickets.sort("at", "ticket_id", descending=[True, False]), team_id, told)


def _shown(
    reads: Reads,
    selection: Selection,
    ordered: pl.DataFrame,
    team_id: str,
    told: str,
    row: words.Row | None = None,
) -> None:
    zone = _zone(reads, team_id)
    st.caption(f"{told}. Times by the team's clock ({plain(zone)}).")
    _list(ordered.head(SHOWN), zone, told)
    ticket = _chosen(reads, selection, ordered, zone)
    if row is not None:
        answers.of_ticket(reads, row, ordered, ticket)


def _list(tickets: pl.DataFrame, zone: str, told: str) -> None:
    at = pl.col("at").dt.convert_time_zone(zone).dt.replace_time_zone(None).alias("Date")
    named = {name: head for name, head in _HEADS.items() if name in tickets.columns}
    if "taken_out" in named and not tickets["taken_out"].any():
        named.pop("taken_out")  # no answer is accepted: there is nothing to tell
    answers = [
        pl.when(name).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(name)
        for name in named
        if tickets.schema[name] == pl.Boolean
    ]
    shown = tickets.with_columns(*answers, at).select("Date", *named).rename(named)
    columns = ["Ticket", "Date", *[head for head in shown.columns if head not in ("Ticket", "Date")]]
    config: dict[str, Any] = {"Date": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")}
    pattern = settings_of().ticket_url
    links = [_linked(pattern, ticket) for ticket in tickets["ticket_id"]]
    if any(links):
        shown = shown.with_columns(pl.Series("Helpdesk", links))
        config["Helpdesk"] = st.column_config.LinkColumn(display_text="open")
        columns.append("Helpdesk")
    parts.table(shown.select(columns), f"Tickets behind the reading: {told}", config=config, key="tickets")


def _chosen(reads: Reads, selection: Selection, tickets: pl.DataFrame, zone: str) -> str:
    """Choose one and see its path. Gives its id."""
    ids = tickets["ticket_id"].head(SHOWN).unique(maintain_order=True).to_list()
    asked = st.query_params.get("ticket", selection.ticket)
    if "ticket" not in st.session_state or st.session_state["ticket"] not in ids:
        st.session_state["ticket"] = asked if asked in ids else ids[0]
    ticket = st.selectbox("The path of ticket", ids, key="ticket", on_change=_keep, width=320)
    told, spec = reads.journey(ticket, zone)
    said = journey.summary(told)
    st.markdown(plain(said))
    if told.height:
        parts.chart(spec, said, key="path")
        st.markdown("\n".join(_step(row) for row in told.iter_rows(named=True)))
    if link := helpdesk_link(ticket):
        st.link_button("Open it in the helpdesk", link)
    return str(ticket)


def _step(row: dict[str, Any]) -> str:
    return f"- {words.day(row['at'].date())} {row['at']:%H:%M}: {plain(row['label'])} ({plain(row['team'])})"


def _keep() -> None:
    st.query_params["ticket"] = st.session_state["ticket"]


def _zone(reads: Reads, team_id: str) -> str:
    found = reads.teams().filter(pl.col("team_id") == team_id)
    return parse_calendar(found["calendar"][0] if found.height else None).zone
