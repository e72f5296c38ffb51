"""Has the data what a sign needs? What it lacks is said, in place of a number that would look like a finding."""

from collections.abc import Mapping

import polars as pl

from metrics.log import KINDS
from metrics.sign import Sign
from metrics.trait import Trait

SIMPLE = "standards.simple"  # no table tells it: it is worked out, or set by a manager
BUYERS = "orders.of_customers_with_tickets"  # no column tells it: two tables have a customer in common
# Plain words for what may be lacking; anything else is told by its table and column.
PLAIN = {
    SIMPLE: "category that counts as simple (see the page Method)",
    "tickets.csat": "satisfaction answers (tickets.csat)",
    "tickets.is_complaint": "marks of complaint (tickets.is_complaint)",
    "tickets.category": "categories (tickets.category)",
    "tickets.customer_id": "customers (tickets.customer_id)",
    "tickets.channel": "channels (tickets.channel)",
    "tickets.origin": "origin of tickets, whose idea they were (tickets.origin)",
    "tickets.promised_by": "promises (tickets.promised_by)",
    "tickets.promise_kept_at": "promises kept (tickets.promise_kept_at)",
    "tickets.first_replied_at": "times of the first reply (tickets.first_replied_at)",
    "tickets.team_stations": "number of team stations (tickets.team_stations)",
    "tickets.team_id": "team of a ticket (tickets.team_id)",
    "tickets.resolved_at": "times of resolving (tickets.resolved_at)",
    "tickets.reopens": "reopenings (tickets.reopens)",
    "events.team_id": "team of an event (events.team_id)",
    "events.replied": "replies (events of the kind replied)",
    "events.noted": "notes (events of the kind noted)",
    "events.resolved": "resolves (events of the kind resolved)",
    "events.reopened": "reopenings (events of the kind reopened)",
    "events.escalated": "escalations to management (events of the kind escalated)",
    "events.agent_id": "agent of an event (events.agent_id)",
    "tickets.agent_id": "agent of a ticket (tickets.agent_id)",
    "customers.closed_on": "closed accounts (customers.closed_on)",
    "customers.branch": "branches of customers (customers.branch)",
    "customers.acquired_by": "ways by which customers came (customers.acquired_by)",
    "teams.branch": "branches of teams (teams.branch)",
    "orders.customer_id": "customers of orders (orders.customer_id)",
    BUYERS: "order of a customer who has a ticket (orders.customer_id and tickets.customer_id have none in common)",
    "orders.team_id": "teams of orders (orders.team_id)",
    "orders.amount": "amounts of orders (orders.amount)",
    "orders.closed_at": "days on which orders were won or lost (orders.closed_at)",
    "surveys.staff": "answers of the staff to a survey (surveys, asked_of staff)",
}


def present(tables: Mapping[str, pl.LazyFrame]) -> frozenset[str]:
    """What is there: "table.column" for each column with at least one value, "events.<kind>" for each kind of event,
    "surveys.<asked of>" for each kind of people asked, and BUYERS where somebody with a ticket has an order.

    `tables`: contract tables by name, or one partition of them: what is present in any partition is present.
    """
    found: set[str] = set()
    for name, frame in tables.items():
        told = frame.select(pl.all().is_not_null().any()).collect()
        found.update(f"{name}.{column}" for column in told.columns if told[column].item())
    if "surveys" in tables:
        asked = tables["surveys"].select(pl.col("asked_of").unique()).collect().to_series()
        found.update(f"surveys.{of}" for of in asked.drop_nulls())
    if "events" in tables:
        kinds = tables["events"].select(pl.col("kind").cast(KINDS).unique()).collect().to_series()
        found.update(f"events.{kind}" for kind in kinds.drop_nulls())
    if {"tickets.customer_id", "orders.customer_id"} <= found and _have_in_common(tables):
        found.add(BUYERS)
    return frozenset(found)


def _have_in_common(tables: Mapping[str, pl.LazyFrame]) -> bool:
    buyers = tables["orders"].select(pl.col("customer_id").cast(pl.String)).drop_nulls().unique()
    known = tables["tickets"].select(pl.col("customer_id").cast(pl.String))
    return buyers.join(known, on="customer_id", how="semi").head(1).collect().height > 0


def lacking(sign: Sign | Trait, there: frozenset[str]) -> str | None:
    """The first need of the sign or trait that the data does not meet, as the sign words it; None where all are met."""
    return next((need for need in sign.needs if not any(option in there for option in need.split("|"))), None)


def in_words(need: str) -> str:
    """A need as `lacking` gives it -> one sentence of what the data has not, options joined by "and no"."""
    return "the data has no " + ", and no ".join(PLAIN.get(one, one) for one in need.split("|"))
