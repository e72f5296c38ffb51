"""Which tickets' channel or category is withheld: decided once for each ticket, over all teams that ever had it.

A list of one team's tickets, the handoffs of another and the export of all name the same tickets. So a category that
one of them withholds is withheld by all of them, and with it whatever follows from the category: else joining two of
them by the ticket's id would tell it.
"""

import polars as pl

from data.derived import Derived
from data.told import Told
from metrics.suppression import WITHHELD

# Of a ticket's facts, what is worked out from its category's standard.
FOLLOWS = (
    "simple",
    "standard_minutes",
    "in_standard",
    "deadline_at",
    "charged_team_id",
    "blow_out_at",
    "blow_out_cause",
    "blow_out_team_id",
)
VEIL = {"ticket_id": pl.String, "no_channel": pl.Boolean}
_KINDS = {"_channel": ["_c"], "_category": ["_g"], "_pair": ["_c", "_g"]}


def veil_of(made: Derived, told: Told) -> pl.DataFrame:
    """ticket_id, no_channel: the tickets whose category is withheld, and whether their channel is, too.

    By what is told of the week in which a ticket was opened: of later weeks never less is told.
    """
    points = told.untold_of_teams
    if points.is_empty():
        return pl.DataFrame(schema=VEIL)
    facts = made.facts()
    columns = team_columns(facts.tickets)
    # A day earlier: no team's own clock puts the opening into an earlier week than this.
    opened = pl.col("opened_at").dt.offset_by("-1d").dt.date().dt.truncate("1w")
    teams = [_text(name).alias(name) for name in columns]
    about = facts.tickets.select(
        "ticket_id", *teams, _c=_text("channel"), _g=_text("category"), week=opened
    ).with_columns(_span=told.span_of("week"))
    let_gos = [facts.let_gos.select("ticket_id", team=_text(name)) for name in ("team_id", "to_team_id")]
    ends = [about.select("ticket_id", team=name) for name in columns]
    had = pl.concat([*let_gos, *ends]).filter(pl.col("team").is_in(points["team"].unique().implode())).unique()
    held = had.join(about.drop(columns), on="ticket_id").collect()
    found = {kind: _hit(held, points.filter(kind=kind), by) for kind, by in _KINDS.items()}
    every = pl.concat(found.values()).unique()
    return every.with_columns(no_channel=pl.col("ticket_id").is_in(found["_channel"]["ticket_id"].implode())).cast(
        VEIL  # type: ignore[arg-type]  # the kinds of columns, by name
    )


def _hit(held: pl.DataFrame, points: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    on = ["team", "_span", *by]
    return held.join(points.select(on), on=on, how="semi").select("ticket_id").unique()


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null("")


def team_columns(tickets: pl.LazyFrame | pl.DataFrame) -> list[str]:
    """The columns of a ticket's facts that hold a team."""
    return [name for name in tickets.collect_schema().names() if name.endswith("_team_id")]


def veiled(rows: pl.DataFrame, veil: pl.DataFrame) -> pl.DataFrame:
    """Rows of tickets (ticket_id, channel, category) with what is withheld of them, and what follows from it, gone."""
    if veil.is_empty():
        return rows
    joined = rows.join(veil, on="ticket_id", how="left", maintain_order="left")
    hidden = pl.col("no_channel").is_not_null()
    changed = [
        pl.when(gone).then(pl.lit(WITHHELD)).otherwise(pl.col(name).cast(pl.String)).alias(name)
        for name, gone in (("channel", pl.col("no_channel").fill_null(value=False)), ("category", hidden))
    ]
    return without_following(joined.with_columns(changed).drop("no_channel"))


def without_following(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with nothing that follows from a category where the category is withheld."""
    hidden = (pl.col("category") == WITHHELD).fill_null(value=False)
    return rows.with_columns(
        pl.when(~hidden).then(pl.col(name)).alias(name) for name in FOLLOWS if name in rows.columns
    )
