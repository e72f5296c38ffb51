"""A file -> the tables in it, whatever it is written in: delimited text, Parquet, Excel, XES; plain, gzip or zip."""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from data.errors import Trouble
from data.sources import delimited, excel, xes
from data.sources.containers import OLD_EXCEL, PARQUET, ZIP, Blob, blobs
from data.sources.parquet_size import too_large
from data.sources.raw import FAULT, ROW, Progress, Raw, apart, tidy

# A Parquet file of a few bytes can claim rows without end.
_MOST_ROWS_PER_BYTE = 50


def tables_in(path: Path, name: str | None = None) -> list[Raw]:
    """Each table that the file holds. `name` is how to call it (an upload's own name).

    Trouble, in one sentence: no such file, empty, damaged, locked, no table, or unpacks beyond all reason.
    """
    shown = name or path.name
    found = [table for blob in blobs(path, shown) for table in _tables(blob)]
    if not found:
        raise Trouble(f"{shown} holds no table: nothing was imported.")
    return found


def _tables(blob: Blob) -> list[Raw]:
    magic = blob.head(4)
    if not magic:
        raise Trouble(f"{blob.name} is empty: nothing was imported.")
    if magic == PARQUET:
        return [_parquet(blob)]
    if magic in (ZIP, OLD_EXCEL):
        return excel.sheets(blob)
    if xes.is_xml(blob.head(256)):
        return [xes.raw_of(blob)]
    return [delimited.raw_of(blob)]


def _parquet(blob: Blob) -> Raw:
    source = blob.path or blob.whole()
    try:
        schema = pl.read_parquet_schema(io.BytesIO(source) if isinstance(source, bytes) else source)
        rows = pl.scan_parquet(source).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise Trouble(f"{blob.name} is a damaged Parquet file ({_short(error)}): export it again.") from None
    if rows > 10**6 and rows > _MOST_ROWS_PER_BYTE * blob.size:
        raise Trouble(f"{blob.name} claims {rows:,} rows in {blob.size:,} bytes, which no table does: export it again.")
    _check_size(blob, source)
    names = apart(list(schema))
    flat = {name: column for name, column in zip(names, schema, strict=True) if _is_flat(schema[column])}

    def read(wanted: Sequence[str], progress: Progress) -> pl.DataFrame:
        chosen = [_as_text(flat[name], schema[flat[name]]).alias(name) for name in wanted]
        try:
            frame = pl.scan_parquet(source).select(chosen).collect()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise Trouble(f"{blob.name} is a damaged Parquet file ({_short(error)}): export it again.") from None
        return _numbered(tidy(frame))

    return Raw(blob.name, list(flat), read)


def _check_size(blob: Blob, source: Path | bytes) -> None:
    try:
        held = too_large(io.BytesIO(source) if isinstance(source, bytes) else source, blob.size)
    except (OSError, ValueError, NotImplementedError) as error:
        raise Trouble(f"{blob.name} is a damaged Parquet file ({_short(error)}): export it again.") from None
    if held is not None:
        raise Trouble(
            f"{blob.name} holds more than {held:,} bytes in {blob.size:,}, which no table does: export it as CSV if "
            "you trust it."
        )


def _is_flat(dtype: pl.DataType) -> bool:
    return not (dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Null))


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        zone = "Z" if dtype.time_zone else ""
        instant = pl.col(column).dt.convert_time_zone("UTC") if dtype.time_zone else pl.col(column)
        return instant.dt.to_string(f"%Y-%m-%dT%H:%M:%S%.6f{zone}")
    return pl.col(column).cast(pl.String)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias(ROW), pl.lit(None, pl.String).alias(FAULT)
    )


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
