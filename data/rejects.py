"""What was set aside: kept with row, column, value and reason, until it comes back mended."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import polars as pl

from data.admission import Admitted
from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.reject_frame import REJECTS
from data.sources.choosing import REJECT_TABLE
from data.sources.mapping import REJECT_ID
from data.sources.raw import ROW
from data.validation import NR, as_text
from metrics.frames import CONTRACT, key_of

# Cells that a spreadsheet would take for a formula get this before them on the way out; it is taken off on the way in.
GUARD = "'"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SERVICE = (REJECT_ID, REJECT_TABLE, "reject_file", "reject_row", "reject_columns", "reject_reasons")


def listing(
    home: Home, number: int | None = None, file: str | None = None, table: str | None = None, mended: bool = False
) -> pl.DataFrame:
    """Rows set aside, one line a bad cell (columns of data.reject_frame), oldest first.

    `number`: of that import; `file`, `table`: of those only; `mended`: also those that came in since.
    """
    found = Lake(home).scan("rejects").drop("part")
    if not mended:
        found = found.filter(pl.col("mended_by").is_null())
    for column, wanted in (("import_number", number), ("file", file), ("table", table)):
        if wanted is not None:
            found = found.filter(pl.col(column) == wanted)
    return found.sort("import_number", "file", "row", "column").collect()


def changes(lake: Lake, admitted: list[Admitted], number: int) -> tuple[pl.DataFrame, int]:
    """What import `number` does to the rejects: rows to merge into them, and how many rows it mends.

    Added is what was not known. Closed (`mended_by`) is what came in, and what came back changed but is still bad: the
    new finding stands in its place.
    """
    held = lake.scan("rejects").drop("part").collect()
    added = pl.concat([*(_fresh(one, number) for one in admitted), pl.DataFrame(schema=REJECTS)])
    waiting = held.filter(pl.col("mended_by").is_null())
    # What this very import sets aside again is not mended by a good row of the same key beside it.
    mended = _mended(waiting, admitted).join(added, on="reject_id", how="anti")
    back = pl.concat([one.origin.select(pl.col(REJECT_ID).alias("reject_id")).drop_nulls() for one in admitted])
    outdated = waiting.join(back, on="reject_id", how="semi").join(added, on="reject_id", how="anti")
    gone = pl.concat([mended, outdated.select("reject_id")]).unique()
    closed = waiting.join(gone, on="reject_id", how="semi").with_columns(pl.lit(number, pl.Int32).alias("mended_by"))
    known = waiting.join(gone, on="reject_id", how="anti")
    new = added.join(known, on=["reject_id", "column"], how="anti")
    both = pl.concat([closed, new]).unique(["reject_id", "column"], keep="last", maintain_order=True)
    return both, mended.height


def _fresh(one: Admitted, number: int) -> pl.DataFrame:
    """The bad cells of one table as rejects."""
    if one.bad.is_empty():
        return pl.DataFrame(schema=REJECTS)
    names = CONTRACT[one.table].column_names()
    cells = one.cells.select(NR, pl.struct(names).struct.json_encode().alias("cells"))
    rows = one.bad.join(one.origin, on=NR, maintain_order="left").join(cells, on=NR, how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("cells").fill_null("{}"), pl.col("column").fill_null(""))
    named = _identified(rows, one.table, number)
    return named.select([pl.col(name).cast(dtype) for name, dtype in REJECTS.items()])


def _identified(rows: pl.DataFrame, table: str, number: int) -> pl.DataFrame:
    """`reject_id`: of what the row says, so that the same row set aside again is the same reject. Rows alike are told
    apart by counting; a row that cannot be kept, by where it stood."""
    one_each = rows.unique(NR, maintain_order=True).sort(NR)
    where = pl.when(pl.col("cells") == "{}").then(pl.format("{}:{}", "file", ROW)).otherwise(pl.lit(""))
    one_each = one_each.with_columns(where.alias("where"))
    one_each = one_each.with_columns(pl.int_range(pl.len()).over("cells", "where").alias("nth"))
    ids = [
        sha256(f"{table}\x00{cells}\x00{where}\x00{nth}".encode()).hexdigest()[:16]
        for cells, where, nth in one_each.select("cells", "where", "nth").iter_rows()
    ]
    named = one_each.select(NR, pl.Series("named", ids, dtype=pl.String))
    return rows.join(named, on=NR).with_columns(
        pl.col("named").alias("reject_id"),
        pl.lit(number).alias("import_number"),
        pl.lit(table).alias("table"),
        pl.col(ROW).alias("row"),
        pl.lit(None, pl.Int32).alias("mended_by"),
    )


def _mended(waiting: pl.DataFrame, admitted: list[Admitted]) -> pl.DataFrame:
    """reject_id of those whose row is now in: it came back under that id, or a good row of the same key came."""
    found = [waiting.select("reject_id").clear()]
    for one in admitted if waiting.height else []:
        mine = waiting.filter(pl.col("table") == one.table)
        good = pl.concat([one.rows.select(NR), one.copies.select(NR)])
        returned = one.origin.join(good, on=NR, how="semi").select(pl.col(REJECT_ID).alias("reject_id")).drop_nulls()
        found.append(mine.join(returned, on="reject_id", how="semi").select("reject_id"))
        found.append(_same_key(mine, one).select("reject_id"))
    return pl.concat(found).unique()


def _same_key(mine: pl.DataFrame, one: Admitted) -> pl.DataFrame:
    """Rejects whose cells say the key of a row that is now good."""
    on = key_of(one.table)
    held = mine.filter(pl.col("cells") != "{}")
    if held.is_empty():
        return held
    names = CONTRACT[one.table].column_names()
    keys = held.with_columns(
        pl.col("cells").str.json_decode(pl.Struct(dict.fromkeys(names, pl.String))).struct.unnest()
    )
    good = as_text(one.rows.select(on))
    return keys.drop_nulls(on).join(good, on=on, how="semi")


def export(home: Home, path: Path, number: int | None = None, file: str | None = None, table: str | None = None) -> int:
    """Write the open rejects as CSV that can be mended and imported as it is; returns how many rows.

    One row a rejected row: where it came from and what is wrong with it, then its cells under the contract's names.
    Rows of which nothing could be kept are left out. Trouble when the file cannot be written.
    """
    found = listing(home, number, file, table).filter(pl.col("cells") != "{}")
    rows = found.group_by("reject_id", "table", "file", "row", "cells", maintain_order=True).agg(
        pl.col("column").filter(pl.col("column") != "").str.join("; ").alias("columns"),
        pl.format("{} {}", "column", "reason").str.strip_chars().str.join("; ").alias("reasons"),
    )
    tables = [name for name in CONTRACT if name in set(rows["table"])]
    names = list(dict.fromkeys(column for name in tables for column in CONTRACT[name].column_names()))
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*_SERVICE, *names])
            for row in rows.iter_rows(named=True):
                cells = json.loads(row["cells"])
                service = [row[name] for name in ("reject_id", "table", "file", "row", "columns", "reasons")]
                writer.writerow([guarded(str(cell)) for cell in [*service, *(cells.get(name) or "" for name in names)]])
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror or error}.") from None
    return rows.height


def guarded_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every text as `guarded` makes it."""
    text = pl.col(pl.String)
    return frame.with_columns(text.str.replace(r"^([=+\-@\t\r'])", GUARD + "${1}"))


def guarded(cell: str) -> str:
    """`cell` as a spreadsheet may open it: what looks like a formula is made plain text by a quote before it."""
    return GUARD + cell if cell.startswith((*_FORMULA, GUARD)) else cell
