"""What accepted answers change in the readings: counts without their tickets, and what was read with everything.

The headline rests on the counts without; beside it always stands how many answers were accepted, how many tickets they
took out, and the reading with everything, so that a number cannot be made to look better unseen.
Verdicts on coaching actions do not look here: they rest on every ticket, whatever was answered since.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from data import surroundings
from data.derived import Derived
from data.replies import Reply, taken_out
from metrics.clock import end_of_week, parse_calendar
from metrics.facts import Facts
from metrics.monitor import WINDOW
from metrics.sign import all_signs
from metrics.taken_out import TAKEN, can_be_taken_out, count_without

CELL = ["sign", "team_id"]
# What is told of the reading with everything.
WITHOUT = ("x", "n", "share", "low", "high", "expected", "status", "direction")


def counts(derived: Derived, facts: Facts, accepted: Sequence[Reply]) -> pl.DataFrame:
    """The counts of teams (`metrics.cells.COUNTS`) without the tickets that accepted answers take out."""
    taken, told = _placed(derived, accepted), derived.counts
    for key, sign in all_signs().items():
        mine = taken.filter(pl.col("sign") == key)
        if mine.is_empty() or not can_be_taken_out(sign) or key in derived.lacking:
            continue
        anew = count_without(sign, facts, mine.select(list(TAKEN)))
        others = told.join(mine.select(CELL).unique(), on=CELL, how="anti", maintain_order="left")
        told = pl.concat([others, anew])
    return told


def beside(readings: pl.DataFrame, everything: pl.DataFrame, accepted: Sequence[Reply]) -> pl.DataFrame:
    """The readings with `replies`, `taken_out` and `without_replies`.

    `replies`: accepted answers of the team to the sign; `taken_out`: how much of the reading's n they took out, null
    where no ticket is taken out of this sign of the team or the reading is withheld; `without_replies`: the same
    reading with everything in it, as a struct of `WITHOUT`, null in the same places.
    """
    how_many = pl.DataFrame([(one.sign, one.team_id) for one in accepted], schema=_cell(), orient="row")
    tally = how_many.group_by(CELL).agg(replies=pl.len().cast(pl.Int64))
    touched = taken_out(accepted).select(CELL).unique()
    whole = everything.join(touched, on=CELL, how="semi").filter(pl.col("n").is_not_null())
    whole = whole.select(*CELL, _all_n="n", without_replies=pl.struct(WITHOUT))
    joined = readings.join(tally, on=CELL, how="left", maintain_order="left")
    joined = joined.join(whole, on=CELL, how="left", maintain_order="left")
    return joined.select(
        *readings.columns,
        pl.col("replies").fill_null(0),
        (pl.col("_all_n") - pl.col("n").fill_null(0)).alias("taken_out"),
        "without_replies",
    )


def marked(tickets: pl.DataFrame, derived: Derived, accepted: Sequence[Reply], sign: str, team_id: str) -> pl.DataFrame:
    """The tickets of one sign and team (ticket_id, at), each with `taken_out`: does an accepted answer take it out?"""
    taken = _placed(derived, accepted).filter(pl.col("sign") == sign, pl.col("team_id") == team_id)
    out = pl.lit(False)
    for row in taken.group_by("since", "before").agg("ticket_id").iter_rows(named=True):
        one = pl.col("ticket_id").is_in(row["ticket_id"])
        if row["since"] is not None:
            one &= (pl.col("at") >= row["since"]) & (pl.col("at") < row["before"])
        out |= one
    return tickets.with_columns(out.alias("taken_out"))


def _placed(derived: Derived, accepted: Sequence[Reply]) -> pl.DataFrame:
    """sign and the columns of `TAKEN`: the weeks of each answer as instants, by the clock of its team."""
    found = taken_out(accepted)
    spans = [_span(derived, team, week) for team, week in found.select("team_id", "week").iter_rows()]
    since, before = ([span[end] for span in spans] for end in (0, 1))
    placed = found.with_columns(pl.Series("since", since, TAKEN["since"]), pl.Series("before", before, TAKEN["before"]))
    return placed.select("sign", *TAKEN)


def _span(derived: Derived, team_id: str, week: date | None) -> tuple[datetime | None, datetime | None]:
    """From when to when the reading of a week goes: `WINDOW` weeks that end with it."""
    if week is None:
        return None, None
    zone = parse_calendar(surroundings.calendar_text(derived, team_id)).zone
    return end_of_week(zone, week - timedelta(weeks=WINDOW)), end_of_week(zone, week)


def _cell() -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(CELL, pl.String)
