"""Ways to make a number look better than the service is: are they used more than before?

Question asked: has a team begun to park tickets on hold, to file them lower, to close them early, or to have them
closed elsewhere, more often than it used to? The headline does not improve by any of them (metrics.deadlines,
metrics.signs.slow_simple, metrics.signs.small_complaints); this only says that they happen, of the team, never of a
person, because there is mostly a rule or a target behind it.

- *parked*: spells on hold before which no agent had written to the customer since the customer's last word. The clock
  of the signs runs on hold as well, so parking wins nothing.
- *filed_low*: tickets that carry the lowest priority. The contract's log tells of raising only, so lowering is seen by
  what is left: more tickets at the bottom than before. Standards go by category, and slow_simple's expected share does
  not know a ticket's priority.
- *closed_early*: resolves of tickets that were reopened within two days. slow_simple counts them as not done in time,
  and repeat_complaints as well. (Another ticket of the same customer is what half an answer brings too: that is
  repeat_complaints' own question, and no sign of closing early.)
- *closed_elsewhere*: tickets handed on after a reply and resolved by the team that got them within an hour.
  small_complaints charges whoever last spoke to the customer.

Shapes: counts by team and week (`COUNTS`); `noticed` reads them by metrics.reading, as any sign. Units: shares.
Errors: what a log does not write down (no holds, no replies, one priority) has no rows, and nothing is noticed.
Source: gaming by threshold, effort and output (Bevan & Hood 2006); the four ways are issue and definitions' own.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from metrics.cells import COUNTS
from metrics.clocks import Clocks
from metrics.deadlines import STOPPED
from metrics.facts import Facts
from metrics.panel import panel
from metrics.reading import read
from metrics.weeks import with_week

WAYS = ("parked", "filed_low", "closed_early", "closed_elsewhere")
SOON_CLOSED = timedelta(hours=1)
LOW = ("low", "lowest", "minor", "4", "5", "p4", "p5", "4 - low", "5 - planning")
FEWEST_WORDS = ("on_hold", "replied", "customer_replied", "opened", "reopened")


def ways(facts: Facts, events: pl.LazyFrame) -> pl.DataFrame:
    """How often each team used each of the WAYS, by week: `COUNTS` with the way for the sign and no strata."""
    told = [_parked(events), _filed_low(facts), _closed_early(facts), _closed_elsewhere(facts)]
    named = [
        rows.with_columns(sign=pl.lit(way)).select("sign", "team_id", "at", "counted")
        for way, rows in zip(WAYS, told, strict=True)
    ]
    return _by_week(pl.concat(named), facts.clocks)


def added(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The counts of several partitions as one."""
    keys = [name for name in COUNTS.names() if name not in ("x", "n")]
    every = pl.concat([COUNTS.to_frame(), *parts])
    return every.group_by(keys).agg(pl.col("x", "n").sum()).select(COUNTS.names()).sort("sign", "team_id", "week")


def noticed(counts: pl.DataFrame, weeks: Sequence[date], week: date | None = None) -> pl.DataFrame:
    """The readings of all WAYS, as metrics.reading.Reading: a signal for the worse is a way used more than before."""
    return read(panel(counts, weeks, dict.fromkeys(WAYS, "lower"), until=week))


def _by_week(rows: pl.DataFrame, clocks: Clocks) -> pl.DataFrame:
    known = rows.filter(pl.col("team_id").is_not_null(), pl.col("at").is_not_null())
    dated = with_week(known, clocks) if known.height else known.with_columns(week=pl.lit(None, dtype=pl.Date))
    tally = dated.group_by("sign", "team_id", "week").agg(x=pl.col("counted").sum(), n=pl.len())
    nothing = [pl.lit(None, dtype=pl.String).alias(name) for name in ("category", "channel", "priority")]
    return tally.with_columns(nothing).select(COUNTS.names()).cast(COUNTS).sort("sign", "team_id", "week")


def _parked(events: pl.LazyFrame) -> pl.DataFrame:
    """One row a spell on hold: had anybody asked the customer anything since their last word?"""
    by_us = (pl.col("actor") == "agent") | pl.col("actor").is_null()
    word = pl.col("kind").is_in(FEWEST_WORDS) & ((pl.col("kind") != "replied") | by_us)
    rows = (
        events.sort("ticket_id", "at", "seq")
        .with_columns(pl.col("team_id").forward_fill().over("ticket_id"))
        .filter(word)
        .with_columns(before=pl.col("kind").shift(1).over("ticket_id"))
        .collect()
    )
    if not (rows["kind"] == "replied").any():
        rows = rows.clear()
    held = rows.filter(pl.col("kind") == "on_hold")
    return held.select("team_id", "at", counted=(pl.col("before") != "replied").fill_null(True))


def _filed_low(facts: Facts) -> pl.DataFrame:
    """One row a ticket with a priority, of the team that has it now: is it the lowest?"""
    known = facts.tickets.filter(pl.col("priority").is_not_null()).select(
        team_id=pl.col("last_team_id").cast(pl.String),
        at="opened_at",
        counted=pl.col("priority").cast(pl.String).str.to_lowercase().is_in(LOW),
    )
    rows = known.collect()
    return rows if rows["counted"].any() and not rows["counted"].all() else rows.clear()


def _closed_early(facts: Facts) -> pl.DataFrame:
    back = (pl.col("reopened_at") - pl.col("at")) <= STOPPED
    return facts.resolves.select(pl.col("team_id").cast(pl.String), "at", counted=back.fill_null(False)).collect()


def _closed_elsewhere(facts: Facts) -> pl.DataFrame:
    """One row a ticket that a team let go: handed on after a reply, and resolved by the receiver within the hour?"""
    rows = facts.let_gos.select(
        pl.col("ticket_id", "team_id", "to_team_id", "how", "kind").cast(pl.String), "at", "held_from"
    ).collect()
    done = rows.filter(pl.col("how") == "resolved").select(
        "ticket_id", to_team_id="team_id", given="held_from", done="at"
    )
    joined = rows.join(
        done, left_on=["ticket_id", "to_team_id", "at"], right_on=["ticket_id", "to_team_id", "given"], how="left"
    )
    quick = (pl.col("kind") == "after_reply") & ((pl.col("done") - pl.col("at")) <= SOON_CLOSED)
    return joined.select("team_id", "at", counted=quick.fill_null(False))
