"""The blow-out: the moment when a ticket first crosses what no customer should have to bear, and what it crossed."""

import numpy as np
import polars as pl

from metrics.columns import FAR, NEVER
from metrics.deadlines import Deadlines
from metrics.log import Ints, Log
from metrics.outcomes import Outcomes
from metrics.repeats import Resolves
from metrics.rows import Rows
from metrics.stations import Stations

# In this order where two are crossed at the same instant.
CAUSES = ("age", "fourth_team", "priority", "second_repeat", "csat")
# What helpdesks call their highest priority, in small letters.
TOP_PRIORITIES = ("1", "p1", "critical", "1 - critical", "urgent", "highest", "top", "emergency")


def blow_outs(
    tickets: Rows,
    log: Log,
    stations: Stations,
    outcomes: Outcomes,
    resolves: Resolves,
    deadlines: Deadlines,
    *,
    end: int,
) -> tuple[Ints, Ints]:
    """When and why did each ticket blow out? Microseconds (NEVER where it did not), and the number of the cause."""
    crossed = np.stack(
        [
            _too_old(log, outcomes, deadlines, end),
            _far(stations.nth_since(4)),
            _far(_raised_to_the_top(tickets, log)),
            _far(_second_return(log.tickets, resolves)),
            _far(_csat_of_one(tickets, outcomes)),
        ]
    )
    cause = crossed.argmin(axis=0)
    at = crossed.min(axis=0)
    return np.where(at == FAR, NEVER, at), cause


def _far(at: Ints) -> Ints:
    return np.where(at == NEVER, FAR, at)


def _too_old(log: Log, outcomes: Outcomes, deadlines: Deadlines, horizon: int) -> Ints:
    """Open at three times its standard, or reopened after that."""
    limit = deadlines.over_age_at
    resolved = _far(outcomes.first_resolved)
    at = np.where((limit != NEVER) & (limit < resolved), limit, FAR)
    # Each reopening begins another spell of being open, until the ticket's next resolve.
    back, ends = log.reopened, log.resolves
    following = np.searchsorted(ends, back)
    place = np.minimum(following, len(ends) - 1) if len(ends) else np.zeros(len(back), dtype=np.int64)
    ticket = log.ticket_of(back)
    until = np.full(len(back), FAR)
    if len(ends):
        ended = (following < len(ends)) & (log.ticket_of(ends[place]) == ticket)
        until[ended] = log.at[ends[place[ended]]]
    crossing = np.maximum(log.at[back], limit[ticket])
    again = (limit[ticket] != NEVER) & (crossing < until)
    np.minimum.at(at, ticket[again], crossing[again])
    return np.where(at <= horizon, at, FAR)


def _raised_to_the_top(tickets: Rows, log: Log) -> Ints:
    """The first raising of a ticket whose priority is the highest: the log does not say what it was raised to.

    Not the last one: a later raising would move what is past to another week.
    """
    top = tickets["priority"].cast(pl.String).str.to_lowercase().is_in(TOP_PRIORITIES).fill_null(False).to_numpy()
    return np.where(top, log.instant(log.first(log.of_kind("priority_raised"))), NEVER)


def _second_return(tickets: int, resolves: Resolves) -> Ints:
    """The second time that the customer had to come back with this ticket: reopenings, and repeats of it."""
    returns = pl.DataFrame(
        {"ticket": np.tile(resolves.ticket, 2), "at": np.concatenate([resolves.reopened, resolves.repeat])}
    )
    second = (
        returns.filter(pl.col("at") != NEVER)
        .unique()
        .sort("ticket", "at")
        .filter(pl.int_range(pl.len()).over("ticket") == 1)
    )
    at = np.full(tickets, NEVER)
    at[second["ticket"].to_numpy()] = second["at"].to_numpy()
    return at


def _csat_of_one(tickets: Rows, outcomes: Outcomes) -> Ints:
    """The customer is asked once the ticket is resolved: an answer of 1, which has no date, is dated by the first."""
    return np.where((tickets["csat"] == 1).fill_null(False).to_numpy(), outcomes.first_resolved, NEVER)
