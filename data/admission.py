"""Which rows may come in: those that the contract allows, whose key says one thing, and whose ticket is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from data.erasing.coming_in import Gate
from data.lake import Lake
from data.pseudonym import hide
from data.reasons import Reason
from data.sources.mapping import ORDER, REJECT_ID, SRC, Mapped, Source
from data.sources.raw import ROW
from data.validation import BAD, NR, bad_rows, check, rules
from metrics.frames import CONTRACT, key_of

_RANK = {"unchanged": 0, "replaced": 1, "new": 2}
_SET_ASIDE = 3
_NO_TICKET = Reason("ticket_id", "names a ticket that is not there", "Import its ticket, then this again.")
# What cannot happen to a ticket before it is opened.
_ENDINGS = ("resolved", "reopened", "closed")


@dataclass(frozen=True, eq=False)
class Admitted:
    """What the import brings for one table.

    `rows`: good ones, typed, unique by key, with `_nr`; `bad` cells; the text `cells` of the bad rows;
    `origin`: _nr, _src, _row, file, reject_id; `copies`: _nr, of (the row that it repeats, or that came after it),
    superseded; `shares`: _src, ticket_id.
    """

    table: str
    rows: pl.DataFrame
    bad: pl.DataFrame
    cells: pl.DataFrame
    origin: pl.DataFrame
    copies: pl.DataFrame
    shares: pl.DataFrame

    def fates(self, merged: pl.Series) -> pl.DataFrame:
        """_src, fate (0 unchanged .. 3 set aside) of each row, given what became of `rows` when they were merged."""
        kept = self.rows.select(NR).with_columns(_ranked(merged).alias("fate"))
        again = self.copies.join(kept.rename({NR: "of"}), on="of", how="left").select(
            NR, pl.when("superseded").then("fate").otherwise(0).fill_null(_SET_ASIDE).cast(pl.Int8).alias("fate")
        )
        aside = self.bad.select(NR).unique().with_columns(pl.lit(_SET_ASIDE, pl.Int8).alias("fate"))
        return pl.concat([kept, again, aside]).join(self.origin, on=NR).select(SRC, "fate")

    def shared(self, merged: pl.Series) -> pl.DataFrame:
        """_src, fate of source rows that made no row: their ticket's. Set aside with it where it was."""
        if self.shares.is_empty():
            return pl.DataFrame(schema={SRC: pl.Int64, "fate": pl.Int8})
        tickets = self.rows.select("ticket_id").with_columns(_ranked(merged).alias("fate"))
        joined = self.shares.join(tickets, on="ticket_id", how="left")
        return joined.select(SRC, pl.col("fate").fill_null(_SET_ASIDE).cast(pl.Int8))


@dataclass(frozen=True)
class _Setting:
    """What all tables of one import are checked against."""

    key: bytes
    lake: Lake
    now: datetime
    gate: Gate


def _ranked(fate: pl.Series) -> pl.Series:
    return fate.replace_strict(_RANK, return_dtype=pl.Int8)


def admit(sources: list[Source], key: bytes, lake: Lake, now: datetime, gate: Gate) -> list[Admitted]:
    """Check all that the sources bring, table by table, tickets before their events."""
    setting = _Setting(key, lake, now, gate)
    found: list[Admitted] = []
    starts = [sum(source.read for source in sources[:place]) for place in range(len(sources))]
    for table in CONTRACT:
        parts = [
            (start, source, one)
            for start, source in zip(starts, sources, strict=True)
            for one in source.tables
            if one.table == table
        ]
        if parts:
            tickets = next((one for one in found if one.table == "tickets"), None)
            found.append(_table(setting, table, parts, tickets))
    return found


_Part = tuple[int, Source, Mapped]


def _table(setting: _Setting, table: str, parts: Sequence[_Part], tickets: Admitted | None) -> Admitted:
    goods, bads, checks, origins, shares = [], [], [], [], []
    count = 0
    for start, source, one in parts:
        numbers = pl.int_range(count, count + one.frame.height, dtype=pl.Int64).alias(NR)
        text = hide(setting.key, table, one.frame.with_columns(numbers))
        welcome, forgotten = setting.gate.through(table, text)
        checked = check(table, welcome, setting.now, source.profile.all_formats, source.profile.zone)
        goods.append(_with_order(checked.rows, welcome))
        bads += [checked.bad, forgotten]
        checks.append(checked)
        origins.append(_origin(text, start, source.name))
        shares.append(one.shares.with_columns(pl.col(SRC) + start))
        count += text.height
    rows, copies, clashes = _one_by_key(table, pl.concat(goods))
    bad = pl.concat([*bads, clashes])
    for broken in _later_checks(table, rows, setting.lake, tickets):
        bad = pl.concat([bad, broken])
        rows = rows.join(broken.select(NR), on=NR, how="anti", maintain_order="left")
    gone = copies.join(rows.select(pl.col(NR).alias("of")), on="of", how="anti")
    bad = pl.concat([bad, _as_their_first(gone, bad)])
    copies = copies.join(gone.select(NR), on=NR, how="anti")
    origin = pl.concat(origins)
    cells = pl.concat([checked.cells(bad[NR].unique()) for checked in checks])
    return Admitted(table, rows, bad, cells, origin, copies, pl.concat(shares))


def _origin(text: pl.DataFrame, start: int, file: str) -> pl.DataFrame:
    known = pl.col(REJECT_ID) if REJECT_ID in text.columns else pl.lit(None, pl.String)
    return text.select(NR, pl.col(SRC) + start, ROW, pl.lit(file).alias("file"), known.alias(REJECT_ID))


def _with_order(rows: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """`_order` (null where the profile names no such column): by it the last of several rows of a key wins."""
    if ORDER not in text.columns:
        return rows.with_columns(pl.lit(None, pl.Int64).alias(ORDER))
    placed = text.select(NR, ORDER)
    return rows.join(placed, on=NR, how="left", maintain_order="left")


def _one_by_key(table: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Rows unique by key; the copies (`_nr`, `of`, `superseded`); and, as bad cells, rows of one key that disagree."""
    on = key_of(table)
    values = [name for name in rows.columns if name not in (NR, ORDER)]
    ordered = rows.sort(ORDER, NR, nulls_last=False) if rows[ORDER].null_count() < rows.height else rows
    twice = ordered.filter(pl.struct(on).is_duplicated())
    none = pl.DataFrame(schema={NR: pl.Int64, "of": pl.Int64, "superseded": pl.Boolean})
    if twice.is_empty():
        return rows.drop(ORDER), none, pl.DataFrame(schema=BAD)
    last = pl.col(ORDER).is_not_null().all()
    twice = twice.with_columns(
        pl.when(last.over(on)).then(pl.col(NR).last().over(on)).otherwise(pl.col(NR).first().over(on)).alias("of"),
        pl.struct(values).n_unique().over(on).alias("_versions"),
        last.over(on).alias("_has_order"),
        pl.len().over(on).alias("_times"),
    )
    clash = twice.filter((pl.col("_versions") > 1) & ~pl.col("_has_order"))
    words = clash.select(
        pl.format("the file has {} rows of this key which disagree ({})", "_times", pl.lit(", ".join(on)))
    ).to_series()
    clashes = bad_rows(clash[NR], Reason(None, words, "Keep the right one, and import it again."))
    copies = twice.join(clash.select(NR), on=NR, how="anti").filter(pl.col(NR) != pl.col("of"))
    copies = copies.select(NR, "of", (pl.col("_versions") > 1).alias("superseded"))
    kept = rows.join(pl.concat([clash.select(NR), copies.select(NR)]), on=NR, how="anti", maintain_order="left")
    return kept.drop(ORDER), copies, clashes


def _later_checks(table: str, rows: pl.DataFrame, lake: Lake, tickets: Admitted | None) -> list[pl.DataFrame]:
    """The contract's rules, then what only the other tables can tell. Each finding is of rows not found before."""
    broken = rules(table, rows)
    if table != "events":
        return [broken]
    rest = rows.join(broken.select(NR).unique(), on=NR, how="anti")
    openings = _openings(rest, lake, tickets)
    beside = rest.join(openings, on="ticket_id", how="left")
    lost = beside.filter(pl.col("opened_at").is_null())
    early = beside.filter(pl.col("kind").is_in(_ENDINGS) & (pl.col("at") < pl.col("opened_at")))
    reasons = early.select(
        pl.format("is {} before its ticket was opened ({})", "kind", pl.col("opened_at").dt.to_string("%Y-%m-%d %H:%M"))
    ).to_series()
    return [
        broken,
        bad_rows(lost[NR], _NO_TICKET, lost["ticket_id"]),
        bad_rows(early[NR], Reason("at", reasons, "Mend the time, or the ticket's opening."), early["at"]),
    ]


def _openings(events: pl.DataFrame, lake: Lake, tickets: Admitted | None) -> pl.DataFrame:
    """ticket_id, opened_at of the events' tickets: those of this import before those of the lake."""
    wanted = events.lazy().select("ticket_id").unique()
    held = lake.scan("tickets").select("ticket_id", "opened_at").join(wanted, on="ticket_id", how="semi").collect()
    if tickets is None:
        return held
    fresh = tickets.rows.select("ticket_id", "opened_at")
    return pl.concat([held.join(fresh, on="ticket_id", how="anti"), fresh])


def _as_their_first(gone: pl.DataFrame, bad: pl.DataFrame) -> pl.DataFrame:
    """Copies of a row that was set aside are set aside for the same reasons."""
    again = gone.join(bad.rename({NR: "of"}), on="of", how="inner")
    return again.select(list(BAD))
