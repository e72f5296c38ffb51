"""How a level is said and drawn: a share in percent, a rate as a count, a dispersion as times chance, a ratio plain.

Pure: rows in, words or frames out. A reading's or a series' column `measure` says which it is (metrics.measure).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from metrics.sign import counted_signs

Row = Mapping[str, Any]
LEVELS = ("share", "centre", "lower", "upper", "before")
# How the axis and the tips write a level, as Vega does; a rate is drawn as the events that it stands for.
FORMATS = {"share": ("%", ".1%"), "rate": (",.0f", ",.0f"), "dispersion": (".1f", ".2f"), "ratio": (".2f", ".2f")}

READ_AS = {
    "share": "a share, on Laney's p-prime chart",
    "rate": "a count against an exposure, on a u-prime chart",
    "dispersion": "times what chance alone would give (a chi-square over its degrees of freedom)",
    "ratio": "a ratio of two amounts, held against how much its own weeks vary",
}


def of(row: Row) -> str:
    """The measure of a row; what was kept before there were others is a share."""
    return str(row.get("measure") or "share")


def level(value: float | None, row: Row) -> str:
    """A level of this row's measure: "22%"; "303" events of a rate; "1.1" times chance; "0.34"."""
    if value is None:
        return "unknown"
    measure = of(row)
    if measure == "share":
        return f"{percent(value)}%"
    if measure == "rate":
        return f"{value * row['n']:,.0f}"
    return f"{value:.1f}" if measure == "dispersion" else f"{value:.2f}"


def interval(low: float | None, high: float | None, row: Row) -> str:
    """The 95% interval in the same unit: "18 to 27%", "201 to 262"."""
    if low is None or high is None:
        return "unknown"
    if of(row) == "share":
        return f"{percent(low)} to {percent(high)}%"
    return f"{level(low, row)} to {level(high, row)}"


def told(row: Row, things: str) -> str:
    """What was measured, with its interval, as a person says it. `things`: what is counted, in the plural."""
    measure, within = of(row), f"95% interval {interval(row['low'], row['high'], row)}"
    if measure == "rate":
        return f"{row['x']:,} {things} ({within})"
    if measure == "dispersion":
        return f"{level(row['share'], row)} times as unevenly as chance would ({within})"
    if measure == "ratio":
        return f"{level(row['share'], row)} ({row['x']:,} of {row['n']:,})"
    return f"{row['x']:,} of {row['n']:,} ({level(row['share'], row)}, {within})"


def counted(row: Row) -> str | None:
    """x of n in a column of a table; null where nothing may be shown."""
    if row["n"] is None:
        return None
    if of(row) == "dispersion":  # a sum of chi-squares is no count of anything
        return None
    return f"{row['x']:,}" if of(row) == "rate" else f"{row['x']:,} of {row['n']:,}"


def as_drawn(series: pl.DataFrame) -> pl.DataFrame:
    """A series in the units of its axis: a rate as events; waves without the empty weeks between them."""
    known = [name for name in LEVELS if name in series.columns]
    if measure_of(series) == "rate":
        series = series.with_columns(pl.col(known) * pl.col("n"))
    sign = counted_signs().get(series["sign"][0]) if "sign" in series.columns and series.height else None
    return series.filter(pl.col("share").is_not_null()) if sign and sign.rhythm == "wave" else series


def measure_of(series: pl.DataFrame) -> str:
    """The measure of a series of one sign."""
    return str(series["measure"][0]) if "measure" in series.columns and series.height else "share"


def percent(value: float) -> str:
    """0.221 -> "22"; under one percent with a decimal."""
    hundredth = value * 100
    return f"{hundredth:.1f}" if 0 < hundredth < 0.95 else f"{hundredth:.0f}"
