"""A file -> one version of the lake: mapped, pseudonymised, checked, merged; what does not fit is set aside with why.

Counted by source row, each exactly once: read = accepted + replaced + unchanged + set aside. A row that makes several
(an update of an audit log makes events, and its ticket) counts by the first of these that holds for any of them:
set aside, accepted (something new), replaced (something held before is now different), unchanged.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from data import rejects
from data.admission import Admitted, admit
from data.database import open_database
from data.erasing.coming_in import Gate
from data.erasing.forgotten import known, remember
from data.erasing.retention import keep_to_it
from data.errors import Trouble
from data.home import Home
from data.lake import Lake
from data.merge import Merged
from data.pseudonym import key_of_home
from data.sources.choosing import choose
from data.sources.containers import unpacked_size
from data.sources.formats import tables_in
from data.sources.mapping import Source, mapped
from data.sources.profile import profiles
from data.sources.raw import Raw
from metrics.frames import CONTRACT

# What is being done, and how much of it is done (0 to 1).
Progress = Callable[[str, float], None]
FATES = ("unchanged", "replaced", "accepted", "set_aside")
# A table in Parquet takes well under a third of what it took as text.
_SHRINKS = 4


@dataclass(frozen=True)
class Summary:
    """What became of the rows of one file. `tables` counts rows of the contract; `version` is the data's version after
    the import, `new_version` whether the import made it. `mended`: rows set aside before that are now in."""

    file: str
    profiles: tuple[str, ...]
    read: int
    accepted: int
    replaced: int
    unchanged: int
    set_aside: int
    tables: dict[str, dict[str, int]]
    version: int
    new_version: bool
    mended: int = 0
    notes: tuple[str, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """For the version's file and for other programs."""
        return asdict(self)


def import_file(
    home: Home,
    path: Path,
    table: str | None = None,
    profile: str | None = None,
    *,
    progress: Progress | None = None,
    name: str | None = None,
    now: datetime | None = None,
) -> Summary:
    """Take `path` into the home's lake as one version, or nothing.

    `table`: which one of the contract it is (without `profile`: its columns are the contract's own). `profile`: how to
    read it; by default the one that fits its header. `name`: what to call the file. Trouble: one sentence, and nothing
    was changed.
    """
    tell = progress or (lambda what, share: None)
    moment = now or datetime.now(UTC)
    lake = Lake(home)
    if table is not None and table not in CONTRACT:
        raise Trouble(f'There is no table "{table}": there are {", ".join(CONTRACT)}.')
    tell("reading", 0.0)
    raws = tables_in(path, name)
    with lake.writing():
        lake.require_space(unpacked_size(path) // _SHRINKS)
        key = key_of_home(home)
    sources = _sources(raws, home, table, profile, tell)
    with lake.writing():
        lake.recover()
        tell("checking", 0.0)
        with open_database(home) as database:
            gate = Gate(known(home, database))
            admitted = admit(sources, key, lake, moment, gate)
            remember(home, database, gate.tickets)
        tell("writing", 0.0)
        summary = _written(lake, name or path.name, sources, admitted, moment)
    with open_database(home) as database:
        keep_to_it(home, database)
    return summary


def _sources(raws: list[Raw], home: Home, table: str | None, profile: str | None, tell: Progress) -> list[Source]:
    known = profiles(home.profiles)
    found = []
    for place, raw in enumerate(raws):

        def share(done: float, place: int = place) -> None:
            tell("reading", (place + done) / len(raws))

        chosen = table or (_named_table(raw, profile) if len(raws) > 1 else None)
        found.append(mapped(raw, choose(raw, known, profile, chosen), chosen, share))
    return found


def _named_table(raw: Raw, profile: str | None) -> str | None:
    """In an archive or a workbook of several tables, a file or sheet that is called like a table is that table."""
    stem = Path(raw.name.rsplit(": ", 1)[-1]).name.split(".")[0].strip().casefold()
    return stem if profile is None and stem in CONTRACT else None


def _written(lake: Lake, file: str, sources: list[Source], admitted: list[Admitted], now: datetime) -> Summary:
    before = lake.current()
    number = before.number + 1
    merged = lake.merge({one.table: one.rows.drop("_nr") for one in admitted})
    by_table = {one.table: one for one in merged}
    changes, mended = rejects.changes(lake, admitted, number)
    if changes.height:
        merged += lake.merge({"rejects": changes})
    counts = _by_source_row(sources, admitted, by_table)
    summary = Summary(
        file=file,
        profiles=tuple(dict.fromkeys(source.profile.name for source in sources)),
        read=sum(counts.values()),
        **counts,
        tables={one.table: _table_counts(one, by_table[one.table]) for one in admitted},
        version=number,
        new_version=True,
        mended=mended,
        notes=tuple(note for source in sources for note in source.notes),
    )
    made = lake.commit(merged, file, now, summary.as_dict())
    if made.number == before.number:
        return Summary(**{**summary.as_dict(), "version": made.number, "new_version": False})
    return summary


def _table_counts(admitted: Admitted, merged: Merged) -> dict[str, int]:
    fates = merged.fate.value_counts()
    found = dict(zip(fates.to_series(0).to_list(), fates.to_series(1).to_list(), strict=True))
    return {
        "new": found.get("new", 0),
        "replaced": found.get("replaced", 0),
        "unchanged": found.get("unchanged", 0) + admitted.copies.height,
        "set_aside": admitted.bad["_nr"].n_unique(),
    }


def _by_source_row(sources: list[Source], admitted: list[Admitted], merged: dict[str, Merged]) -> dict[str, int]:
    """How many source rows met each fate: the strongest of all that they made; a row that made none shares its
    ticket's."""
    total = sum(source.read for source in sources)
    fates = [one.fates(merged[one.table].fate) for one in admitted]
    shared = [one.shared(merged[one.table].fate) for one in admitted]
    none = pl.DataFrame(schema={"_src": pl.Int64, "fate": pl.Int8})
    every = pl.concat([none, *fates, *shared])
    best = every.group_by("_src").agg(pl.col("fate").max())
    found = dict(best.group_by("fate").len().iter_rows())
    counts = {name: int(found.get(rank, 0)) for rank, name in enumerate(FATES)}
    counts["unchanged"] += total - sum(counts.values())
    return counts
