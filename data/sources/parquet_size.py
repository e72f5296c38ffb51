"""How much text a Parquet file holds once it is read, found out without reading it.

A text that stands once in a dictionary, or shares its beginning with the one before, costs next to nothing in a million
rows, and a million times its length in memory. Where a file's own numbers leave that possible it is counted, in parts
that are small or keep each text once, and no further than to the limit.
"""

from collections.abc import Iterator
from typing import Any

from data.sources.containers import ALWAYS_FINE, MOST_RATIO

_DICTIONARY, _SHARED = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}, {"DELTA_BYTE_ARRAY"}
_FEW, _MANY = 1000, 1 << 16


def too_large(source: Any, size: int) -> int | None:
    """The bytes that were counted when there were too many for a file of `size`; None where it is fine.

    `source` is a path or a file. Raises what pyarrow does where it is damaged: OSError, ValueError.
    """
    from pyarrow import parquet

    limit = max(ALWAYS_FINE, MOST_RATIO * size)
    with parquet.ParquetFile(source) as file:
        chunks = list(_chunks(file.metadata))
        plain = sum(one.total_uncompressed_size for one in chunks)
        if plain > limit:
            return int(plain)
        texts = [one for one in chunks if one.physical_type == "BYTE_ARRAY"]
        if sum(one.num_values * one.total_uncompressed_size for one in texts if _grows(one)) <= limit:
            return None
    shared = sorted({one.path_in_schema for one in texts if _SHARED & set(one.encodings)})
    once = sorted({one.path_in_schema for one in texts if _grows(one)} - set(shared))
    held = 0
    for columns, at_once in ((once, _MANY), (shared, _FEW)):
        for part in _lengths(source, columns, at_once, kept_once=columns is once):
            held += part
            if held > limit:
                return held
    return None


def _chunks(metadata: Any) -> Iterator[Any]:
    for group in range(metadata.num_row_groups):
        of_group = metadata.row_group(group)
        for column in range(of_group.num_columns):
            yield of_group.column(column)


def _grows(chunk: Any) -> bool:
    return chunk.physical_type == "BYTE_ARRAY" and bool((_DICTIONARY | _SHARED) & set(chunk.encodings))


def _lengths(source: Any, columns: list[str], at_once: int, *, kept_once: bool) -> Iterator[int]:
    """The bytes of text in each part of so many rows. `kept_once`: of each text one is held, and its length."""
    import pyarrow as arrow
    from pyarrow import compute, parquet

    if not columns:
        return
    with parquet.ParquetFile(source, read_dictionary=columns if kept_once else None) as file:
        for batch in file.iter_batches(batch_size=at_once, columns=columns):
            for column in batch.columns:
                if arrow.types.is_dictionary(column.type):
                    column = compute.binary_length(column.dictionary).take(column.indices)  # noqa: PLW2901
                elif arrow.types.is_string(column.type) or arrow.types.is_binary(column.type):
                    column = compute.binary_length(column)  # noqa: PLW2901
                else:
                    continue  # nested: not read at all
                yield compute.sum(column).as_py() or 0
