"""Who passes tickets to whom: the handoffs of a company put together by pair of teams. Pure; no ticket's agent.

A handoff is a fact of the pair between which it lay. Teams of fewer than five people are not named: they are one group,
which is shown where it rests on five people and two teams; else what they passed on or were passed is left out of every
number, so that no total tells of it by subtraction.
"""

from dataclasses import dataclass

import polars as pl

from metrics.disclosure import FEWEST_PEOPLE, may_show
from metrics.handoffs import HANDOFF_KINDS

SMALL, OUTSIDE, REST = "(small teams)", "(teams that you do not see)", "(all other teams)"
GROUPS = (SMALL, OUTSIDE, REST)
NO_KIND = "none of these"
HANDOFFS: dict[str, pl.DataType] = {
    "ticket_id": pl.String(),
    "at": pl.Datetime("us", "UTC"),
    "week": pl.Date(),
    "from_team": pl.String(),
    "to_team": pl.String(),
    "kind": pl.String(),
    "bounce_back": pl.Boolean(),
    "ping_pong": pl.Boolean(),
    "lost_minutes": pl.Int32(),
    "category": pl.String(),
    "channel": pl.String(),
}
_ENDS = ("from_team", "to_team")


@dataclass(frozen=True)
class Summary:
    """Of some handoffs: how many, of how many tickets, and what they cost. None: nothing is known of it."""

    handoffs: int
    tickets: int
    came_back: int  # tickets that a team was given again
    to_and_fro: int  # tickets that went A-B-A-B
    lost_minutes: int | None
    median_minutes: float | None
    waits: int  # handoffs of which it is known how long the customer waited


def disclosed(handoffs: pl.DataFrame, heads: pl.DataFrame, seen: frozenset[str] | None = None) -> pl.DataFrame:
    """`handoffs` with only such teams named as may be, others under SMALL or OUTSIDE, or left out.

    `heads`: team_id, people. `seen`: the teams that the asker may see (None: all); of the others only what they pass to
    a team of theirs, or are passed by one, is told, and they are not named.
    """
    large = may_show(heads)
    teams = pl.concat([handoffs[end] for end in _ENDS]).unique()
    small = teams.filter(~teams.is_in(list(large)))
    people = heads.filter(pl.col("team_id").is_in(small.implode()))["people"].sum()
    if len(small) < 2 or people < FEWEST_PEOPLE:
        handoffs = handoffs.filter(*(~pl.col(end).is_in(small.implode()) for end in _ENDS))
    named = large if seen is None else large & seen
    if seen is not None:
        handoffs = handoffs.filter(pl.any_horizontal(pl.col(end).is_in(list(named)) for end in _ENDS))
    return handoffs.with_columns(
        pl.when(pl.col(end).is_in(list(named)))
        .then(end)
        .when(pl.col(end).is_in(small.implode()))
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(OUTSIDE))
        .alias(end)
        for end in _ENDS
    )


def summary(handoffs: pl.DataFrame) -> Summary:
    """How many were passed on, came back, and how long customers waited for it."""
    lost = handoffs["lost_minutes"].drop_nulls()
    half = lost.median()
    return Summary(
        handoffs=handoffs.height,
        tickets=handoffs["ticket_id"].n_unique(),
        came_back=handoffs.filter("bounce_back")["ticket_id"].n_unique(),
        to_and_fro=handoffs.filter("ping_pong")["ticket_id"].n_unique(),
        lost_minutes=int(lost.sum()) if len(lost) else None,
        median_minutes=half if isinstance(half, float) else None,
        waits=len(lost),
    )


def pairs(handoffs: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of teams, in that direction, the largest first.

    from_team, to_team, handoffs, tickets, bounce_backs, ping_pong (tickets), lost_minutes, median_minutes, and one
    column a kind.
    """
    kind = pl.col("kind")
    return (
        handoffs.group_by(_ENDS)
        .agg(
            pl.len().alias("handoffs"),
            pl.col("ticket_id").n_unique().alias("tickets"),
            pl.col("bounce_back").sum().alias("bounce_backs"),
            pl.col("ticket_id").filter("ping_pong").n_unique().alias("ping_pong"),
            *_waits(),
            *((kind == name).sum().alias(name) for name in HANDOFF_KINDS),
        )
        .cast(dict.fromkeys(("handoffs", "tickets", "bounce_backs", "ping_pong", *HANDOFF_KINDS), pl.Int64))
        .sort("handoffs", *_ENDS, descending=[True, False, False])
    )


def between(handoffs: pl.DataFrame) -> pl.DataFrame:
    """One row a pair, whichever way it went, where something came back: team, other, handoffs, bounce_backs, ping_pong
    (tickets), lost_minutes, median_minutes; those with most first."""
    first, second = pl.min_horizontal(_ENDS), pl.max_horizontal(_ENDS)
    return (
        handoffs.group_by(team=first, other=second)
        .agg(
            pl.len().cast(pl.Int64).alias("handoffs"),
            pl.col("bounce_back").sum().cast(pl.Int64).alias("bounce_backs"),
            pl.col("ticket_id").filter("ping_pong").n_unique().cast(pl.Int64).alias("ping_pong"),
            *_waits(),
        )
        .filter(pl.col("bounce_backs") > 0)
        .sort("bounce_backs", "ping_pong", "team", "other", descending=[True, True, False, False])
    )


def _waits() -> list[pl.Expr]:
    lost = pl.col("lost_minutes")
    return [
        pl.when(lost.count() > 0).then(lost.cast(pl.Int64).sum()).alias("lost_minutes"),
        lost.median().alias("median_minutes"),
    ]


def kinds(handoffs: pl.DataFrame) -> pl.DataFrame:
    """kind (every one, in the order in which the first match wins, then NO_KIND), handoffs, share."""
    told = [*HANDOFF_KINDS, NO_KIND]
    count = dict(handoffs.group_by(pl.col("kind").fill_null(NO_KIND)).len().iter_rows())
    found = [count.get(name, 0) for name in told]
    share = [n / handoffs.height if handoffs.height else None for n in found]
    return pl.DataFrame(
        {"kind": told, "handoffs": found, "share": share},
        schema={"kind": pl.String, "handoffs": pl.Int64, "share": pl.Float64},
    )


def folded(found: pl.DataFrame, most: int) -> pl.DataFrame:
    """`pairs` as from_team, to_team, handoffs among at most `most` teams: those in most handoffs by name, all others
    under REST. Where only one would be left over, it keeps its name."""
    ends = pl.concat([found.select(team=end, n="handoffs") for end in _ENDS])
    busiest = ends.group_by("team").agg(pl.col("n").sum()).sort("n", "team", descending=[True, False])["team"]
    kept = busiest if len(busiest) <= most + 1 else busiest.head(most)
    named = [pl.when(pl.col(end).is_in(kept.implode())).then(end).otherwise(pl.lit(REST)).alias(end) for end in _ENDS]
    return (
        found.with_columns(named)
        .group_by(_ENDS)
        .agg(pl.col("handoffs").sum())
        .sort("handoffs", *_ENDS, descending=[True, False, False])
    )
