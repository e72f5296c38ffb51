"""Merging rows into what a table holds: which are new, which replace, which parts must be written again.

Frames in, frames out. All of one customer lies in one part, so that parts can be counted apart.
"""

from dataclasses import dataclass, field
from zlib import crc32

import polars as pl

from metrics.frames import key_of

PARTS = 8
# Whose hash decides the part: the first of these that is not null. Tables that are not named lie in part 0.
_PART_BY = {
    "tickets": ("customer_id", "ticket_id"),
    "customers": ("customer_id",),
    "orders": ("customer_id", "order_id"),
}
_SORTED_BY = {"events": ["ticket_id", "at", "seq", "kind"], "rejects": ["import_number", "row"]}
_EXTRA_KEYS = {"rejects": ["reject_id", "column"]}


@dataclass(frozen=True, eq=False)
class Merged:
    """What writing `table` will do: `rows` is the whole new content of `parts`; `fate` says what became of each
    incoming row ("new", "replaced", "unchanged"), in its order. `moved` maps tickets to the part they went to."""

    table: str
    rows: pl.DataFrame
    parts: list[int]
    fate: pl.Series
    moved: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"ticket_id": pl.String, "part": pl.Int16}))


def key(table: str) -> list[str]:
    """The columns that make a row the same row, for the contract's tables and the lake's own."""
    return _EXTRA_KEYS.get(table) or key_of(table)


def part_of(ids: pl.Series) -> pl.Series:
    """The part of each id: crc32 modulo PARTS, so that it is the same on every machine. Null stays null."""
    distinct = ids.unique().drop_nulls()
    numbers = [crc32(value.encode()) % PARTS for value in distinct]
    return ids.replace_strict(distinct, pl.Series(numbers, dtype=pl.Int16), default=None, return_dtype=pl.Int16)


def with_part(table: str, rows: pl.DataFrame, ticket_parts: pl.DataFrame | None = None) -> pl.DataFrame:
    """`rows` with their `part` (Int16). Events take the part of their ticket from ticket_parts: ticket_id, part."""
    if ticket_parts is not None:
        return rows.join(ticket_parts, on="ticket_id", how="left", maintain_order="left")
    if table not in _PART_BY:
        return rows.with_columns(part=pl.lit(0, dtype=pl.Int16))
    owner = rows.select(pl.coalesce(_PART_BY[table])).to_series()
    return rows.with_columns(part_of(owner).alias("part"))


def merge(table: str, held: pl.LazyFrame | None, incoming: pl.DataFrame, moved: pl.DataFrame | None = None) -> Merged:
    """Lay `incoming` (unique by key, with `part`) over `held`; a newer row of the same key replaces the older.

    `held` is None where the table was never written. `moved` (ticket_id, part) names tickets that went to another part:
    their events in `held` follow them.
    """
    on = key(table)
    if held is None:
        rows = incoming.sort("part", *_SORTED_BY.get(table, on))
        fate = pl.Series("fate", ["new"], dtype=pl.String).new_from_index(0, incoming.height)
        return Merged(table, rows, sorted(set(incoming["part"])), fate)
    values = [name for name in incoming.columns if name not in on]
    known = held.join(incoming.lazy().select(on), on=on, how="semi").collect()
    old = known.rename({name: f"{name}_held" for name in values})
    beside = incoming.join(old, on=on, how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_held")) for name in values)
    fate = beside.select(
        fate=pl.when(pl.col("part_held").is_null())
        .then(pl.lit("new"))
        .when(same)
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("replaced"))
    ).to_series()
    changed = incoming.filter(fate != "unchanged")
    left = beside.filter(fate == "replaced").get_column("part_held")
    follow = _followers(held, moved, changed.select(on))
    parts = set(changed["part"]) | set(left) | set(follow["part"]) | set(follow["part_held"])
    arriving = pl.concat([changed, follow.select(changed.columns)])
    rows = _laid_over(held, arriving, sorted(parts), on) if parts else incoming.clear()
    rows = rows.sort("part", *_SORTED_BY.get(table, on))
    return Merged(table, rows, sorted(parts), fate, _movers(beside, table))


def _movers(beside: pl.DataFrame, table: str) -> pl.DataFrame:
    if table != "tickets":
        return pl.DataFrame(schema={"ticket_id": pl.String, "part": pl.Int16})
    return beside.filter(pl.col("part") != pl.col("part_held")).select("ticket_id", "part")


def _followers(held: pl.LazyFrame, moved: pl.DataFrame | None, changed_keys: pl.DataFrame) -> pl.DataFrame:
    """Held rows of moved tickets, with their new `part` and the one they leave, save those that are replaced anyway."""
    if moved is None or moved.is_empty():
        return held.clear().with_columns(part_held=pl.col("part")).collect()
    return (
        held.rename({"part": "part_held"})
        .join(moved.lazy(), on="ticket_id", how="inner")
        .join(changed_keys.lazy(), on=changed_keys.columns, how="anti")
        .collect()
    )


def _laid_over(held: pl.LazyFrame, arriving: pl.DataFrame, parts: list[int], on: list[str]) -> pl.DataFrame:
    kept = held.filter(pl.col("part").is_in(parts)).join(arriving.lazy().select(on), on=on, how="anti").collect()
    return pl.concat([kept.select(arriving.columns), arriving])
