"""Delimited text: any delimiter, any of the encodings that helpdesks write.

Read with the standard library's csv, in chunks: it copes with quoted line breaks and stray quotes, and knows the line
of each row, which is what a person needs to mend one.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO, cast

import polars as pl

from data.errors import Trouble
from data.sources.containers import Blob
from data.sources.raw import FAULT, ROW, Progress, Raw, apart, tidy

CHUNK = 50_000
SAMPLE = 2**18
LONGEST_CELL = 2**24
_USUAL = ",;\t|"
_UNUSUAL = "^~:!#*&%$\x1f\x1e\x01\x02"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Control characters that no text has; 1, 2, 1e and 1f serve some as delimiters.
_JUNK = re.compile(r"[\x00\x03-\x08\x0e-\x1d\x7f]")


def raw_of(blob: Blob) -> Raw:
    """The table in a text file. Trouble when it is none."""
    encoding = _encoding(blob)
    sample = _sample(blob, encoding)
    if len(_JUNK.findall(sample)) > 1 + len(sample) / 100:
        raise Trouble(f"{blob.name} is no table (its bytes are not text): give a CSV, Excel or Parquet file.")
    mark, skip = _delimiter(sample, blob.name)
    with _lines(blob, encoding) as text:
        header = next((row for _, _, row in _rows(text, _Layout(encoding, mark, skip, []))), [])
    notes = () if encoding.startswith("utf") else (f"{blob.name} was read as {encoding}, for it is not UTF-8",)
    layout = _Layout(encoding, mark, skip, apart(header))

    def read(wanted: Sequence[str], progress: Progress) -> pl.DataFrame:
        return _read(blob, layout, wanted, progress)

    return Raw(blob.name, layout.columns, read, notes)


def _encoding(blob: Blob) -> str:
    """From the mark at the beginning, else by trying: UTF-16 without a mark, UTF-8, Windows-1252, Latin-1."""
    head = blob.head(4096)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if len(head) > 3 and b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) / 4 and min(even, odd) < len(head) / 50:
            return "utf-16-le" if odd > even else "utf-16-be"
    return _eight_bit(blob)


def _eight_bit(blob: Blob) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, is_1252 = True, True
    with blob.open() as stream:
        while chunk := stream.read(2**20):
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            is_1252 = is_1252 and not _UNDEFINED_1252.search(chunk)
    if is_utf8:
        return "utf-8"
    return "Windows-1252" if is_1252 else "Latin-1"


@contextmanager
def _lines(blob: Blob, encoding: str) -> Iterator[io.TextIOWrapper]:
    csv.field_size_limit(LONGEST_CELL)
    # Only UTF-8 was checked to its end; a broken end of UTF-16 shows as a bad cell rather than as nothing at all.
    with blob.open() as stream, io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        try:
            yield text
        except csv.Error as error:
            raise Trouble(
                f"{blob.name} is no table ({error}): look for a quote mark that is never closed, or export it again."
            ) from None


def _sample(blob: Blob, encoding: str) -> str:
    with _lines(blob, encoding) as text:
        return text.read(SAMPLE)


def _after(text: io.TextIOWrapper, skip: int) -> io.TextIOWrapper:
    for _ in range(skip):
        text.readline()
    return text


def _delimiter(sample: str, name: str) -> tuple[str, int]:
    """The delimiter and how many lines come before the table (Excel's own `sep=;`)."""
    said = re.match(r'"?sep=(.)"?\r?\n', sample)
    if said:
        return said.group(1), 1
    best, best_score = "", (0.0, 0)
    for mark in _USUAL + _UNUSUAL:
        score = _fits(sample, mark)
        if score > best_score:
            best, best_score = mark, score
    if not best:
        raise Trouble(
            f"{name} is no table (no line splits into columns): give a CSV, Excel or Parquet file with a header."
        )
    return best, 0


def _fits(sample: str, mark: str) -> tuple[float, int]:
    """How well `mark` splits the sample: the share of rows as wide as the header, then the width."""
    widths = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=mark):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) > 200:
                break
    except csv.Error:
        return 0.0, 0
    if len(sample) >= SAMPLE and len(widths) > 2:
        widths.pop()  # the sample ends anywhere
    if not widths or widths[0] < 2:
        return 0.0, 0
    alike = sum(width == widths[0] for width in widths) / len(widths)
    return round(alike, 1) if mark in _USUAL else round(alike, 1) - 0.15, widths[0]


@dataclass(frozen=True)
class _Layout:
    """How the text is to be taken: encoding, delimiter, lines before the table, the header."""

    encoding: str
    mark: str
    skip: int
    columns: list[str]


def _read(blob: Blob, layout: _Layout, wanted: Sequence[str], progress: Progress) -> pl.DataFrame:
    chunks: list[pl.DataFrame] = []
    batch = _Batch(layout.columns, wanted)
    end = 0
    with _lines(blob, layout.encoding) as text:
        rows = _rows(text, layout)
        next(rows, None)  # the header
        for line, last, row in rows:
            end = last
            batch.add(line, row)
            if len(batch.lines) == CHUNK:
                chunks.append(batch.frame())
                batch = _Batch(layout.columns, wanted)
                progress(_share(blob, text))
    if batch.lines and end > batch.lines[-1] and batch.faults[-1]:
        batch.faults[-1] = f"a quote mark on this line or soon after is never closed, up to line {end}"
    chunks.append(batch.frame())
    return pl.concat(chunks)


def _rows(text: io.TextIOWrapper, layout: _Layout) -> Iterator[tuple[int, int, list[str]]]:
    """Rows that are not blank, with the first and the last line that each takes."""
    reader = csv.reader(_after(text, layout.skip), delimiter=layout.mark)
    begins = layout.skip + 1
    for row in reader:
        ends = layout.skip + reader.line_num
        if "".join(row).strip():
            yield begins, ends, row
        begins = ends + 1


def _share(blob: Blob, text: io.TextIOWrapper) -> float:
    """How far we are, for a plain file; within an archive nobody knows."""
    return min(1.0, cast(BinaryIO, text.buffer).tell() / blob.size) if blob.path else 0.0


class _Batch:
    """Rows on their way into a frame; only the wanted cells are kept."""

    def __init__(self, columns: list[str], wanted: Sequence[str]) -> None:
        self.width, self.wanted = len(columns), list(wanted)
        places = [columns.index(name) for name in wanted]
        # itemgetter gives a bare cell for one place: a second, dropped again by zip, keeps it a tuple
        self._pick = itemgetter(*places, places[0]) if places else None
        self.cells: list[tuple[str, ...]] = []
        self.lines: list[int] = []
        self.faults: list[str | None] = []

    def add(self, line: int, row: list[str]) -> None:
        self.faults.append(None if len(row) == self.width else _fitted(row, self.width))
        self.lines.append(line)
        if self._pick:
            self.cells.append(self._pick(row))

    def frame(self) -> pl.DataFrame:
        by_column = list(zip(*self.cells, strict=True)) or [()] * len(self.wanted)
        cells = {name: pl.Series(name, by_column[i], dtype=pl.String) for i, name in enumerate(self.wanted)}
        return tidy(pl.DataFrame(cells)).with_columns(
            pl.Series(ROW, self.lines, dtype=pl.Int64), pl.Series(FAULT, self.faults, dtype=pl.String)
        )


def _fitted(row: list[str], width: int) -> str | None:
    """Make `row` as wide as the header; the reason when it was not."""
    found = len(row)
    extra = any(cell.strip() for cell in row[width:])
    del row[width:]
    row += [""] * (width - found)
    return f"the line has {found} cells where the header has {width}" if extra or found < width else None
