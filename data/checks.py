"""Are these rows what the contract asks for? Text in; typed rows out, and one plain reason for each bad cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import dataframely as dy
import polars as pl

from data.sources.cells import ISO, typed
from data.sources.raw import FAULT
from metrics.frames import CONTRACT, EVENT_KINDS, FUNCTIONS, key_of

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
_SHOWN = 200  # characters of a bad value that are kept
_AGAIN = "Export the rows, mend them, and import them again."
_UNREADABLE: tuple[tuple[str, str, str], ...] = (
    (
        "Datetime",
        "is no date and time that can be read",
        "Write it as 2024-01-31 09:30, or name the profile with its date format.",
    ),
    ("Date", "is no date that can be read", "Write it as 2024-01-31."),
    ("Boolean", "is neither true nor false", "Write true or false."),
    ("Int", "is no whole number, or too large", "Write a whole number."),
    ("Float", "is no number", "Write a number such as 12.5."),
)
_ALLOWED: dict[tuple[str, str], Sequence[str]] = {
    ("events", "kind"): EVENT_KINDS,
    ("events", "actor"): ("agent", "customer", "system"),
    ("tickets", "origin"): ("customer", "proactive"),
    ("teams", "function"): FUNCTIONS,
    ("absences", "kind"): ("sick", "leave", "training"),
    ("training", "kind"): ("classroom", "experiential"),
    ("surveys", "asked_of"): ("staff", "customer", "manager"),
    ("orders", "stage"): ("open", "won", "lost"),
}
# Rules over two columns: the one that is named, and what it is not.
_RULES = {
    "resolved_not_before_opened": ("resolved_at", "lies before opened_at"),
    "first_replied_not_before_opened": ("first_replied_at", "lies before opened_at"),
    "stay_ends_not_before_it_starts": ("valid_to", "lies before valid_from"),
    "left_not_before_hired": ("left_on", "lies before hired_on"),
    "absence_ends_not_before_it_starts": ("to_on", "lies before from_on"),
    "score_within_scale": ("score", "lies outside of 0 to scale_max"),
    "closed_not_before_opened": ("closed_on", "lies before opened_on"),
    "order_closed_not_before_opened": ("closed_at", "lies before opened_at"),
}


@dataclass(frozen=True, eq=False)
class Checked:
    """`rows`: typed, with `_nr`, only the good ones. `bad`: one row a bad cell (column null: the row as a whole).
    `cells`: `_nr` and the rows' cells as text that reads back the same. A line that does not split into its columns may
    have anything in any cell, a customer's words too: of it no cell is kept."""

    rows: pl.DataFrame
    bad: pl.DataFrame
    cells: pl.DataFrame


def check(table: str, text: pl.DataFrame, now: datetime, formats: Sequence[str] = ISO, zone: str = "UTC") -> Checked:
    """`text`: contract columns as text (those that are there), `_nr` and `_fault`.

    Nothing is lost: each `_nr` is either in `rows` or in `bad`.
    """
    schema = CONTRACT[table].columns()
    columns = {
        name: typed(text[name], column.dtype, formats, zone)
        if name in text.columns
        else pl.Series(name, [None] * text.height, dtype=column.dtype)
        for name, column in schema.items()
    }
    rows = text.select(NR).with_columns([series.alias(name) for name, series in columns.items()])
    rows = numbered(table, rows, text)
    whole = text.filter(pl.col(FAULT).is_not_null())
    bad = [bad_rows(whole[NR], None, None, whole[FAULT], "Mend the line in the source, and import the file again.")]
    for name, column in schema.items():
        bad += _unreadable(name, column, rows, text, now)
    found = pl.concat([_without(one, whole[NR]) for one in bad[1:]] + bad[:1])
    good = rows.join(found.select(NR).unique(), on=NR, how="anti", maintain_order="left")
    return Checked(good, found, _without(_cells(rows, text), whole[NR]))


def bad_rows(
    numbers: pl.Series, column: str | None, values: pl.Series | None, reason: str | pl.Series, advice: str
) -> pl.DataFrame:
    """One row a bad cell, in the shape of BAD."""
    nothing = pl.lit(None, pl.String)
    return pl.DataFrame({NR: numbers}).with_columns(
        pl.lit(column, pl.String).alias("column"),
        (nothing if values is None else pl.lit(values.cast(pl.String)).str.slice(0, _SHOWN)).alias("value"),
        pl.lit(reason, None if isinstance(reason, pl.Series) else pl.String).alias("reason"),
        pl.lit(advice).alias("advice"),
    )


def _without(bad: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    return bad.join(pl.DataFrame({NR: numbers}), on=NR, how="anti", maintain_order="left")


def numbered(table: str, rows: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """Fill `seq` where the source has none: the running number, in the file's order, of what happened to one ticket at
    one instant (of rows alike in all the rest of the key, for surveys and praise). Copies of an event are one event."""
    if "seq" not in rows.columns:
        return rows
    rest = [name for name in key_of(table) if name != "seq"]
    within = ["ticket_id", "at"] if table == "events" else rest
    given = text["seq"].is_not_null() if "seq" in text.columns else pl.Series([False] * rows.height)
    if given.all():
        return rows
    same = [name for name in rows.columns if name not in (NR, "seq")]
    first = pl.struct(same).is_first_distinct() if table == "events" else pl.lit(True)
    counted = rows.with_columns(first.alias("_first")).with_columns(
        (pl.col("_first").cast(pl.Int32).cum_sum().over(within) - 1).alias("_running")
    )
    if table == "events":
        counted = counted.with_columns(pl.col("_running").first().over(same))
    seq = pl.when(given).then("seq").otherwise("_running").cast(pl.Int32).alias("seq")
    return counted.with_columns(seq).drop("_first", "_running")


def _unreadable(
    name: str, column: dy.Column, rows: pl.DataFrame, text: pl.DataFrame, now: datetime
) -> list[pl.DataFrame]:
    numbers, value = rows[NR], rows[name]
    given = text[name] if name in text.columns else pl.Series([None] * rows.height, dtype=pl.String)
    found = []
    broken = value.is_null() & given.is_not_null()
    if broken.any():
        words, advice = next(
            ((words, advice) for start, words, advice in _UNREADABLE if type(column.dtype).__name__.startswith(start)),
            ("cannot be read", _AGAIN),
        )
        found.append(bad_rows(numbers.filter(broken), name, given.filter(broken), words, advice))
    if not column.nullable and name != "seq":
        gone = given.is_null()
        found.append(bad_rows(numbers.filter(gone), name, None, "is missing", "Fill it in."))
    for beyond, words in _beyond(name, value, now):
        found.append(bad_rows(numbers.filter(beyond), name, given.filter(beyond), words, "Write the right date."))
    return [one for one in found if one.height]


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
    """The contract's own rules on typed rows that are unique by key: what is bad, in the shape of BAD."""
    _, failure = CONTRACT[table].filter(rows.select(CONTRACT[table].column_names()))
    if not len(failure):
        return pl.DataFrame(schema=BAD)
    details = failure.details().join(rows, on=key_of(table), how="left", nulls_equal=True, maintain_order="left")
    found = []
    for rule in failure.counts():
        broken = details.filter(pl.col(rule) == "invalid")
        column, reason = _words(table, rule)
        value = broken[column] if column else None
        found.append(bad_rows(broken[NR], column, value, reason, _AGAIN))
    return pl.concat(found)


def _words(table: str, rule: str) -> tuple[str | None, str]:
    if rule in _RULES:
        return _RULES[rule]
    column, _, what = rule.partition("|")
    if (table, column) in _ALLOWED and what == "check":
        return column, f"is none of {', '.join(_ALLOWED[table, column])}"
    if what == "nullability":
        return column, "is missing"
    bounds: Any = CONTRACT[table].columns().get(column)
    if what in ("min", "max", "min_exclusive", "max_exclusive") and bounds is not None:
        return column, f"is {'less' if 'min' in what else 'more'} than can be ({what}: {getattr(bounds, what)})"
    if what == "max_length":
        return column, f"is longer than {bounds.max_length} characters"
    return (column if bounds is not None else None), f"breaks the rule {rule}"


def _cells(rows: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """Each cell as text that reads back the same: the typed value where there is one, else what was written."""
    made = []
    for name in rows.columns:
        if name == NR:
            continue
        value = rows[name]
        plain = (
            value.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
            if isinstance(value.dtype, pl.Datetime)
            else value.cast(pl.String)
        )
        made.append(plain.fill_null(text[name]).alias(name) if name in text.columns else plain.alias(name))
    return pl.DataFrame([rows[NR], *made])
