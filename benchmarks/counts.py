"""From the lake to counts: ours beside a plain scan of the same columns, DuckDB in SQL, and pandas on a tenth.

`python -m benchmarks.counts [TICKETS] [FOLDER]`: five million tickets and about thirty million events unless told
otherwise (or by HEARTLINE_BENCH_TICKETS). Each rival runs in a process of its own, on files that were just read, and
the best of its runs counts. All must come to the same numbers.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.made import PARTS, make

TICKETS = 5_000_000
HORIZON = datetime(2026, 3, 1, tzinfo=UTC)
TICKET_COLUMNS = [
    "ticket_id",
    "customer_id",
    "opened_at",
    "channel",
    "category",
    "priority",
    "origin",
    "is_complaint",
    "csat",
]
# What the rivals count too.
COUNTED = ("buck_passing", "repeat_complaints", "slow_simple", "small_complaints")
EVENT_COLUMNS = ["ticket_id", "at", "kind", "team_id", "actor"]
# The aims of the project: seconds against the scan's, and how many times faster than the others.
AIMS = "aim: at most 3x the scan, at least 2x faster than DuckDB, 20x faster than pandas, under 4 GB"
RUNS = {"scan": 3, "heartline": 3, "duckdb": 2, "pandas": 1}


def read_part(folder: Path, part: int) -> tuple[Any, Any]:
    """One part of the made lake, as the lake gives it."""
    import polars as pl

    paths = (folder / name / f"part={part}" / "0.parquet" for name in ("tickets", "events"))
    tickets, events = (pl.scan_parquet(path, hive_partitioning=False) for path in paths)
    return tickets, events


def scan(folder: Path) -> dict[str, list[int]]:
    """Every value that counting needs, read into memory, part by part; nothing is done with it."""
    import polars as pl

    def read(part: int) -> int:
        tickets, events = read_part(folder, part)
        return sum(f.height for f in pl.collect_all([tickets.select(TICKET_COLUMNS), events.select(EVENT_COLUMNS)]))

    with ThreadPoolExecutor(os.cpu_count()) as workers:
        return {"rows": [sum(workers.map(read, range(PARTS)))]}


def heartline(folder: Path) -> dict[str, list[int]]:
    import polars as pl

    from metrics.counts import Shared, count_all
    from metrics.frames import empty
    from metrics.log import Logged

    teams, standards = (pl.read_parquet(folder / f"{name}.parquet") for name in ("teams", "standards"))
    told = Logged(replies=True, notes=True, reopens=True)
    shared = Shared(teams, empty("absences"), standards, told, HORIZON)
    counts = count_all([partial(read_part, folder, part) for part in range(PARTS)], shared, COUNTED)
    return _totals(counts.group_by("sign").agg(pl.col("x", "n").sum()).rows())


def duckdb(folder: Path) -> dict[str, list[int]]:
    import polars as pl

    from benchmarks.in_duckdb import duckdb_counts

    counts = pl.DataFrame(duckdb_counts(folder, int(HORIZON.timestamp()) // 60))
    return _totals(counts.group_by("sign").agg(pl.col("x", "n").sum()).rows())


def pandas(folder: Path) -> dict[str, list[int]]:
    from benchmarks.in_pandas import pandas_counts

    counts = pandas_counts(folder, int(HORIZON.timestamp()) // 60)
    return _totals(counts.groupby("sign")[["x", "n"]].sum().reset_index().itertuples(index=False))


def _totals(rows: Any) -> dict[str, list[int]]:
    return {sign: [int(x), int(n)] for sign, x, n in sorted(rows)}


RIVALS: dict[str, Callable[[Path], dict[str, list[int]]]] = {
    "scan": scan,
    "heartline": heartline,
    "duckdb": duckdb,
    "pandas": pandas,
}


# What each imports, so that starting up is not timed.
NEEDED = {"scan": "polars", "heartline": "metrics.counts", "duckdb": "duckdb", "pandas": "pandas"}


def run(name: str, folder: Path) -> dict[str, Any]:
    """One rival in a process of its own: seconds, peak megabytes and its numbers."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.counts", "--run", name, str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def best(name: str, folder: Path, runs: int) -> dict[str, Any]:
    return min((run(name, folder) for _ in range(runs)), key=lambda told: told["seconds"])


def measure(tickets: int, folder: Path) -> list[str]:
    """Make the lakes under `folder` where they are not there yet, run all, and give the lines of the report."""
    whole, tenth = folder / "whole", folder / "tenth"
    for place, size in ((whole, tickets), (tenth, tickets // 10)):
        if not (place / "standards.parquet").exists():
            make(place, size)
    found = {name: best(name, tenth if name == "pandas" else whole, runs) for name, runs in RUNS.items()}
    found["tenth"] = best("heartline", tenth, 2)
    for name, other in (("duckdb", "heartline"), ("pandas", "tenth")):
        if found[name]["numbers"] != found[other]["numbers"]:
            raise SystemExit(f"{name} and ours do not come to the same numbers: {found[name]} {found[other]}")
    return _report(found)


def _report(found: dict[str, dict[str, Any]]) -> list[str]:
    seconds = {name: told["seconds"] for name, told in found.items()}
    words = {
        "scan": "plain scan of the same columns",
        "heartline": "heartline, lake to counts",
        "duckdb": "DuckDB, the same counts in SQL",
        "tenth": "heartline, on a tenth",
        "pandas": "pandas, on a tenth",
    }
    lines = [f"{words[n]:34}{seconds[n]:9.2f} s{found[n]['megabytes']:9,.0f} MB" for n in words]
    ours = seconds["heartline"]
    return [
        f"{found['scan']['numbers']['rows'][0]:,} tickets and events",
        *lines,
        f"ours / scan {ours / seconds['scan']:.1f}   DuckDB / ours {seconds['duckdb'] / ours:.1f}   "
        f"pandas / ours, on a tenth {seconds['pandas'] / seconds['tenth']:.1f}",
        AIMS,
    ]


def main(arguments: list[str] | None = None) -> None:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--run"]:
        import_module(NEEDED[given[1]])
        started = time.perf_counter()
        numbers = RIVALS[given[1]](Path(given[2]))
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(json.dumps({"seconds": seconds, "megabytes": peak, "numbers": numbers}))
        return
    tickets = int(given[0] if given else os.environ.get("HEARTLINE_BENCH_TICKETS", TICKETS))
    with tempfile.TemporaryDirectory() as made:
        print("\n".join(measure(tickets, Path(given[1]) if len(given) > 1 else Path(made))))


if __name__ == "__main__":
    main()
