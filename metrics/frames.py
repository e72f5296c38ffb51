"""The contract: a schema for each table, in the words of docs/definitions.md.

Question asked: what must a row hold before anything is counted from it?
Times are UTC instants, ids are text, unknown is null. Sources may bring more columns; only these are kept.
"""

from typing import Annotated

import dataframely as dy
import polars as pl

EVENT_KINDS = (
    "opened",
    "assigned",
    "replied",
    "noted",
    "customer_replied",
    "on_hold",
    "off_hold",
    "escalated",
    "priority_raised",
    "resolved",
    "reopened",
    "closed",
)
FUNCTIONS = ("front_office", "back_office", "sales", "dispatch")


def _id(*, primary_key: bool = False, nullable: bool = False) -> dy.String:
    return dy.String(primary_key=primary_key, nullable=nullable, min_length=1)


def _instant(*, primary_key: bool = False, nullable: bool = False) -> dy.Datetime:
    return dy.Datetime(time_zone="UTC", time_unit="us", primary_key=primary_key, nullable=nullable)


def _text() -> dy.String:
    return dy.String(nullable=True)


class Tickets(dy.Schema):
    """One row a ticket. The columns from `team_id` on are its summary, for sources without an event log."""

    ticket_id = _id(primary_key=True)
    customer_id = _id(nullable=True)
    opened_at = _instant()
    channel = _text()
    category = _text()
    priority = _text()
    origin = dy.String(nullable=True, check=lambda c: c.is_in(["customer", "proactive"]))
    is_complaint = dy.Bool(nullable=True)
    csat = dy.Int8(nullable=True, min=1, max=5)
    promised_by = _instant(nullable=True)
    promise_kept_at = _instant(nullable=True)
    team_id = _id(nullable=True)
    agent_id = _id(nullable=True)
    first_replied_at = _instant(nullable=True)
    resolved_at = _instant(nullable=True)
    team_stations = dy.Int32(nullable=True, min=1)
    reopens = dy.Int32(nullable=True, min=0)

    @dy.rule()
    def resolved_not_before_opened(cls) -> pl.Expr:
        return pl.col("resolved_at") >= pl.col("opened_at")

    @dy.rule()
    def first_replied_not_before_opened(cls) -> pl.Expr:
        return pl.col("first_replied_at") >= pl.col("opened_at")


class Events(dy.Schema):
    """One row a thing that happened to a ticket.

    `seq` is the source's own order among the events of one ticket at one instant: many logs tell time by the
    minute, and the order of two assignments in the same minute decides who passed the ticket on.
    """

    ticket_id = _id(primary_key=True)
    at = _instant(primary_key=True)
    kind = dy.String(primary_key=True, check=lambda c: c.is_in(EVENT_KINDS))
    seq = dy.Int32(primary_key=True, min=0)
    team_id = _id(nullable=True)
    agent_id = _id(nullable=True)
    actor = dy.String(nullable=True, check=lambda c: c.is_in(["agent", "customer", "system"]))


class Teams(dy.Schema):
    """One row a team. `calendar` is an opening_hours text with a zone and a country: see metrics.clock."""

    team_id = _id(primary_key=True)
    name = dy.String()
    branch = _text()
    function = dy.String(check=lambda c: c.is_in(FUNCTIONS))
    line = dy.Int8(nullable=True, min=1, max=3)
    manager = _text()
    calendar = _text()


class People(dy.Schema):
    """One row a person's stay in a team."""

    person_id = _id(primary_key=True)
    team_id = _id(primary_key=True)
    valid_from = dy.Date(primary_key=True)
    role = _text()
    fte = dy.Float64(min=0, max=1.5)
    valid_to = dy.Date(nullable=True)
    hired_on = dy.Date()
    left_on = dy.Date(nullable=True)
    left_by_choice = dy.Bool(nullable=True)

    @dy.rule()
    def stay_ends_not_before_it_starts(cls) -> pl.Expr:
        return pl.col("valid_to") >= pl.col("valid_from")

    @dy.rule()
    def left_not_before_hired(cls) -> pl.Expr:
        return pl.col("left_on") >= pl.col("hired_on")


class Absences(dy.Schema):
    """One row an absence of a person, both days included."""

    person_id = _id(primary_key=True)
    from_on = dy.Date(primary_key=True)
    to_on = dy.Date()
    kind = dy.String(primary_key=True, check=lambda c: c.is_in(["sick", "leave", "training"]))

    @dy.rule()
    def absence_ends_not_before_it_starts(cls) -> pl.Expr:
        return pl.col("to_on") >= pl.col("from_on")


class Training(dy.Schema):
    """One row a course that a person has done."""

    person_id = _id(primary_key=True)
    course = dy.String(primary_key=True)
    kind = dy.String(check=lambda c: c.is_in(["classroom", "experiential"]))
    completed_on = dy.Date(primary_key=True)


class Surveys(dy.Schema):
    """One row an answer, with no person on it. `question` may name a trait; `seq` tells equal answers apart."""

    team_id = _id(primary_key=True)
    asked_on = dy.Date(primary_key=True)
    asked_of = dy.String(primary_key=True, check=lambda c: c.is_in(["staff", "customer", "manager"]))
    question = dy.String(primary_key=True)
    seq = dy.Int32(primary_key=True, min=0)
    score = dy.Float64()
    scale_max = dy.Float64(min_exclusive=0)

    @dy.rule()
    def score_within_scale(cls) -> pl.Expr:
        return pl.col("score").is_between(0, pl.col("scale_max"))


class Customers(dy.Schema):
    """One row a customer."""

    customer_id = _id(primary_key=True)
    segment = _text()
    opened_on = dy.Date()
    closed_on = dy.Date(nullable=True)
    acquired_by = _text()
    branch = _text()

    @dy.rule()
    def closed_not_before_opened(cls) -> pl.Expr:
        return pl.col("closed_on") >= pl.col("opened_on")


class Orders(dy.Schema):
    """One row a sale or an open opportunity."""

    order_id = _id(primary_key=True)
    customer_id = _id(nullable=True)
    team_id = _id(nullable=True)
    opened_at = _instant()
    stage = dy.String(check=lambda c: c.is_in(["open", "won", "lost"]))
    closed_at = _instant(nullable=True)
    amount = dy.Float64(nullable=True)

    @dy.rule()
    def order_closed_not_before_opened(cls) -> pl.Expr:
        return pl.col("closed_at") >= pl.col("opened_at")


class Praise(dy.Schema):
    """One row a customer's kind word."""

    team_id = _id(primary_key=True)
    at = _instant(primary_key=True)
    seq = dy.Int32(primary_key=True, min=0)
    ticket_id = _id(nullable=True)
    words = dy.String(max_length=2000)


CONTRACT: dict[str, type[dy.Schema]] = {
    "tickets": Tickets,
    "events": Events,
    "teams": Teams,
    "people": People,
    "absences": Absences,
    "training": Training,
    "surveys": Surveys,
    "customers": Customers,
    "orders": Orders,
    "praise": Praise,
}

# A row of the left table means nothing without its row of the right one: such rows are set aside at intake.
# Other ids may point to what was never imported (a team that HR does not list): those are said, not refused.
RELATIONS: tuple[tuple[str, str, str], ...] = (("events", "ticket_id", "tickets"),)

# Pseudonymised on the way in, with one key, so that they still join.
SECRET_IDS = {
    "customer_id": ("tickets", "customers", "orders"),
    "agent_id": ("tickets", "events"),
    "person_id": ("people", "absences", "training"),
}


_APART = dy.CollectionMember(ignored_in_filters=True)


class Company(dy.Collection):
    """All tables of one company, with the relation that holds between them: an event's ticket exists."""

    tickets: dy.LazyFrame[Tickets]
    events: dy.LazyFrame[Events]
    teams: Annotated[dy.LazyFrame[Teams], _APART]
    people: Annotated[dy.LazyFrame[People], _APART]
    absences: Annotated[dy.LazyFrame[Absences], _APART]
    training: Annotated[dy.LazyFrame[Training], _APART]
    surveys: Annotated[dy.LazyFrame[Surveys], _APART]
    customers: Annotated[dy.LazyFrame[Customers], _APART]
    orders: Annotated[dy.LazyFrame[Orders], _APART]
    praise: Annotated[dy.LazyFrame[Praise], _APART]

    @dy.filter()
    def event_has_its_ticket(self) -> pl.LazyFrame:
        return self.tickets.select("ticket_id")


def key_of(table: str) -> list[str]:
    """The columns that make a row of `table` the same row."""
    return list(CONTRACT[table].primary_key())


def empty(table: str) -> pl.DataFrame:
    """A frame of `table` with its columns and no rows."""
    return CONTRACT[table].create_empty()
