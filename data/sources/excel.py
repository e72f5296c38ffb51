"""Excel and OpenDocument workbooks -> a table for each sheet.

A workbook of a kilobyte can claim a cell in the last row of the last column, or one long text in a million cells; the
reader then asks for more memory than there is, and its process ends. So it is read in a process of its own that may
take so much and no more, and whatever happens to it is one sentence here.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from data.errors import Trouble
from data.sources.containers import Blob
from data.sources.raw import FAULT, ROW, Progress, Raw, apart, tidy

MOST_MEMORY = 4 * 2**30  # a full sheet of a million rows and thirty columns needs about 3
MOST_SECONDS = 600
MEMORY = "_HEARTLINE_EXCEL_MEMORY"  # bytes: another limit, for tests
_FOUND, _MODULE = "found.json", "data.sources.excel"
_ROOT = str(Path(__file__).parents[2])


def sheets(blob: Blob) -> list[Raw]:
    """Each sheet that holds cells. Trouble where it is damaged, locked, or grows beyond all reason."""
    with tempfile.TemporaryDirectory() as folder:
        found = _read_apart(blob, Path(folder))
    several = sum(not cells.is_empty() for _, cells in found) > 1
    return [_sheet(f"{blob.name}: {name}" if several else blob.name, cells) for name, cells in found if cells.height]


def _read_apart(blob: Blob, folder: Path) -> list[tuple[str, pl.DataFrame]]:
    path = blob.path or folder / "book"
    if blob.path is None:
        path.write_bytes(blob.whole())
    paths = os.pathsep.join([_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", _MODULE, str(path.resolve()), str(folder)],
            env={**os.environ, "PYTHONPATH": paths, "POLARS_MAX_THREADS": "1", "RUST_BACKTRACE": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        raise Trouble(
            f"{blob.name} cannot be read as Excel: it is damaged, or its sheets claim more cells than can be held. "
            "Save it anew with its cells alone, or as CSV."
        )
    told = json.loads((folder / _FOUND).read_text(encoding="utf-8"))
    if "wrong" in told:
        raise Trouble(f"{blob.name} cannot be read as Excel ({told['wrong']}): save it anew as .xlsx or CSV.")
    names = enumerate(told["sheets"])  # whole into memory: the folder goes
    return [(name, pl.read_ipc(io.BytesIO((folder / f"{number}.arrow").read_bytes()))) for number, name in names]


def _sheet(name: str, cells: pl.DataFrame) -> Raw:
    header = cells.drop(ROW).row(0)
    columns = apart([cell or "" for cell in header])
    body = tidy(cells.slice(1).rename(dict(zip(cells.drop(ROW).columns, columns, strict=True))))

    def read(wanted: Sequence[str], progress: Progress) -> pl.DataFrame:
        return body.select([*wanted, ROW]).with_columns(pl.lit(None, pl.String).alias(FAULT))

    return Raw(name, columns, read)


# What follows runs in the process apart.


def _cells(book: Any, sheet: str) -> pl.DataFrame:
    """All cells as text; `_row` is the row's number in the sheet. Blank rows are left out."""
    cells: pl.DataFrame = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
    if cells.is_empty():
        return cells
    blank = pl.all_horizontal(pl.all().exclude(ROW).str.strip_chars().replace("", None).is_null())
    return cells.with_columns(pl.int_range(1, cells.height + 1, dtype=pl.Int64).alias(ROW)).filter(~blank)


def _limit() -> None:
    """From here on no more than MOST_MEMORY, where the system can hold a process to that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        most = now + int(os.environ.get(MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # where memory is short all the same, this process ends and no other
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _write(path: Path, folder: Path) -> dict[str, Any]:
    import fastexcel

    _limit()
    try:
        book = fastexcel.read_excel(str(path))
        for number, name in enumerate(book.sheet_names):
            _cells(book, name).write_ipc(folder / f"{number}.arrow")
    except fastexcel.FastExcelError as error:
        return {"wrong": " ".join(str(error).split())[:120]}
    return {"sheets": book.sheet_names}


if __name__ == "__main__":
    told = _write(Path(sys.argv[1]), Path(sys.argv[2]))
    (Path(sys.argv[2]) / _FOUND).write_text(json.dumps(told), encoding="utf-8")
