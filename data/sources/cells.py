"""Text cells -> typed columns. What cannot be read becomes null: text was there, and nothing came of it."""

from collections.abc import Sequence

import polars as pl

# ISO 8601 in its usual dresses, after `T` became a blank; tried in this order when a profile names no format.
ISO = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_OFFSET = r"(?:\s?[+-]\d{2}:?\d{2}|\s?[+-]\d{2})$"
_T = r"(\d)T(\d)"
_TRUE, _FALSE = ["true", "yes", "y", "t", "1"], ["false", "no", "n", "f", "0"]


def typed(text: pl.Series, dtype: pl.DataType, formats: Sequence[str] = ISO, zone: str = "UTC") -> pl.Series:
    """`text` as `dtype`; null where it cannot be read as one. `zone` is that of times which name none."""
    if isinstance(dtype, pl.Datetime):
        return instants(text, formats, zone)
    if dtype == pl.Date:
        return dates(text, formats)
    if dtype == pl.Boolean:
        return booleans(text)
    if dtype.is_integer():
        return integers(text, dtype)
    if dtype.is_float():
        return floats(text)
    return text


def instants(text: pl.Series, formats: Sequence[str] = ISO, zone: str = "UTC") -> pl.Series:
    """Datetime("us", "UTC") from text. A time that names its offset keeps it; others are `zone`'s wall clock.

    In the hour that a clock change repeats the earlier is taken; one that it skips cannot be read.
    """
    plain = text.str.replace(_T, "${1} ${2}").str.replace(r"(?i)\s?(?:Z|UTC|GMT)$", "+0000")
    offset = plain.str.extract(_OFFSET.replace("(?:", "(", 1)).str.replace_all(r"[\s:]", "")
    with_zone = offset.is_not_null() & plain.str.contains(":")
    naive = pl.select(pl.when(~with_zone).then(plain).otherwise(plain.str.replace(_OFFSET, ""))).to_series()
    wall = _first_that_fits(naive, formats)
    local = wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    if not with_zone.any():
        return local
    hours = offset.str.slice(1, 2).cast(pl.Int64, strict=False)
    minutes = offset.str.slice(3, 2).replace("", "00").cast(pl.Int64, strict=False) + 60 * hours
    sign = offset.str.slice(0, 1).replace_strict({"+": 1, "-": -1}, default=None, return_dtype=pl.Int64)
    shifted = wall.dt.replace_time_zone("UTC") - (minutes * sign * 60_000_000).cast(pl.Duration("us"))
    return pl.select(pl.when(with_zone).then(shifted).otherwise(local)).to_series()


def _first_that_fits(text: pl.Series, formats: Sequence[str]) -> pl.Series:
    """Naive datetimes by the first format that reads each; later formats only see what is left."""
    result = _read_as(text, formats[0])
    for form in formats[1:]:
        left = result.is_null() & text.is_not_null()
        if not left.any():
            break
        result = result.scatter(left.arg_true(), _read_as(text.filter(left), form))
    return result


def _read_as(text: pl.Series, form: str) -> pl.Series:
    """`text` read by one format. A year of four digits has four: else 20-10-16 would be a day of the year 20."""
    if "%Y" in form:
        text = pl.select(pl.when(text.str.contains(r"\d{4}")).then(text)).to_series()
    return text.str.to_datetime(form, time_unit="us", strict=False) if _has_clock(form) else _midnight(text, form)


def _has_clock(form: str) -> bool:
    return any(mark in form for mark in ("%H", "%I", "%T", "%R", "%k", "%s"))


def _midnight(text: pl.Series, form: str) -> pl.Series:
    return text.str.to_date(form, strict=False).cast(pl.Datetime("us"))


def dates(text: pl.Series, formats: Sequence[str] = ISO) -> pl.Series:
    """Date from text; a time of day is dropped."""
    plain = text.str.replace(_T, "${1} ${2}").str.replace(r"(?i)\s?(?:Z|UTC|GMT)$", "")
    clocked = plain.str.contains(":")
    bare = pl.select(pl.when(clocked).then(plain.str.replace(_OFFSET, "")).otherwise(plain)).to_series()
    return _first_that_fits(bare, formats).dt.date()


def booleans(text: pl.Series) -> pl.Series:
    """true, yes, y, t, 1 and their opposites, in any case."""
    words = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    return text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)


def integers(text: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Whole numbers, also as `3.0`; null outside of the type's range."""
    whole = text.str.extract(r"^([+-]?\d{1,18})(?:[.,]0*)?$").str.strip_prefix("+")
    return whole.cast(pl.Int64, strict=False).cast(dtype, strict=False)


def floats(text: pl.Series) -> pl.Series:
    """Numbers with a decimal point or comma; `1,234.5` and `1.234,5` both lose their thousands."""
    plain = text.str.replace_all(r"[\s'\u00a0]", "")
    english = plain.str.replace_all(r",(\d{3})(?:\b)", "${1}")
    comma = plain.str.contains(r"^[+-]?\d+,\d{1,2}$|^[+-]?[\d.]+,\d+$") & ~plain.str.contains(
        r"^[+-]?\d{1,3}(,\d{3})+$"
    )
    german = plain.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    number = pl.select(pl.when(comma).then(german).otherwise(english)).to_series()
    value = number.cast(pl.Float64, strict=False)
    return pl.select(pl.when(value.is_finite()).then(value)).to_series()
