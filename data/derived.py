"""What is made from the lake once a version: facts, counts, team sizes. Can be thrown away and made again.

Kept under the data's version, the version of the standards, and a fingerprint of the code that says what things mean:
change any of them and it is made anew.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import polars as pl
from filelock import FileLock

from data import delta, standards_store
from data.database import Database, open_database
from data.erasing.retention import end_what_was_begun
from data.errors import Trouble
from data.home import Home
from data.lake import PARTS, Lake
from data.scope import local_scope
from data.sizes import runs_of, sizes_of
from data.versions import Version, write_whole
from data.workers import workers_of
from metrics import needs, pressure, standards
from metrics.clock import EPOCH
from metrics.clocks import clocks_of
from metrics.counts import Part, Partition, Shared, count_all, matures_at
from metrics.facts import Facts, facts
from metrics.log import Logged, what_is_logged
from metrics.sign import counted_signs
from metrics.trait import all_traits
from metrics.trait_counts import count_traits
from metrics.weeks import monday_of

Progress = Callable[[str, float], None]
KEPT = 6  # derived folders: a few versions back, so that asking as of an earlier one stays quick
WAYS = "ways.parquet"  # metrics.pressure: by which ways a number is made to look better, by team and week
FRAMES = ("tickets", "let_gos", "resolves")
ASKED_FOR = ("tickets", "events", "teams", "customers", "orders", "surveys")  # whose columns a sign may need


@dataclass(frozen=True, eq=False)
class Derived:
    """What was made of one version: frames on disk, small ones in memory. `opened`: tickets opened a week.

    `counts` are those of teams, `of_branches` the same of what is read of branches, whose names are in team_id.
    `traits`: what the tickets show of each trait (metrics.trait_counts); `runs`: metrics.context.longest_runs.
    `workers`: who works on what (data.workers); `cells`: team_id, channel, category, n, of which there is anything.
    All is of teams, as they are; what may be told of them is made of it in data.ask.
    `lacking` and `traits_lacking` say in words what data a sign or a trait lacks.
    """

    path: Path
    counts: pl.DataFrame
    of_branches: pl.DataFrame
    opened: pl.DataFrame
    matures: pl.DataFrame
    sizes: pl.DataFrame
    traits: pl.DataFrame
    runs: pl.DataFrame
    workers: pl.DataFrame
    cells: pl.DataFrame
    standards: pl.DataFrame
    standards_version: int
    provisional: bool
    lacking: dict[str, str]
    traits_lacking: dict[str, str]
    shared: Shared

    def facts(self) -> Facts:
        """The facts of the whole company, read from disk as asked for."""
        self._require()
        return _facts_at(self.path, self.shared)

    def ways(self) -> pl.DataFrame:
        """Ways in which a number is made to look better, by team and week: metrics.pressure."""
        self._require()
        return pl.read_parquet(self.path / WAYS)

    def _require(self) -> None:
        """Trouble where it was taken away: somebody was forgotten since, or something was too old."""
        if not (self.path / "made.json").exists():
            raise Trouble("Something was taken out of the data a moment ago: ask again, and you see what is left.")


def derive(
    home: Home, version: Version | None = None, *, progress: Progress | None = None, executor: Executor | None = None
) -> Derived:
    """What rests on this version of the data (default: the newest), made now if it was not before.

    Raises Trouble where there is no data, or a calendar in the table teams is not understood.
    """
    lake = Lake(home)
    chosen = version or lake.current()
    say = progress or (lambda _words, _share: None)
    end_what_was_begun(home)
    with FileLock(home.path / "deriving.lock"), open_database(home) as database:
        try:
            return _Maker(lake, chosen, database, say, executor).make()
        except ValueError as error:  # metrics says in one sentence what it cannot understand
            raise Trouble(str(error)) from None


class _Maker:
    """The steps of making, in order, and what they share."""

    def __init__(
        self, lake: Lake, version: Version, database: Database, say: Progress, executor: Executor | None
    ) -> None:
        self.lake, self.version, self.database, self.say, self.executor = lake, version, database, say, executor
        self.scope = local_scope("heartline")

    def make(self) -> Derived:
        found = needs.present({name: self.lake.scan(name, self.version) for name in ASKED_FOR})
        shared = self._shared()
        if not self._settled():
            self._derive_standards(shared)
        version = standards_store.latest_version(self.scope, self.database)
        table = standards_store.current(self.scope, self.database)
        shared = replace(shared, standards=_for_counting(table))
        found |= {needs.SIMPLE} if table["simple"].any() else set()
        unmet = {key: needs.lacking(sign, found) for key, sign in counted_signs().items()}
        path = self.lake.home.derived / f"{self.version.number:06}-{version}-{state_of(self.version)}-{fingerprint()}"
        if not (path / "made.json").exists():
            self._write(path, shared, [key for key, need in unmet.items() if not need])
        unmet_traits = {key: needs.lacking(trait, found) for key, trait in all_traits().items()}
        return Derived(
            path=path,
            counts=pl.read_parquet(path / "counts.parquet"),
            of_branches=pl.read_parquet(path / "branches.parquet"),
            opened=pl.read_parquet(path / "opened.parquet"),
            matures=pl.read_parquet(path / "matures.parquet"),
            sizes=pl.read_parquet(path / "sizes.parquet"),
            traits=pl.read_parquet(path / "traits.parquet"),
            runs=pl.read_parquet(path / "runs.parquet"),
            workers=pl.read_parquet(path / "workers.parquet"),
            cells=pl.read_parquet(path / "cells.parquet"),
            standards=table,
            standards_version=version,
            provisional=standards_store.is_provisional(self.scope, self.database),
            lacking={key: needs.in_words(need) for key, need in unmet.items() if need},
            traits_lacking={key: needs.in_words(need) for key, need in unmet_traits.items() if need},
            shared=shared,
        )

    def _shared(self) -> Shared:
        teams, absences = (self.lake.scan(name, self.version).drop("part").collect() for name in ("teams", "absences"))
        logged: Logged = what_is_logged(self.lake.scan("events", self.version))
        first = self.lake.scan("tickets", self.version).select(pl.col("opened_at").min()).collect().item()
        since = None if first is None else monday_of(first.date())
        return Shared(teams, absences, None, logged, self.version.horizon or EPOCH, since)

    def _settled(self) -> bool:
        """Are the standards frozen? Or was this very version, or a later one, looked at already?"""
        if not standards_store.is_provisional(self.scope, self.database):
            return True
        seen = [step.data_version or 0 for step in standards_store.history(self.scope, self.database)]
        return max(seen, default=0) >= self.version.number

    def _derive_standards(self, shared: Shared) -> None:
        """Pool all parts' tickets over the reference window; keep the list as a version of its own."""
        self.say("Finding which categories are simple", 0.05)
        needed = ("category", "opened_at", "first_team_id", "one_touch", "full_resolution_minutes_business")
        pooled = pl.concat([self._facts(shared, part).tickets.select(needed).collect() for part in range(PARTS)])
        first = pooled["opened_at"].min()
        if first is None:
            return
        derived = standards.derive(pooled.lazy(), clocks_of(shared.teams))
        complete = standards.is_complete(first, shared.horizon)  # type: ignore[arg-type]  # a column of instants
        standards_store.save_derived(
            self.scope, self.database, derived, data_version=self.version.number, provisional=not complete
        )

    def _facts(self, shared: Shared, part: int) -> Facts:
        read = read_part(self.lake.home, self.version, part)
        return facts(
            read.tickets,
            read.events,
            shared.teams,
            shared.absences,
            shared.standards,
            horizon=shared.horizon,
            logged=shared.logged,
            in_order=True,
        )

    def _write(self, path: Path, shared: Shared, keys: list[str]) -> None:
        """Into a folder beside, which takes its place when it is whole. `keys`: the signs that the data has all for."""
        beside = path.with_name(f".{path.name}")
        shutil.rmtree(beside, ignore_errors=True)
        used: list[pl.DataFrame] = []
        for part in range(PARTS):
            self.say("Working out the facts of each ticket", 0.2 + 0.5 * part / PARTS)
            known = self._facts(shared, part)
            used.append(pressure.ways(known, read_part(self.lake.home, self.version, part).events))
            for name in FRAMES:
                (beside / name).mkdir(parents=True, exist_ok=True)
                getattr(known, name).collect().write_parquet(beside / name / f"{part:03}.parquet")
        pressure.added(used).write_parquet(beside / WAYS)
        self.say("Counting each sign", 0.75)
        every = count_all(partitions(self.lake.home, self.version), shared, keys, executor=self.executor)
        branched = pl.col("sign").is_in([key for key, sign in counted_signs().items() if sign.unit == "branch"])
        counts = every.filter(~branched)
        counts.write_parquet(beside / "counts.parquet")
        every.filter(branched).write_parquet(beside / "branches.parquet")
        weeks = every["week"].unique().sort().to_list()
        clocks = clocks_of(shared.teams)
        mature = [matures_at(sign, weeks, clocks, shared.standards) for sign in counted_signs().values()]
        pl.concat(mature).write_parquet(beside / "matures.parquet")
        week = pl.col("opened_at").dt.truncate("1w").dt.date()
        opened = self.lake.scan("tickets", self.version).group_by(week=week).agg(tickets=pl.len()).sort("week")
        opened.collect().write_parquet(beside / "opened.parquet")
        self.say("Counting each trait", 0.9)
        traits = count_traits(_facts_at(beside, shared))
        traits.write_parquet(beside / "traits.parquet")
        by_ticket = [key for key, sign in counted_signs().items() if sign.whole is None]
        strata = counts.filter(pl.col("sign").is_in(by_ticket))  # the others have no channel and no category
        cells_of(strata, traits, _facts_at(beside, shared)).write_parquet(beside / "cells.parquet")
        self.say("Counting who works where", 0.95)
        sizes_of(self.lake, self.version, counts).write_parquet(beside / "sizes.parquet")
        runs_of(self.lake, self.version).write_parquet(beside / "runs.parquet")
        workers_of(self.lake, self.version).write_parquet(beside / "workers.parquet")
        delta.sync(beside)  # a power cut may not leave made.json beside frames that were never on the disk
        write_whole(beside / "made.json", json.dumps({"version": self.version.number}).encode())
        shutil.rmtree(path, ignore_errors=True)
        beside.rename(path)
        _forget_old(self.lake.home)


def cells_of(counts: pl.DataFrame, traits: pl.DataFrame, known: Facts) -> pl.DataFrame:
    """team_id, channel, category, n: every cell of which there is anything to tell, and how much."""
    cell = [pl.col(name).cast(pl.String) for name in ("team_id", "channel", "category")]
    ends = [
        frame.group_by(pl.col(team).cast(pl.String).alias("team_id"), *cell[1:]).agg(n=pl.len()).collect()
        for frame, team in (
            (known.let_gos, "team_id"), (known.let_gos, "to_team_id"), (known.resolves, "team_id"),
            (known.tickets, "first_team_id"), (known.tickets, "last_team_id"),
        )
    ]  # fmt: skip
    summed = [frame.group_by(cell).agg(pl.col(n).sum().alias("n")) for frame, n in ((counts, "n"), (traits, "asked"))]
    every = pl.concat([frame.cast({"n": pl.Int64}) for frame in (*ends, *summed)]).drop_nulls("team_id")
    names = ("team_id", "channel", "category")
    return every.group_by(names).agg(pl.col("n").sum()).sort(names)


def partitions(home: Home, version: Version) -> list[Partition]:
    """The parts of a version, each as a call that reads it: small enough to travel to another process."""
    return [partial(read_part, home, version, part) for part in range(PARTS)]


def read_part(home: Home, version: Version, part: int) -> Part:
    """The tables of one part, sorted as they lie in the lake."""
    lake = Lake(home)
    return Part(*(lake.scan(name, version).filter(pl.col("part") == part).drop("part") for name in Part._fields))


@cache
def fingerprint() -> str:
    """A short hash of the package metrics, and of what signs there are: of what facts and signs mean."""
    digest = hashlib.sha256(json.dumps(sorted(counted_signs())).encode())
    for source in sorted(_sources(resources.files("metrics")), key=str):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def state_of(version: Version) -> str:
    """The version's tables in short: a number can come again where somebody moved a damaged version away."""
    return hashlib.sha256(json.dumps(version.tables, sort_keys=True).encode()).hexdigest()[:8]


def _sources(folder: Traversable) -> list[Traversable]:
    inside = list(folder.iterdir())
    own = [one for one in inside if one.name.endswith(".py")]
    return own + [deep for one in inside if one.is_dir() for deep in _sources(one)]


def _facts_at(path: Path, shared: Shared) -> Facts:
    tickets, let_gos, resolves = (pl.scan_parquet(path / name / "*.parquet") for name in FRAMES)
    return Facts(tickets, let_gos, resolves, clocks_of(shared.teams), shared.horizon)


def _for_counting(table: pl.DataFrame) -> pl.DataFrame:
    """The standards as metrics reads them: whole minutes, only lines that a category has."""
    return table.select(standards.STANDARDS.names()).cast(standards.STANDARDS)


def _forget_old(home: Home) -> None:
    made = sorted(home.derived.glob("[0-9]*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in made[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
