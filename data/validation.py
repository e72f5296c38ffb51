"""Are these rows what the contract asks for? Text in; typed rows out, and one plain reason for each bad cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from data.reasons import Reason, broken_rule, unreadable
from data.sources.cells import ISO, typed
from data.sources.raw import FAULT
from metrics.clock import parse_calendar
from metrics.frames import CONTRACT, key_of

NR = "_nr"  # a row's number among all rows of the import that are meant for its table
BAD: dict[str, pl.DataType] = {
    NR: pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),
    "advice": pl.String(),
}
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), date(2100, 1, 1)
_EARLIEST_DAY = date(1900, 1, 1)
_MAY_LIE_AHEAD = {"promised_by"}
CALENDAR = "Write it like: Mo-Fr 09:00-17:00; PH off @ Europe/Rome IT"
_SHOWN = 200  # characters of a bad value that are kept


@dataclass(frozen=True, eq=False)
class Checked:
    """`rows`: typed, with `_nr`, only the good ones. `bad`: one row a bad cell (column null: the row as a whole)."""

    rows: pl.DataFrame
    bad: pl.DataFrame
    _read: pl.DataFrame
    _given: pl.DataFrame

    def cells(self, numbers: pl.Series) -> pl.DataFrame:
        """`_nr` and the cells of those rows as text that reads back the same.

        A line that does not split into its columns may have anything in any cell, a customer's words too: of it nothing
        is kept, and it has no row here.
        """
        wanted = pl.col(NR).is_in(numbers.implode())
        read, given = self._read.filter(wanted), self._given.filter(wanted)
        whole = given.filter(pl.col(FAULT).is_null()).select(NR)
        plain = as_text(read)
        written = [plain[name].fill_null(given[name]).alias(name) for name in plain.columns if name != NR]
        return pl.DataFrame([read[NR], *written]).join(whole, on=NR, how="semi", maintain_order="left")


def check(table: str, text: pl.DataFrame, now: datetime, formats: Sequence[str] = ISO, zone: str = "UTC") -> Checked:
    """`text`: contract columns as text (those that are there), `_nr` and `_fault`.

    Nothing is lost: each `_nr` is either in `rows` or in `bad`.
    """
    schema = CONTRACT[table].columns()
    lacking = [pl.lit(None, pl.String).alias(name) for name in schema if name not in text.columns]
    given = text.with_columns(lacking).select(NR, FAULT, *schema)
    columns = [typed(given[name], column.dtype, formats, zone).alias(name) for name, column in schema.items()]
    read = given.select(NR).with_columns(columns)
    read = numbered(table, read, given["seq"]) if "seq" in schema else read
    torn, whole = given.filter(pl.col(FAULT).is_not_null()), given.filter(pl.col(FAULT).is_null()).select(NR)
    bad = [bad_rows(torn[NR], Reason(None, torn[FAULT], "Mend the line in the source, and import the file again."))]
    for name in schema:
        found = _bad_cells(table, name, _Cells(read[NR], given[name], read[name]), now)
        if found:
            one_each = pl.concat(found).unique(NR, keep="first", maintain_order=True)
            bad.append(one_each.join(whole, on=NR, how="semi", maintain_order="left"))
    all_bad = pl.concat(bad)
    good = read.join(all_bad.select(NR).unique(), on=NR, how="anti", maintain_order="left")
    return Checked(good, all_bad, read, given)


def _empty_bad() -> pl.DataFrame:
    return pl.DataFrame(schema=BAD)


def bad_rows(numbers: pl.Series, why: Reason, values: pl.Series | None = None) -> pl.DataFrame:
    """One row a bad cell, in the shape of BAD."""
    if values is None:
        values = pl.Series([None] * len(numbers), dtype=pl.String)
    shown = values.dt.to_string("%Y-%m-%d %H:%M") if isinstance(values.dtype, pl.Datetime) else values.cast(pl.String)
    return pl.DataFrame({NR: numbers, "value": shown.str.slice(0, _SHOWN)}).select(
        NR,
        pl.lit(why.column, pl.String).alias("column"),
        "value",
        (why.words if isinstance(why.words, pl.Series) else pl.lit(why.words)).alias("reason"),
        pl.lit(why.advice).alias("advice"),
    )


def numbered(table: str, rows: pl.DataFrame, given: pl.Series) -> pl.DataFrame:
    """Fill `seq` where nothing was `given`: the running number, in the file's order, of what happened to one ticket at
    one instant (of rows alike in all the rest of the key, for surveys and praise). Copies of an event are one event."""
    if given.null_count() == 0:
        return rows
    within = ["ticket_id", "at"] if table == "events" else [name for name in key_of(table) if name != "seq"]
    rows = rows.with_columns(pl.when(given.is_null()).then(0).otherwise("seq").cast(pl.Int32).alias("seq"))
    told_apart = _running(rows.filter(pl.struct(within).is_duplicated() & given.is_null()), table, within)
    return (
        rows.join(told_apart, on=NR, how="left", maintain_order="left")
        .with_columns(pl.coalesce("_running", "seq").alias("seq"))
        .drop("_running")
    )


def _running(rows: pl.DataFrame, table: str, within: list[str]) -> pl.DataFrame:
    """_nr, _running: the place of each row among those alike in `within`; copies of an event share their place."""
    if table != "events":
        return rows.select(NR, pl.int_range(pl.len(), dtype=pl.Int32).over(within).alias("_running"))
    same = [name for name in rows.columns if name not in (NR, "seq")]
    return (
        rows.with_columns(pl.struct(same).is_first_distinct().cast(pl.Int32).alias("_first"))
        .with_columns((pl.col("_first").cum_sum().over(within) - 1).alias("_running"))
        .select(NR, pl.col("_running").first().over(same))
    )


@dataclass(frozen=True, eq=False)
class _Cells:
    """One column of an import: its rows' numbers, what was written, and what it was read as."""

    numbers: pl.Series
    given: pl.Series
    value: pl.Series

    def bad(self, which: pl.Series, why: Reason) -> pl.DataFrame:
        return bad_rows(self.numbers.filter(which), why, self.given.filter(which))


def _bad_cells(table: str, name: str, cells: _Cells, now: datetime) -> list[pl.DataFrame]:
    """What is wrong with one column, cell by cell: unreadable, refused by the contract, or a time that cannot be."""
    column, value = CONTRACT[table].columns()[name], cells.value
    found = [cells.bad(value.is_null() & cells.given.is_not_null(), unreadable(name, column.dtype))]
    for rule, allowed in column.validation_rules(pl.col(name)).items():
        refused = value.to_frame(name).select((~allowed).fill_null(False)).to_series()
        found.append(cells.bad(refused, broken_rule(table, f"{name}|{rule}")))
    if name == "calendar":
        found.append(cells.bad(_no_calendar(value), Reason(name, "is no calendar", CALENDAR)))
    for beyond, words in _beyond(name, value, now):
        found.append(cells.bad(beyond, Reason(name, words, "Write the right date.")))
    return [one for one in found if one.height]


def _no_calendar(value: pl.Series) -> pl.Series:
    """Which texts are no calendar: one of them would keep every team from being counted."""
    wrong = []
    for text in value.drop_nulls().unique():
        try:
            parse_calendar(text)
        except ValueError:
            wrong.append(text)
    return value.is_in(wrong).fill_null(False)


def _beyond(name: str, value: pl.Series, now: datetime) -> Iterable[tuple[pl.Series, str]]:
    """Times that cannot be: before helpdesks, or still to come (a day is left for clocks and zones)."""
    if isinstance(value.dtype, pl.Datetime):
        yield (value < _FIRST).fill_null(False), "lies before 1990"
        if name not in _MAY_LIE_AHEAD:
            yield (value > now + timedelta(days=1)).fill_null(False), "lies in the future"
    elif value.dtype == pl.Date:
        outside = (value < _EARLIEST_DAY) | (value > _LAST)
        yield outside.fill_null(False), "lies outside of 1900 to 2100"


def rules(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The contract's rules over several columns, on typed rows that are good cell by cell and unique by key."""
    _, failure = CONTRACT[table].filter(rows.select(CONTRACT[table].column_names()))
    if not len(failure):
        return _empty_bad()
    details = failure.details().join(rows, on=key_of(table), how="left", maintain_order="left")
    found = []
    for rule in failure.counts():
        broken = details.filter(pl.col(rule) == "invalid")
        why = broken_rule(table, rule)
        found.append(bad_rows(broken[NR], why, broken[why.column] if why.column else None))
    return pl.concat(found).unique([NR, "column"], keep="first", maintain_order=True)


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Every column but `_nr` as text that reads back as the same value."""
    times = pl.col(pl.Datetime("us", "UTC"))
    return rows.with_columns(times.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")).with_columns(
        pl.all().exclude(NR).cast(pl.String)
    )
