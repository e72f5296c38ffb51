"""One Delta table on the disk: open it as of a version, replace some of its parts, set it back.

Every table is partitioned by `part`. Old files are never removed: any version can be read again.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlparse

import polars as pl
from deltalake import DeltaTable, PostCommitHookProperties, write_deltalake
from deltalake.exceptions import DeltaError

from data.errors import Trouble
from data.versions import sync_file, sync_folder

# The log is what makes an old version readable: never cleaned up.
_KEEP_LOG = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
_FOR_GOOD = {"delta.enableExpiredLogCleanup": "false", "delta.logRetentionDuration": "interval 36500 days"}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn whatever the Delta and Parquet readers say of a damaged table into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:  # the file system's own words (disk full, not allowed) are said by the caller
            raise
        raise damaged(path, error) from None
    except (DeltaError, ValueError, pl.exceptions.PolarsError) as error:
        raise damaged(path, error) from None


def damaged(path: Path, why: object) -> Trouble:
    """The sentence for a table that cannot be read."""
    short = " ".join(str(why).split())[:200]
    return Trouble(
        f"The lake is damaged at {path} ({short}): bring that folder back from a backup, "
        "or import the sources again into a fresh home."
    )


def opened(path: Path, version: int | None = None) -> DeltaTable:
    """The table as of `version` (None: its head). Trouble where its log is missing or damaged."""
    with explained(path):
        return DeltaTable(path, version=version)


def scan(path: Path, version: int) -> pl.LazyFrame:
    """The table as of `version`, after a look that each of its files is there at its full size."""
    table = opened(path, version)
    with explained(path):
        for file, size in files(table).iter_rows():
            there = Path(file)
            if not there.is_file() or there.stat().st_size != size:
                raise damaged(path, f"{there.name} is missing or cut short")
        return pl.scan_delta(table)


def files(table: DeltaTable) -> pl.DataFrame:
    """The Parquet files of the table: path, size in bytes."""
    actions = pl.DataFrame(table.get_add_actions(flatten=True))
    root = local(table.table_uri)
    return actions.select(
        path=pl.col("path").map_elements(lambda name: str(root / unquote(name)), return_dtype=pl.String),
        size=pl.col("size_bytes").cast(pl.Int64),
    )


def local(uri: str) -> Path:
    """The folder that a table's address names."""
    parsed = urlparse(uri)
    return Path(unquote(parsed.path)) if parsed.scheme == "file" else Path(uri)


def replace_parts(path: Path, rows: pl.DataFrame, parts: list[int]) -> int:
    """Put `rows` in the place of all that is in `parts`, in one commit. Returns the Delta version."""
    path.mkdir(parents=True, exist_ok=True)
    if not DeltaTable.is_deltatable(str(path)):
        write_deltalake(
            path,
            rows,
            mode="append",
            partition_by=["part"],
            configuration=_FOR_GOOD,
            post_commithook_properties=_KEEP_LOG,
        )
    else:
        within = ", ".join(str(part) for part in sorted(parts))
        write_deltalake(
            path,
            rows,
            mode="overwrite",
            predicate=f"part IN ({within})",
            post_commithook_properties=_KEEP_LOG,
        )
    return opened(path).version()


def set_back(path: Path, version: int) -> None:
    """Make the head say again what `version` says, if an import that never finished left it ahead."""
    head = opened(path)
    if head.version() == version:
        return
    with explained(path):
        last = head.history(1)[0]
        restored = last.get("operation") == "RESTORE" and str(last["operationParameters"].get("version")) == str(
            version
        )
        if not restored:
            head.restore(version, post_commithook_properties=_KEEP_LOG)
    sync(path / "_delta_log")  # of what was left behind nothing may be missing under what is written next


def drop_unnamed(path: Path, before: set[Path]) -> None:
    """Remove Parquet files that were not there `before` and that no commit names: what a failed commit left."""
    named = set(files(opened(path))["path"]) if DeltaTable.is_deltatable(str(path)) else set()
    for file in set(path.rglob("*.parquet")) - before:
        if "_delta_log" not in file.parts and str(file) not in named:
            file.unlink()


def sync(path: Path, before: Collection[Path] = ()) -> None:
    """Put on the disk what is under `path` and was not there `before`: the files, and their names in their folders.

    Not told by the files' times: a clock may be set back in the middle.
    """
    for folder, _, names in os.walk(path, topdown=False):
        for name in names:
            file = Path(folder, name)
            if file not in before:
                sync_file(file)
        sync_folder(Path(folder))
    sync_folder(path.parent)
